"""The credits of classes that came short in the round before, as a version's facts tell them.

Belongs here: reading them and saying them in words. Must stay out: what a credit is
(`tasks/matchmaking/value/credits.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from programme.matchmaking import STEPS_PER_POINT

SUBJECTS = {"region": "region", "climate": "climate", "urbanisation": "size class", "topic": "topic"}


@dataclass(frozen=True)
class Credit:
    """The credit of one class: `name` and `key` of it, points, and the version in which it came short."""

    key: str
    name: str
    points: float
    round_id: str
    version: int
    content: str

    @property
    def words(self) -> str:
        """The credit in a sentence."""
        where = f"round {self.round_id}, version {self.version} ({self.content[:12]})"
        return (
            f"{self.name} came short in {where}. So each unit that it misses again costs "
            f"{self.points:.2f} points more."
        )


def credits_of(matching_facts: pl.DataFrame, labels: Mapping[str, str]) -> list[Credit]:
    """Every credit that a version counted; `labels` are topics by id."""
    found = []
    for source, key, steps in (
        matching_facts.filter(what="credit").select("subject", "object", "value").iter_rows()
    ):
        round_id, version, content = source.rsplit(":", 2)
        subject, _, name = key.partition(" ")
        words = f"{labels.get(name, name)} ({SUBJECTS.get(subject, subject)})"
        found.append(Credit(key, words, steps / STEPS_PER_POINT, round_id, int(version), content))
    return sorted(found, key=lambda one: one.key)


def credits_for(matching_facts: pl.DataFrame, application_id: str, labels: Mapping[str, str]) -> list[Credit]:
    """The credits of the classes of one application: of its region, climate and size, and of its topics."""
    own = matching_facts.filter(subject=application_id)
    keys = set(own.filter(pl.col("what") == "class")["object"])
    keys |= {f"topic {topic}" for topic in own.filter(what="priority")["topic"]}
    return [one for one in credits_of(matching_facts, labels) if one.key in keys]
