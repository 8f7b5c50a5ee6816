"""Confirmed twinnings over whole rounds: members that leave and return, other rounds, forms carried over."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from flows import cli
from flows.replay import replay
from programme.vocabulary import SELECTABLE
from tests.flows.office import Office
from warehouse.snapshots.verify import verify_version

FIRST, SECOND = "2025-07", "2026-01"
BY = ("--reason", "agreed", "--by", "ops")


def call(*arguments: str) -> Any:
    done = CliRunner().invoke(cli.app, [*arguments, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def refused(*arguments: str) -> str:
    done = CliRunner().invoke(cli.app, list(arguments))
    assert done.exit_code == 2 or done.exception is not None, done.output
    return str(done.exception) + done.output


def of_size(office: Office, size: int, *, conditional: bool = False) -> str:
    """The id of a twinning of that many cities in the first version of the first round."""
    twinnings = office.tables(FIRST, 1)["twinnings"]
    found = twinnings.filter((pl.col("n_cities") == size) & (pl.col("conditional") == conditional))
    return str(found.sort("value", descending=True)["twinning_id"][0])


def members(office: Office, version: int, twinning: str) -> list[str]:
    table = office.tables(FIRST, version)["twinning_members"]
    return table.filter(pl.col("twinning_id") == twinning)["application_id"].sort().to_list()


def confirmed(office: Office, version: int) -> dict[str, list[str]]:
    twinnings = office.tables(FIRST, version)["twinnings"].filter(pl.col("state") == "confirmed")
    return {name: members(office, version, name) for name in twinnings["twinning_id"]}


@pytest.mark.long
def test_who_remains_of_three_stays_confirmed_and_who_left_returns(processed: Office) -> None:
    office = processed
    twinning = of_size(office, 3)
    three = members(office, 1, twinning)
    call("decide", FIRST, "confirm", twinning, *BY)
    office.run(FIRST)
    left = office.decide(FIRST, "withdraw", three[0])
    third = office.run(FIRST)

    ((pair, two),) = confirmed(office, third.version).items()
    assert (two, pair != twinning) == (three[1:], True)
    rows = third.changes.filter(pl.col("subject").is_in([pair, twinning]))
    assert not rows.is_empty()
    assert all(f"decision {left}" in cause for cause in rows["cause"])
    first = call("review", FIRST)[0]
    assert (first["kind"], first["application_id"]) == ("at_risk", three[0])
    assert f"left the confirmed twinning {twinning}: it was withdrawn." in first["evidence"]
    (status,) = call("status", FIRST)
    assert status["confirmed_at_risk"] == [first["evidence"]]
    assert verify_version(office.context.storage, FIRST, third.version) == []
    assert replay(office.context, FIRST, third.version).differing == ()

    office.decide(FIRST, "undo", left)
    assert confirmed(office, office.run(FIRST).version) == {twinning: three}
    call("decide", FIRST, "release", pair, *BY)
    assert confirmed(office, office.run(FIRST).version) == {}


@pytest.mark.long
def test_who_is_left_alone_keeps_a_place(processed: Office) -> None:
    office = processed
    twinning = of_size(office, 2)
    alone, other = members(office, 1, twinning)
    office.decide(FIRST, "confirm", twinning)
    office.run(FIRST)
    office.decide(FIRST, "withdraw", other)
    third = office.run(FIRST)
    tables = office.tables(FIRST, third.version)
    assert confirmed(office, third.version) == {}
    assert alone in tables["twinning_members"]["application_id"]
    (finding,) = (
        tables["findings"].filter(pl.col("expectation").str.starts_with("confirmed_")).rows(named=True)
    )
    assert finding["message"].endswith("keeps its claim to a place and is matched anew.")


@pytest.mark.long
def test_a_confirmation_does_not_depend_on_a_version(processed: Office) -> None:
    """It holds what was confirmed; a twinning that the latest version does not have is refused."""
    office = processed
    twinning = of_size(office, 2)
    pair = members(office, 1, twinning)
    apart = office.decide(FIRST, "forbid", *pair)
    office.run(FIRST)
    text = refused("decide", FIRST, "confirm", twinning, *BY)
    assert "does not have any more" in text
    assert "pin them" in text
    office.decide(FIRST, "undo", apart)
    office.run(FIRST)
    call("decide", FIRST, "confirm", twinning, *BY)
    row = office.context.ledger.decisions(FIRST).filter(pl.col("kind") == "confirm").row(0, named=True)
    assert row["topic"]
    assert [part.split("=")[0].strip() for part in row["members"].split(";")] == pair
    assert confirmed(office, office.run(FIRST).version) == {twinning: pair}


def test_a_conditional_twinning_is_confirmed_only_with_its_conditions(processed: Office) -> None:
    office = processed
    twinning = (
        of_size(office, 2, conditional=True)
        if _has_conditional(office, 2)
        else of_size(office, 3, conditional=True)
    )
    text = refused("decide", FIRST, "confirm", twinning, *BY)
    assert "--conditional-ok" in text
    assert "still has to bring" in text
    call("decide", FIRST, "confirm", twinning, *BY, "--conditional-ok")
    (status,) = call("status", FIRST, "--as-of", "2030-01-01")
    assert status["conditions"]
    listed = call("review", FIRST, "--part", "conditions", "--as-of", "2030-01-01")
    assert [row["due"] for row in listed] == [row["due"] for row in status["conditions"]]
    assert all(row["overdue"] for row in status["conditions"])
    (status,) = call("status", FIRST, "--as-of", "2025-09-10")
    assert not any(row["overdue"] for row in status["conditions"])


def _has_conditional(office: Office, size: int) -> bool:
    twinnings = office.tables(FIRST, 1)["twinnings"]
    return not twinnings.filter((pl.col("n_cities") == size) & pl.col("conditional")).is_empty()


@pytest.mark.long
def test_a_city_is_taken_whichever_round_is_processed_again(processed: Office) -> None:
    office = processed
    office.run(SECOND, "test", "earlier_round_unsettled")
    second = office.tables(SECOND, 1)
    first = office.tables(FIRST, 1)
    both = second["twinning_members"].join(first["twinning_members"], on="city_id", suffix="_first")
    row = both.sort("city_id").row(0, named=True)
    call("decide", SECOND, "confirm", row["twinning_id"], *BY, "--conditional-ok")
    text = refused("decide", FIRST, "confirm", row["twinning_id_first"], *BY, "--conditional-ok")
    assert row["twinning_id"] in text
    assert row["twinning_id_first"] in text
    again = office.run(FIRST)
    assert row["city_id"] not in office.tables(FIRST, again.version)["twinning_members"]["city_id"]
    line = call("status")[0]["capacity"]
    assert line.startswith("20 twinnings, 50 cities: ")


@pytest.mark.long
def test_a_form_carried_over_takes_part_under_its_own_id(processed: Office) -> None:
    office = processed
    offers = call("review", SECOND, "--part", "offers")
    chosen = offers[0]["application_id"]
    assert offers[0]["carried_from"] == FIRST
    call("decide", SECOND, "carry_over", chosen, *BY)
    second = office.run(SECOND, "test", "earlier_round_unsettled")
    tables = office.tables(SECOND, second.version)
    row = tables["applications"].filter(pl.col("application_id") == chosen).row(0, named=True)
    assert row["carried_from"] == FIRST
    if row["state"] == "accepted":  # it can be selected as it stands: nobody has to decide on its date
        (status,) = tables["eligibility"].filter(pl.col("application_id") == chosen)["status"]
        assert status in SELECTABLE
    assert (row["state"] == "accepted") == (row["superseded_by"] is None)
    assert replay(office.context, SECOND, second.version).differing == ()
    assert verify_version(office.context.storage, SECOND, second.version) == []
    assert chosen not in [row["application_id"] for row in call("review", SECOND, "--part", "offers")]
    kept = office.context.ledger.submissions(SECOND, second_hash(office))
    assert chosen not in [row["submission_id"] for row in kept]
    assert "a submission id of an earlier round" in refused("decide", SECOND, "carry_over", "nobody", *BY)


def second_hash(office: Office) -> str:
    (row,) = [one for one in office.context.ledger.inputs(SECOND) if one["table"] == "submissions"]
    return str(row["sha256"])
