"""A small round, from canonical frames to links, cities, preferences and cooperations."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from flows.caches import load_index
from programme.programme import Programme
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.step import Crosschecked, crosscheck
from tasks.decisions.effective import effective_decisions
from tests.tasks.crosscheck.small_round import COHORT, COLLABORATIONS, GCOM, SUBMISSIONS, Row
from warehouse.dictionary import INPUT_TABLES, PUBLISHED_TABLES, WORKING_TABLES


def frame(table: str, rows: list[Row], **more: object) -> pl.DataFrame:
    given = [
        {"row": n + 2, "country": "as typed", "country_a": "x", "country_b": "x", **more, **row}
        for n, row in enumerate(rows)
    ]
    names = set(INPUT_TABLES[table].names)
    return INPUT_TABLES[table].frame(
        [{key: value for key, value in row.items() if key in names} for row in given]
    )


def decide(
    number: int, kind: str, subject: str, object_: str | None = None, value: str | None = None, day: int = 1
) -> Row:
    return {
        "decision_id": f"d{number}",
        "kind": kind,
        "subject": subject,
        "object": object_,
        "value": value,
        "reason": "seen",
        "decided_by": "someone",
        "decided_at": datetime(2025, 9, day, tzinfo=UTC),
    }


@pytest.fixture(scope="module")
def run(programme: Programme, gazetteer: Gazetteer, tmp_path_factory: pytest.TempPathFactory) -> object:
    """The step on the small round with some decisions; indexes are kept between the calls."""
    folder: Path = tmp_path_factory.mktemp("indexes")

    def run_with(decisions: list[Row] | None = None, submissions: list[Row] | None = None) -> Crosschecked:
        return crosscheck(
            frame("submissions", SUBMISSIONS if submissions is None else submissions, applicant_type="city"),
            frame("cohort", COHORT),
            frame("gcom", GCOM, status="active"),
            frame("collaborations", COLLABORATIONS),
            effective_decisions(frame("decisions", decisions or [])),
            programme,
            gazetteer,
            partial(load_index, folder=folder),
        )

    return run_with


@pytest.fixture(scope="module")
def plain(run: object) -> Crosschecked:
    return run()  # type: ignore[operator]


def links(done: Crosschecked, application: str, register: str) -> list[tuple[object, ...]]:
    mine = done.crosscheck.filter(pl.col("application_id") == application, pl.col("register") == register)
    return mine.select("member_name", "outcome", "register_id").sort("member_name").rows()


def test_every_table_is_the_dictionary_s(plain: Crosschecked) -> None:
    for name in ("crosscheck", "findings"):
        assert getattr(plain, name).schema == PUBLISHED_TABLES[name].schema
    for name in ("cities", "cooperations"):
        assert getattr(plain, name).schema == WORKING_TABLES[name].schema
    assert plain.preferences.schema == WORKING_TABLES["named_partners"].schema


def test_a_city_is_linked_to_both_registers(plain: Crosschecked) -> None:
    assert links(plain, "S1", "cohort") == [("Comune di Torino", "linked", "U1")]
    assert links(plain, "S1", "gcom") == [("Comune di Torino", "linked", "G1")]
    assert links(plain, "S2", "cohort") == [("Αθήνα", "linked", "U2")]


def test_a_consortium_is_linked_by_its_own_name_and_member_by_member(plain: Crosschecked) -> None:
    assert links(plain, "S3", "cohort") == [("Two Rivers Partnership", "linked", "U3")]
    assert links(plain, "S3", "gcom") == [
        ("City of Springfield, IL", "linked", "G4"),
        ("Portland, Oregon", "linked", "G3"),
    ]


def test_a_name_of_nothing_has_rows_and_reasons(plain: Crosschecked) -> None:
    assert links(plain, "S5", "cohort") == [("(no name)", "none", None)]
    assert plain.crosscheck["evidence"].str.len_chars().min() > 10


def test_the_cohort_s_note_that_contradicts_the_name_goes_to_a_person(plain: Crosschecked) -> None:
    assert links(plain, "S6", "gcom") == [("Savigliano", "review", None)]
    said = plain.crosscheck.filter(pl.col("application_id") == "S6", pl.col("register") == "gcom")[
        "evidence"
    ].item()
    assert "G1" in said
    assert "G6" in said


CITY = {
    "S1": ("U1", "Turin", "Europe", "Europe/Rome"),
    "S3": ("U3", "Two Rivers Partnership", "North America", "America/New_York"),
    "S4": ("ISL:kopavogur", "Kópavogur", "Europe", "Atlantic/Reykjavik"),
    "S5": ("XXX:unnamed", "(no name)", None, None),
}


@pytest.mark.parametrize(("application", "city"), CITY.items())
def test_the_city_of_a_submission(application: str, city: tuple[object, ...], plain: Crosschecked) -> None:
    row = plain.cities.filter(pl.col("application_id") == application)
    assert row.select("city_id", "city_name", "region", "timezone").row(0) == city


def test_positions_come_from_cohort_then_gcom_then_gazetteer(plain: Crosschecked) -> None:
    latitude = dict(plain.cities.select("application_id", "latitude").iter_rows())
    assert latitude["S1"] == 45.07
    assert latitude["S2"] == 37.98
    assert latitude["S4"] == pytest.approx(64.1, abs=0.1)
    assert latitude["S5"] is None


def test_preferred_partners_are_found_whatever_the_spelling(plain: Crosschecked) -> None:
    found = plain.preferences.select("application_id", "choice", "city_id", "outcome").rows()
    assert found == [("S1", 1, "U2", "linked"), ("S1", 2, None, "none"), ("S2", 1, "U1", "linked")]


def test_earlier_cooperation_is_of_city_ids_and_funded_only_by_the_list(plain: Crosschecked) -> None:
    rows = plain.cooperations.select("city_a", "city_b", "programme", "topic", "funded", "source").rows()
    assert rows == [
        ("U1", "U2", "URBACT", "mobility", True, "collaborations"),
        ("U1", "U2", "URBACT", "mobility", True, "form"),
    ]


def test_cooperation_that_names_nobody_known_is_counted(plain: Crosschecked) -> None:
    assert plain.findings.select("table", "severity").rows() == [
        ("collaborations", "warn"),
        ("submissions", "warn"),
    ]
    assert all(message.startswith("1 earlier") for message in plain.findings["message"])


TORINO, KOPAVOGUR = "Comune di Torino", "Kópavogur"
MEMBERS = ("City of Springfield, IL", "Portland, Oregon")
DECISIONS = {
    "a link outranks the rules": (
        [decide(1, "link", "S4", "gcom", "G2")],
        "S4",
        [(KOPAVOGUR, "linked", "G2")],
    ),
    "no link outranks the rules": ([decide(1, "no_link", "S1", "gcom")], "S1", [(TORINO, "none", None)]),
    "the latest counts": (
        [decide(2, "no_link", "S1", "gcom", day=2), decide(1, "link", "S1", "gcom", "G2", day=1)],
        "S1",
        [(TORINO, "linked", "G2")],
    ),
    "undone, the rules count": (
        [decide(1, "no_link", "S1", "gcom"), decide(2, "undo", "d1", day=2)],
        "S1",
        [(TORINO, "linked", "G1")],
    ),
    "an undo undone": (
        [
            decide(1, "no_link", "S1", "gcom"),
            decide(2, "undo", "d1", day=2),
            decide(3, "undo", "d2", day=3),
        ],
        "S1",
        [(TORINO, "none", None)],
    ),
    "undone, the one before counts": (
        [
            decide(1, "link", "S1", "gcom", "G2"),
            decide(2, "no_link", "S1", "gcom", day=2),
            decide(3, "undo", "d2", day=3),
        ],
        "S1",
        [(TORINO, "linked", "G2")],
    ),
    "one member of a consortium": (
        [decide(1, "no_link", "S3:portland, oregon", "gcom")],
        "S3",
        [(MEMBERS[0], "linked", "G4"), (MEMBERS[1], "none", None)],
    ),
    "another kind of decision changes no link": (
        [decide(1, "withdraw", "S1")],
        "S1",
        [(TORINO, "linked", "G1")],
    ),
}


@pytest.mark.long
@pytest.mark.parametrize(("decisions", "application", "expected"), DECISIONS.values(), ids=DECISIONS.keys())
def test_human_decisions(
    decisions: list[Row], application: str, expected: list[tuple[object, ...]], run: object
) -> None:
    assert links(run(decisions), application, "gcom") == expected  # type: ignore[operator]


def test_a_decision_is_shown_beside_what_the_rules_say(run: object) -> None:
    done = run([decide(7, "no_link", "S1", "gcom")])  # type: ignore[operator]
    row = done.crosscheck.filter(pl.col("application_id") == "S1", pl.col("register") == "gcom").row(
        0, named=True
    )
    assert (row["decided_by"], row["confidence"]) == ("decision d7", 1.0)
    assert "linked" in row["evidence"]
    assert "someone" not in row["evidence"]
    assert "seen" not in row["evidence"]


VANISHED = {
    "a row that is no longer in the register": decide(1, "link", "S1", "gcom", "G999"),
    "a submission that is not in the round": decide(1, "link", "S999", "gcom", "G1"),
    "a member the consortium does not have": decide(1, "no_link", "S3:Seattle", "gcom"),
    "a consortium without naming the member": decide(1, "no_link", "S3", "gcom"),
    "no register": decide(1, "no_link", "S1", "phone book"),
}


@pytest.mark.long
@pytest.mark.parametrize("decision", VANISHED.values(), ids=VANISHED.keys())
def test_a_decision_about_what_does_not_exist_is_a_finding(
    decision: Row, run: object, plain: Crosschecked
) -> None:
    done = run([decision])  # type: ignore[operator]
    assert done.crosscheck.equals(plain.crosscheck)
    found = done.findings.filter(pl.col("table") == "decisions")
    assert found.select("severity", "row_key").rows() == [("warn", "d1")]


@pytest.mark.long
def test_the_order_of_rows_does_not_matter(run: object, plain: Crosschecked) -> None:
    turned = run(submissions=list(reversed(SUBMISSIONS)))  # type: ignore[operator]
    for name in ("crosscheck", "cities", "preferences", "cooperations", "findings"):
        assert getattr(turned, name).equals(getattr(plain, name)), name


def test_empty_inputs_give_empty_tables(programme: Programme, gazetteer: Gazetteer) -> None:
    empty = [
        INPUT_TABLES[name].empty()
        for name in ("submissions", "cohort", "gcom", "collaborations", "decisions")
    ]
    done = crosscheck(*empty, programme, gazetteer)  # type: ignore[arg-type]
    assert [
        getattr(done, name).height
        for name in ("crosscheck", "cities", "preferences", "cooperations", "findings")
    ] == [0] * 5
