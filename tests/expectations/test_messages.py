"""Findings are worded from cleaned and cut cells, and none ever shows a personal one."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import great_expectations.expectations as gxe
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expectations.check import STAGE_NAMES, check, stage_suites
from expectations.limits import RoundLimits
from expectations.messages import LONGEST, clean
from expectations.suites.common import expected
from expectations.table_suite import ALL_TABLES
from tests.examples import examples
from tests.expectations.changes import Tables

HOSTILE = [
    pytest.param("a\x00b\x1b[31mred", "ab[31mred", id="control-characters"),
    pytest.param("one\r\n\ttwo   three", "one two three", id="one-line"),
    pytest.param("abc\u202efdp.exe", "abcfdp.exe", id="direction-override"),
    pytest.param("x" * 5000, "x" * (LONGEST - 1) + "…", id="cut"),
    pytest.param("{country} {0.__class__}", "{country} {0.__class__}", id="braces-are-only-text"),
    pytest.param(None, "nothing", id="null"),
    pytest.param(0.1 + 0.2, "0.3", id="a-sum-without-noise"),
    pytest.param(2**60, str(2**60), id="whole-number"),
]


@pytest.mark.parametrize(("cell", "shown"), HOSTILE)
def test_a_cell_is_shown_cleaned_and_cut(cell: object, shown: str) -> None:
    assert clean(cell) == shown


@given(st.text(max_size=400))
def test_whatever_is_shown_is_one_short_printable_line(cell: str) -> None:
    shown = clean(cell)
    assert len(shown) <= LONGEST
    assert not any(unicodedata.category(char)[0] == "C" or char in "\r\n\t" for char in shown)


def test_hostile_cells_and_keys_are_shown_cleaned(world: Tables, limits: RoundLimits) -> None:
    bad = "G\x1b]0;x\x07{name}" + "y" * 500
    broken = world | {"cohort": world["cohort"].with_columns(gcom_id=pl.lit(bad), utm_id=pl.lit(bad))}
    found = check("inputs", broken, limits)
    assert found.height
    text = " ".join(str(cell) for row in found.rows() for cell in row)
    assert "\x1b" not in text
    assert "y" * LONGEST not in text
    assert "{name}" in text


PERSONAL = [
    (table.name, column.name) for table in ALL_TABLES.values() for column in table.columns if column.personal
]


@settings(max_examples=examples(2), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_finding_ever_shows_a_personal_cell(
    data: st.DataObject, world: Tables, limits: RoundLimits
) -> None:
    """Everything else is broken as far as it goes, so that as many messages as possible are made from rows
    full of secrets.
    """
    cell = data.draw(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30))
    broken: Tables = {}
    for name, frame in world.items():
        table = ALL_TABLES[name]
        secret = [pl.lit(f"SECRET{cell}").alias(column.name) for column in table.columns if column.personal]
        spoilt = data.draw(
            st.lists(
                st.sampled_from([c for c in table.columns if not c.personal and c.name not in table.key]),
                unique=True,
                max_size=12,
            )
        )
        others = [pl.lit(_spoilt(column.dtype), dtype=column.dtype).alias(column.name) for column in spoilt]
        broken[name] = frame.with_columns(*secret, *others)
    for stage in STAGE_NAMES:
        for row in check(stage, broken, limits).rows():
            assert not any("SECRET" in str(shown) for shown in row)


def _spoilt(dtype: pl.DataType) -> object:
    if dtype == pl.String():
        return "wrong"
    return -99 if dtype.is_numeric() else None


@pytest.mark.long
def test_no_finding_shows_a_personal_cell_of_a_round_where_everything_fails(
    world: Tables, limits: RoundLimits
) -> None:
    broken: Tables = {}
    for name, frame in world.items():
        columns = [
            column
            for column in ALL_TABLES[name].columns
            if column.personal or column.name not in ALL_TABLES[name].key
        ]
        cells = ["SECRET" if column.personal else _spoilt(column.dtype) for column in columns]
        broken[name] = frame.with_columns(
            pl.lit(cell, dtype=c.dtype).alias(c.name) for c, cell in zip(columns, cells, strict=True)
        )
    found = pl.concat([check(stage, broken, limits) for stage in STAGE_NAMES])
    assert found["expectation"].n_unique() > 30
    assert not [row for row in found.rows() if any("SECRET" in str(shown) for shown in row)]


def test_personal_columns_exist_to_be_kept_back() -> None:
    assert {"contact_email", "comment", "decided_by", "ties"} <= {column for _, column in PERSONAL}


SHOWN = [
    pytest.param("write to {contact_email}", "row", ("row",), "shows", id="message"),
    pytest.param("fine", "row", ("contact_name",), "shows", id="row-key"),
    pytest.param("fine", "contact_name", ("row",), "looks at", id="expectation"),
]


@pytest.mark.parametrize(("message", "column", "key", "what"), SHOWN)
def test_a_suite_that_uses_a_personal_column_is_refused(
    message: str, column: str, key: tuple[str, ...], what: str
) -> None:
    suite = next(suite for suite in stage_suites("inputs") if suite.name == "submissions")
    native = gxe.ExpectColumnValuesToNotBeNull(column=column)
    natives = expected("rude", "warn", "for the test", None, message, native)
    with pytest.raises(ValueError, match=f"{what} personal columns"):
        replace(suite, row_key=key).admit(natives)


@pytest.mark.parametrize(("severity", "why"), [("stop", "for the test"), ("warn", "for another reason")])
def test_one_name_for_two_expectations_is_refused(severity, why: str) -> None:
    suite = next(suite for suite in stage_suites("inputs") if suite.name == "cohort")
    native = gxe.ExpectColumnValuesToNotBeNull(column="name")
    natives = [
        *expected("same", "warn", "for the test", None, "x", native),
        *expected("same", severity, why, None, "y", native),
    ]
    with pytest.raises(ValueError, match="two expectations of one name"):
        suite.admit(natives)
