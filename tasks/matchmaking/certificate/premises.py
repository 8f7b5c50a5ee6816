"""What the matching went by, as short statements: the premises of the certificate.

Everything a stranger needs to say which groups may be formed and what each is worth. It holds city data,
figures of the rules and decisions; nothing personal.

Belongs here: dictionary MATCHING_FACTS of a choice. Must stay out: the proof (`certify.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

import polars as pl

from programme.matchmaking import MatchmakingRules, steps
from programme.vocabulary import BalanceSubject
from tasks.matchmaking.choice import Choice
from tasks.matchmaking.problem import BaselineTwinnings
from tasks.matchmaking.value.contexts import context_of
from tasks.matchmaking.value.facts import OTHER_KIND, Applicant, Facts
from tasks.matchmaking.value.hard_rules import funded_pairs
from warehouse.dictionary.certificate import MATCHING_FACTS

Fact = tuple[str, str, str, str, int]
"""Subject, what, object, topic, value."""


def class_name(subject: BalanceSubject, name: str) -> str:
    """A class of the balance as facts and prices name it: `region Europe`."""
    return f"{subject} {name}"


def premises_table(choice: Choice) -> pl.DataFrame:
    """Dictionary MATCHING_FACTS of a choice."""
    facts = choice.facts
    rows = [*_of_rules(facts.rules), *_of_classes(choice), *_of_credits(choice)]
    rows += [
        ("rules", "capacity", "twinnings", "", choice.problem.capacity.max_twinnings),
        ("rules", "capacity", "cities", "", choice.problem.capacity.max_cities),
    ]
    for i in choice.reduced.free:
        rows += _of_applicant(facts.applicants[i], facts)
    rows += _of_pairs(facts, set(choice.reduced.free))
    rows += _of_decisions(choice)
    rows += _of_baseline(choice.problem.baseline, choice)
    return pl.DataFrame(_summed(rows), schema=MATCHING_FACTS.schema, orient="row").pipe(
        MATCHING_FACTS.conform
    )


def _summed(rows: Iterable[Fact]) -> list[Fact]:
    """Each statement once; values of the same statement add up."""
    found: dict[tuple[str, str, str, str], int] = {}
    for *key, value in rows:
        name = (str(key[0]), str(key[1]), str(key[2]), str(key[3]))
        found[name] = found.get(name, 0) + int(value)
    return [(*key, value) for key, value in found.items()]


def _of_rules(rules: MatchmakingRules) -> Iterator[Fact]:
    """The figures of the aspects and of the hard rules."""
    own, hours, geography = rules.institutional, rules.hours, rules.geography
    figures: list[tuple[str, str, int]] = [
        *(
            ("priority", str(k), steps(points))
            for k, points in enumerate(rules.topical.points_by_priority, 1)
        ),
        ("level", "", steps(rules.complementarity.points_per_level)),
        ("jurisdictions", "full full", steps(own.full_full)),
        ("jurisdictions", "full partial", steps(own.full_partial)),
        ("jurisdictions", "partial partial", steps(own.partial_partial)),
        ("jurisdictions", "", steps(own.otherwise)),
        ("same", "kind", steps(own.same_kind)),
        *(("size_ratio", repr(float(ratio)), steps(points)) for ratio, points in geography.size_steps),
        ("same", "coastal", steps(geography.same_setting)),
        ("same", "climate", steps(geography.same_climate)),
        ("same", "climate_group", steps(geography.same_climate_group)),
        ("hours", "work_minutes", hours.work_minutes),
        ("hours", "least", hours.least_shared_minutes),
        ("hours", "each", steps(hours.points_per_hour)),
        ("named", "1", steps(rules.preferences.first_choice)),
        ("named", "2", steps(rules.preferences.second_choice)),
        ("named", "mutual", steps(rules.preferences.mutual)),
        ("worked", "", 0),
        ("worked", "funded", steps(rules.cooperation.funded_elsewhere)),
        ("worked", "not", steps(rules.cooperation.not_funded)),
        ("largest_group", "", rules.largest_group),
        ("some_jurisdiction", "", int(rules.minimum_worth.some_jurisdiction)),
    ]
    for size in (2, 3):
        figures.append(("least_gain", str(size), rules.minimum_worth.least_gain_of(size)))
        figures.append(("of_one_country", str(size), rules.minimum_worth.most_of_one_country_of(size)))
    return (("rules", what, of, "", value) for what, of, value in figures)


def _of_classes(choice: Choice) -> Iterator[Fact]:
    """How many units of each class are wanted over all rounds, and how many are held already."""
    for one in choice.instance.classes:
        name = class_name(one.subject, one.name)
        for what, value in (
            ("least", one.least + one.have),
            ("most", one.most + one.have),
            ("held", one.have),
            ("price", one.price),
        ):
            yield ("class", what, name, "", value)


def _of_credits(choice: Choice) -> Iterator[Fact]:
    """What is added to the price of a class, and the version in which it came short."""
    known = {(one.subject, one.name) for one in choice.instance.classes}
    for row in choice.problem.credits.drop_nulls("class").iter_rows(named=True):
        if (row["subject"], row["class"]) in known:
            source = f"{row['round']}:{row['version']}:{row['content']}"
            yield (source, "credit", class_name(row["subject"], row["class"]), "", steps(row["points"]))


def _of_applicant(one: Applicant, facts: Facts) -> Iterator[Fact]:
    name = one.application_id
    yield (name, "city", one.city_id, "", 1)
    yield (name, "selection", "", "", one.score)
    for what, text in (
        ("country", one.country),
        ("kind", None if one.kind == OTHER_KIND else one.kind),
        ("jurisdiction", one.jurisdiction),
        ("climate", one.climate.koeppen),
        ("climate_group", one.climate.group),
        ("coastal", None if one.coastal is None else str(one.coastal).lower()),
    ):
        if text is not None:
            yield (name, what, text, "", 1)
    if one.population:
        yield (name, "population", "", "", one.population)
    for period in range(len(facts.periods)):
        offset = one.offset_in(period)
        if offset is not None:
            yield (name, "utc_offset", str(period), "", offset)
    for subject in facts.rules.balance:
        context = context_of(subject, one, facts.rules)
        if context is not None:
            yield (name, "class", class_name(subject, context), "", 1)
    for topic, interest in one.interests.items():
        if one.takes_part_on(topic):
            yield (name, "priority", "", topic, interest.priority)
            yield (name, "need", "", topic, interest.need)
            yield (name, "experience", "", topic, interest.experience)


def _of_pairs(facts: Facts, free: set[int]) -> Iterator[Fact]:
    """Who named whom, who worked with whom, and between whom a rule does not hold."""
    name = [one.application_id for one in facts.applicants]
    for (i, j), choice in facts.preferences.items():
        if {i, j} <= free:
            yield (name[i], "named", name[j], "", choice)
    for (i, j), worked in facts.cooperations.items():
        if {i, j} <= free:
            yield from ((name[i], "funded" if one.funded else "not", name[j], "", 1) for one in worked)
    for topic in facts.topics:
        for i, j in funded_pairs(topic, facts):
            if {i, j} <= free:
                yield (name[i], "apart", name[j], topic, 1)
    for i, j in facts.overridden_pairs("shared_hours"):
        if {i, j} <= free:
            yield (name[i], "without shared_hours", name[j], "", 1)


def _of_decisions(choice: Choice) -> Iterator[Fact]:
    """Pins, forbidden pairs, claims to a place and waivers."""
    reduced, facts = choice.reduced, choice.facts
    name = [one.application_id for one in facts.applicants]
    for pin in reduced.pins:
        yield (pin.city_a, "pinned", pin.city_b, pin.topic or "", 1)
    for item in reduced.forbids:
        for group in facts.groups_of({item.city_a, item.city_b}):
            if len(group) == 2:
                yield (name[group[0]], "apart", name[group[1]], item.topic or "", 1)
    for one in choice.confirmed:
        yield ("+".join(sorted(name[i] for i in one.group)), "confirmed", "", one.topic, 1)
    for city in reduced.claims:
        yield (city, "claims_a_place", "", "", 1)
    for waiver in facts.waivers:
        for group in facts.groups_of(waiver.cities):
            members = "+".join(sorted(name[i] for i in group))
            alone = len(group) == 1  # then it holds on every topic
            yield (members, f"without {waiver.rule}", "", "" if alone else waiver.topic or "", 1)


def _of_baseline(baseline: BaselineTwinnings, choice: Choice) -> Iterator[Fact]:
    """What staying close to the approved version is worth."""
    rules, by_city = choice.facts.rules.stability, choice.facts.by_city
    name = [one.application_id for one in choice.facts.applicants]
    for twinning, topic in baseline.twinnings.select("twinning_id", "topic").iter_rows():
        cities = sorted(baseline.members.filter(twinning_id=twinning)["city_id"])
        members = [i for city in cities for i in by_city.get(city, ()) if i in choice.reduced.free]
        for i in members:
            yield (name[i], "stays_selected", "", "", steps(rules.stays_selected))
        for i, j in combinations(sorted(members), 2):
            yield (name[i], "stays_together", name[j], topic, steps(rules.stays_together))
