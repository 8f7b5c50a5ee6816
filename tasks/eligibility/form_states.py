"""Which form of a city counts: accepted, superseded, late, withdrawn or set aside.

Belongs here: what becomes of each form before anyone judges its city. Forms of one city are recognised by
their links (`city_id`), never by spelling; the latest on-time form counts. Two departments of one city with
wholly different topics are not merged: both stay and a person decides. Must stay out: the rules of
eligibility, whether a decision names forms that exist (`outcome_overrides.py`), and when one form takes
another's place (`tasks/ingest/tables/standing.py`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from programme.vocabulary import TOPIC_OTHER, Outcome, State
from tasks.ingest.tables.standing import SentForm, replaces_carried, same_sender, shares_topic, standing


@dataclass(frozen=True)
class FormState:
    """What became of one form.

    `superseded_by` is the id of the form that counts in its place, where the state is superseded.
    `competing_forms` are the ids of the other accepted forms of its city, where the state is accepted.
    """

    state: State
    superseded_by: str | None = None
    competing_forms: tuple[str, ...] = ()


def form_states(
    submissions: pl.DataFrame,
    *,
    city_of: Mapping[str, str],
    on_time: Mapping[str, Outcome],
    withdrawn: frozenset[str],
    merged: Mapping[str, str],
    marked: frozenset[str] = frozenset(),
    carried: Collection[str] = (),
) -> dict[str, FormState]:
    """The state of every usable form, by submission id.

    `submissions` are canonical rows, one for each id. `city_of` maps a submission to its city's id; a form
    that it does not know is a city of its own. `on_time` holds the outcome that counts (decisions applied),
    `withdrawn` the forms withdrawn by decision, `merged` maps a form to the one that a decision put in its
    place; `marked` are the forms of which their form tool says something that a person must see first;
    `carried` are forms of an earlier round, which give way to any form of their city that was sent in this
    one. A withdrawal outranks everything, then a merge, then lateness, then the forms of one city among
    themselves. `superseded_by` names the form that counts in the end, not one that gave way itself.
    """
    result: dict[str, FormState] = {}
    forms_of: dict[str, list[SentForm]] = {}
    for form in submissions.sort("submission_id").iter_rows(named=True):
        application_id = form["submission_id"]
        if application_id in withdrawn:
            result[application_id] = FormState("withdrawn")
        elif application_id in merged:
            result[application_id] = FormState("superseded", merged[application_id])
        elif on_time[application_id] == "not_met":
            result[application_id] = FormState("late")
        else:
            city = city_of.get(application_id, application_id)
            sent = _sent(form, city, marked=application_id in marked, carried=application_id in carried)
            forms_of.setdefault(city, []).append(sent)
    for forms in forms_of.values():
        result |= _of_one_city(forms)
    return {key: _followed(state, result) for key, state in result.items()}


def _followed(state: FormState, result: Mapping[str, FormState]) -> FormState:
    """The state with `superseded_by` followed to the form that did not give way itself.

    This ends: merges hold no circle (`outcome_overrides.py`), a form of a city gives way only to a newer one,
    and a form that was merged is not compared with the others of its city.
    """
    last = state.superseded_by
    while last is not None and (following := result[last].superseded_by) is not None:
        last = following
    return replace(state, superseded_by=last)


def _of_one_city(forms: list[SentForm]) -> dict[str, FormState]:
    """The states of the on-time forms of one city: a form gives way to the newest from the same sender.

    Where no newer form is from the same sender, it gives way to the newest that shares a topic. A carried
    form gives way to any that was sent in this round.
    """
    replaced = standing(forms, (same_sender, shares_topic, replaces_carried))
    result = {key: FormState("superseded", newer) for key, newer in replaced.items()}
    ids = sorted(form.key for form in forms if form.key not in replaced)
    for application_id in ids:
        others = tuple(other for other in ids if other != application_id)
        result[application_id] = FormState("accepted", competing_forms=others)
    return result


def _sent(form: Mapping[str, Any], city: str, *, marked: bool, carried: bool) -> SentForm:
    """A canonical row as what decides which form stands."""
    return SentForm(
        key=str(form["submission_id"]),
        row=form["row"],
        sent_at=form["submitted_at"],
        city=city,
        address=form["contact_email"] or "",
        department=form["organisation"] or "",
        topics=frozenset({form[f"topic_{n}"] for n in (1, 2, 3)} - {None, TOPIC_OTHER}),
        marked=marked,
        carried=carried,
    )
