"""Columns of cells: cleaning, words for blank, defaults, the rule of each cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from programme.programme import Programme
from programme.rounds import Round
from tasks.ingest.cells.column_context import column_contexts
from tasks.ingest.cells.column_reading import UNREADABLE, ColumnReading, parse_or_read, read_distinct
from tasks.ingest.cells.columns import read_columns
from tasks.ingest.cells.comparison import clean_line, clean_text, comparison_key

ReadColumn = Callable[..., ColumnReading]


@pytest.fixture
def column(programme: Programme, round_: Round) -> ReadColumn:
    """Read cells as one column of an input; `profile`: the form tool that wrote them."""

    def one(table: str, name: str, cells: Iterable[str | None], profile: str | None = None) -> ColumnReading:
        raw = pl.DataFrame({name: list(cells)}, schema={name: pl.String})
        contexts = column_contexts(table, [name], programme, round_, profile)
        return read_columns(raw, contexts)[name]

    return one


CELLS: dict[str, tuple[str, str, str | None, object, str | None]] = {
    "nothing": ("gcom", "region", None, None, None),
    "blank": ("gcom", "region", "  ", None, None),
    "as it stands": ("gcom", "region", "West", "West", None),
    "trimmed is as it stands": ("gcom", "region", " West ", "West", None),
    "cleaned": ("gcom", "region", "W\u200best", "West", "cleaned"),
    "inner blanks": ("gcom", "region", "Far  West", "Far West", "cleaned"),
    "a word for blank": ("gcom", "region", "N/A", None, "blank-word"),
    "a word that is no name here": ("gcom", "region", "unknown", None, "blank-word"),
    "a word that may be a name": ("gcom", "name", "Nan", "Nan", None),
    "a mark is no name": ("gcom", "name", "-", None, "blank-word"),
    "an id is never a word for blank": ("gcom", "gcom_id", "n/a", "n/a", None),
    "a value to be put is taken as it is": ("corrections", "value", "none", "none", None),
    "a code that may be a word": ("gcom", "country", "NA", "NA", None),
    "a choice named none": ("submissions", "plan_type", "none", "none", None),
    "a word for blank where no choice has it": ("submissions", "action_stage", "unknown", None, "blank-word"),
    "a default": ("gcom", "status", None, "active", None),
    "a default for a word for blank": ("gcom", "status", "-", "active", "blank-word"),
    "an open list keeps what it does not know": ("gcom", "status", "odd", "odd", "kept-as-written"),
    "a closed list does not": ("cohort", "status", "odd", None, UNREADABLE),
    "a criterion of the rubric by its id": ("evaluations", "criterion", "motivation", None, None),
    "a criterion of none": ("evaluations", "criterion", "colour", "colour", "unknown-criterion"),
    "a score out of five": ("evaluations", "score", "3.5 out of 5", 3.5, "out-of-five"),
    "a score with a comma": ("evaluations", "score", "3,5", 3.5, "number"),
    "30 February": ("cohort", "applied_on", "2025-02-30", None, UNREADABLE),
    "a day with its time": ("cohort", "applied_on", "2025-02-03T10:00:00", None, "time-left-out"),
    "a country in another language": ("gcom", "country", "Suomi", "Suomi", "country-name"),
    "a country misspelt": ("gcom", "country", "Phillipines", "Phillipines", "close-spelling"),
    "no country": ("gcom", "country", "Narnia", "Narnia", UNREADABLE),
}
RULE_ONLY = {"a criterion of the rubric by its id", "a day with its time"}
"""Cases whose value is looked at elsewhere; here only the rule counts."""


@pytest.mark.parametrize("case", CELLS)
def test_a_cell_and_its_rule(column: ReadColumn, programme: Programme, case: str) -> None:
    table, name, text, value, rule = CELLS[case]
    if case == "a criterion of the rubric by its id":
        text = next(iter(programme.rubric.by_id))
    reading = column(table, name, [text])
    assert reading.rules.to_list() == [rule]
    if case not in RULE_ONLY:
        assert reading.values.to_list() == [value]


def test_a_day_loses_its_time_only(column: ReadColumn) -> None:
    reading = column("cohort", "applied_on", ["2025-02-03T10:00:00"])
    assert str(reading.values[0]) == "2025-02-03"


TIMES: dict[str, tuple[str, str | None, str, str]] = {
    "a plain table: the round's zone": ("submitted_at", None, "2025-08-03 12:00:00", "2025-08-03 10:00:00"),
    "a tool that means UTC": ("submitted_at", "kobotoolbox", "2025-08-03 12:00:00", "2025-08-03 12:00:00"),
    "a tool that writes the month first": (
        "submitted_at",
        "microsoft-forms",
        "8/3/25 12:00:00",
        "2025-08-03 10:00:00",
    ),
}


@pytest.mark.parametrize(("name", "profile", "text", "moment"), TIMES.values(), ids=TIMES)
def test_a_time_stamp_is_read_as_the_tool_means_it(
    column: ReadColumn, name: str, profile: str | None, text: str, moment: str
) -> None:
    reading = column("submissions", name, [text], profile)
    assert str(reading.values.dt.replace_time_zone(None)[0]) == moment


def test_dates_left_open_are_said_to_be_settled_by_the_round(column: ReadColumn) -> None:
    reading = column("submissions", "submitted_at", ["07/08/2025 10:00", "12/08/2025 10:00"])
    assert "more of them fall into the round" in reading.note
    assert [str(value.date()) for value in reading.values] == ["2025-08-07", "2025-08-12"]


def test_other_dates_are_settled_by_the_rules(column: ReadColumn) -> None:
    reading = column("cohort", "applied_on", ["07/08/2025", "12/08/2025"])
    assert "as the rules say" in reading.note
    assert column("cohort", "applied_on", ["26/08/2025", "12/08/2025"]).note is None


def test_each_spelling_is_read_once() -> None:
    seen: list[str] = []

    def read(text: str) -> tuple[int, str]:
        seen.append(text)
        return len(text), "length"

    reading = read_distinct(pl.Series(["a", "bb", None, "a", "bb"]), read, pl.Int64())
    assert seen == ["a", "bb"]
    assert reading.values.to_list() == [1, 2, None, 1, 2]
    assert reading.rules.to_list() == ["length", "length", None, "length", "length"]


def test_plain_texts_are_parsed_at_once_and_others_read() -> None:
    reading = parse_or_read(
        pl.Series(["1", "99999999999999999999", "two", None]),
        r"^\d+$",
        lambda plain: plain.cast(pl.Int64, strict=False),
        lambda text: (len(text), "length"),
        pl.Int64(),
    )
    assert reading.values.to_list() == [1, None, 3, None]
    assert reading.rules.to_list() == [None, UNREADABLE, "length", None]


KEYS = {
    "case and accents": ("CÔTE d’Ivoire", "cote d ivoire"),
    "marks and runs of blanks": ("A2. _City--name_ ", "a2 city name"),
    "letters that are no accents": ("Straße Øresund Łódź ıslâm", "strasse oresund lodz islam"),
    "full-width letters": ("Ｃｉｔｙ", "city"),
    "another script stays": ("Україна", "украіна"),
}


@pytest.mark.parametrize(("text", "key"), KEYS.values(), ids=KEYS)
def test_comparison_keys(text: str, key: str) -> None:
    assert comparison_key(text) == key


@given(st.text(max_size=40))
def test_a_key_has_itself_as_its_key(text: str) -> None:
    key = comparison_key(text)
    assert comparison_key(key) == key
    assert comparison_key(f"  {text}!") == key


@pytest.mark.parametrize(
    ("text", "line", "free"),
    [
        pytest.param("a \u200b b", "a b", "a  b", id="a hidden character between blanks"),
        pytest.param("0 \x1f\r0", "0 0", "0 \n0", id="a control before a line end"),
        pytest.param("e\u200b\u0301", "\xe9", "\xe9", id="a hidden character before an accent"),
        pytest.param("a\x85b", "a b", "a\nb", id="a line end that is a control"),
    ],
)
def test_what_nobody_sees_parts_nothing(text: str, line: str, free: str) -> None:
    found = [pl.select(clean(pl.lit(text))).item() for clean in (clean_line, clean_text)]
    assert found == [line, free]


@given(st.text(max_size=40))
@example("0 \x1f\r0")
def test_a_cleaned_cell_is_clean(text: str) -> None:
    for clean in (clean_line, clean_text):
        once = pl.select(clean(pl.lit(text))).item()
        assert once is None or once == once.strip() != ""
        assert pl.select(clean(pl.lit(once, dtype=pl.String))).item() == once
    line = pl.select(clean_line(pl.lit(text))).item()
    assert line is None or len(line.splitlines()) == 1
