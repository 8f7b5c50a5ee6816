"""What a Prefect server says of itself, its workers and its schedules, asked over its API.

Belongs here: the questions. Prefect itself is not loaded, which would take seconds. Must stay out: whether
the answers are good (`prefect_health.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib import metadata
from typing import Any, Literal

from flows.deployments import WORK_POOL, planned_runs, process_deployment, scan_deployment
from flows.operations.line import NoAnswer
from flows.operations.prefect_health import PoolFacts, PrefectFacts, ScheduleFacts, ServerFacts
from flows.operations.web import Answer, request, without_secret
from programme.rounds import Round

TIMEOUT_S = 5.0
NOT_FOUND = 404
_MEANS = {
    401: "it asks for a name and a password (PREFECT_API_AUTH_STRING)",
    403: "the name and password are not allowed in",
    404: "it has no such part, so it is no Prefect server or another version",
}


class Api:
    """One server's API; `secret` is `name:password` where it asks for one."""

    def __init__(self, address: str, secret: str | None = None, timeout: float = TIMEOUT_S) -> None:
        self.address = without_secret(address)
        self._full, self._secret, self._timeout = address, secret, timeout

    def ask(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The answer to GET, or to POST where there is a body.

        Raises `RefusedError` where the server refuses, `OSError` where none answers, `ValueError` where the
        answer is no JSON.
        """
        answer = self._request(path, body)
        if not answer.ok:
            raise RefusedError(answer.status)
        return json.loads(answer.body)

    def time(self) -> datetime | None:
        """The server's own time, where it says it."""
        date = self._request("/admin/version", None).date
        return parsedate_to_datetime(date) if date else None

    def _request(self, path: str, body: Mapping[str, Any] | None) -> Answer:
        data = None if body is None else json.dumps(body).encode()
        return request(self._full + path, data, secret=self._secret, timeout=self._timeout)


class RefusedError(Exception):
    """The server answered with a status that is no success."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def prefect_facts(api: Api, rounds: Iterable[Round], now: datetime) -> PrefectFacts | NoAnswer:
    """Everything that is asked of a server; `NoAnswer` where it does not answer as one."""
    try:
        version = str(api.ask("/admin/version"))
        deployed = {one["name"]: one for one in api.ask("/deployments/filter", {})}
        pool = _pool(api, _pool_of(deployed))
        schedules = _schedules(api, deployed, rounds, now)
    except RefusedError as error:
        return NoAnswer(f"{api.address} answers {error.status}: {_MEANS.get(error.status, 'it refuses')}")
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or type(error).__name__
        return NoAnswer(f"{api.address} does not answer as a Prefect server ({words})")
    return PrefectFacts(ServerFacts(api.address, version, metadata.version("prefect")), pool, schedules)


def time_ahead(api: Api) -> timedelta | None:
    """How much this machine's clock is ahead of the server's; None where the server does not say."""
    theirs = api.time()
    return None if theirs is None else datetime.now(UTC) - theirs


def _pool_of(deployed: Mapping[str, Any]) -> str:
    """The work pool of our deployments; the usual one where none is deployed."""
    ours = (one for name, one in sorted(deployed.items()) if name.startswith("process-"))
    return next((str(one["work_pool_name"]) for one in ours if one.get("work_pool_name")), WORK_POOL)


def _pool(api: Api, name: str) -> PoolFacts:
    try:
        found = api.ask(f"/work_pools/{name}")
    except RefusedError as error:
        if error.status == NOT_FOUND:
            return PoolFacts(name)
        raise
    workers = api.ask(f"/work_pools/{name}/workers/filter", {})
    seen = tuple((str(one["name"]), _moment(one.get("last_heartbeat_time"))) for one in workers)
    return PoolFacts(name, str(found["type"]), bool(found["is_paused"]), seen)


def _schedules(
    api: Api, deployed: Mapping[str, Any], rounds: Iterable[Round], now: datetime
) -> tuple[ScheduleFacts, ...]:
    states = {"type": {"any_": ["SCHEDULED"]}}
    runs = api.ask(
        "/flow_runs/filter", {"flow_runs": {"state": states}, "sort": "EXPECTED_START_TIME_ASC", "limit": 200}
    )
    by_deployment: dict[str, list[dict[str, Any]]] = {}
    for run in runs:
        if run.get("auto_scheduled"):
            by_deployment.setdefault(str(run["deployment_id"]), []).append(run)
    facts = []
    for round_ in rounds:
        wanted: tuple[tuple[Literal["process", "scan"], dict[str, Any]], ...] = (
            ("process", process_deployment(round_)),
            ("scan", scan_deployment(round_)),
        )
        for kind, deployment in wanted:
            name, rule = deployment["name"], deployment["schedules"][0]["rrule"]
            due = next((moment for moment in planned_runs(round_, kind) if moment > now), None)
            facts.append(_schedule(ScheduleFacts(name, kind, due, rule), deployed.get(name), by_deployment))
    return tuple(facts)


def _schedule(
    wanted: ScheduleFacts, found: Mapping[str, Any] | None, runs: Mapping[str, list[dict[str, Any]]]
) -> ScheduleFacts:
    if found is None:
        return wanted
    planned = [one for one in runs.get(str(found["id"]), []) if one["state"]["name"] != "Late"]
    rules = [one["schedule"].get("rrule", "") for one in found.get("schedules", []) if one.get("active")]
    return ScheduleFacts(
        wanted.deployment,
        wanted.kind,
        wanted.due,
        wanted.rule,
        found=True,
        paused=bool(found.get("paused")),
        rules=tuple(rules),
        planned=_moment(planned[0]["expected_start_time"]) if planned else None,
        deployed_at=_moment(found.get("updated")),
        late=len(runs.get(str(found["id"]), [])) - len(planned),
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)
