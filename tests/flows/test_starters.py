"""What an approval writes: starters, for the approved version alone, and the public edition."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import polars as pl
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.public_edition import publish_edition
from flows.starters import write_starters
from programme.problems import ProblemsError
from tests.flows.office import Office
from warehouse.snapshots import read_package
from warehouse.snapshots.approved import Approved, write_approved

ROUND = "2025-07"


def test_without_an_approval_there_is_no_starter(office: Office) -> None:
    with pytest.raises(ProblemsError, match="no approved version"):
        CliRunner().invoke(app, ["starter", ROUND], catch_exceptions=False)


@pytest.mark.long
def test_each_approved_twinning_gets_a_sheet_and_a_calendar(processed: Office) -> None:
    package = read_package(processed.context.storage, ROUND, 1)
    moment = datetime(2025, 9, 20, 10, tzinfo=UTC)
    approved = Approved(ROUND, 1, package["seal"], package["content"], moment, 1)
    write_approved(processed.context.storage, approved)
    first = write_starters(processed.context, approved)
    done = CliRunner().invoke(app, ["starter", ROUND, "--json"], catch_exceptions=False)
    again = json.loads(done.stdout)
    assert again["files"] == list(first.files)
    twinnings = processed.tables(ROUND, 1)["twinnings"]["twinning_id"].to_list()
    assert sorted({name.rpartition(".")[0] for name in first.files}) == sorted(twinnings)
    folder = processed.inputs.parent / "restricted" / "starters" / ROUND / "version=0001"
    assert {path.name for path in folder.iterdir()} == set(first.files)
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    assert not any(b"@example" in path.read_bytes() for path in folder.iterdir())


@pytest.mark.long
def test_the_public_edition_of_a_round_names_nobody_who_was_not_selected(processed: Office) -> None:
    package = read_package(processed.context.storage, ROUND, 1)
    approved = Approved(ROUND, 1, package["seal"], package["content"], datetime(2025, 9, 20, tzinfo=UTC), 1)
    written = publish_edition(processed.context, processed.context.round(ROUND), approved)
    tables = processed.tables(ROUND, 1)
    members = tables["twinning_members"]["application_id"].implode()
    named = tables["applications"].select("application_id", "city_name", "city_id")
    selected = named.filter(pl.col("application_id").is_in(members))
    others = named.filter(~pl.col("application_id").is_in(members))
    said = b"".join(processed.context.storage.read(f"{written.path}/{name}") for name in written.files)
    for column in ("city_name", "city_id", "application_id"):
        own = set(selected[column].drop_nulls()) if column != "application_id" else set()
        for name in set(others[column].drop_nulls()) - own:
            assert re.search(rf"\b{re.escape(name)}\b", said.decode("utf-8", "replace")) is None, name
    assert not publish_edition(processed.context, processed.context.round(ROUND), approved).new


pytestmark = pytest.mark.long
