"""The minimum worth of a twinning: a place that is left is no reason to propose one that brings nothing.

Each member must gain something, somebody must be able to act, and cities must meet another country
(`[minimum_worth]` of `programme/matchmaking.toml`). A person can let a rule pass (`Facts.waives`).

Belongs here: these rules in both forms, for one group with the reason and for all pairs and threes of a
topic. Must stay out: which pins and decisions let a rule pass (`tasks/matchmaking/feasibility/`,
`tasks/matchmaking/constraints.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from programme.vocabulary import MinimumWorthRule
from tasks.matchmaking.value.arrays import Flags, Ints, codes, same_and_known
from tasks.matchmaking.value.aspects.complementarity import level_gained
from tasks.matchmaking.value.broken_rule import BrokenRule
from tasks.matchmaking.value.facts import Facts, Group

Positions = npt.NDArray[np.intp]
"""Positions in the members of a topic."""
WITHOUT = "none"
"""The jurisdiction of a city that cannot act. One that did not say is not taken for such."""


def below_minimum(group: Group, topic: str, facts: Facts) -> BrokenRule | None:
    """The first rule of the minimum worth that a group breaks on a topic; None where it keeps them all."""
    return next(all_below_minimum(group, topic, facts), None)


def all_below_minimum(group: Group, topic: str, facts: Facts) -> Iterator[BrokenRule]:
    """Every rule of the minimum worth that a group breaks on a topic, but for those that were waived."""
    for rule, broken in _RULES.items():
        words = broken(group, topic, facts)
        if words is not None and not facts.waives(rule, group, topic):
            yield BrokenRule(rule, words)


def _gains_too_little(group: Group, topic: str, facts: Facts) -> str | None:
    """Nobody comes only to give."""
    least = facts.rules.minimum_worth.least_gain_of(len(group))
    for i in group:
        gained = max(level_gained(i, j, topic, facts) for j in group if j != i)
        if gained < least:
            told = f"{gained} of 5 levels, fewer than {least}," if gained else "nothing"
            return f"{facts.applicants[i].city_name} would gain {told} on the topic {topic}"
    return None


def _nobody_can_act(group: Group, _topic: str, facts: Facts) -> str | None:
    """Somebody has full or partial jurisdiction, or did not say."""
    if not facts.rules.minimum_worth.some_jurisdiction:
        return None
    if any(facts.applicants[i].jurisdiction != WITHOUT for i in group):
        return None
    return f"{_listed(group, facts)} all lack jurisdiction to act"


def _too_many_of_one_country(group: Group, _topic: str, facts: Facts) -> str | None:
    """The programme is global: cities meet other countries. An unknown country is taken for another one."""
    most = facts.rules.minimum_worth.most_of_one_country_of(len(group))
    countries = Counter(facts.applicants[i].country for i in group)
    for country, n in sorted((country, n) for country, n in countries.items() if country is not None):
        if n > most:
            theirs = tuple(i for i in group if facts.applicants[i].country == country)
            return f"{_listed(theirs, facts)} are of one country ({country})"
    return None


def _listed(group: Sequence[int], facts: Facts) -> str:
    *first, last = (facts.applicants[i].city_name for i in group)
    return f"{', '.join(first)} and {last}"


_RULES: Mapping[MinimumWorthRule, Callable[[Group, str, Facts], str | None]] = {
    "least_gain": _gains_too_little,
    "some_jurisdiction": _nobody_can_act,
    "most_of_one_country": _too_many_of_one_country,
}


@dataclass(frozen=True)
class MinimumOfTopic:
    """The minimum worth of all pairs and threes of one topic, as arrays over the topic's members.

    `pairs` says which pairs keep it. `learns[a, b]` says whether what a gains from b suffices in a group of
    three; `acts` who can act; `compatriots` which two are of one known country, of whom a group of three may
    have `most`. `excused` are the members for whom a rule was waived. `insisted` are groups of three that
    keep it only because a rule was waived for exactly them, as positions in ascending order.
    """

    pairs: Flags
    learns: Flags
    acts: Flags
    compatriots: Flags
    most: int
    excused: Mapping[MinimumWorthRule, Flags]
    insisted: tuple[Group, ...] = ()

    def threes(self, i: int, j: Positions, k: Positions) -> Flags:
        """Whether member `i` and the members `j` and `k`, arrays of one shape or to be broadcast, keep it."""
        learns = self.learns
        keep: Flags = learns[j, k] | learns[j, i]
        keep = keep & (learns[k, j] | learns[k, i]) & (learns[i, j] | learns[i, k])
        keep = self._or_excused(keep, "least_gain", i, j, k)
        if not self.acts[i]:
            keep &= self._or_excused(self.acts[j] | self.acts[k], "some_jurisdiction", i, j, k)
        if self.most < 3:
            keep &= self._or_excused(self._of_several_countries(i, j, k), "most_of_one_country", i, j, k)
        for _, second, third in (three for three in self.insisted if three[0] == i):
            keep |= (j == second) & (k == third)
        return keep

    def _of_several_countries(self, i: int, j: Positions, k: Positions) -> Flags:
        same = self.compatriots
        if self.most > 1:
            too_many: Flags = same[i, j] & same[i, k]
        else:
            too_many = same[i, j] | same[i, k] | same[j, k]
        return np.logical_not(too_many)

    def _or_excused(self, keep: Flags, rule: MinimumWorthRule, i: int, j: Positions, k: Positions) -> Flags:
        if rule not in self.excused:
            return keep
        excused = self.excused[rule]
        either: Flags = keep | excused[i] | excused[j] | excused[k]
        return either


def minimum_of_topic(topic: str, members: Sequence[int], levels: Ints, facts: Facts) -> MinimumOfTopic:
    """The minimum worth over the `members` of a topic; `levels[a, b]` is what a gains from b (0 to 5)."""
    rules, people = facts.rules.minimum_worth, [facts.applicants[i] for i in members]
    acts = np.array([one.jurisdiction != WITHOUT or not rules.some_jurisdiction for one in people], bool)
    compatriots = same_and_known(codes(one.country for one in people))
    excused = {rule: flags for rule in _RULES if (flags := _excused(rule, members, facts)).any()}
    in_pair = levels >= np.int32(rules.least_gain_of(2))
    apart = ~compatriots if rules.most_of_one_country_of(2) < 2 else np.ones_like(compatriots)
    pairs = (
        _or_either(in_pair & in_pair.T, excused.get("least_gain"))
        & _or_either(acts[:, None] | acts[None, :], excused.get("some_jurisdiction"))
        & _or_either(apart, excused.get("most_of_one_country"))
    )
    insisted = _insisted(topic, members, facts)
    for a, b in (group for group in insisted if len(group) == 2):
        pairs[a, b] = pairs[b, a] = True
    return MinimumOfTopic(
        pairs=pairs,
        learns=levels >= np.int32(rules.least_gain_of(3)),
        acts=acts,
        compatriots=compatriots,
        most=rules.most_of_one_country_of(3),
        excused=excused,
        insisted=tuple(group for group in insisted if len(group) == 3),
    )


def _excused(rule: MinimumWorthRule, members: Sequence[int], facts: Facts) -> Flags:
    cities = {one.cities[0] for one in facts.waivers if one.rule == rule and len(one.cities) == 1}
    return np.array([facts.applicants[i].city_id in cities for i in members], bool)


def _or_either(keep: Flags, excused: Flags | None) -> Flags:
    if excused is None:
        return keep.copy()
    either: Flags = keep | excused[:, None] | excused[None, :]
    return either


def _insisted(topic: str, members: Sequence[int], facts: Facts) -> list[Group]:
    """Groups that a waiver names, as positions in `members`, if they keep the other rules."""
    place = {i: k for k, i in enumerate(members)}
    named = {group for one in facts.waivers for group in facts.groups_of(one.cities) if len(group) > 1}
    return [
        tuple(place[i] for i in group)
        for group in sorted(named)
        if all(i in place for i in group) and below_minimum(group, topic, facts) is None
    ]
