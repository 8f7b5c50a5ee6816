"""What runs when, made from the rounds.

`make schedules` writes `prefect.yaml`, so that no deadline is typed twice. Belongs here: the deployments and
their schedules. Must stay out: when a round closes (`programme/rounds.toml`) and what a flow does.
"""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any

import yaml

from programme.rounds import Round, Rounds, read_rounds

SCAN_AT = time(7, 0)
"""Local time of the daily scan: the ops team reads its result when the office opens."""
RETENTION_AT = time(4, 0)
"""Local time of the monthly erasure: no round is processed then."""
AFTER_THE_DEADLINE, BY_HAND = "scheduled after the deadline", "reprocessed by hand"
"""Reasons that a run has unless somebody gives one."""
HEADER = """\
# When what runs. Deploy with `prefect deploy --all` from this folder; the worker then works here too. Written
# by `make schedules` from programme/rounds.toml; a test fails when the two no longer agree. A one-off needs
# DTSTART: an RRULE without it yields no run at all, silently. One run of a round at a time: Prefect's limit
# counts the runs of one deployment and lets the last one win; the round's own lock (warehouse/lock.py) holds
# for every way to start a run, and lets the first win.
"""


def deployments(rounds: Rounds) -> dict[str, Any]:
    """The content of `prefect.yaml`.

    Each round has a deployment for its processing and one for its daily scan; one more processes any round
    again, one approves a version, and one erases what was kept long enough.
    """
    items: list[dict[str, Any]] = []
    for round_ in rounds.rounds:
        items += [_process(round_), _scan(round_)]
    items += [_reprocess(rounds), _approve(rounds), _retention(rounds)]
    return {"name": "city2city", "build": None, "push": None, "deployments": items}


def prefect_yaml(rounds: Rounds) -> str:
    """`prefect.yaml` as text."""
    return HEADER + str(yaml.safe_dump(deployments(rounds), sort_keys=False, width=150, allow_unicode=True))


def _process(round_: Round) -> dict[str, Any]:
    return _deployment(
        f"process-{round_.id}",
        f"{round_.title}: processed on the morning after its deadline.",
        "flows/process_round.py:process_round",
        {"round_id": round_.id, "reason": AFTER_THE_DEADLINE},
        ["city2city", f"round:{round_.id}"],
        _schedule("after-the-deadline", round_.processed_at, round_.timezone, 1),
    )


def _scan(round_: Round) -> dict[str, Any]:
    days = (round_.closes - round_.opens).days + 1
    return _deployment(
        f"scan-{round_.id}",
        f"{round_.title}: the early scan, every morning while the call is open.",
        "flows/early_scan.py:early_scan",
        {"round_id": round_.id},
        ["city2city", f"round:{round_.id}"],
        _schedule(
            "daily-while-open", datetime.combine(round_.opens, SCAN_AT, round_.zone), round_.timezone, days
        ),
    )


def _reprocess(rounds: Rounds) -> dict[str, Any]:
    return _deployment(
        "reprocess-round",
        "One round again, after something was corrected; started by hand with round and reason.",
        "flows/process_round.py:process_round",
        {"round_id": rounds.rounds[-1].id, "reason": BY_HAND},
        ["city2city", "reprocess"],
    )


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
    *schedules: dict[str, str],
) -> dict[str, Any]:
    return {
        "name": name,
        "description": description,
        "entrypoint": entrypoint,
        "work_pool": {"name": "city2city"},
        "tags": tags,
        "concurrency_limit": {"limit": 1, "collision_strategy": "CANCEL_NEW"},
        "parameters": parameters,
        "schedules": list(schedules),
    }


def _schedule(slug: str, first: datetime, timezone: str, count: int) -> dict[str, str]:
    rule = f"DTSTART;TZID={timezone}:{first:%Y%m%dT%H%M%S}\nRRULE:FREQ=DAILY;COUNT={count}"
    return {"rrule": rule, "timezone": timezone, "slug": slug}


if __name__ == "__main__":
    (Path(__file__).parent.parent / "prefect.yaml").write_text(prefect_yaml(read_rounds()), "utf-8")
