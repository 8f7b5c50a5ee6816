"""A place that is left is no reason to propose a twinning that brings nothing: the rules in cases, and in
both forms whatever was waived.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.matchmaking import MatchmakingRules
from programme.programme import read_programme
from programme.vocabulary import MINIMUM_WORTH_RULES
from tasks.matchmaking.problem import BaselineTwinnings, Waiver
from tasks.matchmaking.solver.instance import full_instance
from tasks.matchmaking.value.facts import Facts, TopicInterest
from tasks.matchmaking.value.hard_rules import why_not
from tasks.matchmaking.value.minimum_worth import below_minimum
from tests.examples import examples
from tests.tasks.matchmaking.applicants import TOPIC, applicant, everything_free, facts
from tests.tasks.matchmaking.test_aspects import several_applicants

SHIPPED = read_programme().matchmaking


def rules(**changes: object) -> MatchmakingRules:
    """The rules the program ships with, some of the minimum worth changed."""
    return SHIPPED.model_copy(update={"minimum_worth": SHIPPED.minimum_worth.model_copy(update=changes)})


def people(**values: str) -> Facts:
    """One applicant for each letter of the values, as `country="KKP"` (K, P: two countries; -: unknown).

    `jurisdiction="fpn-"` is full, partial, none, not said; `need` and `experience` are levels.
    """
    said = {"f": "full", "p": "partial", "n": "none", "-": None}
    countries = {"K": "KEN", "P": "PER", "-": None}
    found = []
    for k in range(max(len(value) for value in values.values())):
        own = {name: value[k] for name, value in values.items()}
        interest = TopicInterest(1, int(own.get("need", "3")), int(own.get("experience", "2")))
        found.append(
            applicant(
                k,
                country=countries[own.get("country", "-")],
                jurisdiction=said[own.get("jurisdiction", "f")],
                interests={TOPIC: interest},
            )
        )
    return facts(*found)


CASES = [
    ("each gains", people(need="11", experience="11"), None),
    ("one only gives", people(need="30", experience="05"), "B would gain nothing on the topic cooling"),
    ("nobody can give", people(need="55", experience="00"), "A would gain nothing on the topic cooling"),
    ("nobody needs", people(need="000", experience="555"), "A would gain nothing on the topic cooling"),
    ("of three one only gives", people(need="330", experience="225"), "C would gain nothing"),
    ("two countries", people(country="KP"), None),
    ("one country", people(country="KK"), "A and B are of one country (KEN)"),
    ("two of three of one country", people(country="KKP"), None),
    ("three of one country", people(country="KKK"), "A, B and C are of one country (KEN)"),
    ("unknown countries", people(country="--"), None),
    ("one unknown country", people(country="KK-"), None),
    ("one can act", people(jurisdiction="np"), None),
    ("nobody can act", people(jurisdiction="nn"), "A and B all lack jurisdiction to act"),
    ("none of three can act", people(jurisdiction="nnn"), "A, B and C all lack jurisdiction to act"),
    ("one did not say", people(jurisdiction="n-"), None),
]


@pytest.mark.parametrize(("known", "words"), [pytest.param(*one[1:], id=one[0]) for one in CASES])
def test_below_the_minimum_worth(known: Facts, words: str | None) -> None:
    group = tuple(range(len(known.applicants)))
    found = why_not(group, TOPIC, known)
    assert found is None if words is None else found is not None and found.startswith(words)


VALUES = [
    ("more must be gained", {"least_gain": (3, 3)}, people(need="33", experience="23"), "least_gain"),
    ("levels of a pair alone", {"least_gain": (2, 0)}, people(need="100", experience="100"), None),
    ("nothing must be gained", {"least_gain": (0, 0)}, people(need="00", experience="00"), None),
    ("jurisdiction is no matter", {"some_jurisdiction": False}, people(jurisdiction="nn"), None),
    ("pairs of one country", {"most_of_one_country": (2, 2)}, people(country="KK"), None),
    ("threes of one country", {"most_of_one_country": (1, 3)}, people(country="KKK"), None),
    (
        "three countries",
        {"most_of_one_country": (1, 1)},
        people(country="KKP"),
        "most_of_one_country",
    ),
]


@pytest.mark.parametrize(("values", "known", "rule"), [pytest.param(*one[1:], id=one[0]) for one in VALUES])
def test_the_office_may_change_each_value(values: dict[str, object], known: Facts, rule: str | None) -> None:
    group = tuple(range(len(known.applicants)))
    broken = below_minimum(group, TOPIC, replace(known, rules=rules(**values)))
    assert (broken and broken.rule) == rule


def waiver(rule: str, *cities: str, topic: str | None = None) -> Waiver:
    return Waiver(rule, cities, topic, "decision d1")  # type: ignore[arg-type]


WAIVED = [
    ("for one of its cities", waiver("most_of_one_country", "C1"), (0, 1), True),
    ("for another city", waiver("most_of_one_country", "C2"), (0, 1), False),
    ("another rule", waiver("least_gain", "C1"), (0, 1), False),
    ("for exactly these", waiver("most_of_one_country", "C0", "C1"), (0, 1), True),
    ("for these on another topic", waiver("most_of_one_country", "C0", "C1", topic="ports"), (0, 1), False),
    ("for two of three", waiver("most_of_one_country", "C0", "C1"), (0, 1, 2), False),
    ("for the three", waiver("most_of_one_country", "C0", "C1", "C2", topic=TOPIC), (0, 1, 2), True),
]


@pytest.mark.parametrize(("one", "group", "passes"), [pytest.param(*case[1:], id=case[0]) for case in WAIVED])
def test_a_rule_that_is_waived(one: Waiver, group: tuple[int, ...], passes: bool) -> None:
    known = replace(people(country="KKK"), waivers=(one,))
    assert (why_not(group, TOPIC, known) is None) == passes


PEOPLE = st.tuples(
    st.sampled_from(["KEN", "PER", None]), st.sampled_from(["full", "none", None]), st.integers(0, 2)
)
WAIVERS = st.builds(
    Waiver,
    st.sampled_from(MINIMUM_WORTH_RULES),
    st.lists(st.sampled_from([f"C{k}" for k in range(5)]), min_size=1, max_size=3, unique=True).map(
        lambda cities: tuple(sorted(cities))
    ),
    st.sampled_from([None, TOPIC]),
    st.just("decision d1"),
)


@settings(max_examples=examples(40))
@given(
    known=several_applicants(),
    values=st.lists(PEOPLE, min_size=5, max_size=5),
    waivers=st.lists(WAIVERS, max_size=3),
    most=st.tuples(st.integers(1, 2), st.integers(1, 3)),
    least=st.tuples(st.integers(0, 2), st.integers(0, 2)),
    some=st.booleans(),
)
def test_exactly_the_groups_that_keep_it_are_enumerated(
    known: Facts,
    values: list[tuple[str | None, str | None, int]],
    waivers: list[Waiver],
    most: tuple[int, int],
    least: tuple[int, int],
    some: bool,
) -> None:
    """Whatever the values of the rules, and whatever was waived."""
    applicants = tuple(
        replace(one, country=country, jurisdiction=jurisdiction, utc_offset=60)
        for one, (country, jurisdiction, _) in zip(known.applicants, values, strict=False)
    )
    waived = tuple(replace(one, topic=one.topic if len(one.cities) > 1 else None) for one in waivers)
    changed = rules(most_of_one_country=most, least_gain=least, some_jurisdiction=some)
    known = replace(known, applicants=applicants, waivers=waived, rules=changed)
    groups = full_instance(everything_free(known), BaselineTwinnings()).groups
    found = {(known.topics[int(groups.topic[row])], groups.members(row)) for row in range(len(groups))}
    assert len(found) == len(groups)
    assert found == {
        (topic, group)
        for size in (2, 3)
        for group in combinations(range(len(known.applicants)), size)
        for topic in known.topics
        if why_not(group, topic, known) is None
    }
