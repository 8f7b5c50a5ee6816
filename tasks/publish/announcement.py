"""What the approval of a version would announce, in words.

Belongs here: comparing a version with the one that was approved last, as the cities would hear it. Must stay
out: every changed fact and its cause (`changes.py`), and who approves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from programme.counts import counted

Tables = Mapping[str, pl.DataFrame]


class Placed(NamedTuple):
    """A twinning as a person knows it: the names of its cities, its topic, and its condition."""

    cities: str
    topic: str
    conditional: bool


def announced(before: Tables | None, after: Tables) -> list[str]:
    """What would be announced, one sentence an item; `before` is the version approved last (None: none)."""
    if before is None:
        return _first(after)
    then, now = twinnings_in_words(before), twinnings_in_words(after)
    lines = [f"New: {_named(now[one])}." for one in sorted(now.keys() - then.keys())]
    lines += [f"No longer: {_named(then[one])}." for one in sorted(then.keys() - now.keys())]
    lines += [
        f"Changed: {_named(then[one])} becomes {_named(now[one])}."
        for one in sorted(now.keys() & then.keys())
        if then[one] != now[one]
    ]
    lines += _status_changes(before, after)
    return lines or ["Nothing changes for any city."]


def _first(after: Tables) -> list[str]:
    found = twinnings_in_words(after)
    cities = after["twinning_members"].height
    lines = [f"{counted(len(found), 'twinning')} of {counted(cities, 'city')}, for the first time."]
    lines += [f"New: {_named(found[one])}." for one in sorted(found)]
    return lines + [f"{counted(count, 'application')}: {status}." for status, count in _statuses(after)]


def _statuses(tables: Tables) -> list[tuple[str, int]]:
    counts = tables["eligibility"].group_by("status").len().sort("status")
    return [(str(status).replace("_", " "), count) for status, count in counts.iter_rows()]


def _status_changes(before: Tables, after: Tables) -> list[str]:
    """Applications that another letter would go to: their status, or that they have one at all, changed."""
    then, now = (
        dict(one["eligibility"].select("application_id", "status").iter_rows()) for one in (before, after)
    )
    names = dict(after["applications"].select("application_id", "city_name").iter_rows())
    return [
        f"{names.get(one) or one} ({one}): {_status(then.get(one))} becomes {_status(now.get(one))}."
        for one in sorted(now.keys() | then.keys())
        if then.get(one) != now.get(one)
    ]


def _status(status: str | None) -> str:
    return "not judged" if status is None else status.replace("_", " ")


def twinnings_in_words(tables: Tables) -> dict[str, Placed]:
    """Twinning id to what a person knows of it."""
    cities = tables["applications"].select("application_id", "city_name")
    members = tables["twinning_members"].join(cities, on="application_id", how="left")
    names: dict[str, list[str]] = {}
    ordered = members.sort("twinning_id", "application_id")
    for twinning, application, city in ordered.select(
        "twinning_id", "application_id", "city_name"
    ).iter_rows():
        names.setdefault(twinning, []).append(city or application)
    rows = tables["twinnings"].select("twinning_id", "topic", "conditional").iter_rows()
    return {
        name: Placed(", ".join(names.get(name, [])), topic, conditional) for name, topic, conditional in rows
    }


def _named(one: Placed) -> str:
    return f"{one.cities} on {one.topic}" + (", on condition" if one.conditional else "")
