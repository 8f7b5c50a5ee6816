"""What a confirmation is about: the topic and the members of the twinning, whatever version had it first.

A twinning's id changes when it loses a member, and no later version need have the twinning that a person
confirmed. So a confirmation carries its topic and its members. A release does too: it may name the twinning
by the id of those that remain.

Belongs here: writing, reading and filling in what a confirmation is about, and which confirmations are in
force. Must stay out: who of the members still takes part (`tasks/matchmaking/constraints.py`), and where an
unknown twinning is looked up (`flows/known_twinnings.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

import polars as pl

from programme.vocabulary import DecisionKind
from tasks.decisions.effective import effective_decisions, of_kinds

KINDS: tuple[DecisionKind, ...] = ("confirm", "release")
NAMING_TWINNINGS: tuple[DecisionKind, ...] = (*KINDS, "waive")
"""Kinds whose subject can be a twinning."""
_QUOTED = {character: f"%{ord(character):02X}" for character in "%;="}
"""What stands between members in the text cannot stand in an id as it is."""


class Member(NamedTuple):
    """One city of a twinning, by its application and by the id it had then."""

    application_id: str
    city_id: str


@dataclass(frozen=True)
class TwinningContent:
    """What a twinning is: its topic and its members, in order."""

    topic: str
    members: tuple[Member, ...]

    def covers(self, other: TwinningContent) -> bool:
        """Whether the other is this twinning, or what remains of it."""
        return self.topic == other.topic and all(
            any(self._same(mine, theirs) for mine in self.members) for theirs in other.members
        )

    @staticmethod
    def _same(one: Member, other: Member) -> bool:
        return one.application_id == other.application_id or one.city_id == other.city_id


Find = Callable[[str], TwinningContent | None]
"""Looks a twinning up by its id; None where no version has it."""


def members_text(members: tuple[Member, ...]) -> str:
    """Members as one text: `APPLICATION=CITY; APPLICATION=CITY`."""
    return "; ".join(f"{_quoted(one.application_id)}={_quoted(one.city_id)}" for one in members)


def _quoted(name: str) -> str:
    return "".join(_QUOTED.get(character, character) for character in name)


def members_of(text: str) -> tuple[Member, ...]:
    """The members that `members_text` wrote; a name alone counts as the application and as the city."""
    found = []
    for part in text.split(";"):
        application, _, city = (unquote(piece.strip()) for piece in part.partition("="))
        if application or city:
            found.append(Member(application or city, city or application))
    return tuple(found)


def content_of(topic: str | None, members: str | None) -> TwinningContent | None:
    """What a decision's columns `topic` and `members` say; None where they are blank."""
    named = members_of(members or "")
    return TwinningContent(topic, named) if topic and named else None


def completed(decisions: pl.DataFrame, find: Find) -> pl.DataFrame:
    """The decisions (dictionary table DECISIONS) with topic and members filled in where they are blank.

    It is asked of `find`; what it does not know stays blank. The decisions' ids stay as they are.
    """
    blank = pl.col("topic").is_null() | pl.col("members").is_null()
    wanted = decisions.filter(pl.col("kind").is_in(NAMING_TWINNINGS) & blank)
    known = {
        row["decision_id"]: found
        for row in wanted.select("decision_id", "subject").iter_rows(named=True)
        if (found := find(row["subject"])) is not None
    }
    if not known:
        return decisions
    topics = {name: found.topic for name, found in known.items()}
    members = {name: members_text(found.members) for name, found in known.items()}
    ours, ids = pl.col("decision_id").is_in(list(known)), pl.col("decision_id")
    return decisions.with_columns(
        pl.when(ours).then(ids.replace_strict(topics, default=None)).otherwise("topic").alias("topic"),
        pl.when(ours).then(ids.replace_strict(members, default=None)).otherwise("members").alias("members"),
    )


def decisions_in_force(recorded: pl.DataFrame) -> pl.DataFrame:
    """The decisions in force (see `effective_decisions`), a release under another id applied too.

    `recorded` are all decisions of a round, completed.
    """
    effective = effective_decisions(recorded)
    confirmed: dict[str, TwinningContent] = {}
    released: set[str] = set()
    for row in of_kinds(effective, KINDS).iter_rows(named=True):
        content = content_of(row["topic"], row["members"])
        if content is None:
            continue
        if row["kind"] == "confirm":
            confirmed[row["decision_id"]] = content
        else:
            released |= {name for name, one in confirmed.items() if one.covers(content)}
    return effective.filter(~pl.col("decision_id").is_in(list(released)))
