"""How much of an input may be lost before a person must say that it is right."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from programme.programme import Programme
from programme.rounds import Round
from tasks.ingest.lost_shares import exceeded_shares, lost_shares, reasons_set_aside
from tasks.ingest.step import Inputs, SourceFile, read_all
from tests.tasks.ingest.conftest import MINIMAL
from warehouse.sandbox import open_in_sandbox

CITIES = ["Turku", "Oulu", "Espoo", "Vantaa", "Lahti", "Kuopio", "Pori", "Kotka", "Vaasa", "Joensuu"]


@pytest.fixture
def round_of(programme: Programme, round_: Round, as_csv: Callable[..., str]) -> Callable[..., Inputs]:
    def read(rows: list[dict[str, str]]) -> Inputs:
        files = {
            "submissions": as_csv(rows),
            "cohort": "utm_id,name,country,status\nU1,Turku,Finland,member\n",
            "gcom": "gcom_id,name,country\n1,Turku,FI\n",
        }
        sources = [SourceFile(name, f"{name}.csv", text.encode()) for name, text in files.items()]
        return read_all(sources, programme, round_, open_binary=open_in_sandbox)

    return read


def ten(**of_first: dict[int, str]) -> list[dict[str, str]]:
    rows = [MINIMAL | {"submission_id": f"S{n}", "city_name": name} for n, name in enumerate(CITIES)]
    for column, cells in of_first.items():
        for n, text in cells.items():
            rows[n][column] = text
    return rows


def same_forms(n: int) -> dict[str, dict[int, str]]:
    return {"submission_id": dict.fromkeys(range(n), "S0"), "city_name": dict.fromkeys(range(n), "Turku")}


CASES: dict[str, tuple[dict[str, dict[int, str]], list[str]]] = {
    "nothing lost": ({}, []),
    "two of ten set aside": ({"city_name": dict.fromkeys(range(2), "")}, []),
    "three of ten set aside": ({"city_name": dict.fromkeys(range(3), "")}, ["share_set_aside"]),
    "three of ten superseded": (same_forms(4), []),
    "four of ten superseded": (same_forms(5), ["share_superseded"]),
    "two of ten without a time": ({"submitted_at": dict.fromkeys(range(2), "soon")}, []),
    "three of ten without a time": ({"submitted_at": dict.fromkeys(range(3), "soon")}, ["unreadable_times"]),
}  # fmt: skip


@pytest.mark.parametrize(("changed", "gates"), CASES.values(), ids=CASES)
def test_a_limit_that_is_exceeded_stops(
    round_of: Callable[..., Inputs],
    programme: Programme,
    changed: dict[str, dict[int, str]],
    gates: list[str],
) -> None:
    inputs = round_of(ten(**changed))
    measured = lost_shares(inputs, programme.expectations)
    assert [one.gate for one in measured] == ["share_set_aside", "share_superseded", "unreadable_times"]
    assert [one.gate for one in measured if one.exceeded] == gates
    found = exceeded_shares(inputs, programme.expectations)
    assert [(one.expectation, one.severity) for one in found] == [(gate, "stop") for gate in gates]


def test_a_single_row_that_is_all_there_is_counts(
    round_of: Callable[..., Inputs], programme: Programme
) -> None:
    inputs = round_of([MINIMAL | {"submitted_at": "soon"}])
    assert [one.expectation for one in exceeded_shares(inputs, programme.expectations)] == [
        "unreadable_times"
    ]


def test_the_message_says_what_was_found_and_why(
    round_of: Callable[..., Inputs], programme: Programme
) -> None:
    inputs = round_of(ten(city_name=dict.fromkeys(range(4), "")))
    (found,) = exceeded_shares(inputs, programme.expectations)
    assert found.message.startswith(
        "submissions.csv: 4 of 10 rows (40%) could not be used; expected at most 20%. 4 x city_name is blank."
    )
    assert reasons_set_aside(inputs.set_aside, "submissions") == "4 x city_name is blank"
    assert reasons_set_aside(inputs.set_aside, "gcom") == ""
