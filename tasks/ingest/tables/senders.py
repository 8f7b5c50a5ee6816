"""Who sent a form, and whether one who sent a later form may speak for the city in the place of another.

What a form says of its sender is not proven: anybody can name a city, an organisation and an address. So a
later form takes an earlier one's place only where it comes from the same sender, or where its mandate is at
least as strong. Belongs here: these two questions, for rows of one id and for the forms of one city. Must
stay out: which form stands in the end (`standing.py`) and what a person is told.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from programme.senders import Senders
from programme.vocabulary import ApplicantType

_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@([^\s@<>,;:\"()\[\]\\.]+(?:\.[^\s@<>,;:\"()\[\]\\.]+)+)")
NO_MANDATE = 0
"""The standing of a form that cannot speak for the city: from no local government, and without its letter."""
UNPROVEN = 1
"""The standing of a local government's form that says it has no mandate, or nothing of it."""


@dataclass(frozen=True)
class Sender:
    """What a form says of who sent it, in a form that can be compared; each part blank where it says nothing.

    `domain` is the part of the address after the @, blank at a public mail provider. `standing` says how well
    the sender can speak for the city: `NO_MANDATE`, or from `UNPROVEN` up by the strength of the mandate.
    """

    address: str = ""
    domain: str = ""
    organisation: str = ""
    standing: int = NO_MANDATE


def sender_of(
    form: Mapping[str, Any], rules: Senders, local_governments: Collection[ApplicantType]
) -> Sender:
    """The sender of a form (a row of dictionary SUBMISSIONS).

    `local_governments` are the kinds of applicants that are one (FAQ 3.2).
    """
    address, domain = _address(form["contact_email"])
    is_local = form["applicant_type"] in local_governments
    return Sender(
        address,
        "" if rules.is_public_mail(domain) else domain,
        _organisation(form["organisation"]),
        standing_of(form["mandate"], rules, is_local_government=is_local),
    )


def standing_of(mandate: str | None, rules: Senders, *, is_local_government: bool) -> int:
    """How well a sender with that mandate can speak for the city (FAQ 3.3.1)."""
    if not is_local_government and mandate != rules.of_other_bodies:
        return NO_MANDATE
    return UNPROVEN + rules.strength(mandate)


def same_mailbox(one: Sender, other: Sender) -> bool:
    """The same address, or an address in the same domain or in one that lies in it."""
    if one.address and one.address == other.address:
        return True
    if not (one.domain and other.domain):
        return False
    return one.domain == other.domain or any(
        inner.domain.endswith(f".{outer.domain}") for inner, outer in ((one, other), (other, one))
    )


def same_sender(one: Sender, other: Sender) -> bool:
    """The same mailbox or the same organisation by name. What is blank is never the same."""
    return same_mailbox(one, other) or bool(one.organisation and one.organisation == other.organisation)


def may_replace(older: Sender, newer: Sender) -> bool:
    """Whether a later form may take the place of an earlier one of the same city.

    It may where its sender is the same or has at least the mandate of the other. Who cannot speak for the
    city never takes the place of one who can, whatever address and organisation the form names; who says to
    have no mandate takes it only from the same mailbox, because anybody can type an organisation's name.
    """
    if newer.standing == NO_MANDATE < older.standing:
        return False
    if same_mailbox(older, newer) or newer.standing >= older.standing:
        return True
    return same_sender(older, newer) and newer.standing > UNPROVEN


def _address(text: object) -> tuple[str, str]:
    """The address and its domain; both blank where the cell is not one address."""
    written = _folded(text).removeprefix("mailto:")
    if written.endswith(">") and written.count("<") == 1:
        written = written.partition("<")[2][:-1].strip()
    found = _ADDRESS.fullmatch(written.rstrip("."))
    return (found[0], found[1]) if found else ("", "")


def _organisation(text: object) -> str:
    """The name as it is compared; blank where it holds no letter. Letters of other scripts stay what they
    are, so that a name that only looks like another is another.
    """
    name = _folded(text)
    return name if any(character.isalpha() for character in name) else ""


def _folded(text: object) -> str:
    composed = unicodedata.normalize("NFKC", str(text or ""))
    visible = "".join(" " if character.isspace() else character for character in composed
                      if character.isspace() or unicodedata.category(character)[0] != "C")  # fmt: skip
    return " ".join(visible.casefold().split())
