"""What became of the partners named in part F, where both cities take part in the matching (FAQ 3.7).

Belongs here: the outcome of a pair of candidates. Must stay out: preferences of or for anybody else
(`part_f.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from programme.matchmaking import STEPS_PER_POINT
from programme.vocabulary import HardRule, PreferenceOutcome
from tasks.matchmaking.choice import Choice
from tasks.matchmaking.explain.losses import Losses
from tasks.matchmaking.value.aspects.hours import shared_minutes
from tasks.matchmaking.value.broken_rule import BrokenRule
from tasks.matchmaking.value.hard_rules import broken_rule
from warehouse.dictionary.published import PREFERENCES

OUTCOME_OF_RULE: dict[HardRule, PreferenceOutcome] = {
    "common_topic": "no_common_topic",
    "topic_place": "out_of_place",
    "shared_hours": "too_few_hours",
    "funded_together": "works_together_already",
}
"""Any other hard rule is about what a twinning is worth."""


@dataclass(frozen=True)
class Answer:
    """Outcome of one preference, for the committee and for the city."""

    outcome: PreferenceOutcome
    reason: str
    message: str


def preferred_partners(choice: Choice, losses: Losses) -> pl.DataFrame:
    """Dictionary PREFERENCES: the preferences of candidates for cities that are candidates too."""
    number = {one.application_id: i for i, one in enumerate(choice.facts.applicants)}
    linked = choice.problem.preferences.filter(outcome="linked").sort("application_id", "choice")
    rows: list[dict[str, object]] = []
    for application_id, nth, city in linked.select("application_id", "choice", "city_id").iter_rows():
        i, others = number.get(application_id), choice.facts.by_city.get(city, ())
        if i is not None and others and i not in others:
            answer = _answer(i, others, choice, losses)
            rows.append(
                {
                    "application_id": application_id,
                    "choice": nth,
                    "city_id": city,
                    "outcome": answer.outcome,
                    "reason": answer.reason,
                    "message": answer.message,
                }
            )
    return PREFERENCES.frame(rows)


def _answer(i: int, others: tuple[int, ...], choice: Choice, losses: Losses) -> Answer:
    """The outcome of one preference; `others` are the applications of the preferred city."""
    name = choice.facts.applicants[others[0]].city_name
    together = next(
        (one for one in choice.all_twinnings if i in one.group and set(others) & set(one.group)), None
    )
    if together is not None:
        is_confirmed = together in choice.confirmed
        words = f"together in the {'confirmed' if is_confirmed else 'proposed'} twinning"
        return Answer(
            "honoured",
            f"They are {words} {together.twinning_id} on {together.topic}.",
            f"You and {name} are {words} on {together.topic}.",
        )
    if choice.reduced.infeasible_subsets:
        clash = "Nothing was selected, because recorded decisions clash."
        return Answer("forbidden", clash, "The selection of this round is not settled yet.")
    broken = _broken(i, others, choice)
    if broken is not None:
        return _by_rule(i, others[0], broken, choice)
    return _by_decision(i, others, choice) or _by_worth(i, others, choice, losses)


def _broken(i: int, others: tuple[int, ...], choice: Choice) -> BrokenRule | None:
    """The hard rule that keeps a pair apart on every topic; None where some application may be with it."""
    facts, found = choice.facts, list[BrokenRule]()
    for j in others:
        common = sorted(set(facts.applicants[i].interests) & set(facts.applicants[j].interests))
        for topic in common:
            broken = broken_rule((min(i, j), max(i, j)), topic, facts)
            if broken is None:
                return None
            found.append(broken)
    return found[0] if found else BrokenRule("common_topic", "they share no topic")


def _by_rule(i: int, j: int, broken: BrokenRule, choice: Choice) -> Answer:
    facts, name = choice.facts, choice.facts.applicants[j].city_name
    outcome = OUTCOME_OF_RULE.get(broken.rule, "below_minimum_worth")
    if outcome == "no_common_topic":
        return Answer(outcome, "They chose no topic in common.", f"You and {name} chose no topic in common.")
    if outcome == "out_of_place":
        told = (
            f"On every topic you share with {name}, one of you is not known to lie near enough to water "
            "for it (FAQ 3.6)."
        )
        return Answer(outcome, f"{broken.words}.", told)
    if outcome == "too_few_hours":
        rules, shared = facts.rules.hours, shared_minutes(i, j, facts) or 0
        hours = (
            f"share {shared / 60:g} of {rules.work_minutes / 60:g} working hours; "
            f"a twinning needs {rules.least_shared_minutes / 60:g}"
        )
        return Answer(outcome, f"They {hours}.", f"Your offices and those of {name} {hours} (FAQ 3.6).")
    if outcome == "works_together_already":
        return Answer(
            outcome,
            f"{broken.words}.",
            f"You already work with {name} in a funded initiative on your common topic; the programme does "
            "not repeat it (FAQ 3.6).",
        )
    return Answer(
        outcome,
        f"{broken.words}.",
        f"A twinning with {name} would bring too little to you or to it (FAQ 3.6).",
    )


def _by_decision(i: int, others: tuple[int, ...], choice: Choice) -> Answer | None:
    """The outcome where a recorded decision keeps a pair apart that the rules allow."""
    people, reduced = choice.facts.applicants, choice.reduced
    name, pair = people[others[0]].city_name, {people[i].city_id, people[others[0]].city_id}
    if any({one.city_a, one.city_b} == pair and one.topic is None for one in reduced.forbids):
        return Answer(
            "forbidden",
            "A recorded decision keeps them apart.",
            f"A twinning with {name} is not possible in this round.",
        )
    confirmed = {k for one in choice.confirmed for k in one.group}
    if {i, *others} & confirmed:
        whose = "It" if i in confirmed else name
        who = "You are" if i in confirmed else f"{name} is"
        return Answer(
            "already_confirmed",
            f"{whose} is in a confirmed twinning with others.",
            f"{who} in a confirmed twinning with other cities.",
        )
    if i not in reduced.free or not set(others) & set(reduced.free):
        whose, city = ("It", "Your application") if i not in reduced.free else (name, name)
        return Answer(
            "not_eligible",
            f"{whose} was withdrawn by a recorded decision.",
            f"{city} takes no part in the selection of this round.",
        )
    return None


def _by_worth(i: int, others: tuple[int, ...], choice: Choice, losses: Losses) -> Answer:
    """The outcome where only other twinnings stand against a pair."""
    people = choice.facts.applicants
    name = people[others[0]].city_name
    loss = losses.together(choice.facts.by_city[people[i].city_id], others)
    message = (
        f"A twinning with {name} is possible under the rules. Other twinnings make the selection as a whole "
        "stronger (FAQ 3.5, 3.6)."
    )
    if loss.impossible:
        full = "No twinning with both fits beside the recorded decisions and the capacity that is left."
        return Answer("costs_too_much", full, message)
    cost = f"{loss.steps / STEPS_PER_POINT:.2f} points"
    if loss.exact:
        return Answer("costs_too_much", f"Together they would cost the whole selection {cost}.", message)
    least = f"at least {cost}" if loss.steps else "some points"
    words = f"Together they would cost the whole selection {least}; the exact figure was not worked out."
    return Answer("costs_too_much", words, message)
