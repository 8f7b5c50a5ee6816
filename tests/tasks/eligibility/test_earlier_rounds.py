"""One city across rounds."""

from __future__ import annotations

from functools import partial

import pytest

from tasks.eligibility.earlier_rounds import KNOWN, earlier_applications, own_gcom_ids, recognise
from warehouse.dictionary.other_rounds import EARLIER, EARLIER_APPLICATIONS
from warehouse.dictionary.published import (
    APPLICATIONS,
    CROSSCHECK,
    ELIGIBILITY,
    TWINNING_MEMBERS,
    TWINNINGS,
    UNPLACED,
)
from warehouse.dictionary.working import CITIES

NOW = {
    "application_id": "S1",
    "city_id": "KEN:alpha",
    "name_key": "KEN:alpha",
    "gcom_id": None,
    "city_name": "Alpha",
    "country_iso3": "KEN",
}
THEN = {
    "round": "2025-07",
    "twinning_id": "T1",
    "city_id": "KEN:alpha",
    "city_name": "Alpha",
    "country_iso3": "KEN",
    "gcom_id": None,
}
CASES = [
    ("the same in everything", {}, {}, True),
    (
        "one GCoM row, all else different",
        {"gcom_id": "G1", "city_id": "U1", "name_key": "KEN:alfa", "city_name": "Alfa"},
        {"gcom_id": "G1", "city_name": "Beta"},
        True,
    ),
    ("same name, other GCoM rows", {"gcom_id": "G1"}, {"gcom_id": "G2"}, False),
    ("same name, a GCoM row on one side only", {"gcom_id": "G1", "city_id": "G1"}, {}, True),
    ("an id gained since", {"city_id": "U1"}, {}, True),
    (
        "same id, respelt",
        {"city_id": "U1", "name_key": "KEN:alpha-city", "city_name": "Alpha Town"},
        {"city_id": "U1"},
        True,
    ),
    (
        "same id, another city",
        {"city_id": "U1", "name_key": "KEN:zulu", "city_name": "Zulu"},
        {"city_id": "U1"},
        False,
    ),
    (
        "same id, another country",
        {"city_id": "U1", "name_key": "UGA:alpha", "country_iso3": "UGA"},
        {"city_id": "U1"},
        False,
    ),
    (
        "same name, another country",
        {"city_id": "UGA:alpha", "name_key": "UGA:alpha", "country_iso3": "UGA"},
        {},
        False,
    ),
    ("nothing in common", {"city_id": "U9", "name_key": "KEN:zulu", "city_name": "Zulu"}, {}, False),
]


@pytest.mark.parametrize(("now", "then", "same"), [pytest.param(*each[1:], id=each[0]) for each in CASES])
def test_recognise(now, then, same, programme):
    found = recognise(CITIES.frame([NOW | now]), EARLIER.frame([THEN | then]), programme.linking)
    assert found.pairs.rows() == ([("S1", 0)] if same else [])
    # An id that two cities bear is worth a person's look; two cities that merely share a name are not.
    reused = not same and (NOW | now)["city_id"] == (THEN | then)["city_id"]
    assert found.findings["expectation"].to_list() == ["one_id_one_city"] * reused


def test_an_id_that_names_two_cities_is_told_whole(programme):
    now = NOW | {"city_id": "U1", "name_key": "KEN:zulu", "city_name": "Zulu"}
    (row,) = recognise(
        CITIES.frame([now]), EARLIER.frame([THEN | {"city_id": "U1"}]), programme.linking
    ).findings.rows(named=True)
    assert row == {
        "table": "applications",
        "expectation": "one_id_one_city",
        "severity": "warn",
        "row_key": "S1",
        "column": "city_id",
        "message": "The id U1 names Zulu here and Alpha in round 2025-07; they are taken for two cities.",
    }


def test_a_row_is_named_by_its_number_and_each_application_apart(programme):
    cities = [
        NOW,
        NOW | {"application_id": "S2", "city_id": "X", "name_key": "KEN:beta", "city_name": "Beta"},
    ]
    then = [THEN | {"city_name": "Beta", "city_id": "Y"}, THEN, THEN | {"city_id": "Z"}]
    found = recognise(CITIES.frame(cities), EARLIER.frame(then), programme.linking).pairs
    known = EARLIER.frame(then)["city_id"].to_list()
    assert [(application, known[row]) for application, row in found.rows()] == [
        ("S1", city) for city in known if city != "Y"
    ] + [("S2", "Y")]


SPELLINGS = [
    ("just alike enough", "ABCDEF", "ABCxyz12", False),
    ("three of five letters", "ABCDE", "ABCxy", True),
    ("another case", "ALPHA", "alpha", True),
]


@pytest.mark.parametrize(
    ("here", "there", "same"), [pytest.param(*each[1:], id=each[0]) for each in SPELLINGS]
)
def test_one_id_is_one_city_where_the_names_are_alike(here, there, same, programme):
    now = NOW | {"city_id": "U1", "name_key": "KEN:now", "city_name": here}
    then = THEN | {"city_id": "U1", "city_name": there}
    found = recognise(CITIES.frame([now]), EARLIER.frame([then]), programme.linking)
    assert (found.pairs.height, found.findings.height) == ((1, 0) if same else (0, 1))


def test_nobody_is_recognised_where_nobody_is_known(programme):
    assert recognise(CITIES.frame([NOW]), EARLIER.empty().select(KNOWN), programme.linking).pairs.is_empty()
    assert recognise(CITIES.empty(), EARLIER.frame([THEN]), programme.linking).pairs.is_empty()


def tables(state="accepted", status=None, **changed):
    application = {
        "application_id": "E1",
        "city_id": "KEN:alpha",
        "city_name": "Alpha",
        "country_iso3": "KEN",
        "state": state,
    } | changed
    judged = (
        [{"application_id": "E1", "city_id": "KEN:alpha", "status": status, "reasons": "A sentence."}]
        if status
        else []
    )
    return {
        "applications": APPLICATIONS.frame([application]),
        "crosscheck": CROSSCHECK.empty(),
        "eligibility": ELIGIBILITY.frame(judged),
        "twinnings": TWINNINGS.empty(),
        "twinning_members": TWINNING_MEMBERS.empty(),
        "unplaced": UNPLACED.empty(),
    }


def placed(state):
    aspects = dict.fromkeys((name for name in TWINNINGS.names if name.startswith("aspect_")), 1.0)
    twinning = {
        "twinning_id": "T1",
        "topic": "cooling",
        "n_cities": 2,
        "value": 8.0,
        "state": state,
        "conditional": False,
    } | aspects
    member = {"twinning_id": "T1", "application_id": "E1", "city_id": "KEN:alpha"}
    return tables(status="eligible") | {
        "twinnings": TWINNINGS.frame([twinning]),
        "twinning_members": TWINNING_MEMBERS.frame([member]),
    }


def unplaced():
    rows = [{"application_id": "E1", "reason": "No room was left.", "regret": 0.5}]
    return tables(status="eligible") | {"unplaced": UNPLACED.frame(rows)}


BECAME = [
    ("late", partial(tables, "late"), "late", None),
    ("withdrawn", partial(tables, "withdrawn"), "withdrawn", None),
    ("superseded", partial(tables, "superseded", superseded_by="E2"), "superseded", "in favour of E2"),
    ("ineligible", partial(tables, status="ineligible"), "ineligible", "A sentence."),
    ("needs review", partial(tables, status="needs_review"), "needs_review", "A sentence."),
    ("proposed", partial(placed, "proposed"), "proposed", "twinning T1"),
    ("confirmed", partial(placed, "confirmed"), "confirmed", "twinning T1"),
    ("unplaced", unplaced, "unplaced", "No room was left."),
]


@pytest.mark.parametrize(
    ("then", "became", "detail"), [pytest.param(*each[1:], id=each[0]) for each in BECAME]
)
def test_what_became_of_an_earlier_application(then, became, detail, programme):
    found = earlier_applications(CITIES.frame([NOW]), {"2025-07": then()}, programme.linking)
    assert found.rows() == [("S1", "2025-07", "E1", "Alpha", became, detail)]
    assert found.schema == EARLIER_APPLICATIONS.schema
    assert became in EARLIER_APPLICATIONS["became"].values


def test_every_earlier_round_is_told_and_rows_set_aside_are_not(programme):
    rounds = {
        "2026-01": tables("late"),
        "2025-07": tables("withdrawn"),
        "2027-01": tables("set_aside", city_id=None),
    }
    found = earlier_applications(
        CITIES.frame([NOW, NOW | {"application_id": "S2", "city_id": "X", "name_key": "KEN:x"}]),
        rounds,
        programme.linking,
    )
    assert found.select("application_id", "earlier_round", "became").rows() == [
        ("S1", "2025-07", "withdrawn"),
        ("S1", "2026-01", "late"),
    ]


def test_rows_are_in_the_order_of_applications_and_rounds_whatever_the_order_of_the_cities(programme):
    rounds = {"2026-01": tables("late"), "2025-07": tables("withdrawn")}
    cities = CITIES.frame([NOW | {"application_id": name} for name in ("S3", "S1", "S2")])
    found = earlier_applications(cities, rounds, programme.linking)
    expected = [(name, round_id) for name in ("S1", "S2", "S3") for round_id in ("2025-07", "2026-01")]
    assert found.select("application_id", "earlier_round").rows() == expected


def test_the_first_round_has_no_earlier_one(programme):
    assert earlier_applications(CITIES.frame([NOW]), {}, programme.linking).equals(
        EARLIER_APPLICATIONS.empty()
    )


def test_no_member_of_a_consortium_stands_for_it():
    link = {"register": "gcom", "confidence": 1.0, "evidence": "same name", "decided_by": "rules"}
    rows = [
        {"application_id": "S1", "member_name": "Alpha", "outcome": "linked", "register_id": "G1"},
        {"application_id": "S2", "member_name": "One", "outcome": "linked", "register_id": "G2"},
        {"application_id": "S2", "member_name": "Two", "outcome": "none", "register_id": None},
        {"application_id": "S3", "member_name": "Beta", "outcome": "review", "register_id": None},
    ]
    assert own_gcom_ids(CROSSCHECK.frame([link | row for row in rows])).rows() == [("S1", "G1")]
