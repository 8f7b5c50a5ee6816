"""The public edition holds what is listed here and nothing else, and nobody who was not selected."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime

import polars as pl
import pytest

from pages.components.map.world_map import short
from pages.report import ReportData, public_report
from pages.views.provenance import Approval
from pages.views.public import FEWEST, Count, public_counts
from pages.views.words import country_name
from programme.programme import Programme
from tests.pages.making import PLACES, made
from tests.pages.test_report import Page

APPROVED = Approval(datetime(2026, 2, 3, 9, tzinfo=UTC), 1)
FRAME = {
    *(
        "Skip to the content",
        "City2City",
        "Map",
        "Twinnings",
        "Cities",
        "Dark theme",
        "Version 2",
        "and",
        ",",
    ),
    *("Second call, early 2026", "City2City: Second call, early 2026", "Draft: not approved yet"),
    *("Approved on 3 February 2026", "City2City, round 2026-01, version 2. Map: Natural Earth."),
    "The twinnings start on 16 February 2026.",
    "A line joins the cities of a twinning. Its number leads to the twinning; the colour and the pattern of "
    "the line stand for the topic.",
    *("Every selected city", "City", "Country", "Region", "Twinning", "Topic", "Filter cities"),
    *("Office", "Office hours in UTC", "Shared office hours, in UTC", "In local time", "none"),
    *("Cities selected", "Applications that could be selected", "Applications accepted", "Forms received"),
}
"""Words of the page itself."""
SHAPES = re.compile(
    r"Twinning \d+:|\d+ cities of \d+ countries are selected for \d+ twinnings?\.|\(\d+(, \d+)*\)|\d+"
    r"|(\d+ h( \d+ min)?|No time at all) shared on (every working day|\d+ of \d+ working days)"
    r"|(\d\d:\d\d to \d\d:\d\d ?)+|\d\d:\d\d–\d\d:\d\d(, \d\d:\d\d–\d\d:\d\d)*"
)
"""Counts, numbers of twinnings, and hours."""


def allowed(data: ReportData) -> set[str]:
    """The words of a version that everybody may read: its topics, and the selected cities."""
    members = data.tables["applications"].join(
        data.tables["twinning_members"], on="application_id", how="semi"
    )
    names = {*members["city_name"], *members["region"], *map(country_name, members["country_iso3"])}
    labels = {data.programme.topics.labels[topic] for topic in data.tables["twinnings"]["topic"]}
    return {" ".join(name.split()) for name in names | labels | {short(label) for label in labels}}


def told(text: str) -> set[str]:
    return {" ".join(part.split()) for part in Page(text).texts} - {""}


def test_the_public_edition_holds_what_is_listed_and_nothing_else(programme: Programme) -> None:
    for approval in (None, APPROVED):
        data = made(programme, approval=approval)
        more = told(public_report(data)) - FRAME - allowed(data)
        assert {part for part in more if not SHAPES.fullmatch(part)} == set()


def test_attributes_hold_nothing_else_either(programme: Programme) -> None:
    data = made(programme)
    words = allowed(data)
    for tag, attributes in Page(public_report(data)).elements:
        for name in ("aria-label", "title", "content", "data-value", "data-label"):
            if (value := attributes.get(name)) and tag != "meta":
                known = value in {"Map of the twinnings", "Contents", "Topics of the map", "Twinning"}
                parts = re.sub(r"Twinning \d+: |, on ", ", ", value).replace(" and ", ", ").split(", ")
                assert known or value.isdigit() or {p for p in parts if p} <= words, value


def test_nobody_who_was_not_selected_is_found(programme: Programme) -> None:
    names = {n: f"Zyx{chr(97 + n)}ville" for n in range(24)}
    data = made(programme, groups=((0, 1), (2, 3, 4)), count=24, names=names)
    text = public_report(data)
    for n in range(24):
        assert (names[n] in text) == (n < 5)
        assert f"A{n + 1:03d}" not in text
        assert f"CITY-{n + 1:03d}" not in text


def test_no_points_reasons_or_conditions_are_told(programme: Programme) -> None:
    text = public_report(made(programme)).split("<body>")[1].split("<script>")[0]
    for word in ("200.5", "100.2", "199.5", "need", "experience", "conditional", "cost", "Proposed", "rank"):
        assert word not in text


def test_the_order_does_not_tell_the_value(programme: Programme) -> None:
    groups = ((0, 1), (2, 3), (4, 5), (6, 7))
    text = public_report(made(programme, groups=groups))
    topics = re.findall(r'<p class="topic">(.*?)</p>', text)
    assert topics == sorted(topics)
    assert len(topics) == 4


def test_a_city_without_a_place_is_not_even_a_dot(programme: Programme) -> None:
    text = public_report(made(programme))
    assert text.count('class="dot"') == 5
    assert 'class="other"' not in text.split("</style>")[1]


CASES = [
    pytest.param((30, 25, 20, 10), [30, 25, 20, 10], id="far-apart"),
    pytest.param((30, 25, 12, 10), [30, 25, 10], id="two-were-not-selected"),
    pytest.param((30, 29, 20, 10), [29, 20, 10], id="one-form-was-not-accepted"),
    pytest.param((12, 11, 11, 10), [10], id="nearly-everybody"),
    pytest.param((10, 10, 10, 10), [10], id="everybody"),
    pytest.param((13, 12, 11, 10), [13, 10], id="steps-of-one"),
    pytest.param((14, 14, 14, 0), [14, 0], id="nobody"),
    pytest.param((2, 2, 2, 0), [0], id="two-forms-and-no-twinning"),
]


@pytest.mark.parametrize(("counts", "expected"), CASES)
def test_no_small_number_can_be_worked_out(counts: tuple[int, int, int, int], expected: list[int]) -> None:
    forms, accepted, selectable, selected = counts
    status = ["eligible"] * selectable + ["ineligible"] * (accepted - selectable)
    found = public_counts(
        {
            "applications": pl.DataFrame({"application_id": range(forms)}),
            "eligibility": pl.DataFrame({"status": status}, schema={"status": pl.String()}),
            "twinning_members": pl.DataFrame({"application_id": range(selected)}),
        }
    )
    told = [one.value for one in found]
    assert told == expected
    assert all(isinstance(one, Count) for one in found)
    assert all(a - b >= FEWEST for a, b in itertools.pairwise(told))


def test_the_invented_places_are_all_used() -> None:
    assert len({name for name, *_ in PLACES}) == len(PLACES)
