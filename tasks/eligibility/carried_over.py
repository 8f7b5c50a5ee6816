"""Forms carried over from an earlier round: they take part in this one under their own id.

Belongs here: which forms the decisions `carry_over` bring in, and which decisions have no effect. Must stay
out: where forms of an earlier round are kept (`flows/carried.py`), and that a new form of the same city
stands in place of a carried one (`form_states.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from programme.vocabulary import SELECTABLE, DecisionKind
from tasks.decisions.effective import of_kinds
from tasks.decisions.findings import without_effect
from warehouse.dictionary.findings import findings_frame
from warehouse.dictionary.inputs import SUBMISSIONS

KINDS: tuple[DecisionKind, ...] = ("carry_over",)


@dataclass(frozen=True)
class WithCarried:
    """The forms of a round with those carried over.

    `submissions` is dictionary SUBMISSIONS; `carried` maps a carried form to the round it was sent in;
    `findings` has one for each decision without effect (dictionary FINDINGS).
    """

    submissions: pl.DataFrame
    carried: Mapping[str, str] = field(default_factory=dict)
    findings: pl.DataFrame = field(default_factory=lambda: findings_frame([]))


def can_be_carried(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """`application_id` of a version's applications that could be selected and were not placed."""
    selectable = tables["eligibility"].filter(pl.col("status").is_in(SELECTABLE)).select("application_id")
    placed = tables["twinning_members"].select("application_id")
    return selectable.join(placed, on="application_id", how="anti").sort("application_id")


def carried_forms(decisions: pl.DataFrame, offered: pl.DataFrame) -> pl.DataFrame:
    """The forms that decisions carry over (dictionary CARRIED_OVER), of those `offered` (the same table)."""
    wanted = of_kinds(decisions, KINDS)["subject"].implode()
    return offered.filter(pl.col("submission_id").is_in(wanted))


def with_carried(submissions: pl.DataFrame, decisions: pl.DataFrame, offered: pl.DataFrame) -> WithCarried:
    """Add the forms that the decisions in force carry over.

    `submissions` are the round's own (dictionary SUBMISSIONS); `offered` the forms of earlier rounds that
    could be selected and were not placed (CARRIED_OVER). They get rows after those of the file.
    """
    own, known = set(submissions["submission_id"]), set(offered["submission_id"])
    findings = []
    for row in of_kinds(decisions, KINDS).iter_rows(named=True):
        if row["subject"] in own:
            why = f"carries over {row['subject']}, but a form of this round has that id"
        elif row["subject"] not in known:
            why = (
                f"carries over {row['subject']}, which is no application of an earlier round that could be "
                "selected and was not placed"
            )
        else:
            continue
        findings.append(without_effect(row["decision_id"], why))
    forms = carried_forms(decisions, offered).filter(~pl.col("submission_id").is_in(list(own)))
    if forms.is_empty():
        return WithCarried(submissions, findings=findings_frame(findings))
    last = submissions["row"].max() or 0
    numbered = forms.with_columns(row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64) + pl.lit(last))
    return WithCarried(
        SUBMISSIONS.conform(pl.concat([submissions, numbered.select(submissions.columns)])),
        dict(forms.select("submission_id", "carried_from").iter_rows()),
        findings_frame(findings),
    )
