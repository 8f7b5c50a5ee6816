"""Finding out which of several causes made a change: the round processed again without each of them.

Belongs here: taking one cause away from the inputs of a run, and steps that remember what they answered, so
that only what rests on that cause is computed again. Must stay out: the steps (`procedure.py`) and telling
causes apart (`tasks/publish/attribution.py`). Nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ParamSpec, TypeVar, cast

import polars as pl

from flows.checks import check_stages
from flows.console import report_step, silently
from flows.context import AppContext
from flows.errors import StoppedError
from flows.mending import read_kept
from flows.published_versions import (
    APPROVED_INPUT,
    CREDITS_INPUT,
    EARLIER_INPUT,
    PublishedVersion,
    frame_from,
    origin_of,
)
from flows.round_inputs import RoundInputs
from flows.runner import Runner
from programme.problems import ProblemsError
from tasks.crosscheck.step import crosscheck
from tasks.decisions.effective import of_kinds
from tasks.ingest.step import SourceFile, read_all
from tasks.publish.attribution import Attribution
from tasks.publish.changes import Origin, changes
from tasks.publish.differences import Difference, decisions_without, differences
from warehouse.dictionary.published import CHANGES

P = ParamSpec("P")
R = TypeVar("R")
Tables = Mapping[str, pl.DataFrame]
Again = Callable[[RoundInputs], Tables]
"""Processes inputs again, and returns the tables that facts are taken from."""


def changes_since(
    context: AppContext,
    parent: PublishedVersion | None,
    tables: Tables,
    round_inputs: RoundInputs,
    origin: Origin,
    again: Again,
) -> pl.DataFrame:
    """The table `changes` (dictionary CHANGES) of tables made from `origin`; no rows without a parent.

    Where several causes are possible, the round is processed again without each of them.
    """
    if parent is None:
        return CHANGES.empty()
    before = origin_of(context, parent)
    possible = differences(before, origin)
    several = len(possible) + ((before.rules, before.program) != (origin.rules, origin.program)) > 1
    attribution = None
    if possible and several:
        report_step(f"Finding the causes of changes ({len(possible)} are possible)")
        with silently():

            def process(left_out: Sequence[Difference]) -> Tables | None:
                return _made_without(context, left_out, before, origin, round_inputs, again)

            attribution = Attribution.of(tables, {one: process([one]) for one in possible})
            attribution = attribution.with_enough(parent.tables, process)
    return changes(parent.tables, tables, before, origin, attribution)


def _made_without(
    context: AppContext,
    left_out: Sequence[Difference],
    before: Origin,
    after: Origin,
    round_inputs: RoundInputs,
    again: Again,
) -> Tables | None:
    """The tables without some causes; None where they cannot be made."""
    try:
        return again(inputs_without(context, left_out, before, after, round_inputs))
    except (ProblemsError, StoppedError):
        return None


def inputs_without(
    context: AppContext,
    left_out: Sequence[Difference],
    before: Origin,
    after: Origin,
    round_inputs: RoundInputs,
) -> RoundInputs:
    """The inputs of a run, but with some causes as they were before.

    Raises `ProblemsError` where an earlier input is no longer kept.
    """
    decided = decisions_without(before, after, *left_out)
    made = replace(round_inputs, decided=decided, recorded_decisions=decided, as_of=None)
    for cause in left_out:
        if cause.input is not None:
            made = _with_earlier(context, made, cause.input, before)
    return made


def _with_earlier(context: AppContext, made: RoundInputs, name: str, before: Origin) -> RoundInputs:
    """The inputs of a run with one of them as it was before."""
    sha256 = before.inputs.get(name)
    content = read_kept(context, made.round.id, sha256) if sha256 else b""
    if name == EARLIER_INPUT:
        return replace(made, confirmed_cities=frame_from(content, EARLIER_INPUT))
    if name == APPROVED_INPUT:
        return replace(made, approved=frame_from(content, APPROVED_INPUT))
    if name == CREDITS_INPUT:
        return replace(made, credits=frame_from(content, CREDITS_INPUT))
    others = tuple(source for source in made.sources if source.table != name)
    if sha256 is None:
        return replace(made, sources=others)
    names = {(item["table"], item["sha256"]): item["name"] for item in context.ledger.inputs(made.round.id)}
    return replace(made, sources=(*others, SourceFile(name, names.get((name, sha256), name), content)))


class RememberingRunner:
    """Runs steps as another runner does, and answers again what it was asked before.

    Only the slow steps that most causes leave alone are remembered.
    """

    def __init__(self, run: Runner) -> None:
        self._run = run
        self._answers: dict[object, tuple[object, object]] = {}

    def instead(self, run: Runner) -> RememberingRunner:
        """A runner that runs steps in another way, and remembers the same answers."""
        other = RememberingRunner(run)
        other._answers = self._answers
        return other

    def __call__(self, step: Callable[P, R], /) -> Callable[P, R]:
        """The step, remembered where that is worth it."""
        key_of = _KEYS.get(step)
        called = self._run(step)
        if key_of is None:
            return called

        def remembered(*args: P.args, **kwargs: P.kwargs) -> R:
            key = (step, key_of(kwargs))
            if key not in self._answers:
                # What was asked is kept too: a key may name a frame by its identity.
                self._answers[key] = (called(*args, **kwargs), kwargs)
            return cast("R", self._answers[key][0])

        return remembered


def _of_frames(arguments: Mapping[str, Any]) -> tuple[object, ...]:
    return tuple(id(value) for value in arguments.values() if isinstance(value, pl.DataFrame))


def _of_crosscheck(arguments: Mapping[str, Any]) -> tuple[object, ...]:
    links = of_kinds(arguments["decisions"], ("link", "no_link"))
    return (*_of_frames({**arguments, "decisions": None}), tuple(links.iter_rows()))


def _of_stages(arguments: Mapping[str, Any]) -> tuple[object, ...]:
    return (arguments["stages"], *_of_frames(arguments["tables"]))


_KEYS: Mapping[Callable[..., object], Callable[[Mapping[str, Any]], object]] = {
    read_all: lambda arguments: frozenset(
        (source.table, source.name, source.content) for source in arguments["sources"]
    ),
    crosscheck: _of_crosscheck,
    check_stages: _of_stages,
}
"""Steps that are remembered, and what their answer rests on (rules and round are the same in one run)."""
