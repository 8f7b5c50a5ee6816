"""The samples' only source of random numbers.

Belongs here: seeded generators, one for each named purpose, so that a new case does not change all the
others. Must stay out: what is drawn with them.
"""

from __future__ import annotations

from random import Random

SEED = "city2city samples 1"
"""Change it and every committed sample changes; there is no reason to."""


def seeded_random(*purpose: object) -> Random:
    """A generator that depends on seed and purpose alone, not on order, machine, hash seed or clock."""
    return Random("/".join([SEED, *map(str, purpose)]))  # noqa: S311 - repeatable invention is wanted here, not secrecy
