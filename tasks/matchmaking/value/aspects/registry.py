"""The list of aspects, and the value of a twinning as the sum of all of them.

Belongs here: which aspects there are, in the order of `programme/vocabulary.py`. Must stay out: what any of
them is worth (each has a file of its own beside this one).
"""

from __future__ import annotations

import numpy as np

from programme.vocabulary import Aspect
from tasks.matchmaking.value.arrays import Ints, Wide
from tasks.matchmaking.value.aspects.complementarity import COMPLEMENTARITY
from tasks.matchmaking.value.aspects.cooperation import COOPERATION
from tasks.matchmaking.value.aspects.definition import (
    AspectDefinition,
    AspectValue,
    CityAspect,
    GainAspect,
    PairAspect,
)
from tasks.matchmaking.value.aspects.geography import GEOGRAPHY
from tasks.matchmaking.value.aspects.hours import HOURS
from tasks.matchmaking.value.aspects.institutional import INSTITUTIONAL
from tasks.matchmaking.value.aspects.preferences import PREFERENCES
from tasks.matchmaking.value.aspects.selection import SELECTION
from tasks.matchmaking.value.aspects.topical import TOPICAL
from tasks.matchmaking.value.facts import Facts, Group

ASPECT_DEFINITIONS: tuple[AspectDefinition, ...] = (
    TOPICAL,
    COMPLEMENTARITY,
    INSTITUTIONAL,
    GEOGRAPHY,
    HOURS,
    PREFERENCES,
    COOPERATION,
    SELECTION,
)
"""Every aspect, in the order of `ASPECTS` in `programme/vocabulary.py`."""

CITY_ASPECTS = tuple(one for one in ASPECT_DEFINITIONS if isinstance(one, CityAspect))
PAIR_ASPECTS = tuple(one for one in ASPECT_DEFINITIONS if isinstance(one, PairAspect))
(GAIN_ASPECT,) = (one for one in ASPECT_DEFINITIONS if isinstance(one, GainAspect))


def aspect_values(group: Group, topic: str, facts: Facts) -> dict[Aspect, AspectValue]:
    """Steps and reason of every aspect of one group on one topic; the steps sum to its value."""
    return {one.name: one.value(group, topic, facts) for one in ASPECT_DEFINITIONS}


def value_in_steps(group: Group, topic: str, facts: Facts) -> int:
    """Value of one group on one topic, in steps of 1/64 point."""
    return sum(one.steps for one in aspect_values(group, topic, facts).values())


def aspect_columns(members: Ints, topics: Ints, facts: Facts) -> Wide:
    """Steps of every aspect (columns, in the order of `ASPECT_DEFINITIONS`) of many groups (rows).

    `members` has one row of three indices a group (the third NOBODY in a pair), `topics` the position of each
    group's topic in `Facts.topics`.
    """
    return np.stack([one.column(members, topics, facts) for one in ASPECT_DEFINITIONS], axis=1)


NOT_OWN: tuple[Aspect, ...] = ("selection",)
"""Aspects that say nothing of what a city has of its partners: its score goes with it into every group."""


def own_points(members: Ints, topics: Ints, facts: Facts) -> Wide:
    """What each member of many groups has of its group, in half steps (1/128 point).

    Rows and columns are those of `members` (0 for NOBODY). The members' own points of a group sum to its
    value, the aspects `NOT_OWN` left out.
    """
    own = [one.own(members, topics, facts) for one in ASPECT_DEFINITIONS if one.name not in NOT_OWN]
    total: Wide = np.sum(own, axis=0, dtype=np.int64)
    return total
