"""Every reason of every unplaced city of both realistic rounds, recomputed from the snapshot's tables.

Who fits with whom comes from `applications`, `ranking` and the list of collaborations; what a group is worth
and what the selection loses from the kept candidates, by a model of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import combinations
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from flows.context import open_context
from flows.kept_problem import read_kept_problem
from flows.settings import read_settings
from programme.vocabulary import HARD_RULES, MINIMUM_WORTH_RULES
from tests.flows.office import Office
from tests.tasks.ingest.realistic_truth import TOPICS, delimited, iso3
from tests.tasks.matchmaking.brute_force import OnTopic
from tests.tasks.matchmaking.full_model import FullModel
from tests.tasks.matchmaking.test_reasons import below_minimum_worth

ROUNDS = ["2025-07", "2026-01"]
pytestmark = [pytest.mark.long]
Row = dict[str, object]
WORTH = re.compile(r"Its best twinning, with (.+) on ([a-z-]+), would be worth ([\d.]+) points\.")
GIVES_WAY = re.compile(r"points\. ([^.]+) would have to give way\.")
COST = re.compile(r"cost the whole selection ([\d.]+) points\.")


@dataclass(frozen=True)
class Published:
    """One realistic round as published, and its collaborations."""

    tables: dict[str, pl.DataFrame]
    model: FullModel
    funded: set[tuple[frozenset[str], str]]

    def people(self) -> dict[str, Row]:
        ranked = self.tables["applications"].join(self.tables["ranking"], on="application_id", how="semi")
        return {str(row["application_id"]): row for row in ranked.iter_rows(named=True)}


@pytest.fixture(scope="module")
def rounds(
    shared_data: Path, cache_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Published]:
    """Each round by itself: a round waits until the twinnings of an earlier one are settled."""
    found = {}
    for round_id in ROUNDS:
        folder = tmp_path_factory.mktemp(round_id)
        environment = {"CITY2CITY_DATA": str(folder), "CITY2CITY_CACHE": str(cache_folder)}
        office = Office(open_context(read_settings(environment)), shared_data / "rounds")
        found[round_id] = _published(office, round_id)
    return found


def _published(office: Office, round_id: str) -> Published:
    office.run(round_id)
    tables = office.tables(round_id, 1)
    problem = read_kept_problem(office.context, round_id, 1)
    assert problem is not None
    rows = delimited(office.inputs / round_id / "collaborations.csv", ",")
    funded = {
        (
            frozenset(place(row[f"city_{s}"], iso3(row[f"country_{s}"])) for s in ("a", "b")),
            TOPICS[row["topic"]],
        )
        for row in rows
        if row["funded"] == "yes" and row["topic"]
    }
    return Published(tables, FullModel(problem), funded)


def place(city: object, country: object) -> str:
    letters = unicodedata.normalize("NFKD", str(city)).encode("ascii", "ignore").decode()
    return f"{letters.strip().casefold()}, {country}"


def topics_of(row: Row) -> set[object]:
    return {row[f"topic_{n}"] for n in (1, 2, 3)} - {None, "other"}


@cache
def ahead(timezone: str, starts: date) -> tuple[float, ...]:
    """Minutes ahead of UTC at noon UTC of one working day in each of the twelve months' weeks."""
    monday = starts - timedelta(days=starts.weekday())
    days = [datetime.combine(monday + timedelta(weeks=week), time(12), UTC) for week in range(1, 52)]
    offsets = [day.astimezone(ZoneInfo(timezone)).utcoffset() or timedelta() for day in days]
    return tuple(one.total_seconds() / 60 for one in offsets)


def shared_minutes(a: Row, b: Row, published: Published) -> int:
    """The least that two offices share on a working day of the twinning."""
    problem = published.model.problem
    both = zip(*(ahead(str(one["timezone"]), problem.starts) for one in (a, b)), strict=True)
    apart = [abs(one - other) % 1440 for one, other in both]
    return min(max(0, int(problem.rules.hours.work_minutes - min(x, 1440 - x))) for x in apart)


def may_be(group: tuple[Row, ...], topic: object, published: Published) -> str | None:
    """The rule that keeps some cities from a twinning on a common topic; None where none does."""
    forms = {row["application_id"]: row for row in published.model.problem.candidates.iter_rows(named=True)}
    if any(topic in (forms[one["application_id"]]["topics_out_of_place"] or ()) for one in group):
        return "topic_place"
    for one, other in combinations(group, 2):
        if shared_minutes(one, other, published) < published.model.problem.rules.hours.least_shared_minutes:
            return "shared_hours"
        if (frozenset(place(x["city_name"], x["country_iso3"]) for x in (one, other)), topic) in (
            published.funded
        ):
            return "funded_together"
    return below_minimum_worth(tuple(forms[one["application_id"]] for one in group), topic)


def kept_apart_by(a: Row, b: Row, published: Published) -> str | None:
    """The rule that keeps two cities apart on every topic they share; None where one topic is left."""
    found = [may_be((a, b), topic, published) for topic in topics_of(a) & topics_of(b)]
    if not found:
        return "common_topic"
    return None if None in found else max(found, key=HARD_RULES.index)


def groups_of(me: Row, others: list[Row], published: Published) -> list[set[object]]:
    """The others of every twinning that a city could be in."""
    return [
        {one["application_id"] for one in group}
        for size in (1, 2)
        for group in combinations(others, size)
        if any(
            may_be((me, *group), topic, published) is None
            for topic in set.intersection(*(topics_of(one) for one in (me, *group)))
        )
    ]


@pytest.mark.parametrize("round_id", ROUNDS)
def test_who_fits_with_whom_is_as_the_reason_says(rounds: dict[str, Published], round_id: str) -> None:
    published = rounds[round_id]
    people, capacity = published.people(), published.model.problem.capacity
    placed = set(published.tables["twinning_members"]["application_id"])
    unplaced = published.tables["unplaced"]
    assert {*unplaced["application_id"]} == {*people} - placed
    full = (
        published.tables["twinnings"].height >= capacity.max_twinnings
        or len(placed) + 2 > capacity.max_cities
    )
    for row in unplaced.iter_rows(named=True):
        me = people[row["application_id"]]
        others = [one for one in people.values() if one["city_id"] != me["city_id"]]
        removed = Counter(kept_apart_by(me, one, published) for one in others)
        groups = groups_of(me, others, published)
        rules = ", ".join(f"{rule} {removed[rule]}" for rule in HARD_RULES if removed[rule])
        assert (row["kind"] in ("no_partner", "below_minimum_worth")) == (not groups), row
        assert row["removed_by"] == (None if groups else rules)
        if groups:
            taken = all(group & placed for group in groups)
            assert row["kind"] == ("better_twinnings" if taken else "capacity" if full else "balance"), row
        else:
            assert (row["kind"] == "no_partner") == (not set(removed) & set(MINIMUM_WORTH_RULES)), row


@pytest.mark.parametrize("round_id", ROUNDS)
def test_the_best_group_its_worth_and_the_loss_are_as_told(
    rounds: dict[str, Published], round_id: str
) -> None:
    published = rounds[round_id]
    model, people = published.model, published.people()
    best = model.best()
    assert best is not None
    chosen = _chosen(published)
    assert model.best(chosen=tuple(chosen.values())) == best
    for row in published.tables["unplaced"].iter_rows(named=True):
        city, told = str(people[row["application_id"]]["city_id"]), WORTH.search(row["reason"])
        with_it = model.best(required=city)
        if row["kind"] in ("no_partner", "below_minimum_worth"):
            assert told is None
            assert with_it is None
            assert row["regret"] is None
            continue
        assert with_it is not None
        assert row["regret"] == (best - with_it) / 64
        assert COST.search(row["reason"]).group(1) == f"{row['regret']:.2f}"
        assert told is not None
        said, who = (told[2], told[1]), row["application_id"]
        group = next(k for k, one in enumerate(model.groups) if _named(one, model, who) == said)
        assert f"{model.worth[group] / 64:.2f}" == told[3]
        gives_way = GIVES_WAY.search(row["reason"])
        gone = set(gives_way[1].split("; ")) if gives_way else set()
        assert gone <= {*chosen}
        stays = [one for name, one in chosen.items() if name not in gone]
        assert model.best(chosen=(model.groups[group], *stays)) == with_it


def _named(one: OnTopic, model: FullModel, who: str) -> tuple[str, str] | None:
    """Topic and names of a group as its member `who` is told of the others; None where it is no member."""
    members = [model.facts.applicants[i] for i in one[1]]
    others = [member.city_name for member in members if member.application_id != who]
    return (one[0], _in_words(others)) if len(others) < len(members) else None


def _in_words(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _chosen(published: Published) -> dict[str, OnTopic]:
    """The twinnings chosen, by their cities and topic in words."""
    model, members = published.model, published.tables["twinning_members"]
    number = {one.application_id: i for i, one in enumerate(model.facts.applicants)}
    found = {}
    for name, topic in published.tables["twinnings"].select("twinning_id", "topic").iter_rows():
        ids = members.filter(twinning_id=name)["application_id"]
        group = tuple(sorted(number[one] for one in ids))
        names = _in_words([model.facts.applicants[i].city_name for i in group])
        found[f"{names} on {topic}"] = (topic, group)
    return found


@pytest.mark.parametrize("round_id", ROUNDS)
def test_what_a_city_is_told_has_no_points_and_names_no_other_applicant(
    rounds: dict[str, Published], round_id: str
) -> None:
    published = rounds[round_id]
    names = [str(one["city_name"]) for one in published.people().values()]
    for message in published.tables["unplaced"]["message"]:
        assert "point" not in message
        assert not [name for name in names if re.search(rf"\b{re.escape(name)}\b", message)]
