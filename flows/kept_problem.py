"""The matching problem of a round's latest version, kept beside the caches, so that what-if need not go
through the forms and registers again.

Belongs here: keeping it and getting it back; where it is not kept it is made again from the version's kept
inputs. It holds no personal data.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from flows.context import AppContext, cache_folder
from tasks.matchmaking.problem import MatchingProblem
from tasks.matchmaking.problem_json import problem_from_json, problem_to_json
from warehouse.snapshots import read_package


def latest_problem(context: AppContext, round_id: str) -> tuple[int, MatchingProblem]:
    """Number of the latest version, and the problem as it would be asked today: that version's candidates,
    decisions and twinnings.

    Raises `ProblemsError` where the round has no version or its inputs are no longer kept.
    """
    version = context.latest(round_id)
    path = _path(context, round_id, version)
    try:
        return version, problem_from_json(path.read_text("utf-8"), context.programme.matchmaking)
    except (OSError, KeyError, TypeError, ValueError):
        made = _made_again(context, round_id, version)
        keep_problem(context, round_id, version, made)
        return version, made


def keep_problem(context: AppContext, round_id: str, version: int, made: MatchingProblem) -> None:
    """Keep the problem of a version; written aside and moved, so that a reader never meets half of it."""
    path = _path(context, round_id, version)
    aside = path.with_suffix(".part")
    aside.write_text(problem_to_json(made), "utf-8")
    aside.replace(path)


def _path(context: AppContext, round_id: str, version: int) -> Path:
    """The file of one version; its name changes with what the version was made from."""
    package = read_package(context.storage, round_id, version)
    made_from = json.dumps(
        [context.storage.address, package["inputs"], package["rules"], package["program"]], sort_keys=True
    )
    return (
        cache_folder(context)
        / f"matching-{round_id}-{version:04d}-{hashlib.sha256(made_from.encode()).hexdigest()[:16]}.json"
    )


def _made_again(context: AppContext, round_id: str, version: int) -> MatchingProblem:
    from flows.preload import places  # noqa: PLC0415
    from flows.procedure import PLAIN, assess, candidates, matching_problem  # noqa: PLC0415
    from flows.replay import kept_round_inputs  # noqa: PLC0415
    from flows.round_inputs import parent_origin, published  # noqa: PLC0415  (the steps; only where nothing is kept)

    latest = published(context, round_id, version)
    round_inputs = kept_round_inputs(context, parent_origin(context, latest), round_id)
    where = places(context)
    assessed = assess(round_inputs, where)
    inputs = assessed.inputs
    evaluators = None if inputs.evaluators.is_empty() else inputs.evaluators
    eligibility, rubric = assessed.judged.eligibility, round_inputs.programme.rubric
    scored = PLAIN.score(inputs.submissions, eligibility, inputs.evaluations, rubric, evaluators=evaluators)
    return matching_problem(round_inputs, assessed, candidates(round_inputs, assessed, scored), latest)
