"""`city2city what-if`: the matchmaking asked again with a few decisions more; records nothing and prints only
the difference.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from flows.console import complain, print_json, print_table, say

RoundId = Annotated[str, typer.Argument(metavar="ROUND", help="Id of the round.")]
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


def what_if(
    round_id: RoundId,
    pin: Pins = None,
    forbid: Forbids = None,
    exclude: Excluded = None,
    capacity: Annotated[
        int | None, typer.Option("--capacity", metavar="N", min=0, help="At most N twinnings.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Solve the matchmaking of the latest version again without recording anything, and print what changes.

    Without options: the proof of the selection as it stands, and its balance.
    """
    from dataclasses import asdict  # noqa: PLC0415
    from time import perf_counter  # noqa: PLC0415

    from flows.context import open_context  # noqa: PLC0415
    from flows.kept_problem import latest_problem  # noqa: PLC0415  (polars, the solver)
    from tasks.matchmaking.explain.what_if import Changes, balance_of  # noqa: PLC0415
    from tasks.matchmaking.explain.what_if import what_if as ask  # noqa: PLC0415

    context = open_context()
    context.round(round_id)
    changes = Changes(_pairs(pin, "--pin"), _pairs(forbid, "--forbid"), tuple(exclude or ()), capacity)
    version, problem = latest_problem(context, round_id)
    started = perf_counter()
    answer = ask(problem, changes)
    seconds = perf_counter() - started
    if as_json:
        print_json({"round": round_id, "version": version, "seconds": seconds} | asdict(answer))
    else:
        title = f"Round {round_id}, against version {version}"
        if changes == Changes():
            print_table(
                list(balance_of(problem)),
                title=f"Round {round_id}, version {version}: the balance, and what it costs in points",
            )
        _tell(answer, title, seconds)
    if answer.clashes:
        raise typer.Exit(1)


def _pairs(options: list[str] | None, where: str) -> tuple[tuple[str, str], ...]:
    from programme.problems import Problem, ProblemsError  # noqa: PLC0415

    pairs = [tuple(part.strip() for part in option.split("+")) for option in options or ()]
    wrong = [
        option for option, pair in zip(options or (), pairs, strict=True) if len(pair) != 2 or not all(pair)
    ]
    if wrong:
        raise ProblemsError(
            Problem(repr(option), "two cities joined by +, as A+B", where, "Name both.") for option in wrong
        )
    return tuple((pair[0], pair[1]) for pair in pairs)


def _tell(answer: Any, title: str, seconds: float) -> None:
    for text in answer.clashes:
        complain(text)
    if answer.clashes:
        return
    if answer.given_way:
        say(f"For this question set aside: {', '.join(answer.given_way)}, about the same cities.")
    if answer.twinnings:
        print_table(list(answer.twinnings), title=title)
    else:
        say(f"{title}: nothing would change.")
    if answer.places:
        print_table(list(answer.places))
    if answer.balance:
        print_table(
            list(answer.balance),
            title="The balance where it would change: selected before and after, and what missing it costs in points",
        )
    say(
        f"Worth of the selection (value less balance): {answer.before:.2f} -> {answer.after:.2f} points ({answer.after - answer.before:+.2f})."
    )
    say(_proven(answer.proof, seconds))


def _proven(proof: Any, seconds: float) -> str:
    """The proof in a sentence or two."""
    sure = (
        "no selection can be worth more"
        if proof.gap <= 0
        else f"no selection can be worth more than {proof.bound:.2f}, {proof.gap:.2f} above it"
    )
    return (
        f"Proven: {sure}. Objective {proof.objective:.2f} = value {proof.value:.2f} + {proof.stability_bonus:.2f} for what stays as it was "
        f"- {proof.balance_cost:.2f} for the balance. {proof.groups:,} groups were possible, {proof.columns:,} had to be looked at closely, "
        f"in {seconds:.2f} s."
    )
