"""What is kept too long is told and erased; all that is kept is written for who asks."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from flows.retention import apply_due, what_is_due
from programme.retention import read_retention
from tests.flows.post_office import ROUND, PostOffice
from warehouse.erasure_journal import forgotten
from warehouse.snapshots import read_table


@pytest.fixture
def written(post_office: PostOffice) -> PostOffice:
    """An office whose letters were written and previewed."""
    post_office.approve()
    post_office.letters("--preview")
    post_office.letters("--eml", str(post_office.folder / "out"))
    return post_office


def after(office: PostOffice, kind: str, days: int) -> datetime:
    """Noon, so many days after the last day of a kind."""
    round_ = office.context.round(ROUND)
    until = read_retention().of(kind).until(round_)  # type: ignore[arg-type]
    return datetime.combine(until + timedelta(days=days), datetime.min.time(), UTC) + timedelta(hours=12)


def test_what_is_due_is_told_from_the_day_after(written: PostOffice) -> None:
    assert what_is_due(written.context, after(written, "unused", 0)) == []
    due = what_is_due(written.context, after(written, "unused", 1))
    assert {one.kind for one in due} == {"unused"}
    states = dict(
        read_table(written.context.storage, ROUND, 1, "applications")
        .select("application_id", "state")
        .iter_rows()
    )
    assert {name for one in due for name in one.submissions} == {
        name for name, state in states.items() if state != "accepted" and name != "X (row 9)"
    }, "a row beside another of its id goes with that one"
    year = f"{after(written, 'not_selected', 1):%Y-%m-%d}"
    told = json.loads(written.ask("status", ROUND, "--as-of", year, "--json")[0])
    kinds = {one["kind"] for row in told for one in row["to_erase"]}
    assert {"not_selected", "letters", "unused"} <= kinds
    assert "selected" not in kinds
    assert "apply-retention erases what is due" in written.ask("status", ROUND, "--as-of", year)[0]


def test_what_is_due_is_erased_once(written: PostOffice) -> None:
    now = after(written, "letters", 1)
    due = apply_due(written.context, by="apply-retention", now=now)
    gone = {name for one in due for name in one.submissions}
    assert gone == set(forgotten(written.context.storage))
    assert gone
    assert not written.context.storage.list(f"restricted/letters/{ROUND}")
    for name in gone:
        found = written.context.ledger.rows_of_submission(name)
        assert all(row["payload"] is None for row in found.get("submission", ()))
    placed = set(read_table(written.context.storage, ROUND, 1, "twinning_members")["application_id"])
    assert not placed & gone
    assert what_is_due(written.context, now) == []


def test_all_that_is_kept_is_in_a_private_file(written: PostOffice) -> None:
    placed = str(read_table(written.context.storage, ROUND, 1, "twinning_members")["application_id"][0])
    target = written.folder / "all.md"
    told, _ = written.ask("disclose", placed, "--out", str(target))
    address = f"{placed.lower()}@example.org"
    page = target.read_text("utf-8")
    assert target.stat().st_mode & 0o777 == 0o600
    for kept in (f"Person {placed}", address, "Why it is kept", "version 1", "The letter", "Letters"):
        assert kept.casefold() in page.casefold().replace("\\", ""), kept
    assert address not in told
    _, err = written.ask("disclose", placed, "--out", str(target), status=2)
    assert "another file" in err


def test_a_city_is_found_by_its_name_and_nobody_else_is_in_the_file(written: PostOffice) -> None:
    names = read_table(written.context.storage, ROUND, 1, "applications")
    name, city = names.select("application_id", "city_name").row(0)
    answer = json.loads(written.ask("disclose", city.upper(), "--json")[0])
    assert name in answer["submissions"]
    (item,) = written.context.storage.list("restricted/disclosures")
    page = written.context.storage.read(item.path).decode()
    others = [one for one in names["application_id"] if one not in answer["submissions"]]
    assert not any(f"{one.lower()}@example.org" in page.split("# The letter")[0] for one in others)
    assert (written.folder / "data" / item.path).stat().st_mode & 0o777 == 0o600
    _, err = written.ask("disclose", "Nowhere at all", status=2)
    assert "a submission, or the name" in err
