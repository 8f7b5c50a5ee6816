"""Who stands for an application, when that changed after the form was sent.

Belongs here: reading a contact that was typed, keeping it, and which one counts. Must stay out: the
decision that records the change (`commands/decide.py`). The name and the address are in the database alone,
so that they can be erased; the decision holds the id of their row.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from uuid import uuid4

import polars as pl

from flows.context import AppContext
from programme.problems import problem
from programme.rounds import Round
from tasks.letters.message import header_text, usable_address
from tasks.letters.sources import Contact


def new_contact(text: str, where: str = "--contact") -> Contact:
    """The contact in `NAME <ADDRESS>`, under a new id; raises `ProblemsError` where it is none."""
    name, address = parseaddr(text)
    usable = usable_address(address)
    if usable is None:
        raise problem(
            found="no contact with one usable address",
            expected='"NAME <ADDRESS>"',
            where=where,
            remedy='Give it such as: "Ama Example <ama@example.org>".',
        )
    return Contact(header_text(name), usable, changed=uuid4().hex[:12])


def keep_contact(
    context: AppContext, round_: Round, submission_id: str, contact: Contact, now: datetime
) -> None:
    """Keep a contact, before the decision that names it is recorded."""
    context.ledger.record_round(round_.id, round_.title, round_.deadline)
    context.outbox.add_contact(
        round_.id, str(contact.changed), submission_id, contact.name, str(contact.address), at=now
    )


def changed_contacts(decisions: pl.DataFrame, kept: Mapping[str, Mapping[str, Any]]) -> dict[str, Contact]:
    """The contacts that count by decision, by application.

    `decisions` are those in force (dictionary table DECISIONS), `kept` the rows of the database by id. One
    that was erased, or that this database does not have, has no address: nothing is sent to the address
    before it.
    """
    found = {}
    rows = decisions.filter(pl.col("kind") == "change_contact").select("subject", "value")
    for name, contact_id in rows.iter_rows():
        row = kept.get(contact_id, {})
        address = usable_address(row.get("address"))
        found[name] = Contact(header_text(row.get("name")), address, changed=contact_id)
    return found
