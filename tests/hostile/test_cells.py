"""No cell stops a round: whatever stands in a cell, it is read, repaired, or set aside with a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from programme.programme import Programme
from tasks.ingest.inputs import SourceFile
from tasks.ingest.step import read_table
from tests.hostile.hostile_office import HostileOffice
from tests.hostile.nasty import NASTY, nasty_values
from tests.hostile.small_round import CELLS, ROUND, json_bytes, small_round
from warehouse.dictionary.inputs import INPUT_TABLES
from warehouse.sandbox import open_in_sandbox

AT_ONCE = 40
"""Cells that are made nasty in one try of a round."""
SQLITE_ROUNDS, POSTGRES_ROUNDS = 35, 20
"""Rounds that are tried; with `AT_ONCE` cells each, more than 2,000 nasty cells."""
N_FORMS = len(small_round()["submissions"])
UNUSABLE = {
    "a city without a country in part F": {("submissions", 0, "preferred_country_1"): None},
    "Utopia": {
        ("submissions", 0, "country"): "Utopia",
        ("submissions", 0, "preferred_city_1"): "Nowhere",
        ("submissions", 0, "preferred_country_1"): None,
    },
    "half a surrogate": {("submissions", 1, "city_name"): "Acc\ud800ra"},
    "an id of 4,000 letters": {("submissions", 2, "submission_id"): "x" * 4000},
}
"""Cells that once stopped a round."""


def columns_nasty_in_turn(table: str) -> Iterator[dict[str, Any]]:
    """Records of a table in which each value stands once in each column, beside good cells."""
    good = small_round()[table][0]
    key = next(iter(good))
    for number, value in enumerate(NASTY):
        for column in good:
            own_key = {} if key == "kind" else {key: f"{column}-{number}"}
            yield {**good, **own_key, column: value}


@pytest.mark.parametrize("table", list(INPUT_TABLES))
def test_every_column_of_every_input_reads_every_nasty_value(table: str, programme: Programme) -> None:
    longest = 5_000  # the megabytes are tried whole, in rounds
    records = [
        {name: value[:longest] if isinstance(value, str) else value for name, value in record.items()}
        for record in columns_nasty_in_turn(table)
    ]
    source = SourceFile(table, f"{table}.json", json_bytes(records))
    read = read_table(source, programme, programme.rounds.get(ROUND), open_binary=open_in_sandbox)
    assert read.frame.height + read.set_aside["row"].n_unique() == len(records)
    required = [column.name for column in INPUT_TABLES[table].columns if not column.nullable]
    assert read.frame.select(pl.col(required).is_null().any()).row(0) == (False,) * len(required)


@pytest.fixture(scope="module")
def hostile_office(
    tmp_path_factory: pytest.TempPathFactory, rules_folder: Path, cache_folder: Path
) -> HostileOffice:
    return HostileOffice(tmp_path_factory.mktemp("office") / "here", rules_folder, cache_folder)


@pytest.fixture(scope="module")
def postgres_office(
    tmp_path_factory: pytest.TempPathFactory, rules_folder: Path, cache_folder: Path, postgres_url: str
) -> HostileOffice:
    name = f"hostile_{uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    address = postgres_url.replace("/postgres?", f"/{name}?")
    return HostileOffice(tmp_path_factory.mktemp("office") / "here", rules_folder, cache_folder, address)


@pytest.mark.long
def test_what_once_stopped_a_round_does_not(hostile_office: HostileOffice) -> None:
    together = {cell: value for cells in UNUSABLE.values() for cell, value in cells.items()}
    tables = hostile_office.process(together)
    assert tables["applications"].height == N_FORMS
    assert tables["applications"].filter(pl.col("state") == "set_aside").height == 1


nasty_cells = st.dictionaries(st.sampled_from(CELLS), nasty_values, min_size=AT_ONCE, max_size=AT_ONCE)


def rounds(number: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return settings(
        max_examples=number,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )


def hold(office: HostileOffice, cells: dict[tuple[str, int, str], Any]) -> None:
    tables = office.process(cells)
    if tables:
        assert tables["applications"].height == N_FORMS
        assert tables["applications"]["application_id"].n_unique() == N_FORMS


@pytest.mark.long
@pytest.mark.timeout(3600)
@rounds(SQLITE_ROUNDS)
@given(cells=nasty_cells)
def test_no_cell_stops_a_round_on_sqlite(
    hostile_office: HostileOffice, cells: dict[tuple[str, int, str], Any]
) -> None:
    hold(hostile_office, cells)


@pytest.mark.long
@pytest.mark.timeout(3600)
@rounds(POSTGRES_ROUNDS)
@given(cells=nasty_cells)
def test_no_cell_stops_a_round_on_postgres(
    postgres_office: HostileOffice, cells: dict[tuple[str, int, str], Any]
) -> None:
    hold(postgres_office, cells)


def test_there_are_as_many_tries_as_promised() -> None:
    assert (SQLITE_ROUNDS + POSTGRES_ROUNDS) * AT_ONCE >= 2_000


def test_every_text_of_an_input_has_a_length_with_a_reason() -> None:
    made = {"decision_id"}
    for table in INPUT_TABLES.values():
        for column in table.columns:
            is_text = column.dtype == pl.String or isinstance(column.dtype, pl.List)
            if is_text and column.name not in made and not column.name.endswith("_iso3"):
                assert column.longest is not None, f"{table.name}.{column.name}"
                assert column.longest.letters > 0
                assert len(column.longest.why) > 20
