"""Which form counts: accepted, superseded, late, withdrawn or set aside.

Belongs here: what becomes of each form before anyone judges its city. One city, several forms: recognised by its links (`city_id`), never by
spelling; the latest on-time form stands. Two departments of one city with wholly different topics are not merged: both stay and a
person decides. Must stay out: the rules of eligibility.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from tasks.eligibility.verdict import Verdict

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class State:
    """What became of one form, which form stands in its place (superseded), and the forms of rival departments (accepted)."""

    state: str
    superseded_by: str | None = None
    rivals: tuple[str, ...] = ()


def states(submissions: pl.DataFrame, cities: pl.DataFrame, on_time: dict[str, Verdict], decisions: pl.DataFrame) -> dict[str, State]:
    """The state of every usable form, by submission id.

    `on_time` holds the verdict that counts (decisions applied). A `withdraw` outranks everything, then a `merge`, then lateness,
    then the forms of one city among themselves.
    """
    city_of = dict(cities.select("application_id", "city_id").iter_rows())
    withdrawn = set(decisions.filter(pl.col("kind") == "withdraw")["subject"])
    merged = {replaced: stands for stands, replaced in decisions.filter(pl.col("kind") == "merge").select("subject", "object").iter_rows()}
    result: dict[str, State] = {}
    groups: dict[str, list[dict[str, object]]] = {}
    for form in submissions.iter_rows(named=True):
        application_id = form["submission_id"]
        if application_id in withdrawn:
            result[application_id] = State("withdrawn")
        elif application_id in merged and merged[application_id] != application_id:
            result[application_id] = State("superseded", merged[application_id])
        elif on_time[application_id].outcome == "not_met":
            result[application_id] = State("late")
        else:
            groups.setdefault(city_of.get(application_id) or application_id, []).append(form)
    for forms in groups.values():
        result |= _one_city(forms)
    return result


def _one_city(forms: list[dict[str, object]]) -> dict[str, State]:
    newest_first = sorted(forms, key=lambda form: (form["submitted_at"] or _NEVER, form["row"]), reverse=True)
    standing: list[dict[str, object]] = []
    result: dict[str, State] = {}
    for form in newest_first:
        same = next((other for other in standing if not _rivals(form, other)), None)
        if same is None:
            standing.append(form)
        else:
            result[str(form["submission_id"])] = State("superseded", str(same["submission_id"]))
    ids = sorted(str(form["submission_id"]) for form in standing)
    for application_id in ids:
        result[application_id] = State("accepted", rivals=tuple(other for other in ids if other != application_id))
    return result


def _rivals(one: dict[str, object], other: dict[str, object]) -> bool:
    """Two forms of one city that nobody may merge by rule: from different senders, and with no topic in common."""
    return _sender(one) != _sender(other) and not _topics(one) & _topics(other)


def _sender(form: dict[str, object]) -> tuple[str, str]:
    return str(form["organisation"] or "").casefold().strip(), str(form["contact_email"] or "").casefold().strip()


def _topics(form: dict[str, object]) -> set[object]:
    return {form[f"topic_{n}"] for n in (1, 2, 3)} - {None}
