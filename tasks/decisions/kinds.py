"""The kinds of decisions: what each takes, what its matter is, what makes a decision valid, and its id.

Belongs here: the contract's table of kinds, and checking one decision against it. Must stay out: which
decisions are in force (`effective.py`) and what a kind does (the step that it is about).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from programme.letter_vocabulary import RECONSIDER_OUTCOMES
from programme.problems import Problem, ProblemsError
from programme.vocabulary import (
    DECISION_KINDS,
    GATES,
    HARD_RULES,
    OUTCOMES,
    OVERRIDABLE_RULES,
    REGISTERS,
    RULES,
    DecisionKind,
)
from tasks.decisions.pin_value import read_pin_value
from warehouse.dictionary import decision_ids
from warehouse.dictionary.inputs import DECISIONS
from warehouse.escapes import lines, one_line

Need = tuple[str, ...] | Literal["any", "optional", "none"]
"""What a cell must hold: one of these words, any text, any text or nothing, or nothing."""
Shape = Literal["version", "content", "file"]
"""What a text must look like: `ROUND:VERSION`, a version's content hash, or the hash of a file."""
Matter = Literal["subject", "subject_and_object", "pair", "approval"]
"""What two decisions of a kind must share to be about the same matter, on which the later one is in force:
the subject; the subject with its object; the same two parties in either order (and their topics); the version
and the person who approves it (a revocation is about all approvals of the version). See `effective.py`.
"""


@dataclass(frozen=True)
class KindRules:
    """What one kind takes as its object and value, and what its matter is.

    `same_matter_as` names the kind it is the opposite of: both are about one matter. `another_as_object` says
    that the object must be another than the subject. `of_a_version` says that the subject is `ROUND:VERSION`
    and the object that version's content hash; `object_shape` what the object of another kind looks like.
    `value_may_wait` says that the value may be blank until it is known.
    """

    object: Need
    value: Need
    matter: Matter = "subject"
    same_matter_as: DecisionKind | None = None
    another_as_object: bool = False
    of_a_version: bool = False
    object_shape: Shape | None = None
    value_may_wait: bool = False


KINDS: dict[DecisionKind, KindRules] = {
    "link": KindRules(REGISTERS, "any", "subject_and_object"),
    "no_link": KindRules(REGISTERS, "none", "subject_and_object", same_matter_as="link"),
    "rule": KindRules(RULES, OUTCOMES, "subject_and_object"),
    "accept_late": KindRules("none", "none"),
    "withdraw": KindRules("none", "none"),
    "merge": KindRules("any", "none", "subject_and_object", another_as_object=True),
    "pin": KindRules("any", "optional", "pair", another_as_object=True),
    "forbid": KindRules("any", "optional", "pair", another_as_object=True),
    "confirm": KindRules("none", "none"),
    "release": KindRules("none", "none", same_matter_as="confirm"),
    "carry_over": KindRules("none", "none"),
    "no_conflict": KindRules("any", "none", "subject_and_object"),
    "choose": KindRules("any", "none", object_shape="file"),
    "waive": KindRules(HARD_RULES, "none", "subject_and_object"),
    "approve": KindRules("any", "none", "approval", of_a_version=True),
    "revoke_approval": KindRules("any", "none", "approval", of_a_version=True),
    "rollback": KindRules("none", "none", of_a_version=True),
    "accept": KindRules(GATES, "none", "subject_and_object"),
    "accept_place": KindRules("none", "none"),
    "decline_place": KindRules("none", "none", same_matter_as="accept_place"),
    "reconsider": KindRules("none", RECONSIDER_OUTCOMES, value_may_wait=True),
    "change_contact": KindRules("none", "any"),
    "share_contact": KindRules("none", "none"),
    "undo": KindRules("none", "none"),
}
"""The contract's table of kinds. `undo` names the decision that it takes back as its subject."""

AT_ONCE: tuple[DecisionKind, ...] = (
    "accept_place",
    "decline_place",
    "reconsider",
    "change_contact",
    "share_contact",
)
"""Kinds that change no table of the round, so that nothing has to be run."""
NO_TWINNING: dict[str, object] = {"topic": None, "members": None}
"""What a decision says of a twinning before it was looked up (`confirmations.py`)."""


_SHAPES: dict[Shape, tuple[re.Pattern[str], str]] = {
    "version": (re.compile(r"\d{4}-\d{2}:[1-9]\d*"), "ROUND:VERSION, such as 2026-01:3"),
    "content": (re.compile(r"[0-9a-f]{64}"), "the content hash of the version (64 hexadecimal digits)"),
    "file": (re.compile(r"[0-9a-f]{64}"), "the sha256 of the returned file (64 hexadecimal digits)"),
}


class Mistake(NamedTuple):
    """One mistake of a decision: the column, what it holds, and what it should hold. None of it is personal
    data.
    """

    column: str
    found: str
    expected: str


def decision_id(
    kind: str,
    subject: str,
    object_: str | None,
    value: str | None,
    reason: str,
    decided_by: str,
    decided_at: datetime,
    repeat: int = 0,
) -> str:
    """The id of a decision, by its content alone, so that the same line twice is one decision.

    `decided_at` carries a time zone; the same moment in two zones gives one id. `repeat` says how often this
    very decision was taken back before it was made again (see `warehouse/dictionary/decision_ids.py`).
    """
    row = {
        "kind": kind,
        "subject": subject,
        "object": object_,
        "value": value,
        "reason": reason,
        "decided_by": decided_by,
        "decided_at": decided_at,
    }
    return decision_ids.decision_id(row, repeat)


def mistakes(kind: str, subject: str | None, object_: str | None, value: str | None) -> list[Mistake]:
    """Everything that is wrong with a decision's kind, subject, object and value; empty if it is valid."""
    rules = next((rules for name, rules in KINDS.items() if name == kind), None)
    if rules is None:
        return [Mistake("kind", _shown(kind), f"one of {', '.join(DECISION_KINDS)}")]
    found = [] if subject else [Mistake("subject", "nothing", "what the decision is about")]
    found += _unmet(kind, "object", object_, rules.object)
    if value or not rules.value_may_wait:
        found += _unmet(kind, "value", value, rules.value)
    if rules.of_a_version:
        found += _misshapen("subject", subject, "version") + _misshapen("object", object_, "content")
    if rules.object_shape:
        found += _misshapen("object", object_, rules.object_shape)
    if kind == "pin" and read_pin_value(value).unknown:
        expected = f"after `override`, hard rules that can be overridden: {', '.join(OVERRIDABLE_RULES)}"
        found.append(Mistake("value", _shown(value), expected))
    if rules.another_as_object and subject and subject == object_:
        found.append(Mistake("object", "the subject itself", "the other one"))
    return found


def _unmet(kind: str, column: str, given: str | None, need: Need) -> Iterator[Mistake]:
    if isinstance(need, tuple):
        if given not in need:
            yield Mistake(column, _shown(given), f"one of {', '.join(need)}")
    elif need == "none" and given:
        yield Mistake(column, _shown(given), f"nothing for kind {kind}")
    elif need == "any" and not given:
        yield Mistake(column, "nothing", f"a value for kind {kind}")


def _misshapen(column: str, given: str | None, shape: Shape) -> list[Mistake]:
    pattern, expected = _SHAPES[shape]
    return [Mistake(column, _shown(given), expected)] if given and not pattern.fullmatch(given) else []


def _shown(given: str | None) -> str:
    return repr(given[:40]) if given else "nothing"


_WITHOUT_ZONE = Mistake(
    "decided_at", "a moment without a time zone", "one with an offset, such as 2026-01-09T10:00+01:00"
)


def _of_a_record(texts: Mapping[str, str | None], decided_at: datetime) -> Iterator[Mistake]:
    """What keeps a decision out of the record: who and why are missing, a text is too long for its column of
    a decisions file, or the moment has no time zone.
    """
    if not texts["reason"]:
        yield Mistake("reason", "nothing", "why")
    if not texts["decided_by"]:
        yield Mistake("by", "nothing", "who")
    for column in DECISIONS.columns:
        text = texts.get(column.name) or ""
        if column.longest is not None and len(text) > column.longest.letters:
            yield Mistake(column.name, f"{len(text)} characters", f"at most {column.longest.letters}")
    if decided_at.tzinfo is None:
        yield _WITHOUT_ZONE


def make_decision(
    *,
    kind: str,
    subject: str,
    reason: str,
    decided_by: str,
    decided_at: datetime,
    object_: str | None = None,
    value: str | None = None,
    repeat: int = 0,
) -> dict[str, object]:
    """One valid row of the dictionary's table DECISIONS, for the ledger.

    Blanks around a text are removed, and what nobody sees becomes a blank; `repeat` is that of `decision_id`.
    Raises `ProblemsError` with every mistake: an unknown kind, an object or value that the kind does not take
    or lacks, no reason, nobody who decided, a text that is too long, a moment without a time zone.
    """
    kind, subject, decided_by = (one_line(text) for text in (kind, subject, decided_by))
    object_, value = (one_line(text) or None for text in (object_, value))
    reason = lines(reason).strip()
    said = {"subject": subject, "object": object_, "value": value, "reason": reason, "decided_by": decided_by}
    found = [*mistakes(kind, subject, object_, value), *_of_a_record(said, decided_at)]
    if found:
        raise ProblemsError(
            Problem(mistake.found, mistake.expected, f"decision, {mistake.column}", "Correct the decision.")
            for mistake in found
        )
    moment = decided_at.astimezone(UTC)
    return {
        "decision_id": decision_id(kind, subject, object_, value, reason, decided_by, moment, repeat),
        "kind": kind,
        "subject": subject,
        "object": object_,
        "value": value,
        **NO_TWINNING,
        "reason": reason,
        "decided_by": decided_by,
        "decided_at": moment,
    }
