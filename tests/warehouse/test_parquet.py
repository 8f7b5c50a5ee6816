"""Bytes and hashes of tables: the same values are the same, any other value is another."""

from __future__ import annotations

import hashlib
import math
import subprocess
import sys
from datetime import UTC, datetime

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.examples import examples
from warehouse.dictionary import MOMENT, Column, Table
from warehouse.snapshots.parquet import conform_published, content_hash, decode_table, encode_table

TABLE = Table(
    "t",
    "one",
    ("id",),
    (
        Column("id", pl.Int64(), ""),
        Column("text", pl.String(), ""),
        Column("number", pl.Float64(), ""),
        Column("yes", pl.Boolean(), ""),
        Column("at", MOMENT, ""),
    ),
)
VALUES = {
    "text": st.none()
    | st.text(max_size=8)
    | st.sampled_from(["", "\\N", '"', "a,b", "\n", "\r\n", "null", "=1+1"]),
    "number": st.none() | st.floats(allow_nan=False),
    "yes": st.none() | st.booleans(),
    "at": st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
}
ROWS = st.lists(
    st.fixed_dictionaries({**VALUES, "id": st.integers(-(2**63), 2**63 - 1)}),
    max_size=8,
    unique_by=lambda row: row["id"],
)


def _frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=TABLE.schema, orient="row")


@settings(max_examples=examples(40))
@given(ROWS, st.randoms(use_true_random=False))
def test_any_table_comes_back_and_its_order_does_not_matter(
    rows: list[dict[str, object]], rng: object
) -> None:
    first = conform_published(TABLE, _frame(rows))
    rng.shuffle(rows)  # type: ignore[attr-defined]
    parts = [_frame(rows[:3]), _frame(rows[3:])]
    second = conform_published(TABLE, pl.concat(parts, rechunk=False))
    assert encode_table(first) == encode_table(second)
    assert content_hash(first) == content_hash(second)
    assert_frame_equal(decode_table(encode_table(first)), first, check_exact=True)


@settings(max_examples=examples(40))
@given(ROWS.filter(bool), st.data())
def test_another_value_is_another_hash(rows: list[dict[str, object]], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(VALUES)))
    value = data.draw(VALUES[name])
    changed = [{**rows[0], name: value}, *rows[1:]]
    same = rows[0][name] == value and (rows[0][name] is None) == (value is None)
    assert (
        content_hash(conform_published(TABLE, _frame(rows)))
        == content_hash(conform_published(TABLE, _frame(changed)))
    ) == same


def test_absent_empty_and_the_sign_for_absent_are_three_things() -> None:
    hashes = {content_hash(_frame([{"id": 1, "text": text}])) for text in (None, "", "\\N", '"\\N"', "null")}
    assert len(hashes) == 5


def test_there_is_one_zero() -> None:
    minus, plus = (conform_published(TABLE, _frame([{"id": 1, "number": zero}])) for zero in (-0.0, 0.0))
    assert math.copysign(1, minus["number"][0]) == 1
    assert encode_table(minus) == encode_table(plus)


def test_type_and_name_of_a_column_count() -> None:
    frames = [
        pl.DataFrame({"a": [1]}),
        pl.DataFrame({"b": [1]}),
        pl.DataFrame({"a": [1.0]}),
        pl.DataFrame({"a": ["1"]}),
    ]
    assert len({content_hash(frame) for frame in frames}) == len(frames)


def test_a_known_hash_stays_the_same_for_ever() -> None:
    """Versions published long ago are compared with: whoever changes the hash breaks them."""
    row = {
        "id": 7,
        "text": 'Å "x",\n',
        "number": 0.1,
        "yes": True,
        "at": datetime(2026, 1, 8, 22, 59, 59, 1, tzinfo=UTC),
    }
    text = (
        "id:Int64|text:String|number:Float64|yes:Boolean|at:Datetime\n"
        '"id","text","number","yes","at"\n'
        '7,"\u00c5 ""x"",\n",0.1,"true","2026-01-08T22:59:59.000001Z"\n'
        "8,\\N,\\N,\\N,\\N\n"
    )
    assert content_hash(_frame([row, {"id": 8}])) == hashlib.sha256(text.encode()).hexdigest()


PROGRAM = """
import hashlib, polars as pl
from warehouse.snapshots.parquet import encode_table
numbers = range(200_000)
frame = pl.DataFrame({"a": [f"text {i % 97}" for i in numbers], "b": [i * 0.1 for i in numbers]})
print(hashlib.sha256(encode_table(frame)).hexdigest())
"""


def test_the_number_of_threads_and_the_time_zone_do_not_matter() -> None:
    settings_ = [
        {"POLARS_MAX_THREADS": "1", "TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "1"},
        {"POLARS_MAX_THREADS": "4", "LC_ALL": "C"},
    ]
    hashes = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM], env=given_, capture_output=True, text=True, check=True
        ).stdout
        for given_ in settings_
    }
    assert len(hashes) == 1
