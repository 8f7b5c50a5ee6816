"""Cities that a round holds: those of its confirmed twinnings, which are taken in every other round.

Belongs here: who holds a place by a confirmation, from the round's latest tables and its decisions since.
Must stay out: recognising such a city in another round (`earlier_rounds.py`), and what that means for it
there (`tasks/matchmaking/candidate_pool.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from programme.vocabulary import SELECTABLE, DecisionKind
from tasks.decisions.confirmations import (
    Member,
    TwinningContent,
    content_of,
    decisions_in_force,
)
from tasks.decisions.effective import of_kinds
from tasks.eligibility.earlier_rounds import own_gcom_ids
from warehouse.dictionary.other_rounds import EARLIER

Tables = Mapping[str, pl.DataFrame]
CONFIRM: tuple[DecisionKind, ...] = ("confirm",)
OF_CITIES = ("city_name", "country_iso3", "region", "latitude", "longitude", "population")
"""What is known of a city there, to recognise it and to count it in the balance."""
RELEASE: tuple[DecisionKind, ...] = ("release",)
WITHDRAW: tuple[DecisionKind, ...] = ("withdraw",)


@dataclass(frozen=True)
class Confirmed:
    """A confirmation in force: the id it names, what it is about, and when it was decided."""

    twinning_id: str
    content: TwinningContent
    decided_at: datetime


@dataclass(frozen=True)
class Held:
    """A twinning that holds cities: its id, its topic, their applications, when it was confirmed, and whether
    the latest version has it as confirmed."""

    twinning_id: str
    topic: str
    applications: tuple[str, ...]
    confirmed_at: datetime | None
    published: bool


def cities_held(round_id: str, tables: Tables, recorded: pl.DataFrame) -> pl.DataFrame:
    """The cities that a round holds (dictionary table EARLIER).

    `tables` are the published tables of the round's latest version; `recorded` are all its decisions,
    completed. A confirmed twinning holds the cities that are in it in the latest version. One that is
    confirmed since, or of which a single city was left, holds its members that can be selected. A city that
    was withdrawn since is held no more, nor is a twinning that was released since.
    """
    in_force = decisions_in_force(recorded)
    withdrawn = set(of_kinds(in_force, WITHDRAW)["subject"])
    rows = [
        {
            "round": round_id,
            "twinning_id": held.twinning_id,
            "application_id": application,
            "topic": held.topic,
            "confirmed_at": held.confirmed_at,
            "published": held.published,
        }
        for held in (*_published(tables, recorded, in_force), *_confirmed_since(tables, in_force))
        for application in held.applications
        if application not in withdrawn
    ]
    if not rows:
        return EARLIER.empty()
    named = tables["applications"].select("application_id", "city_id", *OF_CITIES)
    frame = pl.DataFrame(rows, schema_overrides={"confirmed_at": EARLIER["confirmed_at"].dtype})
    joined = frame.join(named, on="application_id").join(
        own_gcom_ids(tables["crosscheck"]), on="application_id", how="left"
    )
    return EARLIER.conform(joined.unique("city_id", keep="first", maintain_order=True))


def confirmed_in_force(in_force: pl.DataFrame) -> list[Confirmed]:
    """The confirmations among the decisions in force, in order of recording."""
    return [
        Confirmed(row["subject"], content, row["decided_at"])
        for row in of_kinds(in_force, CONFIRM).iter_rows(named=True)
        if (content := content_of(row["topic"], row["members"])) is not None
    ]


def twinning_contents(tables: Tables, state: str | None = None) -> dict[str, TwinningContent]:
    """Twinning id to what it is, for the twinnings of a version (of one state)."""
    twinnings = tables["twinnings"]
    if state is not None:
        twinnings = twinnings.filter(pl.col("state") == state)
    topics = dict(twinnings.select("twinning_id", "topic").iter_rows())
    members: dict[str, list[Member]] = {name: [] for name in topics}
    ordered = tables["twinning_members"].sort("twinning_id", "application_id")
    for name, application, city in ordered.select("twinning_id", "application_id", "city_id").iter_rows():
        if name in members:
            members[name].append(Member(application, city))
    return {name: TwinningContent(topics[name], tuple(members[name])) for name in topics}


def _published(tables: Tables, recorded: pl.DataFrame, in_force: pl.DataFrame) -> Iterator[Held]:
    """Twinnings that the latest version has as confirmed, unless that was taken back since."""
    confirmed = confirmed_in_force(in_force)
    once = confirmed_in_force(recorded)
    released = [
        content
        for row in of_kinds(in_force, RELEASE).iter_rows(named=True)
        if (content := content_of(row["topic"], row["members"])) is not None
    ]
    for name, content in twinning_contents(tables, "confirmed").items():
        decided = next((one for one in confirmed if one.content.covers(content)), None)
        taken_back = any(one.content.covers(content) for one in once)
        taken_back |= any(one.covers(content) or content.covers(one) for one in released)
        if decided is not None or not taken_back:
            applications = tuple(one.application_id for one in content.members)
            yield Held(
                name, content.topic, applications, decided.decided_at if decided else None, published=True
            )


def _confirmed_since(tables: Tables, in_force: pl.DataFrame) -> Iterator[Held]:
    """Confirmations that the latest version does not have: they hold who of theirs can be selected."""
    published = twinning_contents(tables, "confirmed").values()
    status = dict(tables["eligibility"].select("application_id", "status").iter_rows())
    for one in confirmed_in_force(in_force):
        if not any(one.content.covers(content) for content in published):
            applications = tuple(
                member.application_id
                for member in one.content.members
                if status.get(member.application_id) in SELECTABLE
            )
            yield Held(one.twinning_id, one.content.topic, applications, one.decided_at, published=False)
