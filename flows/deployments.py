"""What runs when, made from the rounds.

`make schedules` writes `prefect.yaml`, so that no deadline is typed twice. Belongs here: the deployments and
their schedules. Must stay out: when a round closes (`programme/rounds.toml`) and what a flow does.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal

import yaml

from programme.rounds import Round, Rounds, read_rounds

WORK_POOL = "city2city"
SCAN_AT = time(7, 0)
"""Local time of the daily scan: the ops team reads its result when the office opens."""
AFTER_THE_DEADLINE, BY_HAND = "scheduled after the deadline", "reprocessed by hand"
STARTED_BY_HAND = "started by hand"
"""Reasons that a run has unless somebody gives one: that of the schedule is a parameter of the schedule, so
that a run which somebody starts months later does not bear it.
"""
HEADER = """\
# When what runs. Deploy with `prefect deploy --all` from this folder; the worker then works here too. Written
# by `make schedules` from programme/rounds.toml; a test fails when the two no longer agree. A one-off needs
# DTSTART: an RRULE without it yields no run at all, silently. One run of a round at a time: Prefect's limit
# counts the runs of one deployment and lets the last one win; the round's own lock (warehouse/lock.py) holds
# for every way to start a run, and lets the first win. reprocess-round serves all rounds, so it has no limit:
# two rounds can be processed side by side.
"""


def deployments(rounds: Rounds) -> dict[str, Any]:
    """The content of `prefect.yaml`.

    Each round has a deployment for its processing and one for its daily scan; one more processes any round
    again, and one approves a version.
    """
    items: list[dict[str, Any]] = []
    for round_ in rounds.rounds:
        items += [process_deployment(round_), scan_deployment(round_)]
    items += [_reprocess(rounds), _approve(rounds)]
    return {"name": "city2city", "build": None, "push": None, "deployments": items}


def prefect_yaml(rounds: Rounds) -> str:
    """`prefect.yaml` as text."""
    return HEADER + str(yaml.safe_dump(deployments(rounds), sort_keys=False, width=150, allow_unicode=True))


ONE_AT_A_TIME = {"limit": 1, "collision_strategy": "CANCEL_NEW"}


def planned_runs(round_: Round, kind: Literal["process", "scan"]) -> list[datetime]:
    """The moments at which the schedule of a round runs, in order, in its time zone."""
    if kind == "process":
        return [round_.processed_at]
    days = (round_.closes - round_.opens).days + 1
    return [datetime.combine(round_.opens + timedelta(n), SCAN_AT, round_.zone) for n in range(days)]


def process_deployment(round_: Round) -> dict[str, Any]:
    """The deployment that processes a round on the morning after its deadline."""
    return _deployment(
        f"process-{round_.id}",
        f"{round_.title}: processed on the morning after its deadline.",
        "flows/process_round.py:process_round",
        {"round_id": round_.id, "reason": STARTED_BY_HAND},
        ["city2city", f"round:{round_.id}"],
        _schedule("after-the-deadline", round_.processed_at, round_.timezone, 1)
        | {"parameters": {"reason": AFTER_THE_DEADLINE}},
    )


def scan_deployment(round_: Round) -> dict[str, Any]:
    """The deployment that looks at a round every morning while its call is open."""
    first, *_ = days = planned_runs(round_, "scan")
    return _deployment(
        f"scan-{round_.id}",
        f"{round_.title}: the early scan, every morning while the call is open.",
        "flows/early_scan.py:early_scan",
        {"round_id": round_.id},
        ["city2city", f"round:{round_.id}"],
        _schedule("daily-while-open", first, round_.timezone, len(days)),
    )


def _reprocess(rounds: Rounds) -> dict[str, Any]:
    return _deployment(
        "reprocess-round",
        "One round again, after something was corrected; started by hand with round and reason.",
        "flows/process_round.py:process_round",
        {"round_id": rounds.rounds[-1].id, "reason": BY_HAND},
        ["city2city", "reprocess"],
    ) | {"concurrency_limit": None}


def _approve(rounds: Rounds) -> dict[str, Any]:
    return _deployment(
        "approve-round",
        "A version is approved, so that it may leave the house; started by hand with round, version and by.",
        "flows/approve_round.py:approve_round",
        {"round": rounds.rounds[-1].id},
        ["city2city", "approve"],
    )


def _deployment(
    name: str,
    description: str,
    entrypoint: str,
    parameters: dict[str, str],
    tags: list[str],
    *schedules: dict[str, Any],
) -> dict[str, Any]:
    return {
        "name": name,
        "description": description,
        "entrypoint": entrypoint,
        "work_pool": {"name": WORK_POOL},
        "tags": tags,
        "concurrency_limit": dict(ONE_AT_A_TIME),
        "parameters": parameters,
        "schedules": list(schedules),
    }


def _schedule(slug: str, first: datetime, timezone: str, count: int) -> dict[str, Any]:
    rule = f"DTSTART;TZID={timezone}:{first:%Y%m%dT%H%M%S}\nRRULE:FREQ=DAILY;COUNT={count}"
    return {"rrule": rule, "timezone": timezone, "slug": slug}


if __name__ == "__main__":
    (Path(__file__).parent.parent / "prefect.yaml").write_text(prefect_yaml(read_rounds()), "utf-8")
