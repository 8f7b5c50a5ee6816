"""What the report says of the weights."""

from __future__ import annotations

from typing import Any

from pages.report import internal_report, public_report
from pages.views.cities import cities
from pages.views.weights import Weights, weights
from programme.programme import Programme
from tests.pages.making import made


def row(percent: int, kept: float, *, change: bool = False, **who: str) -> dict[str, Any]:
    told = {"kind": "aspect", "weight": "geography", "percent": percent, "is_nearest_change": change}
    return told | {"kept": kept, "other_twinnings": 1, "joins": "", "leaves": ""} | who


ROWS = [
    row(-100, 0.72),
    row(-40, 0.9, change=True, joins="A003", leaves="A001, A002"),
    row(7, 1.0, change=True),
    row(100, 1.0),
    row(-100, 1.0) | {"kind": "criterion", "weight": "impact"},
    row(100, 1.0) | {"kind": "criterion", "weight": "impact"},
]
PAIRS = [
    {"kind": "aspect", "one": "geography", "other": "hours", "kept": 0.8, "hardly_matters": False},
    {"kind": "aspect", "one": "topical", "other": "hours", "kept": 0.95, "hardly_matters": True},
]


def told(programme: Programme) -> Weights | None:
    data = made(programme, weights=ROWS, weight_pairs=PAIRS)
    titles = {name: one.title for name, one in programme.rubric.by_id.items()}
    return weights(
        data.working["weights"],
        data.working["weight_pairs"],
        cities(data.tables),
        titles,
        programme.matchmaking.weights,
    )


def test_a_chart_has_the_points_the_marks_and_the_words(programme: Programme) -> None:
    found = told(programme)
    assert found is not None
    aspects, criteria = found.groups
    assert (aspects.title, criteria.title) == ("Aspects of a twinning", "Criteria of the score")
    (geography,), (impact,) = aspects.charts, criteria.charts
    assert geography.points == ((-100, 0.72), (-40, 0.9), (0, 1.0), (7, 1.0), (100, 1.0))
    assert geography.marks == (-40, 7)
    known = cities(made(programme).tables)
    joins, *leaves = (known[name].name for name in ("A003", "A001", "A002"))
    assert geography.changes == (
        f"40% less: {joins} in, {' and '.join(leaves)} out",
        "7% more: the same cities in other twinnings",
    )
    assert impact.changes == ("Nothing changes, from nothing to twice as much.",)
    assert found.least == 0.7


def test_what_hardly_matters_is_said(programme: Programme) -> None:
    found = told(programme)
    assert found is not None
    first, second, third = found.sentences
    assert first.endswith("at most 10% of the places change: Impact.")
    assert "for 1 of 2 pairs" in second
    assert third == "Geography against Working hours: 20% of the places change."


def test_the_internal_report_alone_shows_them(programme: Programme) -> None:
    data = made(programme, weights=ROWS, weight_pairs=PAIRS)
    report = internal_report(data)
    assert report.count('class="curve"') == 2
    assert 'class="curve"' not in public_report(data)
    without = internal_report(made(programme))
    assert "city2city weights 2026-01" in without
    assert 'class="curve"' not in without
