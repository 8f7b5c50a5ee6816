"""Pins that hold although their twinning is below the minimum worth: whoever pinned should know.

Belongs here: saying so. Must stay out: letting the rules give way
(`tasks/matchmaking/feasibility/reduced_problem.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from programme.counts import listed
from tasks.matchmaking.choice import Choice
from tasks.matchmaking.value.minimum_worth import all_below_minimum
from tasks.matchmaking.value.twinning import Twinning
from warehouse.dictionary.findings import Finding

EXPECTATION = "pins_keep_the_minimum_worth"


def insisted_pins(choice: Choice) -> Iterator[Finding]:
    """A finding for each rule of the minimum worth that a proposed twinning breaks because it is pinned."""
    facts = replace(choice.facts, waivers=choice.problem.constraints.waivers)
    for one in choice.chosen:
        for broken in all_below_minimum(one.group, one.topic, facts):
            yield Finding(
                "twinnings",
                EXPECTATION,
                f"{_sources(one, choice)} stands, although the twinning on {one.topic} breaks the rule "
                f"{broken.rule}: {broken.words}.",
                row_key=one.twinning_id,
                column="twinning_id",
            )


def _sources(one: Twinning, choice: Choice) -> str:
    cities = {choice.facts.applicants[i].city_id for i in one.group}
    pins = (pin for pin in choice.reduced.pins if {pin.city_a, pin.city_b} <= cities)
    return "The pin of " + listed(dict.fromkeys(pin.source for pin in pins))
