"""Which form of a city counts: accepted, superseded, late, withdrawn or set aside.

Belongs here: what becomes of each form before anyone judges its city. Forms of one city are recognised by
their links (`city_id`), never by spelling; the latest on-time form counts, if its sender may speak for the
city in the place of the other. Two departments of one city with wholly different topics are not merged: both
stay and a person decides. So it is with a form of somebody else; until then the form with the better mandate
goes on, and the other one waits. Must stay out: the rules of eligibility, whether a decision names forms that
exist (`outcome_overrides.py`), when one form takes another's place (`tasks/ingest/tables/standing.py`), and
what people are told (`several_forms.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import polars as pl

from programme.vocabulary import TOPIC_OTHER, Outcome, State
from tasks.ingest.tables.senders import NO_MANDATE, Sender, same_mailbox, same_sender
from tasks.ingest.tables.standing import SentForm, age, replaces_carried, same_desk, shares_topic, standing

ReplacedBy = Literal["decision", "same_sender", "other_sender"]
"""On whose word a form gave way: a person's decision, its own sender's later form, or somebody else's."""


@dataclass(frozen=True)
class FormState:
    """What became of one form.

    `superseded_by` is the id of the form that counts in its place, where the state is superseded, and
    `replaced_by` on whose word. Where the state is accepted, `competing_forms` are the ids of the accepted
    forms of other departments of its city, and `waits_behind` those of other senders that go before it.
    """

    state: State
    superseded_by: str | None = None
    replaced_by: ReplacedBy | None = None
    competing_forms: tuple[str, ...] = ()
    waits_behind: tuple[str, ...] = ()


def form_states(
    submissions: pl.DataFrame,
    *,
    senders: Mapping[str, Sender],
    city_of: Mapping[str, str],
    on_time: Mapping[str, Outcome],
    withdrawn: frozenset[str],
    merged: Mapping[str, str],
    marked: frozenset[str] = frozenset(),
    carried: Collection[str] = (),
) -> dict[str, FormState]:
    """The state of every usable form, by submission id.

    `submissions` are canonical rows, one for each id, `senders` who sent each. `city_of` maps a submission to
    its city's id; a form that it does not know is a city of its own. `on_time` holds the outcome that counts
    (decisions applied), `withdrawn` the forms withdrawn by decision, `merged` maps a form to the one that a
    decision put in its place; `marked` are the forms of which their form tool says something that a person
    must see first; `carried` are forms of an earlier round, which give way to any form of their city that was
    sent in this one. A withdrawal outranks everything, then a merge, then lateness, then the forms of one
    city among themselves. `superseded_by` names the form that counts in the end, not one that gave way
    itself.
    """
    result: dict[str, FormState] = {}
    forms_of: dict[str, list[SentForm]] = {}
    for form in submissions.sort("submission_id").iter_rows(named=True):
        application_id = form["submission_id"]
        if application_id in withdrawn:
            result[application_id] = FormState("withdrawn")
        elif application_id in merged:
            result[application_id] = FormState("superseded", merged[application_id], "decision")
        elif on_time[application_id] == "not_met":
            result[application_id] = FormState("late")
        else:
            city = city_of.get(application_id, application_id)
            sent = _sent(form, city, senders[application_id])
            sent = replace(sent, marked=application_id in marked, carried=application_id in carried)
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
    """The states of the on-time forms of one city: a form gives way to the newest from the same desk.

    Where no newer form is from the same desk, it gives way to the newest that shares a topic. A carried form
    gives way to any that was sent in this round. Nothing of it holds against a sender with a better mandate.
    """
    forms = [_with_best_standing(form, forms) for form in forms]
    by_key = {form.key: form for form in forms}
    replaced = standing(forms, (same_desk, shares_topic, replaces_carried))
    result = {}
    for key, newer in replaced.items():
        same = same_sender(by_key[key].sender, by_key[newer].sender)
        result[key] = FormState("superseded", newer, "same_sender" if same else "other_sender")
    stand = sorted((form for form in forms if form.key not in replaced), key=lambda form: form.key)
    for form in stand:
        others = [other for other in stand if other is not form]
        competing = tuple(other.key for other in others if _departments(form, other))
        before = (other for other in others if other.key not in competing and _goes_before(other, form))
        behind = tuple(other.key for other in sorted(before, key=_precedence))
        result[form.key] = FormState("accepted", competing_forms=competing, waits_behind=behind)
    return result


def _with_best_standing(form: SentForm, forms: list[SentForm]) -> SentForm:
    """A form speaks for the city as well as any form from the same mailbox: a correction that leaves the
    mandate out does not open the door to somebody else.
    """
    if form.sender.standing == NO_MANDATE:
        return form
    best = max(other.sender.standing for other in forms
               if other is form or same_mailbox(form.sender, other.sender))  # fmt: skip
    return replace(form, sender=replace(form.sender, standing=best))


def _departments(one: SentForm, other: SentForm) -> bool:
    """Whether two forms come from two departments of the city, so that only the city can say which stands.

    An organisation's name alone, which anybody can type, shows it only where both mandates are as strong.
    """
    if NO_MANDATE in (one.sender.standing, other.sender.standing):
        return False
    if same_mailbox(one.sender, other.sender):
        return True
    return same_sender(one.sender, other.sender) and one.sender.standing == other.sender.standing


def _goes_before(one: SentForm, other: SentForm) -> bool:
    """Whether, of two senders of one city, the first goes on and the second waits for a person."""
    return _precedence(one) < _precedence(other)


def _precedence(form: SentForm) -> tuple[object, ...]:
    """The better mandate goes before, then the older form; one that its form tool doubts comes last."""
    return form.marked, -form.sender.standing, age(form)


def _sent(form: Mapping[str, Any], city: str, sender: Sender) -> SentForm:
    """A canonical row as what decides which form stands."""
    return SentForm(
        key=str(form["submission_id"]),
        row=form["row"],
        sent_at=form["submitted_at"],
        city=city,
        sender=sender,
        topics=frozenset({form[f"topic_{n}"] for n in (1, 2, 3)} - {None, TOPIC_OTHER}),
    )
