"""What a version was made from, and who approved it.

Belongs here: what its descriptor says, in order. Must stay out: verifying it (`warehouse/snapshots`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pages.views.words import in_words, moment
from programme.counts import counted


@dataclass(frozen=True)
class Approval:
    """When a version was approved, and by how many people."""

    approved_at: datetime
    approvals: int


@dataclass(frozen=True)
class Fact:
    """One fact about a version; a `hash` is shown as such."""

    name: str
    value: str
    is_hash: bool = False


def provenance(package: Mapping[str, Any], approval: Approval | None, rules_today: str) -> list[Fact]:
    """What the descriptor says of a version; `rules_today` is the hash of the rules a page is made with."""
    parent = package["parent"]
    facts = [
        Fact("Version", f"{package['version']} of round {package['round']}"),
        Fact("State", _STATES.get(package["state"], package["state"])),
        Fact("Reason", package["reason"]),
        Fact("Compared with", f"version {parent}" if parent else "no version: it is the first"),
        Fact("Approval", _approval(approval)),
        Fact("Program", f"city2city {package['program']}"),
        Fact("Content", package["content"], is_hash=True),
        Fact("Seal", package["seal"], is_hash=True),
        Fact("Rules", package["rules"], is_hash=True),
    ]
    if package["rules"] != rules_today:
        facts.append(Fact("Note", "The rules changed since; names and targets on this page are today's."))
    return facts


def inputs_of(package: Mapping[str, Any]) -> list[Fact]:
    """The inputs of a version with their hashes."""
    return [Fact(in_words(name), digest, is_hash=True) for name, digest in package["inputs"].items()]


_STATES = {
    "open": "open: some applications wait for a person",
    "settled": "settled: no application waits for a person",
}


def _approval(approval: Approval | None) -> str:
    if approval is None:
        return "not approved"
    people = counted(approval.approvals, "person", "people")
    return f"approved by {people} on {moment(approval.approved_at)}"
