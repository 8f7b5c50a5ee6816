"""What the watch expects of every round, from `watch.toml`.

It is no part of `programme.py`: no result rests on it, so no version names it.
"""

from __future__ import annotations

from datetime import time
from pathlib import Path

from pydantic import Field

from programme.rules import HERE, Rules, read_rules

FILE = "watch.toml"


class DaysOld(Rules):
    """How many days old each input may be on the day before a deadline."""

    submissions: int = Field(default=2, ge=0)
    cohort: int = Field(default=31, ge=0)
    gcom: int = Field(default=31, ge=0)


class Alarms(Rules):
    """How alarms are told."""

    again_after_hours: int = Field(default=24, ge=1)


class WatchRules(Rules):
    """By when a version is there, from when inputs are looked at, and how old they may be.

    `version_by` and `look_from` are local times of a round's time zone.
    """

    version_by: time = time(7, 0)
    look_from: time = time(7, 0)
    most_days_old: DaysOld = DaysOld()
    alarms: Alarms = Alarms()


def read_watch(folder: Path = HERE) -> WatchRules:
    """Read `watch.toml`; a folder of rules without one has the values that the program ships with.

    Raises `ProblemsError`.
    """
    return read_rules(folder if (folder / FILE).exists() else HERE, FILE, WatchRules)
