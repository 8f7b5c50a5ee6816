"""What runs when, made from the rounds.

`make schedules` writes `prefect.yaml`, so that no deadline is typed twice. Belongs here: the deployments and
their schedules. Must stay out: when a round closes (`programme/rounds.toml`) and what a flow does.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal

import yaml

from flows.settings import read_settings
from programme.rounds import Round, Rounds, read_rounds

WORK_POOL = "city2city"
SCAN_AT = time(7, 0)
"""Local time of the daily scan: the ops team reads its result when the office opens."""
RETENTION_AT = time(4, 0)
"""Local time of the monthly erasure: no round is processed then."""
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


@dataclass(frozen=True)
class Place:
    """Where runs take place: the work pool, and what its workers need.

    `folder` is that of the program where it is another one than that of deploying, as in a container; `image`
    is for pools whose runs are containers (docker, kubernetes and the like).
    """

    pool: str = WORK_POOL
    folder: str | None = None
    image: str | None = None


HERE = Place()
"""This folder, with runs as processes of this machine."""


def deployments(rounds: Rounds, place: Place = HERE) -> dict[str, Any]:
    """The content of `prefect.yaml`.

    Each round has a deployment for its processing and one for its daily scan; one more processes any round
    again, one approves a version, and one erases what was kept long enough.
    """
    items: list[dict[str, Any]] = []
    for round_ in rounds.rounds:
        items += [process_deployment(round_), scan_deployment(round_)]
    items += [_reprocess(rounds), _approve(rounds), _retention(rounds)]
    for item in items:
        item["work_pool"]["name"] = place.pool
        if place.image is not None:
            item["work_pool"]["job_variables"]["image"] = place.image
    steps: dict[str, Any] = {"build": None, "push": None}
    if place.folder is not None:
        steps["pull"] = [{"prefect.deployments.steps.set_working_directory": {"directory": place.folder}}]
    return {"name": "city2city", **steps, "deployments": items}


def prefect_yaml(rounds: Rounds, place: Place = HERE) -> str:
    """`prefect.yaml` as text."""
    return HEADER + str(
        yaml.safe_dump(deployments(rounds, place), sort_keys=False, width=150, allow_unicode=True)
    )


WORKER_ENVIRONMENT = {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30"}
"""What every run of a worker needs: a sign of life often enough for the alert about runs without one."""
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


def _retention(rounds: Rounds) -> dict[str, Any]:
    first = rounds.rounds[0]
    start = datetime.combine(first.opens.replace(day=1), RETENTION_AT)
    rule = f"DTSTART;TZID={first.timezone}:{start:%Y%m%dT%H%M%S}\nRRULE:FREQ=MONTHLY;BYMONTHDAY=1"
    return _deployment(
        "apply-retention",
        "What was kept as long as programme/retention.toml says is erased, on the first of each month.",
        "flows/apply_retention.py:apply_retention",
        {},
        ["city2city", "retention"],
        {"rrule": rule, "timezone": first.timezone, "slug": "first-of-the-month"},
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
        "work_pool": {"name": WORK_POOL, "job_variables": {"env": dict(WORKER_ENVIRONMENT)}},
        "tags": tags,
        "concurrency_limit": dict(ONE_AT_A_TIME),
        "parameters": parameters,
        "schedules": list(schedules),
    }


def _schedule(slug: str, first: datetime, timezone: str, count: int) -> dict[str, Any]:
    rule = f"DTSTART;TZID={timezone}:{first:%Y%m%dT%H%M%S}\nRRULE:FREQ=DAILY;COUNT={count}"
    return {"rrule": rule, "timezone": timezone, "slug": slug}


def _main() -> None:
    parser = argparse.ArgumentParser(description="Write prefect.yaml from the rounds.")
    parser.add_argument("--folder", help="the program's folder where the workers are (default: this one)")
    parser.add_argument("--pool", default=WORK_POOL, help="the work pool (default: %(default)s)")
    parser.add_argument("--image", help="the image, for a pool whose runs are containers")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "prefect.yaml")
    asked = parser.parse_args()
    place = Place(asked.pool, asked.folder or None, asked.image or None)
    asked.out.write_text(prefect_yaml(read_rounds(read_settings().programme), place), "utf-8")


if __name__ == "__main__":
    _main()
