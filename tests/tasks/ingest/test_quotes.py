"""Quotation marks that keep no rule cost no row that they do not stand in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.problems import ProblemsError
from tasks.ingest.files.split_text import split_text
from tasks.ingest.step import ReadTable
from tests.examples import examples

BASE = (Path(__file__).with_name("exports") / "00-base" / "submissions.csv").read_text("utf-8")
LINES = BASE.rstrip("\n").split("\n")

CASES: dict[str, tuple[str, list[list[str]]]] = {
    "doubled": ('a,b\n1,"x ""y"" z"\n', [["a", "b"], ["1", 'x "y" z']]),
    "inside a word": ('a,b\n1,12" pipe\n2,8" pipe\n', [["a", "b"], ["1", '12" pipe'], ["2", '8" pipe']]),
    "behind a backslash": (
        'a,b,c\n1,"say \\"a, b\\" now",2\n3,4,5\n',
        [["a", "b", "c"], ["1", 'say "a, b" now', "2"], ["3", "4", "5"]],
    ),
    "opened and closed nowhere": (
        'a,b,c\n1,"x,2\n3,"y, z",4\n5,6,7\n',
        [["a", "b", "c"], ["1", '"x', "2"], ["3", "y, z", "4"], ["5", "6", "7"]],
    ),
    "lines within a cell": ('a,b\n1,"x\ny"\n', [["a", "b"], ["1", "x\ny"]]),
}


@pytest.mark.parametrize(("text", "rows"), CASES.values(), ids=CASES)
def test_a_text_is_split(text: str, rows: list[list[str]]) -> None:
    assert split_text(text, ",").rows == rows


DAMAGE = st.lists(
    st.tuples(
        st.integers(1, len(LINES) - 1),
        st.integers(0, 10_000),
        st.sampled_from(['"', '""', '",', ',"', '\\"', ","]),
    ),
    min_size=1,
    max_size=3,
)


@settings(
    max_examples=examples(10),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(DAMAGE)
def test_a_row_that_is_whole_is_never_lost_without_a_word(
    read: Callable[..., ReadTable], damage: list[tuple[int, int, str]]
) -> None:
    lines, touched = list(LINES), set()
    for line, place, mark in damage:
        at = place % (len(lines[line]) + 1)
        lines[line] = lines[line][:at] + mark + lines[line][at:]
        touched.add(line)
    try:
        table = read("\n".join(lines) + "\n")
    except ProblemsError:
        return
    whole = {f"2025-100{line}" for line in range(1, len(LINES)) if line not in touched}
    lost = whole - set(table.frame["submission_id"])
    assert table.passport.n_rows == table.frame.height + table.set_aside.height
    assert len(lost) <= table.set_aside.height
