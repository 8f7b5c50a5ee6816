"""Human decisions as rows: what makes one valid, and the id under which the same decision is always known.

Belongs here: checking a decision against the contract's table of kinds, and its id. Must stay out: which
decisions still stand (`standing.py`) and what they do (each step applies its own).
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import NamedTuple

from programme.problems import Problem, ProblemsError
from programme.vocabulary import DECISION_KINDS, OUTCOMES, REGISTERS, RULES


class Needs(NamedTuple):
    """What a kind needs: its object one of a list, any text, or nothing; and likewise its value (`optional`:
    may be blank).
    """

    object: tuple[str, ...] | str
    value: tuple[str, ...] | str


ANY, NONE, OPTIONAL = "any", "none", "optional"
KINDS: dict[str, Needs] = {
    "link": Needs(REGISTERS, ANY),
    "no_link": Needs(REGISTERS, NONE),
    "rule": Needs(RULES, OUTCOMES),
    "accept_late": Needs(NONE, NONE),
    "withdraw": Needs(NONE, NONE),
    "merge": Needs(ANY, NONE),
    "pin": Needs(ANY, OPTIONAL),
    "forbid": Needs(ANY, OPTIONAL),
    "confirm": Needs(NONE, NONE),
    "release": Needs(NONE, NONE),
    "no_conflict": Needs(ANY, NONE),
    "undo": Needs(NONE, NONE),
}
"""The contract's table of kinds; `undo` names the decision it takes back as its subject."""


def decision_id(
    kind: str,
    subject: str,
    object_: str | None,
    value: str | None,
    reason: str,
    decided_by: str,
    decided_at: datetime,
) -> str:
    """First 12 hex digits of the sha256 over the canonical JSON of a decision's content: the same line twice
    is one decision.
    """
    content = {
        "kind": kind, "subject": subject, "object": object_ or None, "value": value or None, "reason": reason, "decided_by": decided_by,
        "decided_at": decided_at.astimezone(UTC).isoformat(),
    }  # fmt: skip
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:12]


def faults(
    kind: str, subject: str | None, object_: str | None, value: str | None
) -> list[tuple[str, str, str]]:
    """What is wrong with a decision: (column, found, expected) for each mistake; nothing of it is personal
    data.
    """
    if kind not in KINDS:
        return [("kind", repr(kind[:40]), f"one of {', '.join(DECISION_KINDS)}")]
    needs = KINDS[kind]
    found = [] if subject else [("subject", "nothing", "what the decision is about")]
    for column, given, need in (("object", object_, needs.object), ("value", value, needs.value)):
        if need == NONE and given:
            found.append((column, repr(given[:40]), f"nothing for kind {kind}"))
        elif need == ANY and not given:
            found.append((column, "nothing", f"a value for kind {kind}"))
        elif isinstance(need, tuple) and given not in need:
            found.append((column, repr(given[:40]) if given else "nothing", f"one of {', '.join(need)}"))
    if kind in ("pin", "forbid", "merge") and subject and subject == object_:
        found.append(("object", "the subject itself", "the other one"))
    return found


def make_decision(
    *,
    kind: str,
    subject: str,
    reason: str,
    decided_by: str,
    decided_at: datetime,
    object_: str | None = None,
    value: str | None = None,
) -> dict[str, object]:
    """One valid row of the dictionary's table DECISIONS, for the ledger.

    `decided_at` carries a time zone. Raises `ProblemsError` with every mistake: an unknown kind, an object or
    value the kind does not take or needs, no reason, nobody who decided, a moment without a zone.
    """
    kind, subject, object_, value = (
        kind.strip(),
        subject.strip(),
        (object_ or "").strip() or None,
        (value or "").strip() or None,
    )
    mistakes = faults(kind, subject, object_, value)
    mistakes += [
        (name, "nothing", text)
        for name, given, text in (("reason", reason, "why"), ("by", decided_by, "who"))
        if not given.strip()
    ]
    if decided_at.tzinfo is None:
        mistakes.append(
            (
                "decided_at",
                "a moment without a time zone",
                "one with an offset, such as 2026-01-09T10:00+01:00",
            )
        )
    if mistakes:
        raise ProblemsError(
            Problem(found, expected, f"decision, {column}", "Correct the decision.")
            for column, found, expected in mistakes
        )
    moment = decided_at.astimezone(UTC)
    return {
        "decision_id": decision_id(kind, subject, object_, value, reason.strip(), decided_by.strip(), moment),
        "kind": kind, "subject": subject, "object": object_, "value": value, "reason": reason.strip(), "decided_by": decided_by.strip(),
        "decided_at": moment,
    }  # fmt: skip
