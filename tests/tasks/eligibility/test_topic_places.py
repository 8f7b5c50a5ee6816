"""Topics against places: who is asked, who agreed, and what follows for the candidates."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from programme.programme import Programme
from programme.topics import PlaceRule
from programme.water.water_map import WaterDistance
from tasks.eligibility.topic_places import (
    TopicPlaces,
    suits,
    topic_place_points,
    topic_places,
    with_topics_out_of_place,
)
from warehouse.dictionary.inputs import DECISIONS
from warehouse.dictionary.published import APPLICATIONS
from warehouse.dictionary.working import CANDIDATES

RULE = PlaceRule(sea_km=50, navigable_km=10, question="Which port?")
DISTANCES = [
    ("by the sea", WaterDistance(12.0, None, None), True),
    ("just near enough to the sea", WaterDistance(50.0, 200.0, 3.0), True),
    ("a little too far", WaterDistance(50.1, 10.1, 3.0), False),
    ("on a great river", WaterDistance(None, 10.0, 10.0), True),
    ("on a river that nobody knows to be navigable", WaterDistance(None, None, 0.5), False),
    ("far from everything", WaterDistance(None, None, None), False),
]
YAOUNDE, TOKYO = {"latitude": 3.87, "longitude": 11.52}, {"latitude": 35.69, "longitude": 139.69}
NOWHERE = {"latitude": None, "longitude": None}
ASKED = [
    ("an inland city on ports", YAOUNDE | {"topic_2": "ports"}, [("S1", "ports")]),
    ("a city by the sea on ports", TOKYO | {"topic_2": "ports"}, []),
    ("an inland city on anything else", YAOUNDE, []),
    ("a city whose place is not known", NOWHERE | {"topic_1": "ports"}, [("S1", "ports")]),
    ("the topic named twice", YAOUNDE | {"topic_2": "ports", "topic_3": "ports"}, [("S1", "ports")]),
    ("a form that does not count", YAOUNDE | {"topic_1": "ports", "state": "superseded"}, []),
]


def application(**cells: object) -> dict[str, object]:
    return {"application_id": "S1", "city_id": "C1", "state": "accepted", "topic_1": "cooling"} | cells


def waive(subject: str, rule: str = "topic_place", at: int = 1) -> dict[str, object]:
    told = {
        "reason": "It has a dry port.",
        "decided_by": "office",
        "decided_at": datetime(2026, 1, at, tzinfo=UTC),
    }
    return told | {"decision_id": f"d{at}", "kind": "waive", "subject": subject, "object": rule}


def places(programme: Programme, cells: dict[str, object], *decisions: dict[str, object]) -> TopicPlaces:
    forms = APPLICATIONS.frame([application(**cells)])
    return topic_places(forms, DECISIONS.frame(list(decisions)), programme.topics)


@pytest.mark.parametrize(("water", "expected"), [pytest.param(*each[1:], id=each[0]) for each in DISTANCES])
def test_where_a_topic_suits(water: WaterDistance, *, expected: bool) -> None:
    assert suits(water, RULE) is expected


@pytest.mark.parametrize(("cells", "expected"), [pytest.param(*each[1:], id=each[0]) for each in ASKED])
def test_who_is_asked(
    cells: dict[str, object], expected: list[tuple[str, str]], programme: Programme
) -> None:
    found = places(programme, cells)
    assert found.table.select("application_id", "topic").rows() == expected
    assert [one.row_key for one in found.findings] == [application for application, _ in expected]
    points = topic_place_points(found.table, programme.topics, "3.3.4")
    assert [(point.application_id, point.outcome, point.final) for point in points] == [
        (application, "unclear", False) for application, _ in expected
    ]


def test_the_applicant_reads_where_it_lies_and_what_is_asked(programme: Programme) -> None:
    found = places(programme, YAOUNDE | {"topic_2": "ports"})
    (point,) = topic_place_points(found.table, programme.topics, "3.3.4")
    assert point.message == (
        "You chose the topic “Sustainable ports/harbours”. We believe that your city lies 192 km from the "
        "sea, more than 300 km from a great river or lake and 60 km from any other on our map. Please tell "
        "us which port or harbour your application is about."
    )
    (finding,) = found.findings
    assert (finding.expectation, finding.column) == ("topic_suits_the_place", "topic_2")
    assert "within 50 km of the sea or 10 km of a great river or lake" in finding.message
    assert "decide waive S1 topic_place" in finding.message


def test_nothing_is_believed_about_a_place_that_is_not_known(programme: Programme) -> None:
    found = places(programme, NOWHERE | {"topic_1": "ports"})
    (point,) = topic_place_points(found.table, programme.topics, "3.3.4")
    assert point.message == (
        "You chose the topic “Sustainable ports/harbours”. We could not find your city on our map. Please "
        "tell us which port or harbour your application is about."
    )


def candidates() -> pl.DataFrame:
    rows = [
        {"application_id": key, "city_id": key, "city_name": key, "tentative": False, "total": 1.0}
        for key in ("S1", "S2")
    ]
    return CANDIDATES.frame(rows)


def test_the_city_takes_no_part_on_the_topic_until_a_person_agrees(programme: Programme) -> None:
    asked = places(programme, YAOUNDE | {"topic_2": "ports"})
    marked = with_topics_out_of_place(candidates(), asked.table)
    assert marked["topics_out_of_place"].to_list() == [["ports"], None]
    agreed = places(programme, YAOUNDE | {"topic_2": "ports"}, waive("S1"))
    assert agreed.table["agreed_by"].to_list() == ["d1"]
    assert agreed.findings == []
    assert with_topics_out_of_place(candidates(), agreed.table)["topics_out_of_place"].to_list() == [
        None,
        None,
    ]
    assert topic_place_points(agreed.table, programme.topics, "3.3.4") == []


def test_agreeing_where_nothing_is_asked_has_no_effect(programme: Programme) -> None:
    found = places(programme, TOKYO | {"topic_2": "ports"}, waive("S1"), waive("S9", at=2))
    assert found.table.is_empty()
    assert [one.message for one in found.findings] == [
        "The decision has no effect: it agrees to the place of S1, which needs no agreement.",
        "The decision has no effect: it agrees to the place of S9, which needs no agreement.",
    ]


def test_another_rule_that_is_waived_agrees_to_no_place(programme: Programme) -> None:
    found = places(programme, YAOUNDE | {"topic_2": "ports"}, waive("S1", "common_topic"))
    assert found.table["agreed_by"].to_list() == [None]
    assert [one.expectation for one in found.findings] == ["topic_suits_the_place"]
