"""Making many versions again, each a part.

A part names a round and a version. The process that does it finds them by its own environment, so keys and
passwords are in no file.

Belongs here: sharing out and putting together. Must stay out: making a version again (`flows/replay.py`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flows.context import AppContext, open_context
from flows.parts.settings import PartSettings
from flows.parts.spread import parts
from flows.replay import ReplayReport, replay
from programme.problems import Problem, ProblemsError
from warehouse.snapshots import read_package


def replay_in_parts(
    context: AppContext, settings: PartSettings, round_id: str, versions: Sequence[int]
) -> dict[int, ReplayReport]:
    """What making each version again showed; raises `ProblemsError` with what is lacking of all of them."""
    with parts(context, settings) as given:
        asked = [
            {
                "kind": "replay",
                "round": round_id,
                "version": version,
                "seal": read_package(context.storage, round_id, version)["seal"],
            }
            for version in versions
        ]
        found = [json.loads(one) for one in given.done(asked)]
    if problems := [Problem(**one) for answer in found for one in answer.get("problems", ())]:
        raise ProblemsError(problems)
    return {version: _report(answer) for version, answer in zip(versions, found, strict=True)}


def replay_part(about: Mapping[str, Any], _folder: Path) -> bytes:
    """Whether a version can be made again; what is lacking for that is an answer too."""
    try:
        return json.dumps(asdict(replay(open_context(), about["round"], about["version"]))).encode()
    except ProblemsError as error:
        return json.dumps({"problems": [asdict(one) for one in error.problems]}).encode()


def _report(answer: dict[str, Any]) -> ReplayReport:
    given: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in answer.items()}
    return ReplayReport(**given)
