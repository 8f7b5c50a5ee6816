"""Declines, silence, requests and letters that did not arrive, each with what follows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from tasks.letters.answers import POINT_COLUMNS, answer_points
from tasks.letters.outbox import Letter
from tasks.publish.open_points import NAMES, open_points
from tests.tasks.letters.making import application, every_kind, status, tables, twinning
from warehouse.dictionary.inputs import DECISIONS

SENT = date(2026, 1, 20)
DUE = date(2026, 2, 3)


def decision(kind: str, subject: str, value: str | None = None) -> dict[str, Any]:
    row = {"decision_id": f"d-{subject}", "kind": kind, "subject": subject, "value": value, "reason": "why"}
    return row | {"decided_by": "Ann", "decided_at": datetime(2026, 1, 25, tzinfo=UTC)}


def letter(name: str, state: Any = "sent", kind: Any = "selected") -> Letter:
    return Letter(f"l-{name}", name, kind, 1, "n", state, SENT)


def points(
    decisions: list[dict[str, Any]],
    letters: list[Letter],
    today: date = DUE,
    rows: dict[str, Any] | None = None,
) -> list[tuple[str, str, str]]:
    found = answer_points(
        DECISIONS.frame(decisions),
        letters,
        tables(**(rows or every_kind())),
        lambda told_on: told_on + timedelta(days=14),
        today,
    )
    return list(found.select("kind", "subject", "evidence").iter_rows())


def test_the_columns_are_those_of_open_points() -> None:
    assert POINT_COLUMNS == NAMES


SILENCE = [
    pytest.param([], DUE, [], id="on the last day"),
    pytest.param([], DUE + timedelta(days=1), ["A"], id="the day after"),
    pytest.param([decision("accept_place", "A")], DUE + timedelta(days=1), [], id="accepted"),
    pytest.param([decision("accept_place", "B")], DUE + timedelta(days=1), ["A"], id="another one accepted"),
]


@pytest.mark.parametrize(("decisions", "today", "silent"), SILENCE)
def test_silence_after_the_day(decisions: list[dict[str, Any]], today: date, silent: list[str]) -> None:
    found = points(decisions, [letter("A")], today)
    assert [subject for kind, subject, _ in found if kind == "silent"] == silent


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(letter("A", "bounced"), id="the letter came back"),
        pytest.param(letter("A", "waiting"), id="the letter was not sent"),
        pytest.param(letter("A", kind="not_selected"), id="no place was offered"),
        pytest.param(letter("W"), id="it has no place any more"),
    ],
)
def test_nobody_is_silent_who_was_not_asked(sent: Letter) -> None:
    assert "silent" not in {kind for kind, _, _ in points([], [sent], DUE + timedelta(days=9))}


def test_a_decline_says_what_follows() -> None:
    ((kind, subject, said),) = points(
        [decision("decline_place", "A")], [letter("A")], DUE + timedelta(days=9)
    )
    assert (kind, subject) == ("declined", "A")
    assert said == "declined its place. Twinning T1 ends without it; City B is matched anew."


def test_of_three_cities_two_can_go_on() -> None:
    rows = every_kind() | twinning("T1", {"A": (1, 1), "B": (1, 1), "W": (1, 1)})
    ((_, _, said),) = points([decision("decline_place", "A")], [], rows=rows)
    assert said.endswith("Twinning T1 can go on with City B and City W, or is matched anew.")


def test_a_decline_that_was_acted_on_waits_no_longer() -> None:
    rows = {"applications": [application("A")], "eligibility": [status("A", "eligible")]}
    assert points([decision("decline_place", "A")], [], rows=rows) == []


def test_a_request_stays_open_until_it_is_settled() -> None:
    ((kind, subject, said),) = points([decision("reconsider", "N")], [])
    assert (kind, subject) == ("reconsider", "N")
    assert said == "asked on 25 January 2026 to be looked at again (decision d-N); not settled yet"
    assert points([decision("reconsider", "N", "upheld")], []) == []


@pytest.mark.parametrize("state", ["sending", "bounced", "no_address", "failed", "refused"])
def test_a_letter_that_did_not_arrive_waits(state: str) -> None:
    ((kind, subject, said),) = points([], [letter("N", state, "not_selected")])
    assert (kind, subject) == ("letter", "N")
    assert said.startswith("letter l-N: ")


def test_a_later_letter_takes_the_place_of_one_that_did_not_arrive() -> None:
    later = Letter("l2", "N", "not_selected", 1, "n", "sent", SENT)
    assert points([], [letter("N", "bounced"), later]) == []


def test_answers_come_first_among_open_points() -> None:
    made = tables(**every_kind())
    decided = DECISIONS.frame([decision("decline_place", "A"), decision("reconsider", "N")])
    answers = answer_points(decided, [letter("B")], made, lambda day: day, SENT + timedelta(days=1))
    kinds = open_points(made, answers=answers)["kind"].to_list()
    assert kinds[:3] == ["declined", "silent", "reconsider"]
    assert isinstance(answers, pl.DataFrame)


def test_before_the_first_version_nobody_has_a_place() -> None:
    of_a_scan = {"applications": tables(**every_kind())["applications"]}
    declined = DECISIONS.frame([decision("decline_place", "A")])
    assert answer_points(declined, [letter("A")], of_a_scan, lambda day: day, DUE).is_empty()
