"""The internal edition: everything a version says, for the office and the committee.

Belongs here: which views make it up, in which order. It holds no personal data: the tables of a version have
none, and evaluators are named by a code. Must stay out: what a view says (`pages/views`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pages.report.data import ReportData, filled
from pages.report.drawing import drawing
from pages.views.balance import balance
from pages.views.changes import changes
from pages.views.cities import City, cities
from pages.views.credits import credits_of
from pages.views.evaluators import close_pairs, disputed, severities
from pages.views.findings import finding_groups
from pages.views.firmness import enough, if_it_leaves
from pages.views.funnel import funnel, headline
from pages.views.provenance import inputs_of, provenance
from pages.views.twinnings import Twinning, twinnings
from pages.views.unplaced import Unplaced, not_selectable, unplaced, unplaced_by_kind
from pages.views.waiting import point_groups
from pages.views.weights import Weights, weights
from programme.vocabulary import SELECTABLE
from tasks.publish.open_points import open_points
from warehouse.dictionary.published import MATCHING_FACTS


@dataclass(frozen=True)
class Section:
    """An entry of the contents: the section's anchor, its heading, and how much is in it (or None)."""

    anchor: str
    title: str
    count: int | None = None


@dataclass(frozen=True)
class Figure:
    """One of the figures at the top."""

    name: str
    value: int


def internal_report(data: ReportData) -> str:
    """The report as HTML, the same text for the same version."""
    tables, labels = data.tables, data.programme.topics.labels
    found = twinnings(tables, data.working, data.programme, data.round_)
    points = open_points(tables, data.released)
    left_out, others = unplaced(tables, labels), not_selectable(tables)
    groups, moved = finding_groups(tables["findings"]), changes(tables)
    values = {
        "round": data.round_,
        "package": data.package,
        "approval": data.approval,
        "sections": _sections(found, len(left_out) + len(others), points.height, len(moved), len(groups)),
        "headline": headline(tables, points.height),
        "figures": _figures(data, found, points.height),
        "funnel": _steps(data),
        "drawing": drawing(found, data.programme, _without_twinning(left_out, found)),
        "twinnings": found,
        "unplaced": left_out,
        "unplaced_by_kind": unplaced_by_kind(tables),
        "not_selectable": others,
        "balance": balance(data.working["balance"], labels),
        "credits": credits_of(MATCHING_FACTS.among(tables), labels),
        **_firmness(data, left_out, found),
        "points": point_groups(points, data.round_.id),
        "changes": moved,
        "findings": groups,
        "severities": severities(data.working),
        "disputed": disputed(tables, data.programme.rubric.reviews.disputed_spread),
        "close_pairs": close_pairs(tables, data.working),
        "weights": _weights(data),
        "provisional": int(tables["ranking"]["provisional"].sum()),
        "ranked": tables["ranking"].height,
        "provenance": provenance(data.package, data.approval, data.programme.fingerprint),
        "inputs": inputs_of(data.package),
    }
    return filled("report.html.j2", **values)


def _weights(data: ReportData) -> Weights | None:
    """How much the weights matter; None where that was not worked out."""
    return weights(
        data.working["weights"],
        data.working["weight_pairs"],
        cities(data.tables),
        {name: one.title for name, one in data.programme.rubric.by_id.items()},
        data.programme.matchmaking.weights,
    )


def _firmness(data: ReportData, left_out: Sequence[Unplaced], found: Sequence[Twinning]) -> dict[str, object]:
    """What would have been enough for whom, and what happens if who leaves, by application."""
    placed = [member.city.application_id for one in found for member in one.members]
    waiting = [one.city.application_id for one in left_out]
    return {
        "enough": {name: enough(data.working["sufficient"], name) for name in waiting},
        "leaves": {name: if_it_leaves(data.working["repairs"], name) for name in placed},
    }


def _without_twinning(left_out: Sequence[Unplaced], found: Sequence[Twinning]) -> list[City]:
    """The cities without a place; one that has a place through another form is drawn once."""
    placed = {member.city.position for one in found for member in one.members}
    return [one.city for one in left_out if one.city.position not in placed]


def _figures(data: ReportData, found: Sequence[Twinning], waiting: int) -> list[Figure]:
    eligibility = data.tables["eligibility"]["status"]
    return [
        Figure("Forms received", data.tables["applications"].height),
        Figure("Could be selected", int(eligibility.is_in(list(SELECTABLE)).sum())),
        Figure("Twinnings", len(found)),
        Figure("Cities in twinnings", sum(len(one.members) for one in found)),
        Figure("Waiting for a person", waiting),
    ]


@dataclass(frozen=True)
class Step:
    """A step of the funnel: its name, whether it is a part of the step above, its count and share of all."""

    name: str
    part: bool
    count: int
    share: float


def _steps(data: ReportData) -> list[Step]:
    """The funnel as bars; twinnings are no forms, and are left out."""
    rows = [row for row in funnel(data.tables) if row["step"] != "twinnings"]
    total = max(1, data.tables["applications"].height)
    return [
        Step(
            row["step"].removeprefix("- ").capitalize(),
            row["step"].startswith("- ") or row["step"] == "unplaced",
            row["count"],
            min(1.0, row["count"] / total),
        )
        for row in rows
    ]


def _sections(
    found: Sequence[Twinning], left_out: int, waiting: int, moved: int, findings: int
) -> list[Section]:
    return [
        Section("funnel", "From forms to twinnings"),
        Section("map", "Map"),
        Section("twinnings", "Twinnings", len(found)),
        Section("not-placed", "Not placed", left_out),
        Section("balance", "Balance"),
        Section("weights", "Weights"),
        Section("waiting", "Waiting for a person", waiting),
        Section("changes", "Changes", moved),
        Section("findings", "Findings", findings),
        Section("evaluators", "Evaluators"),
        Section("provenance", "Provenance"),
    ]
