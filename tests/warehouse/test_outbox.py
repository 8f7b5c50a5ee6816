"""The outbox in the database: kept once, claimed by one, and put back where it was lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from programme.letter_vocabulary import RETRIED, LetterState
from warehouse.database.connection import open_database
from warehouse.database.ledger import Ledger
from warehouse.database.letter_states import letter_states
from warehouse.database.outbox import Outbox

ROUND = "2026-01"
AT = datetime(2026, 1, 20, 9, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


def letter(name: str, **more: Any) -> dict[str, Any]:
    row = {"letter_id": name, "application_id": f"A-{name}", "kind": "late", "version": 1, "news": "n"}
    row |= {"text_sha256": "t", "message_id": f"<{name}@x>", "contact": None, "corrects": None}
    return row | {"state": "waiting"} | more


@pytest.fixture
def outbox(database: str) -> Outbox:
    engine = open_database(database)
    Ledger(engine).record_round(ROUND, "Round", AT)
    return Outbox(engine)


def states(outbox: Outbox) -> dict[str, LetterState]:
    return {row["letter_id"]: row["state"] for row in outbox.letters(ROUND)}


def test_a_letter_is_kept_once_and_claimed_by_one(outbox: Outbox) -> None:
    assert outbox.add(ROUND, [letter("a"), letter("b")], at=AT) == 2
    assert outbox.add(ROUND, [letter("a"), letter("c")], at=LATER) == 1
    assert outbox.claim(ROUND, "a", RETRIED, at=LATER)
    assert not outbox.claim(ROUND, "a", RETRIED, at=LATER)
    assert not outbox.claim(ROUND, "nobody", RETRIED, at=LATER)
    assert states(outbox) == {"a": "sending", "b": "waiting", "c": "waiting"}
    outbox.note(ROUND, ["a"], "sent", at=LATER)
    assert outbox.add(ROUND, [letter("a")], at=LATER) == 0
    assert states(outbox)["a"] == "sent"


def test_one_that_was_replaced_waits_again(outbox: Outbox) -> None:
    outbox.add(ROUND, [letter("a")], at=AT)
    outbox.note(ROUND, ["a"], "replaced", at=AT)
    outbox.add(ROUND, [letter("a", text_sha256="other")], at=LATER)
    (row,) = outbox.letters(ROUND)
    assert (row["state"], row["text_sha256"], row["made_at"]) == ("waiting", "other", AT)


def test_what_was_lost_is_put_back_and_nothing_else(outbox: Outbox) -> None:
    outbox.add(ROUND, [letter("a")], at=AT)
    kept = [letter(name, state="sent", detail=None, made_at=AT, state_at=AT) for name in ("a", "b")]
    assert outbox.restore(ROUND, kept) == 1
    assert states(outbox) == {"a": "waiting", "b": "sent"}


def test_states_are_read_without_the_library(outbox: Outbox, database: str) -> None:
    outbox.add(ROUND, [letter("a")], at=AT)
    outbox.note(ROUND, ["a"], "failed", at=LATER, detail="RCPT: answer 550")
    (found,) = letter_states(database, ROUND)
    assert (found.letter_id, found.state, found.state_at) == ("a", "failed", LATER)
    assert letter_states(database, "2025-07") == []


def test_a_contact_is_emptied_on_request(outbox: Outbox) -> None:
    outbox.add_contact(ROUND, "c1", "A", "Ama", "ama@example.org", at=AT)
    assert outbox.contacts(ROUND)["c1"]["address"] == "ama@example.org"
    assert outbox.erase_contacts("A", at=LATER) == 1
    assert outbox.erase_contacts("A", at=LATER) == 0
    assert outbox.contacts(ROUND)["c1"]["address"] is None


def test_many_letters_are_noted_at_once(outbox: Outbox) -> None:
    names = [f"n{n}" for n in range(1200)]
    outbox.add(ROUND, [letter(name) for name in names], at=AT)
    outbox.note(ROUND, names, "exported", at=LATER)
    assert set(states(outbox).values()) == {"exported"}
    assert len(outbox.letters(ROUND, names[:700])) == 700
