"""The chosen selection as the dictionary's tables, with the reasons and the balance beside it.

Belongs here: rows. Must stay out: choosing and proving.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from programme.matchmaking import STEPS_PER_POINT
from tasks.matchmaking.solver.balance import BalanceClass, count
from tasks.matchmaking.value.aspects.hours import shared_by_all, shared_minutes, usual_minutes
from tasks.matchmaking.value.aspects.registry import aspect_values
from tasks.matchmaking.value.facts import Facts
from tasks.matchmaking.value.twinning import Twinning
from warehouse.dictionary.matching import BALANCE, TWINNING_REASONS
from warehouse.dictionary.published import TWINNING_MEMBERS, TWINNINGS


def twinnings_table(chosen: Sequence[Twinning], confirmed: Sequence[Twinning], facts: Facts) -> pl.DataFrame:
    """Dictionary TWINNINGS: proposed and confirmed, each with its aspects."""
    rows: list[dict[str, object]] = []
    for state, twinnings in (("confirmed", confirmed), ("proposed", chosen)):
        for one in twinnings:
            values = aspect_values(one.group, one.topic, facts)
            rows.append(
                {
                    "twinning_id": one.twinning_id,
                    "topic": one.topic,
                    "n_cities": len(one.group),
                    "value": sum(aspect.steps for aspect in values.values()) / STEPS_PER_POINT,
                    **{f"aspect_{name}": aspect.steps / STEPS_PER_POINT for name, aspect in values.items()},
                    "least_shared_minutes": shared_by_all(shared_minutes, one.group, facts),
                    "usual_shared_minutes": shared_by_all(usual_minutes, one.group, facts),
                    "state": state,
                    "conditional": any(facts.applicants[i].tentative for i in one.group),
                }
            )
    return TWINNINGS.frame(rows)


def members_table(twinnings: Sequence[Twinning], facts: Facts) -> pl.DataFrame:
    """Dictionary TWINNING_MEMBERS."""
    return TWINNING_MEMBERS.frame(
        [
            {
                "twinning_id": one.twinning_id,
                "application_id": facts.applicants[i].application_id,
                "city_id": facts.applicants[i].city_id,
                "need": facts.applicants[i].interest(one.topic).need,
                "experience": facts.applicants[i].interest(one.topic).experience,
            }
            for one in twinnings
            for i in one.group
        ]
    )


def reasons_table(twinnings: Sequence[Twinning], facts: Facts) -> pl.DataFrame:
    """Dictionary TWINNING_REASONS: every aspect of every twinning in words."""
    return TWINNING_REASONS.frame(
        [
            {
                "twinning_id": one.twinning_id,
                "aspect": name,
                "points": aspect.steps / STEPS_PER_POINT,
                "reason": aspect.reason,
            }
            for one in twinnings
            for name, aspect in aspect_values(one.group, one.topic, facts).items()
        ]
    )


def balance_table(classes: Sequence[BalanceClass], chosen: Sequence[Twinning], facts: Facts) -> pl.DataFrame:
    """Dictionary BALANCE: what was wanted of each class, what is there, and what the difference costs."""
    rows = []
    for one in classes:
        selected = one.have + count(one.subject, one.name, chosen, facts)
        least, most = max(0, one.least + one.have), one.most + one.have
        missed = max(0, least - selected, selected - most)
        rows.append(
            {
                "subject": one.subject,
                "class": one.name,
                "least": least,
                "most": most,
                "selected": selected,
                "missed": missed,
                "cost": missed * one.price / STEPS_PER_POINT,
            }
        )
    return BALANCE.frame(rows)
