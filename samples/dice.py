"""The samples' only source of chance.

Belongs here: seeded generators, one for each named purpose, so that a new case does not reshuffle all the
others. Must stay out: what is drawn with them.
"""

from __future__ import annotations

from random import Random

SEED = "city2city samples 1"
"""Change it and every committed sample changes; there is no reason to."""


def dice(*purpose: object) -> Random:
    """A generator that depends on the seed and the purpose alone: not on order, machine, hash seed or
    clock.
    """
    return Random("/".join([SEED, *map(str, purpose)]))  # noqa: S311 - repeatable invention is wanted here, not secrecy
