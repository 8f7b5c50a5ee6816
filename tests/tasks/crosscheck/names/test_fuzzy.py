"""The nearest names, against a comparison of every pair."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from tasks.crosscheck.names import fuzzy
from tasks.crosscheck.names.fuzzy import NEAREST, NameTable, nearest

WORDS = st.text(alphabet="abc", min_size=1, max_size=7)
COUNTRIES = st.sampled_from(["ITA", "FRA"])
NAMES = st.lists(st.tuples(COUNTRIES, WORDS), max_size=25)


def table_of(names: list[tuple[str, str]]) -> NameTable:
    return NameTable.of(
        pl.DataFrame(names, schema={"country_iso3": pl.String, "compact": pl.String}, orient="row")
    )


def queries_of(queries: list[tuple[str, str]]) -> pl.DataFrame:
    rows = [(n, *query) for n, query in enumerate(queries)]
    return pl.DataFrame(
        rows, schema={"id": pl.UInt32, "country_iso3": pl.String, "text": pl.String}, orient="row"
    )


def by_hand(queries: list[tuple[str, str]], table: NameTable, share: float) -> list[tuple[int, int, int]]:
    found = []
    for n, (country, text) in enumerate(queries):
        allowed = max(1, int(len(text) * share))
        pairs = [
            (OSA.distance(text, name), at)
            for at, (its, name) in enumerate(table.frame.select("country_iso3", "compact").iter_rows())
            if its == country and OSA.distance(text, name) <= allowed
        ]
        found += [(n, at, errors) for errors, at in sorted(pairs)[:NEAREST]]
    return found


@given(
    names=NAMES,
    queries=st.lists(st.tuples(COUNTRIES, WORDS), max_size=12),
    cells=st.sampled_from([1, 7, 10**6]),
)
def test_the_nearest_names_are_those_of_a_comparison_of_every_pair(
    names: list[tuple[str, str]], queries: list[tuple[str, str]], cells: int
) -> None:
    table = table_of(names)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fuzzy, "CELLS_AT_ONCE", cells)
        found = nearest(queries_of(queries), table, 0.25)
    assert found.sort("id", "errors", "at").rows() == by_hand(queries, table, 0.25)


def test_a_country_without_names_has_no_nearest_one() -> None:
    assert nearest(queries_of([("ESP", "madrid")]), table_of([("ITA", "torino")]), 0.25).is_empty()


def test_swapped_letters_are_one_error() -> None:
    found = nearest(queries_of([("ITA", "tornio")]), table_of([("ITA", "torino")]), 0.25)
    assert found["errors"].to_list() == [1]
