"""Which form counts: accepted, superseded, late, withdrawn or set aside.

Belongs here: what becomes of each form before anyone judges its city. One city, several forms: recognised by
its links (`city_id`), never by spelling; the latest on-time form stands. Two departments of one city with
wholly different topics are not merged: both stay and a person decides. Must stay out: the rules of
eligibility, and whether a decision names forms that exist (`decided.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import polars as pl

from programme.vocabulary import TOPIC_OTHER
from tasks.eligibility.rules.verdict import Verdict

_NEVER = datetime.min.replace(tzinfo=UTC)
Form = Mapping[str, object]


@dataclass(frozen=True)
class State:
    """What became of one form, which form stands in its place (superseded), and the forms of rival
    departments (accepted).
    """

    state: str
    superseded_by: str | None = None
    rivals: tuple[str, ...] = ()


def states(
    submissions: pl.DataFrame,
    cities: pl.DataFrame,
    on_time: Mapping[str, Verdict],
    withdrawn: frozenset[str],
    merged: Mapping[str, str],
) -> dict[str, State]:
    """The state of every usable form, by submission id: one each.

    `on_time` holds the verdict that counts (decisions applied); `withdrawn` the forms withdrawn by decision;
    `merged` maps a form to the one that a decision put in its place. A withdrawal outranks everything, then a
    merge, then lateness, then the forms of one city among themselves. `superseded_by` names the form that
    stands in the end, not one that gave way itself.
    """
    city_of = dict(cities.select("application_id", "city_id").iter_rows())
    result: dict[str, State] = {}
    groups: dict[str, list[Form]] = {}
    for form in submissions.sort("submission_id").iter_rows(named=True):
        application_id = form["submission_id"]
        if application_id in withdrawn:
            result[application_id] = State("withdrawn")
        elif application_id in merged:
            result[application_id] = State("superseded", merged[application_id])
        elif on_time[application_id].outcome == "not_met":
            result[application_id] = State("late")
        else:
            groups.setdefault(city_of.get(application_id) or application_id, []).append(form)
    for forms in groups.values():
        result |= _one_city(forms)
    return {key: _to_the_end(state, result) for key, state in result.items()}


def _to_the_end(state: State, result: Mapping[str, State]) -> State:
    """Follow `superseded_by` to the form that did not give way; merges hold no circle (`decided.py`) and a
    newer form is never replaced by an older.
    """
    stands, seen = state.superseded_by, set[str]()
    while stands is not None and stands not in seen and (after := result[stands].superseded_by) is not None:
        seen.add(stands)
        stands = after
    return replace(state, superseded_by=stands)


def _one_city(forms: list[Form]) -> dict[str, State]:
    newest_first = sorted(
        forms,
        key=lambda form: (form["submitted_at"] or _NEVER, form["row"], form["submission_id"]),
        reverse=True,
    )
    standing: list[Form] = []
    result: dict[str, State] = {}
    for form in newest_first:
        same = next((other for other in standing if _one_sender(form, other)), None)
        same = same or next((other for other in standing if _topics(form) & _topics(other)), None)
        if same is None:
            standing.append(form)
        else:
            result[str(form["submission_id"])] = State("superseded", str(same["submission_id"]))
    ids = sorted(str(form["submission_id"]) for form in standing)
    for application_id in ids:
        result[application_id] = State(
            "accepted", rivals=tuple(other for other in ids if other != application_id)
        )
    return result


def _one_sender(one: Form, other: Form) -> bool:
    """The same address, or, where one of them left it blank, the same department by name."""
    if _folded(one["contact_email"]) and _folded(other["contact_email"]):
        return _folded(one["contact_email"]) == _folded(other["contact_email"])
    return _folded(one["organisation"]) == _folded(other["organisation"])


def _folded(text: object) -> str:
    return " ".join(str(text or "").casefold().split())


def _topics(form: Form) -> set[object]:
    return {form[f"topic_{n}"] for n in (1, 2, 3)} - {None, TOPIC_OTHER}
