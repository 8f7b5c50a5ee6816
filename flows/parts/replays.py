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
from flows.pinning import with_rules_files
from flows.replay import ReplayReport, replay
from programme.problems import Problem, ProblemsError
from warehouse.snapshots import read_package


def replay_in_parts(
    context: AppContext,
    settings: PartSettings,
    round_id: str,
    versions: Sequence[int],
    *,
    todays_rules: bool = False,
) -> dict[int, ReplayReport | tuple[Problem, ...]]:
    """What making each version again showed, or what is lacking for it.

    The rules of today are given to the parts: another machine may have others.
    """
    with parts(context, settings) as given:
        try:
            context.programme  # noqa: B018 (rules at fault are not given; a part that needs them says so)
            today = given.file(json.dumps(context.rules_files).encode())
        except ProblemsError:
            today = None
        asked = [
            {
                "kind": "replay",
                "round": round_id,
                "version": version,
                "seal": read_package(context.storage, round_id, version)["seal"],
                "today": today,
                "todays_rules": todays_rules,
            }
            for version in versions
        ]
        found = [json.loads(one) for one in given.done(asked)]
    return dict(zip(versions, map(_answer, found), strict=True))


def replay_part(about: Mapping[str, Any], folder: Path) -> bytes:
    """Whether a version can be made again; what is lacking for that is an answer too."""
    try:
        context = open_context()
        if about["today"] is not None:
            context = with_rules_files(context, json.loads((folder / about["today"]).read_bytes()))
        report = replay(context, about["round"], about["version"], todays_rules=about["todays_rules"])
        return json.dumps(asdict(report)).encode()
    except ProblemsError as error:
        return json.dumps({"problems": [asdict(one) for one in error.problems]}).encode()


def _answer(told: dict[str, Any]) -> ReplayReport | tuple[Problem, ...]:
    if "problems" in told:
        return tuple(Problem(**one) for one in told["problems"])
    given: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in told.items()}
    return ReplayReport(**given)
