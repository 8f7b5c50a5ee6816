"""`city2city what-if`: the matchmaking asked again with a few decisions more.

It records nothing and prints only the difference.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from flows.commands.options import AsJson, RoundId, ShowAll
from flows.console import print_error, print_json, print_table, print_text
from flows.context import open_context
from flows.what_if import ask_what_if
from programme.problems import Problem, ProblemsError
from tasks.matchmaking.explain.what_if import Changes, Difference, balance_of
from tasks.matchmaking.problem import Proof

Pins = Annotated[
    list[str] | None,
    typer.Option(
        "--pin", metavar="A+B", help="Keep two cities together (submission id, city id or name); repeatable."
    ),
]
Forbids = Annotated[
    list[str] | None, typer.Option("--forbid", metavar="A+B", help="Keep two cities apart; repeatable.")
]
Excluded = Annotated[
    list[str] | None, typer.Option("--exclude", metavar="A", help="Leave a city out; repeatable.")
]
Capacity = Annotated[int | None, typer.Option("--capacity", metavar="N", min=0, help="At most N twinnings.")]


def what_if(
    round_id: RoundId,
    pin: Pins = None,
    forbid: Forbids = None,
    exclude: Excluded = None,
    capacity: Capacity = None,
    show_all: ShowAll = False,
    as_json: AsJson = False,
) -> None:
    """Solve the matchmaking again and print what changes.

    It starts from the latest version and records nothing. Without options: the proof of the selection as it
    stands, and its balance.
    """
    context = open_context()
    context.round(round_id)
    changes = Changes(_pairs(pin, "--pin"), _pairs(forbid, "--forbid"), tuple(exclude or ()), capacity)
    asked = ask_what_if(context, round_id, changes)
    version, answer, seconds = asked.version, asked.answer, asked.seconds
    if as_json:
        print_json({"round": round_id, "version": version, "seconds": seconds} | asdict(answer))
    else:
        if changes == Changes():
            title = f"Round {round_id}, version {version}: the balance, and what it costs in points"
            print_table(list(balance_of(asked.problem)), title=title, show_all=show_all)
        _print_answer(answer, f"Round {round_id}, against version {version}", seconds, show_all=show_all)
    if answer.clashes:
        raise typer.Exit(1)


def _pairs(options: list[str] | None, where: str) -> tuple[tuple[str, str], ...]:
    pairs = [tuple(part.strip() for part in option.split("+")) for option in options or ()]
    wrong = [
        option for option, pair in zip(options or (), pairs, strict=True) if len(pair) != 2 or not all(pair)
    ]
    if wrong:
        raise ProblemsError(
            Problem(repr(option), "two cities joined by +, as A+B", where, "Name both.") for option in wrong
        )
    return tuple((pair[0], pair[1]) for pair in pairs)


def _print_answer(answer: Difference, title: str, seconds: float, *, show_all: bool) -> None:
    for text in answer.clashes:
        print_error(text)
    if answer.clashes:
        return
    if answer.given_way:
        print_text(f"For this question set aside: {', '.join(answer.given_way)}, about the same cities.")
    for text in answer.insisted:
        print_text(text)
    if answer.twinnings:
        print_table(list(answer.twinnings), title=title, show_all=show_all)
    else:
        print_text(_nothing_changes(answer, title))
    if answer.places:
        print_table(list(answer.places), show_all=show_all)
    if answer.balance:
        balance_title = "The balance where it would change, and what missing it costs in points"
        print_table(list(answer.balance), title=balance_title, show_all=show_all)
    print_text(_worth_text(answer.before, answer.after))
    print_text(_proof_text(answer.proof, seconds))


def _nothing_changes(answer: Difference, title: str) -> str:
    """That the twinnings stay, and why their worth may differ all the same."""
    if round(answer.after - answer.before, 2) == 0:
        return f"{title}: nothing would change."
    return (
        f"{title}: the same cities would be twinned on the same topics, but that would be worth less or more:"
    )


def _worth_text(before: float, after: float) -> str:
    """What the selection is worth before and after, in a sentence."""
    difference = round(after - before, 2)
    if difference == 0:
        return (
            f"The selection is worth {before:.2f} points (its value less what the balance costs), as before."
        )
    change = f"{abs(difference):.2f} points {'more' if difference > 0 else 'less'}"
    return (
        f"The selection would be worth {after:.2f} points (its value less what the balance costs), {change} "
        f"than now ({before:.2f})."
    )


def _proof_text(proof: Proof, seconds: float) -> str:
    """The proof in a sentence or two."""
    bound = (
        "no selection can be worth more"
        if proof.gap <= 0
        else f"no selection can be worth more than {proof.bound:.2f}, {proof.gap:.2f} above it"
    )
    return (
        f"Proven: {bound}. Objective {proof.objective:.2f} = value {proof.value:.2f} + "
        f"{proof.stability_bonus:.2f} for what stays as it was - {proof.balance_cost:.2f} for the balance. "
        f"{proof.groups:,} groups were possible, {proof.columns:,} had to be looked at closely, "
        f"in {seconds:.2f} s."
    )
