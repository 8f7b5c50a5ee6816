"""Decisions in words, and the reasons that were given before.

Belongs here: one decision as a sentence, the list of them, remembered reasons. Must stay out: which are in
force (`tasks/decisions`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk.views.texts import word
from pages.views.answers import REGISTER_NAMES, Answer
from pages.views.words import in_words, moment
from programme.vocabulary import DecisionKind

Row = Mapping[str, Any]
MOST_REMEMBERED = 4


def in_a_sentence(row: Row) -> str:
    """What a decision says, without whom it is about."""
    kind: DecisionKind = row["kind"]
    return _SAID[kind](row) if kind in _SAID else word(kind)


_SAID: dict[DecisionKind, Callable[[Row], str]] = {
    "link": lambda row: f"Linked to row {row['value']} of the {_register(row)}",
    "no_link": lambda row: f"No row of the {_register(row)}",
    "rule": lambda row: f"Rule {in_words(row['object'])}: {in_words(row['value'])}",
    "accept_late": lambda _row: "Counts as on time",
    "withdraw": lambda _row: "Withdrawn",
    "merge": lambda row: f"Stands in the place of {row['object']}",
    "pin": lambda row: f"Together with {row['object']}{_on(row)}",
    "forbid": lambda row: f"Apart from {row['object']}{_on(row)}",
    "confirm": lambda _row: "Confirmed",
    "release": lambda _row: "Not confirmed",
    "carry_over": lambda _row: "Takes part from an earlier round",
    "no_conflict": lambda row: f"No conflict with {row['object']}",
    "waive": lambda row: f"Rule {in_words(row['object'])} waived",
    "choose": lambda row: f"Of the returned workbooks {str(row['object'])[:12]}… counts",
    "approve": lambda _row: "Version approved",
    "revoke_approval": lambda _row: "Approvals of the version taken back",
    "rollback": lambda _row: "Back to this version, whose inputs and rules stay",
    "accept": lambda row: f"Gate {in_words(row['object'])} passed once",
    "accept_place": lambda _row: "Accepts its place",
    "decline_place": lambda _row: "Declines its place",
    "reconsider": lambda row: (
        f"Looked at again: {in_words(row['value'])}" if row["value"] else "To look at again"
    ),
    "change_contact": lambda _row: "Has another contact",
    "share_contact": lambda _row: "Partners may have its contact",
    "undo": lambda row: f"Takes back decision {row['subject']}",
}
"""A decision of each kind in words."""
OFFERED: tuple[DecisionKind, ...] = (
    "withdraw",
    "rule",
    "accept_late",
    "link",
    "no_link",
    "merge",
    "waive",
    "accept_place",
    "decline_place",
    "reconsider",
    "share_contact",
)
"""Kinds that are about one application; pairs and twinnings are decided on the board."""
OF_VERSIONS: tuple[DecisionKind, ...] = ("approve", "revoke_approval", "rollback", "accept")
"""Kinds about versions and runs. They are recorded and taken back where one looks at the version first."""


def _register(row: Row) -> str:
    return next((words for name, words in REGISTER_NAMES.items() if name == row["object"]), row["object"])


def _on(row: Row) -> str:
    return f", {row['value']}" if row["value"] else ""


@dataclass(frozen=True)
class Decided:
    """A decision as a page lists it.

    `standing` says whether it is in force, `effect` what came of it; `counts` whether it counts, `can_undo`
    whether it can be taken back here.
    """

    id: str
    said: str
    subject: str
    city: str
    reason: str
    by: str
    at: str
    standing: str = ""
    effect: str = ""
    can_undo: bool = False
    counts: bool = False


def decided(rows: Iterable[Row], cities: Mapping[str, str], in_force: Iterable[str] = ()) -> list[Decided]:
    """Decisions as a page lists them, the newest first; `in_force` are the ids of those that count."""
    counting = set(in_force)
    return [
        Decided(
            id=row["decision_id"],
            said=in_a_sentence(row),
            subject=row["subject"],
            city=cities.get(str(row["subject"]).partition(":")[0], ""),
            reason=row["reason"],
            by=row["decided_by"],
            at=moment(row["decided_at"]),
            standing=row.get("standing", ""),
            effect=row.get("effect", ""),
            can_undo=row["decision_id"] in counting and row["kind"] not in OF_VERSIONS,
            counts=row["decision_id"] in counting,
        )
        for row in reversed(list(rows))
    ]


def about(rows: Iterable[Row], *names: str) -> list[Row]:
    """The decisions that name one of these ids, or a member of it, as subject or object."""
    wanted = {name for name in names if name}
    return [
        row
        for row in rows
        if {str(row["subject"]), str(row["subject"]).partition(":")[0], str(row["object"])} & wanted
    ]


def remembered(rows: Iterable[Row], answer: Answer, offered: Sequence[str]) -> list[str]:
    """The reasons to offer with an answer: the office's, then those given before for the same."""
    same = [row for row in rows if _is_alike(row, answer)]
    given = [str(row["reason"]) for row in reversed(same)]
    return list(dict.fromkeys([*offered, *given]))[: len(offered) + MOST_REMEMBERED]


def _is_alike(row: Row, answer: Answer) -> bool:
    if row["kind"] != answer.kind:
        return False
    return answer.kind != "rule" or (row["object"], row["value"]) == (answer.object, answer.value)
