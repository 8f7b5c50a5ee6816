"""What happens if a city leaves: the smallest change that keeps everybody else's place, proven.

All other twinnings stand. Those who remain of its own keep a place if any selection can give them one,
alone, with cities that wait, or on another topic; of all such changes the one that is worth most is told.

Belongs here: the question put to the solver, and its answer as dictionary REPAIRS. Must stay out: recording
decisions (`flows/commands/replace.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import polars as pl

from programme.counts import listed
from programme.selection_vocabulary import RepairKind
from tasks.matchmaking.choice import Choice, choose_again, worth_without_bonus
from tasks.matchmaking.problem import BaselineTwinnings, Confirmation, MatchingProblem, Withdrawal
from tasks.matchmaking.value.twinning import Twinning
from warehouse.dictionary.near_selection import REPAIRS

SOURCE = "the selection"


@dataclass(frozen=True)
class Repair:
    """What happens if the application `leaver` leaves `twinning`.

    `joins` and `loses` are other applications that get or lose a place; `remaining` is the twinning of
    those who remain, None where they have none or several. `loss` is in points.
    """

    leaver: int
    twinning: Twinning
    kind: RepairKind
    joins: tuple[int, ...]
    loses: tuple[int, ...]
    remaining: Twinning | None
    loss: float
    proven: bool


def repairs_table(choice: Choice) -> pl.DataFrame:
    """Dictionary REPAIRS: one row for each application in a twinning."""
    return repairs_of(choice, 0, None)


def repairs_of(choice: Choice, first: int, last: int | None) -> pl.DataFrame:
    """The rows of REPAIRS from one to before another; each follows from the choice alone."""
    leavers = [(one, i) for one in choice.all_twinnings for i in one.group][first:last]
    return REPAIRS.frame([_row(repair(choice, one, i), choice) for one, i in leavers])


def repair(choice: Choice, twinning: Twinning, leaver: int) -> Repair:
    """The best change after one application left its twinning, all other twinnings left as they are."""
    facts = replace(choice.facts, waivers=choice.problem.constraints.waivers)
    after = choose_again(_left(choice, twinning, leaver), facts)
    before, now = (_placed(one.all_twinnings) for one in (choice, after))
    rest = tuple(i for i in twinning.group if i != leaver)
    joins = tuple(sorted(now - before))
    loses = tuple(sorted(before - now - {leaver}))
    having = [one for one in after.all_twinnings if set(one.group) & set(rest)]
    remaining = having[0] if len(having) == 1 and set(rest) <= set(having[0].group) else None
    return Repair(
        leaver,
        twinning,
        _kind(twinning, rest, remaining, loses),
        joins,
        loses,
        remaining,
        worth_without_bonus(choice) - worth_without_bonus(after),
        after.solution.proven,
    )


def _kind(
    twinning: Twinning, rest: tuple[int, ...], remaining: Twinning | None, loses: tuple[int, ...]
) -> RepairKind:
    if loses:
        return "dissolves"
    if remaining is None or remaining.topic != twinning.topic:
        return "rematched"
    return "shrinks" if set(remaining.group) == set(rest) else "joined"


def _left(choice: Choice, twinning: Twinning, leaver: int) -> MatchingProblem:
    """The problem in which a city has left and all other twinnings stand.

    Each that remains of the twinning has a claim to a place, as after a confirmed twinning that lost a city.
    """
    problem, people = choice.problem, choice.facts.applicants
    decided = problem.constraints
    confirmed = {one.twinning_id for one in choice.confirmed}
    left = people[leaver].city_id
    stands = [
        Confirmation(one.twinning_id, one.topic, _cities(one.group, choice), SOURCE)
        for one in choice.chosen
        if one is not twinning
    ]
    if twinning.twinning_id not in confirmed:
        stands += [
            Confirmation(f"{twinning.twinning_id} {i}", twinning.topic, _cities((i, leaver), choice), SOURCE)
            for i in twinning.group
            if i != leaver
        ]
    return replace(
        problem,
        baseline=BaselineTwinnings(),  # the others stand anyhow
        constraints=replace(
            decided,
            confirmations=(*decided.confirmations, *stands),
            withdrawals=(*decided.withdrawals, Withdrawal(left, SOURCE)),
            pins=tuple(one for one in decided.pins if left not in (one.city_a, one.city_b)),
        ),
    )


def _cities(group: Iterable[int], choice: Choice) -> tuple[str, ...]:
    return tuple(sorted(choice.facts.applicants[i].city_id for i in group))


def _placed(twinnings: Iterable[Twinning]) -> set[int]:
    return {i for one in twinnings for i in one.group}


def _row(one: Repair, choice: Choice) -> dict[str, object]:
    people = choice.facts.applicants

    def ids(some: Iterable[int]) -> str:
        return ", ".join(people[i].application_id for i in some)

    return {
        "application_id": people[one.leaver].application_id,
        "twinning_id": one.twinning.twinning_id,
        "kind": one.kind,
        "joins": ids(one.joins),
        "loses": ids(one.loses),
        "topic": one.remaining.topic if one.remaining else None,
        "members": ids(one.remaining.group) if one.remaining else "",
        "loss": one.loss,
        "proven": one.proven,
        "words": in_words(one, choice),
    }


def in_words(one: Repair, choice: Choice) -> str:
    """A repair in sentences, for the office."""
    people = choice.facts.applicants

    def names(some: Iterable[int]) -> str:
        return listed(people[i].city_name for i in some)

    rest = names(i for i in one.twinning.group if i != one.leaver)
    places = "its place" if len(one.loses) == 1 else "their places"
    words = {
        "shrinks": f"{rest} stay together on {one.twinning.topic}.",
        "joined": f"{names(one.joins)} would join {rest} on {one.twinning.topic}.",
        "rematched": f"{rest} would be matched anew.",
        "dissolves": f"{names(one.loses)} would lose {places}: no such twinning fits.",
    }[one.kind]
    if one.joins and one.kind != "joined":
        words += f" {names(one.joins)} would get a place."
    worth = f"{abs(one.loss):.2f} points {'less' if one.loss >= 0 else 'more'}"
    return f"If {people[one.leaver].city_name} leaves: {words} The selection would be worth {worth}."
