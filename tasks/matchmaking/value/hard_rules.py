"""What no twinning may break, asked of one group: the programme's hard rules, with the reason in words.

Belongs here: the definition, one group at a time; `groups.py` enumerates exactly the groups that pass, and a
test holds the two together.
"""

from __future__ import annotations

from itertools import combinations

from tasks.matchmaking.value.aspects import Group, funded_together, gain, shared_minutes
from tasks.matchmaking.value.facts import Facts


def why_not(group: Group, topic: str, facts: Facts) -> str | None:
    """Why a group may not be formed on a topic, or None where it may."""
    people = [facts.applicants[i] for i in group]
    if not facts.rules.smallest_group <= len(group) <= facts.rules.largest_group:
        return f"a twinning has two to {facts.rules.largest_group} cities"
    if len({one.city_id for one in people}) < len(group):
        return "two applications of the same city"
    without = [one.city_name for one in people if topic not in one.interests]
    if without:
        return f"{' and '.join(without)} did not choose the topic {topic}"
    for i, j in combinations(group, 2):
        a, b = facts.applicants[i], facts.applicants[j]
        shared = shared_minutes(a.utc_offset, b.utc_offset, facts.rules)
        if shared is not None and shared < facts.rules.hours.least_shared_minutes:
            return f"{a.city_name} and {b.city_name} share {shared / 60:g} working hours, fewer than {facts.rules.hours.least_shared_minutes / 60:g}"
        if funded_together(i, j, topic, facts):
            return f"{a.city_name} and {b.city_name} already have a funded initiative on the topic {topic}"
    return _gains_too_little(group, topic, facts) if len(group) == 3 else None


def _gains_too_little(group: Group, topic: str, facts: Facts) -> str | None:
    """In a group of three nobody comes only to give."""
    least = facts.rules.complementarity.least_gain_in_three
    for i in group:
        best = max(
            gain(facts.applicants[i].interests[topic].need, facts.applicants[j].interests[topic].experience)
            for j in group
            if j != i
        )
        if best < least:
            return f"{facts.applicants[i].city_name} would gain nothing on the topic {topic}"
    return None


def possible_topics(group: Group, facts: Facts) -> list[str]:
    """Topics on which a group may be formed, sorted."""
    common = set.intersection(*(set(facts.applicants[i].interests) for i in group))
    return [topic for topic in sorted(common) if why_not(group, topic, facts) is None]
