"""What a twinning is worth, aspect by aspect: the definition, for one group at a time, with the reason in
words.

Belongs here: one small function an aspect, from members and topic to `Part` (steps of 1/64 point, and why).
Must stay out: doing this for millions of groups (`matrices.py` is the same in arrays, and a test holds the
two together), and any choice between groups. A term about two cities counts once for each city, shared among
its partners: twice in a pair, once for each pair of a three.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

from programme.matchmaking import MatchmakingRules, steps
from tasks.matchmaking.value.facts import Applicant, Facts

Group = tuple[int, ...]
"""Indices of the members in `Facts.applicants`, ascending."""

ORDINALS = {0: "no", 1: "first", 2: "second", 3: "third"}


@dataclass(frozen=True)
class Part:
    """One aspect's part of a value: steps of 1/64 point, and the reason."""

    steps: int
    reason: str


def gain(need: int, experience: int) -> int:
    """What a city gains from a partner on a topic, 0-5: no more than it needs, no more than the other can
    give (FAQ 3.6, topical).
    """
    return min(need, experience)


def shared_minutes(offset_a: int | None, offset_b: int | None, rules: MatchmakingRules) -> int | None:
    """Minutes of the working day two offices share; None where a time zone is unknown (FAQ 3.6,
    geography).
    """
    if offset_a is None or offset_b is None:
        return None
    apart = abs(offset_a - offset_b) % 1440
    return max(0, rules.hours.work_minutes - min(apart, 1440 - apart))


def topical(group: Group, topic: str, facts: Facts) -> Part:
    """A topic is worth more to a city the higher it stands on its own list."""
    interests = [facts.applicants[i].interest(topic) for i in group]
    points = (0.0, *facts.rules.topical.points_by_priority)
    words = (
        f"{facts.applicants[i].city_name}: {ORDINALS[one.priority]} priority"
        for i, one in zip(group, interests, strict=True)
    )
    return Part(sum(steps(points[one.priority]) for one in interests), "; ".join(words))


def complementarity(group: Group, topic: str, facts: Facts) -> Part:
    """Each city gains from the partner who has most of what it needs; both directions count."""
    total, words = 0, []
    for i in group:
        one = facts.applicants[i]
        level, giver = max(
            (gain(one.interest(topic).need, facts.applicants[j].interest(topic).experience), -j)
            for j in group
            if j != i
        )
        total += steps(facts.rules.complementarity.points_per_level) * level
        partner = facts.applicants[-giver].city_name
        words.append(
            f"{one.city_name} gains {level} of 5 from {partner} (need {one.interest(topic).need}, "
            f"experience there {facts.applicants[-giver].interest(topic).experience})"
        )
    return Part(total, "; ".join(words))


def institutional(group: Group, _topic: str, facts: Facts) -> Part:
    """Cities with a similar jurisdiction and of the same kind can act on what they learn in similar ways."""
    rules = facts.rules.institutional
    by_pair = {
        ("full", "full"): rules.full_full,
        ("full", "partial"): rules.full_partial,
        ("partial", "partial"): rules.partial_partial,
    }

    def of_pair(a: Applicant, b: Applicant) -> tuple[int, str]:
        powers = sorted(str(one.jurisdiction or "unknown") for one in (a, b))
        same = a.kind == b.kind != "other"
        return (
            steps(by_pair.get((powers[0], powers[1]), rules.otherwise))
            + (steps(rules.same_kind) if same else 0),
            f"jurisdiction {' and '.join(powers)}{', same kind of body' if same else ''}",
        )

    return _over_pairs(group, facts, of_pair)


def geography(group: Group, _topic: str, facts: Facts) -> Part:
    """Cities of similar size, setting and climate are likelier to keep working together."""
    rules = facts.rules.geography

    def of_pair(a: Applicant, b: Applicant) -> tuple[int, str]:
        size, size_words = _size(a, b, rules.size_steps)
        climate, climate_words = _climate(a, b, facts.rules)
        same_setting = a.coastal is not None and a.coastal == b.coastal
        words = [
            size_words,
            climate_words,
            f"both {'coastal' if a.coastal else 'inland'}" if same_setting else "",
        ]
        return size + climate + (steps(rules.same_setting) if same_setting else 0), ", ".join(
            filter(None, words)
        ) or "little in common"

    return _over_pairs(group, facts, of_pair)


def _size(a: Applicant, b: Applicant, size_steps: tuple[tuple[float, float], ...]) -> tuple[int, str]:
    if not a.population or not b.population:
        return 0, ""
    small, large = sorted((a.population, b.population))
    for ratio, points in size_steps:
        if large <= small * ratio:
            return steps(points), f"sizes within a factor of {ratio:g}"
    return 0, ""


def _climate(a: Applicant, b: Applicant, rules: MatchmakingRules) -> tuple[int, str]:
    if a.climate.koeppen is None or b.climate.koeppen is None:
        return 0, ""
    if a.climate.koeppen == b.climate.koeppen:
        return steps(rules.geography.same_climate), f"climate {a.climate.koeppen}"
    if a.climate.group == b.climate.group:
        return steps(rules.geography.same_climate_group), f"both {a.climate.group}"
    return 0, ""


def hours(group: Group, _topic: str, facts: Facts) -> Part:
    """The more of the working day cities share, the easier the sessions."""
    rules = facts.rules

    def of_pair(a: Applicant, b: Applicant) -> tuple[int, str]:
        shared = shared_minutes(a.utc_offset, b.utc_offset, rules)
        if shared is None:
            return 0, "time zone unknown"
        above = max(0, shared - rules.hours.least_shared_minutes)
        return steps(rules.hours.points_per_hour) * above // 60, f"{shared / 60:g} shared working hours"

    return _over_pairs(group, facts, of_pair)


def preferences(group: Group, _topic: str, facts: Facts) -> Part:
    """A city that named another in part F is glad to meet it; more so if both did (FAQ 3.7)."""
    total, words = 0, []
    for i, j in combinations(group, 2):
        total += wish_steps(i, j, facts)
        named = [(a, b) for a, b in ((i, j), (j, i)) if (a, b) in facts.wishes]
        words += [
            f"{facts.applicants[a].city_name} named {facts.applicants[b].city_name} as {ORDINALS[facts.wishes[a, b]]} choice"
            for a, b in named
        ]
    return Part(total, "; ".join(words) or "no preference named")


def wish_steps(i: int, j: int, facts: Facts) -> int:
    """Worth of the wishes between two applicants, both directions."""
    rules = facts.rules.preferences
    choices = [facts.wishes[pair] for pair in ((i, j), (j, i)) if pair in facts.wishes]
    return sum(steps(rules.first_choice if choice == 1 else rules.second_choice) for choice in choices) + (
        steps(rules.mutual) if len(choices) == 2 else 0
    )


def cooperation(group: Group, _topic: str, facts: Facts) -> Part:
    """The programme does not repeat what cities already do together (FAQ 3.7)."""
    total, words = 0, []
    for i, j in combinations(group, 2):
        cost = cooperation_cost(i, j, facts)
        if cost:
            total -= cost
            words.append(
                f"{facts.applicants[i].city_name} and {facts.applicants[j].city_name} have worked together before"
            )
    return Part(total, "; ".join(words) or "no earlier cooperation known")


def cooperation_cost(i: int, j: int, facts: Facts) -> int:
    """What the earlier cooperation of a pair costs: once, the dearest kind."""
    known = facts.cooperations.get((min(i, j), max(i, j)), ())
    rules = facts.rules.cooperation
    return max(
        (steps(rules.funded_elsewhere if one.funded else rules.not_funded) for one in known), default=0
    )


def funded_together(i: int, j: int, topic: str, facts: Facts) -> bool:
    """Whether a pair already has a funded initiative on this very topic: then it is not matched on it again
    (FAQ 3.6).
    """
    return any(
        one.funded and one.topic == topic for one in facts.cooperations.get((min(i, j), max(i, j)), ())
    )


def selection(group: Group, _topic: str, facts: Facts) -> Part:
    """The better applications come first (FAQ 3.5)."""
    total = sum(facts.applicants[i].score for i in group)
    return Part(total, "selection scores of " + ", ".join(facts.applicants[i].city_name for i in group))


def _over_pairs(
    group: Group, facts: Facts, of_pair: Callable[[Applicant, Applicant], tuple[int, str]]
) -> Part:
    """Sum of a term over the pairs of a group, twice in a pair, with the words of each pair."""
    total, words = 0, []
    for i, j in combinations(group, 2):
        a, b = facts.applicants[i], facts.applicants[j]
        points, why = of_pair(a, b)
        total += points
        words.append(f"{a.city_name} and {b.city_name}: {why}")
    return Part(total * (2 if len(group) == 2 else 1), "; ".join(words))


ASPECT_FUNCTIONS = {
    "topical": topical,
    "complementarity": complementarity,
    "institutional": institutional,
    "geography": geography,
    "hours": hours,
    "preferences": preferences,
    "cooperation": cooperation,
    "selection": selection,
}
"""Every aspect of the dictionary's ASPECTS and its definition, in that order."""


def parts_of(group: Group, topic: str, facts: Facts) -> dict[str, Part]:
    """All aspects of one group on one topic; their steps sum to its value."""
    return {name: function(group, topic, facts) for name, function in ASPECT_FUNCTIONS.items()}
