"""A twinning: a group of applications on one topic, under the id it has in every version.

Belongs here: the row and its id. Must stay out: what it is worth and whether it may be formed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from tasks.matchmaking.value.facts import Facts, Group


@dataclass(frozen=True)
class Twinning:
    """A confirmed or chosen twinning; `topic` is a topic's id, `group` its members in ascending order."""

    twinning_id: str
    topic: str
    group: Group


def twinning_id(round_id: str, topic: str, city_ids: Iterable[str]) -> str:
    """The id of a twinning (`T-ROUND-` and eight hex digits).

    It depends on the round, the topic and the cities alone, so the same twinning has the same id in every
    version (contract, What comes out).
    """
    content = "|".join([round_id, topic, *sorted(city_ids)])
    return f"T-{round_id}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"


def twinning_of(round_id: str, topic: str, group: Group, facts: Facts) -> Twinning:
    """A group of applications on a topic as a twinning."""
    return Twinning(twinning_id(round_id, topic, (facts.applicants[i].city_id for i in group)), topic, group)
