"""The working tables of scoring: what each number is made of.

None of them is published: they speak of single evaluators (under their pseudonym), or repeat in detail what
`scores` sums up.
"""

from __future__ import annotations

import polars as pl

from programme.vocabulary import CRITERIA, WORKBOOK_STANDINGS
from warehouse.dictionary.model import Column, Table
from warehouse.dictionary.published import APPLICATION_ID

CRITERION = Column("criterion", pl.String(), "the criterion", nullable=False, values=CRITERIA)

FORM_EVIDENCE = Table(
    "form_evidence",
    "application x reason: what the form alone gives points for",
    ("application_id", "criterion", "reason"),
    (
        APPLICATION_ID,
        CRITERION,
        Column("reason", pl.String(), "name of the reason in programme/rubric.toml", nullable=False),
        Column("points", pl.Float64(), "points of the reason", "0-5", nullable=False, minimum=0, maximum=5),
        Column(
            "max_points",
            pl.Float64(),
            "most points the reason can give",
            "0-5",
            nullable=False,
            minimum=0,
            maximum=5,
        ),
        Column(
            "detail",
            pl.String(),
            "what it rests on, in words; of a free text only its length",
            nullable=False,
        ),
    ),
)

EVALUATOR_ID = Column("evaluator_id", pl.String(), "pseudonymous id of the evaluator", nullable=False)

SEVERITIES = Table(
    "severities",
    "one evaluator whose scores count: how severe, how surely; about a person, so never published",
    ("evaluator_id",),
    (
        EVALUATOR_ID,
        Column(
            "n_applications",
            pl.Int64(),
            "applications they scored",
            "applications",
            nullable=False,
            minimum=0,
        ),
        Column(
            "n_common",
            pl.Int64(),
            "of these, applications that somebody else scored too",
            "applications",
            nullable=False,
            minimum=0,
        ),
        Column(
            "severity",
            pl.Float64(),
            "by how much they score below the average evaluator (negative: above)",
            "steps of 0-5",
            nullable=False,
        ),
        Column(
            "standard_error",
            pl.Float64(),
            "standard error of the severity",
            "steps of 0-5",
            nullable=False,
            minimum=0,
        ),
        Column(
            "corrected",
            pl.Boolean(),
            "whether it is corrected; not with too few common applications",
            nullable=False,
        ),
    ),
)

CALIBRATED = Table(
    "calibrated",
    "application x criterion: raw and corrected side by side; both are computed whether or not the "
    "correction counts",
    ("application_id", "criterion"),
    (
        APPLICATION_ID,
        CRITERION,
        Column(
            "source", pl.String(), "whose numbers these are", nullable=False, values=("evaluators", "form")
        ),
        Column(
            "raw_judgement",
            pl.Float64(),
            "mean of the evaluators' scores, or the form's evidence",
            "0-5",
            nullable=False,
            minimum=0,
            maximum=5,
        ),
        Column(
            "correction",
            pl.Float64(),
            "taken from the mean because its evaluators are lenient (negative: added)",
            "steps of 0-5",
            nullable=False,
        ),
        Column(
            "raw_points", pl.Float64(), "points without the correction", "points", nullable=False, minimum=0
        ),
        Column("corrected_points", pl.Float64(), "points with it", "points", nullable=False, minimum=0),
    ),
)

RANKING_COMPARED = Table(
    "ranking_compared",
    "one application that can be selected: its place without and with the correction",
    ("application_id",),
    (
        APPLICATION_ID,
        Column("raw_total", pl.Float64(), "sum of its raw points", "points", nullable=False, minimum=0),
        Column(
            "corrected_total",
            pl.Float64(),
            "sum of its corrected points",
            "points",
            nullable=False,
            minimum=0,
        ),
        Column("raw_rank", pl.Int64(), "rank by raw points", nullable=False, minimum=1),
        Column("corrected_rank", pl.Int64(), "rank by corrected points", nullable=False, minimum=1),
    ),
)


def _interval(prefix: str, over: str) -> tuple[Column, Column]:
    return (
        Column(
            f"{prefix}low", pl.Int64(), f"best rank of the interval over {over}", nullable=False, minimum=1
        ),
        Column(
            f"{prefix}high",
            pl.Int64(),
            f"worst rank of the interval over {over}",
            nullable=False,
            minimum=1,
        ),
    )


RANK_INTERVALS = Table(
    "rank_intervals",
    "one ranked application: the ranks it takes when what is uncertain is drawn again (part of the draws "
    "covered: programme/rubric.toml)",
    ("application_id",),
    (
        APPLICATION_ID,
        Column("rank", pl.Int64(), "its rank", nullable=False, minimum=1),
        *_interval("", "evaluators' noise and weights together"),
        *_interval("noise_", "evaluators' noise, the weights as approved"),
        *_interval("weights_", "the weights, the judgements as they are"),
        Column(
            "share_within",
            pl.Float64(),
            "part of the draws in which it is among those that can be selected",
            "0-1",
            minimum=0,
            maximum=1,
        ),
    ),
)

CLOSE_PAIRS = Table(
    "close_pairs",
    "two applications on either side of the cut-off that cannot be told apart",
    ("above", "below"),
    (
        Column("above", pl.String(), "the application inside the cut-off", nullable=False),
        Column("below", pl.String(), "the application outside", nullable=False),
        Column(
            "points_apart", pl.Float64(), "difference of their totals", "points", nullable=False, minimum=0
        ),
        Column(
            "share_reversed",
            pl.Float64(),
            "part of the draws in which the lower one comes first",
            "0-1",
            nullable=False,
            minimum=0,
            maximum=1,
        ),
    ),
)

EXPLANATIONS = Table(
    "explanations",
    "application x criterion: where its points come from, and what would have raised them",
    ("application_id", "criterion"),
    (
        APPLICATION_ID,
        CRITERION,
        Column("points", pl.Float64(), "points that count", "points", nullable=False, minimum=0),
        Column(
            "weight", pl.Float64(), "most points the criterion can give", "points", nullable=False, minimum=0
        ),
        Column(
            "contribution",
            pl.Float64(),
            "part of the application's total",
            "0-1",
            nullable=False,
            minimum=0,
            maximum=1,
        ),
        Column(
            "source", pl.String(), "whose numbers these are", nullable=False, values=("evaluators", "form")
        ),
        Column("basis", pl.String(), "what the points rest on, in words", nullable=False),
        Column("raise_by", pl.String(), "one sentence of what would have raised them", nullable=False),
    ),
)

CONFLICTS = Table(
    "conflicts",
    "application x evaluator x kind of conflict found; about persons, so never published",
    ("application_id", "evaluator_id", "kind"),
    (
        APPLICATION_ID,
        EVALUATOR_ID,
        Column(
            "kind",
            pl.String(),
            "what was found",
            nullable=False,
            values=("same_country", "employer", "declared_tie", "declared"),
        ),
        Column("dismissed", pl.Boolean(), "whether a decision says that it is none", nullable=False),
    ),
)

ASSIGNMENT = Table(
    "assignment",
    "application x evaluator: who evaluates what",
    ("application_id", "evaluator_id"),
    (
        APPLICATION_ID,
        EVALUATOR_ID,
        Column(
            "topic_match",
            pl.Int64(),
            "what the evaluator knows of its topics (programme/rubric.toml)",
            nullable=False,
            minimum=0,
        ),
    ),
)

RETURNED_WORKBOOKS = Table(
    "returned_workbooks",
    "workbook that came back from an evaluator; about persons, so never published",
    ("sha256",),
    (
        Column("sha256", pl.String(), "hash of the file, by which a person chooses it", nullable=False),
        Column("files", pl.String(), "its names in the folder, copies together", nullable=False),
        Column("evaluator_id", pl.String(), "whose it is, by its token or by a person's choice"),
        Column("standing", pl.String(), "what becomes of it", nullable=False, values=WORKBOOK_STANDINGS),
        Column("sent_at", pl.String(), "when the oldest copy was saved in the folder (UTC, ISO 8601)"),
        Column("differences", pl.String(), "where another workbook of its evaluator says otherwise"),
        Column("why", pl.String(), "why it does not count, or what to know of it"),
    ),
)

JUDGING_TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        FORM_EVIDENCE,
        SEVERITIES,
        CALIBRATED,
        RANKING_COMPARED,
        RANK_INTERVALS,
        CLOSE_PAIRS,
        EXPLANATIONS,
        CONFLICTS,
        ASSIGNMENT,
        RETURNED_WORKBOOKS,
    )
}
