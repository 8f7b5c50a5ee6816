"""From the tables of a version to the news of every application.

Belongs here: which kind of letter follows from a state, a status and a place, and the facts of each. Must
stay out: what news is (`news.py`) and its words (`wording.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from programme.letter_vocabulary import LetterKind
from programme.vocabulary import SELECTABLE, UnplacedKind
from tasks.letters.message import header_text
from tasks.letters.news import News, Partner, Place, Point
from tasks.letters.outbox import is_copy
from tasks.letters.sources import Contact, Sources

Row = Mapping[str, Any]

COULD_FOLLOW: tuple[UnplacedKind, ...] = ("better_twinnings", "capacity", "balance")
"""Why an application is unplaced although a twinning with it is possible: it could follow if a place is
left."""
MOST_TOPICS = 3


def news_of_version(sources: Sources) -> list[News]:
    """One piece of news for each application of the version, in order of application.

    A further row of an id that has a form of its own is a copy of it and gets no letter.
    """
    known = _Known(sources)
    return [
        known.news(row)
        for row in known.rows()
        if not is_copy(row["application_id"], row["state"], known.applications)
    ]


def moved_news(older: Sources, newer: Sources) -> frozenset[str]:
    """The applications that a newer version has other news for, or that only one of the two has."""
    before, after = ({one.application_id: one.id for one in news_of_version(each)} for each in (older, newer))
    names = before.keys() | after.keys()
    return frozenset(name for name in names if before.get(name) != after.get(name))


class _Known:
    """The tables of a version, looked up by application."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        tables = sources.tables
        self.applications = _by(tables["applications"], "application_id")
        self.statuses = dict(tables["eligibility"].select("application_id", "status").iter_rows())
        self.twinnings = _by(tables["twinnings"], "twinning_id")
        self.members = _by(tables["twinning_members"], "application_id")
        self.unplaced = _by(tables["unplaced"], "application_id")
        self.checks = _grouped(tables["eligibility_checks"], "application_id")
        self.preferences = _grouped(tables["preferences"].sort("application_id", "choice"), "application_id")
        self.of_twinning = _grouped(
            tables["twinning_members"].sort("twinning_id", "application_id"), "twinning_id"
        )
        self.waiting_places = _waiting_places(tables["unplaced"])

    def rows(self) -> list[Row]:
        return [self.applications[name] for name in sorted(self.applications)]

    def news(self, row: Row) -> News:
        name = row["application_id"]
        if row["state"] != "accepted":
            return self._of_state(row)
        status = self.statuses.get(name)
        if name in self.members:
            return self._placed(row, conditional=status != "eligible")
        if status not in SELECTABLE:
            return self._judged(row, "ineligible" if status == "ineligible" else "undecided")
        return self._unplaced(row)

    def _start(self, row: Row, kind: LetterKind) -> dict[str, Any]:
        name = row["application_id"]
        return {
            "application_id": name,
            "kind": kind,
            "city": self.city(name),
            "contact": self.sources.contacts.get(name, Contact()),
        }

    def city(self, name: str) -> str:
        known = self.applications.get(name, {}).get("city_name")
        return header_text(known or self.sources.typed_cities.get(name))

    def _of_state(self, row: Row) -> News:
        name, state = row["application_id"], row["state"]
        start = self._start(row, state)
        if state == "superseded":
            return News(**start, stands=row["superseded_by"])
        if state == "late":
            points = tuple(self.points(name, ("not_met",)))
            return News(**start, points=points, received=self._local(row["submitted_at"]))
        if state == "set_aside":
            return News(**start, lacking=self._lacking(name))
        return self._withdrawn(row)

    def _withdrawn(self, row: Row) -> News:
        declined = row["application_id"] in self.sources.declined
        return News(**self._start(row, "withdrawn"), declined=declined)

    def _local(self, moment: datetime | None) -> datetime | None:
        return None if moment is None else moment.astimezone(self.sources.round.zone)

    def _lacking(self, name: str) -> tuple[str, ...]:
        """What the form does not say, in the applicant's words."""
        asked, columns = self.sources.wording.answers, self.sources.lacking.get(name, ())
        return tuple(words for column, words in asked.items() if column in columns)

    def points(self, name: str, outcomes: Sequence[str], *, remedies: bool = False) -> Iterator[Point]:
        """The rules of these outcomes, in their order; rules that ask for the same thing are one point."""
        wording, told = self.sources.wording, set()
        for check in self.checks.get(name, ()):
            rule, message = check["rule"], check["message"]
            if check["outcome"] not in outcomes or message in told:
                continue
            told.add(message)
            yield Point(
                rule,
                check["outcome"],
                wording.title(rule),
                message,
                check["clause"],
                self.sources.due.get((name, rule)) if check["outcome"] == "conditional" else None,
                wording.results.remedies[rule] if remedies else "",
            )

    def _judged(self, row: Row, kind: LetterKind) -> News:
        name = row["application_id"]
        if kind == "undecided":
            return News(**self._start(row, kind), points=tuple(self.points(name, ("unclear",))))
        return News(
            **self._start(row, kind),
            points=tuple(self.points(name, ("not_met",), remedies=True)),
            also_open=tuple(self.points(name, ("unclear",))),
        )

    def _placed(self, row: Row, *, conditional: bool) -> News:
        name = row["application_id"]
        kind: LetterKind = "selected_on_condition" if conditional else "selected"
        points = self.points(name, ("not_met", "unclear", "conditional")) if conditional else ()
        return News(
            **self._start(row, kind),
            place=self._place(name),
            points=tuple(points),
            preferences=self._preferences(name),
        )

    def _place(self, name: str) -> Place:
        member = self.members[name]
        twinning = self.twinnings[member["twinning_id"]]
        others = [one for one in self.of_twinning[member["twinning_id"]] if one["application_id"] != name]
        named = {one["city_id"] for one in self.preferences.get(name, ()) if one["city_id"]}
        return Place(
            twinning["twinning_id"],
            self.sources.labels.get(twinning["topic"], twinning["topic"]),
            tuple(self._partner(name, one, named) for one in others),
            member["need"],
            member["experience"],
            twinning["least_shared_minutes"],
        )

    def _partner(self, reader: str, member: Row, named: set[str]) -> Partner:
        name = member["application_id"]
        consents = self.sources.consents
        shared = consents.of(reader) and consents.of(name)
        contact = self.sources.contacts.get(name)
        country = self.applications.get(name, {}).get("country_iso3") or ""
        return Partner(
            name,
            self.city(name),
            self.sources.countries.get(country, country),
            member["need"],
            member["experience"],
            self.statuses.get(name) != "eligible",
            member["city_id"] in named,
            contact if shared and contact is not None and contact.address else None,
        )

    def _unplaced(self, row: Row) -> News:
        name = row["application_id"]
        why = self.unplaced.get(name)
        if why is None:
            return News(**self._start(row, "undecided"))
        if why["kind"] == "withdrawn":
            return self._withdrawn(row)
        waits = why["kind"] in COULD_FOLLOW
        return News(
            **self._start(row, "waiting_list" if waits else "not_selected"),
            waiting_place=self.waiting_places.get(name) if waits else None,
            waiting=self.waiting_count() if waits else 0,
            waiting_with=self.waiting_with(name) if waits else 0,
            reason_kind=why["kind"],
            reason=why["message"],
            advice=tuple(_advice(why, row)),
            preferences=self._preferences(name),
        )

    def waiting_count(self) -> int:
        return sum(one["kind"] in COULD_FOLLOW for one in self.unplaced.values())

    def waiting_with(self, name: str) -> int:
        """How many others share the place of an application on the waiting list."""
        place = self.waiting_places.get(name)
        return 0 if place is None else list(self.waiting_places.values()).count(place) - 1

    def _preferences(self, name: str) -> tuple[str, ...]:
        """What became of preferred partners; a partner that was granted is named with the twinning."""
        return tuple(one["message"] for one in self.preferences.get(name, ()) if one["outcome"] != "honoured")


def _waiting_places(unplaced: pl.DataFrame) -> dict[str, int]:
    """The place of each application that could follow: who would cost the selection least comes first.

    Equal ones share a place. Of an application whose cost is not known exactly no place is told.
    """
    known = unplaced.filter(pl.col("kind").is_in(COULD_FOLLOW) & pl.col("regret").is_not_null())
    ranked = known.with_columns(place=pl.col("regret").rank("min").cast(pl.Int64))
    return dict(ranked.select("application_id", "place").iter_rows())


def _advice(why: Row, row: Row) -> Iterator[str]:
    """What would have sufficed, where the tables know it, in words that tell nothing of other cities.

    Where it is not known how much, more topics mean more cities in common.
    """
    if why["sufficient_change"]:
        yield why["sufficient_change"]
    named = sum(row[f"topic_{n}"] is not None for n in range(1, MOST_TOPICS + 1))
    if "common_topic" in (why["removed_by"] or "") and named < MOST_TOPICS:
        yield (
            f"You named {named} of {MOST_TOPICS} possible topics. With another topic that matters to your "
            "city, more cities could have come into question."
        )


def _by(frame: pl.DataFrame, key: str) -> dict[str, Row]:
    return {row[key]: row for row in frame.iter_rows(named=True)}


def _grouped(frame: pl.DataFrame, key: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row[key], []).append(row)
    return found
