"""Whether a pin keeps the hard rules, asked before it is recorded.

Belongs here: asking the problem of the latest version. Must stay out: the rules (`tasks/matchmaking/value`)
and what is recorded (`flows/commands/decide.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flows.context import AppContext
from flows.what_if import latest_problem
from programme.problems import ProblemsError, problem
from tasks.decisions.pin_value import pin_value, read_pin_value
from tasks.matchmaking.constraints import constraints_from
from tasks.matchmaking.feasibility.infeasibility import below_minimum_of, remedy, rules_broken_by
from tasks.matchmaking.problem import BaselineTwinnings, Constraints
from tasks.matchmaking.value.facts import facts_of
from warehouse.dictionary.inputs import DECISIONS
from warehouse.snapshots import latest_version


def insisted_value(kind: str, value: str | None, overrides: Sequence[str]) -> str | None:
    """The value of a decision with the hard rules that are overridden.

    Raises `ProblemsError` for another kind than a pin.
    """
    if not overrides:
        return value
    if kind != "pin":
        raise problem(
            found=f"--override for a decision of kind {kind}",
            expected="--override for a pin",
            where="--override",
            remedy="Leave it out.",
        )
    said = read_pin_value(value)
    return pin_value(said.topic, [*said.overrides, *overrides])


def check_pin(context: AppContext, round_id: str, row: Mapping[str, object]) -> list[str]:
    """Raise `ProblemsError` for a pin that breaks a hard rule which it does not override.

    It names the rule and the figure. What the pin breaks of the minimum worth is answered in sentences, since
    that gives way to it. A pin of a city that is no candidate of the latest version is not judged: the next
    run does that.
    """
    if row["kind"] != "pin" or latest_version(context.storage, round_id) is None:
        return []
    try:
        _, asked = latest_problem(context, round_id)
    except ProblemsError:  # its inputs were erased: the next run judges the pin
        return []
    pins = constraints_from(DECISIONS.frame([dict(row)]), asked.candidates, BaselineTwinnings()).pins
    facts = facts_of(replace(asked, constraints=Constraints(pins=pins)))
    broken = rules_broken_by(pins, facts) if pins else ()
    if broken:
        raise problem(
            found=f"a pin of two cities that break a hard rule: "
            f"{'; '.join(f'{one.rule}, {one.words}' for one in broken)}",
            expected="two cities that may be in one twinning",
            where=f"{row['subject']} and {row['object']}",
            remedy=remedy(broken),
        )
    return [
        f"The pin breaks the rule {one.rule} of the minimum worth: {one.words}. It holds nevertheless."
        for one in below_minimum_of(pins, facts)
    ]
