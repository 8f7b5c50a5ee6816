"""Which rule or decision takes away which partner of an application that no group has.

Belongs here: the first reason for each pair, and the words for them. Must stay out: the rules themselves
(`tasks/matchmaking/value/hard_rules.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from programme.vocabulary import HARD_RULES, MINIMUM_WORTH_RULES
from tasks.matchmaking.choice import Choice
from tasks.matchmaking.value.hard_rules import broken_rule

MOST_NAMES = 20
"""Cities named for one rule; the others are counted."""

DECIDED = ("forbidden", "pinned", "confirmed", "withdrawn")
"""Decisions that take a partner away which the hard rules allow."""

COMMITTEE = {
    "common_topic": "{n} chose none of its topics",
    "topic_place": "{n} share a topic with it, but one of the two is not known to lie near enough to water "
    "for it",
    "shared_hours": "{n} share a topic with it, but too few working hours",
    "funded_together": "{n} already have a funded initiative with it on the common topic",
    "least_gain": "{n} share a topic with it, but one of the two would gain too little",
    "some_jurisdiction": "{n} share a topic with it, but neither has jurisdiction to act",
    "most_of_one_country": "{n} are of its own country, so that no city would meet another country",
    "forbidden": "{n} are kept apart from it by a recorded decision",
    "pinned": "{n} are pinned to other cities",
    "confirmed": "{n} are in a confirmed twinning",
    "withdrawn": "{n} were withdrawn",
}
CITY = {
    "common_topic": "{n} chose none of your topics",
    "topic_place": "{n} share a topic with you, but one of you is not known to lie near enough to water "
    "for it (FAQ 3.6)",
    "shared_hours": "{n} share a topic with you, but too few working hours of the day",
    "funded_together": "{n} already work with you in a funded initiative on the common topic",
    "least_gain": "{n} share a topic with you, but one of you would gain too little from the other (FAQ 3.6)",
    "some_jurisdiction": "{n} share a topic with you, but neither of you has jurisdiction to act "
    "(FAQ 3.5, 3.6)",
    "most_of_one_country": "{n} are of your own country, and the programme brings cities of different "
    "countries together (FAQ 1.1, 1.3)",
}
OTHER_COMMITTEE = "{n} are kept from it by the rule {rule}"
OTHER_CITY = "{n} do not fit with you under another rule of the programme"
TAKEN_CITY = "{n} are not available"


@dataclass(frozen=True)
class RemovedPartners:
    """Every other applicant by the rule or decision that keeps it from one applicant.

    `by_rule` maps its name to their numbers, with what was found of each, in words.
    """

    by_rule: Mapping[str, tuple[tuple[int, str], ...]]

    @property
    def only_by_hard_rules(self) -> bool:
        """Whether no decision took a partner away that the hard rules allow."""
        return not set(self.by_rule) & set(DECIDED)

    @property
    def also_by_worth(self) -> bool:
        """Whether the minimum worth took away a partner that the other rules allow."""
        return bool(set(self.by_rule) & set(MINIMUM_WORTH_RULES))

    @property
    def counts(self) -> str | None:
        """The rules with their counts, as the column `removed_by` has them."""
        return ", ".join(f"{rule} {len(some)}" for rule, some in self.by_rule.items()) or None

    def for_committee(self, choice: Choice) -> str:
        """One sentence a rule, with the cities that share a topic named."""
        return " ".join(_sentence(rule, some, choice) for rule, some in self.by_rule.items())

    def for_city(self) -> str:
        """One sentence a rule, with counts only."""
        counted: dict[str, int] = {}
        for rule, some in self.by_rule.items():
            words = TAKEN_CITY if rule in DECIDED else CITY.get(rule, OTHER_CITY)
            counted[words] = counted.get(words, 0) + len(some)
        return " ".join(_one_or_more(words.format(n=n), n) + "." for words, n in counted.items())


def removed_partners(i: int, choice: Choice) -> RemovedPartners:
    """What keeps every other applicant from one; those of its own city are no partners and are left out."""
    people = choice.facts.applicants
    found: dict[str, list[tuple[int, str]]] = {}
    for j, other in enumerate(people):
        if other.city_id != people[i].city_id:
            rule, words = _removed(min(i, j), max(i, j), j, choice)
            found.setdefault(rule, []).append((j, words))
    order = {rule: place for place, rule in enumerate((*HARD_RULES, *DECIDED))}
    return RemovedPartners(
        {rule: tuple(found[rule]) for rule in sorted(found, key=lambda one: (order.get(one, 0), one))}
    )


def _removed(first: int, second: int, other: int, choice: Choice) -> tuple[str, str]:
    """The rule that keeps a pair apart, and what was found; decisions count only where no rule does.

    Of several topics the one counts on which the pair comes nearest to keeping the rules.
    """
    facts = choice.facts
    common = sorted(set(facts.applicants[first].interests) & set(facts.applicants[second].interests))
    if not common:
        return "common_topic", ""
    broken = [broken_rule((first, second), topic, facts) for topic in common]
    if all(broken):
        nearest = max((one for one in broken if one is not None), key=lambda one: HARD_RULES.index(one.rule))
        return nearest.rule, nearest.words
    return _decided(facts.applicants[first].city_id, facts.applicants[second].city_id, other, choice), ""


def _decided(city: str, city_of_other: str, other: int, choice: Choice) -> str:
    reduced, pair = choice.reduced, {city, city_of_other}
    if any({one.city_a, one.city_b} == pair for one in reduced.forbids):
        return "forbidden"
    if any(other in one.group for one in choice.confirmed):
        return "confirmed"
    return "pinned" if other in reduced.free else "withdrawn"


def _sentence(rule: str, some: tuple[tuple[int, str], ...], choice: Choice) -> str:
    words = COMMITTEE.get(rule, OTHER_COMMITTEE).format(n=len(some), rule=rule)
    if rule == "common_topic":
        return f"{_one_or_more(words, len(some))}."
    named = [found or choice.facts.applicants[j].city_name for j, found in some[:MOST_NAMES]]
    more = f"; and {len(some) - MOST_NAMES} more" if len(some) > MOST_NAMES else ""
    return f"{_one_or_more(words, len(some))} ({'; '.join(named)}{more})."


def _one_or_more(words: str, n: int) -> str:
    """The words with their verb in the singular where there is one."""
    if n != 1:
        return words
    for plural, singular in (
        ("1 share ", "1 shares "),
        ("1 are ", "1 is "),
        ("1 were ", "1 was "),
        ("1 do ", "1 does "),
        ("1 already have ", "1 already has "),
        ("1 already work ", "1 already works "),
    ):
        words = words.replace(plural, singular)
    return words
