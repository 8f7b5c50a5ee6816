"""How many examples a property is tried with: few while one works, many in `make test-long`."""

from __future__ import annotations

from hypothesis import settings

QUICK, THOROUGH = "quick", "thorough"
TIMES = 10  # as many examples a thorough run tries for each one of a quick run


def register_profiles() -> None:
    """Make both profiles known to hypothesis; `--hypothesis-profile thorough` chooses the second one.

    A test that is timed fails on a busy machine and says nothing of the program; speed is for the benchmarks.
    """
    settings.register_profile(QUICK, deadline=None, max_examples=40)
    settings.register_profile(THOROUGH, deadline=None, max_examples=40 * TIMES)
    settings.load_profile(QUICK)


def examples(number: int) -> int:
    """`number` of costly examples in a quick run, ten times as many in a thorough one."""
    return number * TIMES if settings.get_current_profile_name() == THOROUGH else number
