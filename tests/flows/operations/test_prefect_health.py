"""What of a Prefect server is fine, what a person should look at, and what is broken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from flows.operations.line import Health, Line, NoAnswer
from flows.operations.prefect_health import (
    PoolFacts,
    PrefectFacts,
    ScheduleFacts,
    ServerFacts,
    prefect_lines,
)

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
DUE = datetime(2026, 1, 9, 6, tzinfo=ZoneInfo("Europe/Brussels"))
RULE = "DTSTART;TZID=Europe/Brussels:20260109T060000\nRRULE:FREQ=DAILY;COUNT=1"
SERVER = ServerFacts("http://127.0.0.1:4200/api", "3.8.8", "3.8.8")
POOL = PoolFacts("city2city", "process", workers=(("one", NOW - timedelta(seconds=20)),))
SCHEDULE = ScheduleFacts(
    "process-2026-01", "process", DUE, RULE, found=True, rules=(RULE,), planned=DUE.astimezone(UTC)
)


def lines(
    server: ServerFacts = SERVER, pool: PoolFacts = POOL, schedule: ScheduleFacts = SCHEDULE
) -> dict[str, Line]:
    found = prefect_lines(PrefectFacts(server, pool, (schedule,)), NOW)
    return {line.what.split(" ")[0]: line for line in found}


def test_a_server_as_it_should_be_needs_nothing() -> None:
    assert {line.health for line in lines().values()} == {"fine"}
    assert not [line for line in lines().values() if line.remedy]


@pytest.mark.parametrize(
    ("facts", "health"),
    [
        pytest.param(None, "look", id="none-is-named"),
        pytest.param(NoAnswer("it does not answer"), "broken", id="none-answers"),
    ],
)
def test_without_a_server(facts: NoAnswer | None, health: Health) -> None:
    (line,) = prefect_lines(facts, NOW)
    assert line.health == health
    assert line.remedy


@pytest.mark.parametrize(
    ("version", "health"),
    [
        pytest.param("3.8.8", "fine", id="the-pinned-one"),
        pytest.param("3.8.7", "look", id="a-patch-older"),
        pytest.param("3.9.0", "broken", id="a-minor-newer"),
        pytest.param("2.20.1", "broken", id="a-major-older"),
    ],
)
def test_the_version_of_the_server(version: str, health: Health) -> None:
    assert lines(server=replace(SERVER, version=version))["server"].health == health


@pytest.mark.parametrize(
    ("pool", "what", "health"),
    [
        pytest.param(PoolFacts("city2city"), "work", "broken", id="no-pool"),
        pytest.param(replace(POOL, paused=True), "work", "broken", id="paused"),
        pytest.param(replace(POOL, workers=()), "worker", "broken", id="no-worker"),
        pytest.param(replace(POOL, workers=(("one", None),)), "worker", "broken", id="never-reported"),
        pytest.param(
            replace(POOL, workers=(("one", NOW - timedelta(minutes=3)),)), "worker", "broken", id="silent"
        ),
        pytest.param(
            replace(POOL, workers=(("dead", NOW - timedelta(days=3)), ("two", NOW))),
            "worker",
            "fine",
            id="one-of-two-alive",
        ),
        pytest.param(
            replace(POOL, workers=(("one", NOW + timedelta(seconds=5)),)), "worker", "fine", id="clocks-apart"
        ),
    ],
)
def test_the_pool_and_its_workers(pool: PoolFacts, what: str, health: Health) -> None:
    assert lines(pool=pool)[what].health == health


@pytest.mark.parametrize(
    ("change", "health"),
    [
        pytest.param({"found": False}, "broken", id="not-deployed"),
        pytest.param({"paused": True}, "broken", id="paused"),
        pytest.param({"rules": ()}, "broken", id="schedule-off"),
        pytest.param({"rules": ("DTSTART:20260108T060000Z",)}, "broken", id="deadline-moved-since"),
        pytest.param({"rules": (RULE, RULE)}, "broken", id="scheduled-twice"),
        pytest.param({"planned": None}, "broken", id="no-run-planned"),
        pytest.param({"planned": DUE + timedelta(hours=1)}, "broken", id="planned-an-hour-late"),
        pytest.param({"planned": None, "deployed_at": NOW}, "look", id="deployed-just-now"),
        pytest.param({"planned": None, "due": DUE + timedelta(days=200)}, "fine", id="out-of-reach"),
        pytest.param({"late": 1}, "broken", id="a-late-run"),
        pytest.param({"due": None, "found": False}, "fine", id="over-and-never-deployed"),
        pytest.param({"due": None, "planned": None}, "fine", id="over"),
        pytest.param({"due": None, "late": 1}, "broken", id="over-and-late"),
    ],
)
def test_a_schedule(change: dict[str, object], health: Health) -> None:
    line = lines(schedule=replace(SCHEDULE, **change))["schedule"]  # type: ignore[arg-type]
    assert line.health == health
    assert bool(line.remedy) == (health != "fine")
