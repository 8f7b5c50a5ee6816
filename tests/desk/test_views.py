"""What the desk's pages show, without a server: answers, candidates, comparison, trials, texts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from desk.addresses import address, key_of, named_by
from desk.views import board
from desk.views.applications import Filters, Line, chosen
from desk.views.comparison import compared
from desk.views.decisions import in_a_sentence
from desk.views.points import neighbours
from desk.views.registers import RegisterRow, candidates
from desk.views.small_map import small_map
from desk.views.texts import readable, text_of, word
from pages.views.answers import is_answered_by, named_rows, point_id
from programme.clauses import cited, read_clauses
from programme.vocabulary import DECISION_KINDS
from tests.docs.repository import read

GCOM = pl.DataFrame(
    {
        "gcom_id": ["G1", "G2", "G3", "G4"],
        "name": ["Portville", "Portvile District", "Inland", "Portville"],
        "country_iso3": ["KEN", "KEN", "KEN", "BRA"],
        "population": [100_000, None, 5_000, 90_000],
        "latitude": [0.0, 1.0, None, -10.0],
        "longitude": [37.0, 37.0, None, -50.0],
        "status": ["active", "active", "active", "active"],
        "signed_on": [date(2020, 1, 2), None, None, None],
    }
)


def point(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "rule",
        "subject": "A-1",
        "about": "mandate",
        "evidence": "none",
        "city_name": "X",
        **fields,
    }


def decision(kind: str, subject: str, object_: str | None = None, value: str | None = None) -> dict[str, Any]:
    return {"kind": kind, "subject": subject, "object": object_, "value": value}


ANSWERED = [
    pytest.param(point(), decision("rule", "A-1", "mandate", "met"), True, id="its rule"),
    pytest.param(point(), decision("rule", "A-1", "topic", "met"), False, id="another rule"),
    pytest.param(point(), decision("rule", "A-2", "mandate", "met"), False, id="another form"),
    pytest.param(point(), decision("withdraw", "A-1"), True, id="withdrawn"),
    pytest.param(point(kind="link", about="gcom"), decision("link", "A-1", "gcom", "G1"), True, id="linked"),
    pytest.param(
        point(kind="link", about="gcom"), decision("no_link", "A-1", "cohort"), False, id="other list"
    ),
    pytest.param(
        point(kind="link", about="gcom", evidence="Lakeside: not sure"),
        decision("link", "A-1:Lakeside", "gcom", "G1"),
        True,
        id="a member",
    ),
    pytest.param(
        point(kind="unconfirmed", subject="T-2025-07-0a1b2c3d"),
        decision("confirm", "T-2025-07-0a1b2c3d"),
        True,
        id="confirmed",
    ),
    pytest.param(
        point(kind="at_risk", evidence="in twinning T-2025-07-0a1b2c3d."),
        decision("release", "T-2025-07-0a1b2c3d"),
        True,
        id="dissolved",
    ),
    pytest.param(point(kind="conflict"), decision("no_conflict", "EV1", "A-1"), True, id="no conflict"),
    pytest.param(point(kind="disputed"), decision("rule", "A-1", "mandate", "met"), False, id="scores"),
    pytest.param(
        point(kind="place", about="topic_place"), decision("waive", "A-1", "topic_place"), True, id="place"
    ),
]


@pytest.mark.parametrize(("asked", "made", "answers"), ANSWERED)
def test_which_decision_answers_a_point(
    asked: dict[str, Any], made: dict[str, Any], *, answers: bool
) -> None:
    assert is_answered_by(asked, made) == answers


def test_a_point_keeps_its_id_until_what_it_says_changes() -> None:
    assert point_id(point()) == point_id(point(city_name="Y"))
    assert point_id(point()) != point_id(point(evidence="in progress"))
    assert point_id(point(evidence="\ud800")) != point_id(point())


def test_candidates_are_those_named_then_those_alike() -> None:
    found = candidates(
        GCOM,
        "gcom",
        name="Portville",
        country="KEN",
        evidence="candidates: Inland (G3) 41 points, by figure",
        position=(0.0, 37.0),
    )
    assert [one.row.id for one in found] == ["G3", "G1", "G2"]
    assert [one.named for one in found] == [True, False, False]
    assert [one.points for one in found] == [41, None, None]
    assert [one.distance_km for one in found] == [None, 0, 111]


def test_the_rows_that_evidence_offers() -> None:
    assert named_rows("candidates: A (UTM0028) 74 points, x (70 points); B (R-1) -3 points") == [
        "UTM0028",
        "R-1",
    ]


def test_differences_are_marked() -> None:
    form = {
        "city_name": "Portville",
        "population": 200_000,
        "cohort_status": "member",
        "gcom_status": "signatory",
    }
    row = RegisterRow("G1", "portville", "Kenya", 100_000, None, "active", "2020-01-02")
    lines = {one.name: one for one in compared(form, "KEN", None, row)}
    assert not lines["City"].gcom_differs
    assert not lines["Country"].gcom_differs
    assert lines["Inhabitants"].gcom_differs
    assert lines["City Cohort"].cohort_differs
    assert not lines["GCoM"].gcom_differs


def test_a_small_map_shows_city_and_rows() -> None:
    assert small_map(None, [("A", None)]) is None
    made = small_map(("City", (0.0, 37.0)), [("A", None), ("B", (1.0, 38.0))])
    assert made is not None
    assert [(mark.sign, mark.name) for mark in made.marks] == [("2", "B"), ("F", "City")]
    x, y, width, height = map(float, made.view_box.split())
    assert all(x <= mark.x <= x + width and y <= mark.y <= y + height for mark in made.marks)


TRIALS = [
    pytest.param(("pin", "a", "b", "", None), True, id="together"),
    pytest.param(("pin", "a", "a", "", None), False, id="with itself"),
    pytest.param(("forbid", "a", "", "", None), False, id="one alone"),
    pytest.param(("exclude", "a", "b", "x", 3), True, id="left out"),
    pytest.param(("capacity", "", "", "", 0), True, id="none at all"),
    pytest.param(("capacity", "", "", "", True), False, id="no number"),
    pytest.param(("confirm", "a", "b", "", None), False, id="no trial"),
]


@pytest.mark.parametrize(("fields", "complete"), TRIALS)
def test_trials_are_complete_or_none(fields: tuple[Any, ...], *, complete: bool) -> None:
    trial = board.trial_of(*fields)
    assert (trial is not None) == complete
    if trial is not None:
        assert board.read_trials([trial.written(), trial.written(), "{", "[1]"]) == [trial]


def test_trials_become_one_question_and_decisions() -> None:
    trials = [
        board.Trial("pin", "a", "b"),
        board.Trial("pin", "a", "c", "data"),
        board.Trial("exclude", "d"),
        board.Trial("capacity", most=4),
        *board.apart(["z", "x", "y"]),
    ]
    asked = board.changes_of(trials)
    assert asked.pins == (("a", "b"),)
    assert asked.pins_on == (("a", "c", "data"),)
    assert asked.forbids == (("x", "y"), ("x", "z"), ("y", "z"))
    assert (asked.excluded, asked.max_twinnings) == (("d",), 4)
    assert board.decisions_of(trials)[:3] == [
        ("pin", "a", "b", None),
        ("pin", "a", "c", "data"),
        ("withdraw", "d", None, None),
    ]
    assert (
        board.trial_in_words(trials[1], {"a": "Amman", "c": "Cali"}, {"data": "Data"})
        == "Amman and Cali together, on Data"
    )


@pytest.mark.parametrize(
    ("here", "expected"), [("a", (None, "c")), ("c", ("a", "a")), ("b", ("a", "c")), ("x", (None, "a"))]
)
def test_the_points_before_and_after(here: str, expected: tuple[str | None, str | None]) -> None:
    assert neighbours(["a", "c"], here, ["a", "b", "c"]) == expected


def application(city: str, **fields: Any) -> Line:
    whole: dict[str, Any] = {
        "id": city,
        "city": city,
        "country": "Kenya",
        "region": "Africa",
        "standing": "Eligible",
        "tone": "",
        "topics": ("Data",),
        "rank": 1,
        "total": 1.0,
        "place": "",
        "received": "",
        "open_points": 0,
    }
    return Line(**{**whole, **fields})


def test_applications_are_filtered_and_searched() -> None:
    every = [
        application("Écija", rank=2),
        application("Bonn", place="In a twinning, proposed", country="Germany"),
    ]
    names = [one.city for one in chosen(every, Filters())]
    assert names == ["Bonn", "Écija"]
    assert [one.city for one in chosen(every, Filters(text="ecija ken"))] == ["Écija"]
    assert [one.city for one in chosen(every, Filters(place="placed"))] == ["Bonn"]
    assert [one.city for one in chosen(every, Filters(sort="rank"))] == ["Bonn", "Écija"]
    assert not chosen(every, Filters(standing="Late"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (1_234_567, "1,234,567"),
        (date(2025, 9, 4), "4 September 2025"),
        (datetime(2025, 9, 4, 21, 59, tzinfo=UTC), "4 September 2025, 21:59 UTC"),
        (["a", None, "b"], "a; b"),
        ([{"name": "A", "population": 5}], "A, 5"),
        ("x", "x"),
    ],
)
def test_values_as_text(value: object, text: str) -> None:
    assert text_of(value) == text


def test_sentences_of_the_program_are_made_readable() -> None:
    assert readable("Status: needs_review -> eligible.") == "Status: needs review → eligible."
    assert (
        readable("Rule x: unclear -> not_met. It is needs_review.")
        == "Rule x: unclear → not met. It is needs review."
    )
    assert readable("Rule climate_plan: unclear -> met.") == "Rule climate plan: unclear → met."
    assert readable("in programme/desk.toml, a_b.toml") == "in programme/desk.toml, a_b.toml"
    assert readable("see https://a_b.example/c_d and T_1") == "see https://a_b.example/c_d and T_1"
    assert word("gcom") == "GCoM"
    assert in_a_sentence(decision("no_link", "A-1", "gcom")) == "No row of the GCoM list"


@pytest.mark.parametrize("kind", DECISION_KINDS)
def test_a_decision_of_every_kind_is_said_in_words(kind: str) -> None:
    said = in_a_sentence(decision(kind, "A-1", "mandate", "met"))
    assert said != word(kind)
    assert "_" not in said


@pytest.mark.parametrize("name", ["..", "a/b", "", "<script>", "x" * 80, "ä", "-rf", "a\ud800"])
def test_an_id_from_outside_stands_in_an_address_safely(name: str) -> None:
    key = key_of(name)
    assert key.startswith("~")
    assert named_by(key, ["other", name]) == name
    assert "/.." not in address("rounds", key)


def test_addresses() -> None:
    assert key_of("2025-1001") == "2025-1001"
    assert address("rounds", "a/b", kind="", page=2) == "/rounds/a%2Fb?page=2"


def test_the_clauses_are_those_of_the_page() -> None:
    page = " ".join(read("docs/faq-clauses.md").replace("\n- ", "\n").split())
    clauses = read_clauses()
    for number, clause in clauses.items():
        assert f"### {number} {clause.title} {clause.text}" in page
    assert [number for number, _ in cited(clauses, "3.3.1, 3.4, 9.9")] == ["3.3.1", "3.4"]
