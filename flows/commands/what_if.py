"""`city2city what-if`: the matchmaking asked again with a few decisions more.

It records nothing and prints only the difference.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Annotated

import typer

from flows.commands.options import AsJson, RoundId, ShowAll
from flows.console import print_error, print_json, print_table, print_text
from flows.context import open_context
from flows.what_if import ask_what_if, latest_problem
from pages.views.trials import nothing_changes, proof_text, worth_text
from programme.problems import Problem, ProblemsError
from tasks.matchmaking.explain.what_if import Changes, Difference, balance_of

Pins = Annotated[
    list[str] | None,
    typer.Option(
        "--pin",
        metavar="A+B[=TOPIC]",
        help="Keep two cities together, on a topic where one is named (submission id, city id or name); "
        "repeatable.",
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
    on_topic = [option for option in pin or () if "=" in option]
    changes = Changes(
        pins=_pairs([option for option in pin or () if option not in on_topic], "--pin"),
        pins_on=_pairs_on_topics(on_topic, context.programme.topics.ids),
        forbids=_pairs(forbid, "--forbid"),
        excluded=tuple(exclude or ()),
        max_twinnings=capacity,
    )
    asked = ask_what_if(*latest_problem(context, round_id), changes)
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


def _pairs_on_topics(options: list[str], topics: Collection[str]) -> tuple[tuple[str, str, str], ...]:
    """Pairs with a topic, written A+B=TOPIC."""
    parts = [(option.rpartition("=")[0], option.rpartition("=")[2].strip()) for option in options]
    if unknown := [topic for _, topic in parts if topic not in topics]:
        raise ProblemsError(
            Problem(f"the topic {topic!r}", f"one of {', '.join(topics)}", "--pin", "Correct the topic.")
            for topic in unknown
        )
    pairs = _pairs([pair for pair, _ in parts], "--pin")
    return tuple((a, b, topic) for (a, b), (_, topic) in zip(pairs, parts, strict=True))


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
        print_text(nothing_changes(answer, title))
    if answer.places:
        print_table(list(answer.places), show_all=show_all)
    if answer.balance:
        balance_title = "The balance where it would change, and what missing it costs in points"
        print_table(list(answer.balance), title=balance_title, show_all=show_all)
    print_text(worth_text(answer.before, answer.after))
    print_text(proof_text(answer.proof, seconds))
