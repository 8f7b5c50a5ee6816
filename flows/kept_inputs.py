"""The inputs that a version was made from, brought back from where they are kept.

Belongs here: reading them, all that are missing told at once. Must stay out: what is made of them
(`replay.py`, `pinning.py`) and mending damaged ones (`mending.py`).
"""

from __future__ import annotations

from flows.context import AppContext
from flows.mending import read_kept
from flows.published_versions import (
    APPROVED_INPUT,
    CARRIED_INPUT,
    CREDITS_INPUT,
    DECISIONS_INPUT,
    EARLIER_INPUT,
    FRAME_INPUTS,
    frame_from,
)
from flows.round_inputs import RoundInputs
from programme.problems import Problem, ProblemsError
from tasks.ingest.step import SourceFile
from tasks.publish.changes import Origin


def kept_round_inputs(context: AppContext, origin: Origin, round_id: str) -> RoundInputs:
    """The inputs a version was made from, from where they are kept.

    Raises `ProblemsError` naming every one that is no longer kept.
    """
    names = {(item["table"], item["sha256"]): item["name"] for item in context.ledger.inputs(round_id)}
    sources: list[SourceFile] = []
    frames = {name: table.empty() for name, table in FRAME_INPUTS.items()}
    problems: list[Problem] = []
    for table, sha256 in origin.inputs.items():
        try:
            content = read_kept(context, round_id, sha256)
        except ProblemsError as error:
            problems.extend(error.problems)
            continue
        if table in FRAME_INPUTS:
            frames[table] = frame_from(content, table)
        else:
            sources.append(SourceFile(table, names.get((table, sha256), table), content))
    if problems:
        raise ProblemsError(problems)
    return RoundInputs(
        round=context.round(round_id),
        programme=context.programme,
        sources=tuple(sources),
        recorded_decisions=frames[DECISIONS_INPUT],
        confirmed_cities=frames[EARLIER_INPUT],
        approved=frames[APPROVED_INPUT],
        decided=frames[DECISIONS_INPUT],
        offered_forms=frames[CARRIED_INPUT],
        credits=frames[CREDITS_INPUT],
    )
