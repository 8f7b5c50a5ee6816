"""What is expected of a round, and why it is not there: for every moment and every way to have no version."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.operations.expected import InputsSeen, RoundSeen, RunSeen, expected, round_lines
from flows.operations.line import Health, NoAnswer
from programme.rounds import Round, read_rounds
from programme.watch import WatchRules, read_watch

ROUND = read_rounds().get("2026-01")
RULES = read_watch()
BRUSSELS = ZoneInfo("Europe/Brussels")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of January 2026 in Brussels; the deadline is the end of the 8th."""
    return datetime(2026, 1, day, hour, minute, tzinfo=BRUSSELS)


INPUTS = InputsSeen(
    {"submissions": at(7, 6), "cohort": at(1, 9), "gcom": at(1, 9), "evaluators": at(1, 9)}, ()
)
NOTHING = RoundSeen(None, None, (), INPUTS)
MORNING = at(9, 7)
STOPPED = RunSeen(at(9, 6), "stopped", "Gate applications_fell: 40 are gone.")


def worst(seen: RoundSeen, now: datetime, round_: Round = ROUND) -> Health:
    order: list[Health] = ["fine", "look", "broken"]
    return max((line.health for line in round_lines(round_, seen, RULES, now)), key=order.index)


def text(seen: RoundSeen, now: datetime) -> str:
    return "\n".join(
        f"{line.what}: {line.found} {line.remedy}" for line in round_lines(ROUND, seen, RULES, now)
    )


def test_it_is_computed_from_the_deadline_in_the_rounds_own_time() -> None:
    wanted = expected(ROUND, RULES)
    assert wanted.look_from == at(7, 7)
    assert wanted.counts_from == at(9, 0)
    assert wanted.version_due == at(9, 7)


@pytest.mark.parametrize(
    ("closes", "zone", "due"),
    [
        pytest.param(date(2026, 3, 28), "Europe/Brussels", "2026-03-29T05:00:00+00:00", id="clocks-forward"),
        pytest.param(date(2026, 10, 24), "Europe/Brussels", "2026-10-25T06:00:00+00:00", id="clocks-back"),
        pytest.param(date(2026, 1, 8), "Pacific/Kiritimati", "2026-01-08T17:00:00+00:00", id="far-east"),
        pytest.param(date(2026, 1, 8), "Pacific/Pago_Pago", "2026-01-09T18:00:00+00:00", id="far-west"),
    ],
)
def test_seven_in_the_morning_is_seven_on_the_clock_there(closes: date, zone: str, due: str) -> None:
    update = {"closes": closes, "originally_closes": closes, "timezone": zone}
    wanted = expected(ROUND.model_copy(update=update), RULES)
    assert wanted.version_due.astimezone(UTC) == datetime.fromisoformat(due)


def test_grace_moves_what_is_due() -> None:
    wanted = expected(ROUND.model_copy(update={"grace_minutes": 24 * 60}), RULES)
    assert wanted.counts_from == at(10, 0)
    assert wanted.version_due > wanted.counts_from


@pytest.mark.parametrize(
    ("now", "health"),
    [
        pytest.param(at(1, 12), "fine", id="a-week-before"),
        pytest.param(at(7, 7), "fine", id="the-day-before"),
        pytest.param(at(9, 6, 59), "look", id="a-minute-before"),
        pytest.param(at(9, 7), "broken", id="on-the-minute"),
        pytest.param(at(9, 7) + timedelta(days=60), "broken", id="months-later"),
    ],
)
def test_when_a_round_without_a_run_is_an_alarm(now: datetime, health: Health) -> None:
    assert worst(NOTHING, now) == health


SIX = at(9, 6)


def run(outcome: str, started_at: datetime = SIX, why: str = "") -> tuple[RunSeen, ...]:
    return (RunSeen(started_at, outcome, why),)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({}, ["no run has begun"], id="no-run"),
        pytest.param({"runs": run("failed", why="disk full.")}, ["failed", "disk full."], id="failed"),
        pytest.param({"runs": run("stopped", why="Gate x.")}, ["stopped", "Gate x.", "accept"], id="stopped"),
        pytest.param({"runs": run("cancelled")}, ["cancelled"], id="cancelled"),
        pytest.param({"runs": run("killed")}, ["killed"], id="killed"),
        pytest.param({"runs": run("running"), "holder": "run of 2026-01"}, ["still running"], id="at-work"),
        pytest.param({"runs": NoAnswer("refused")}, ["nobody can say", "refused"], id="no-database"),
        pytest.param({"inputs": InputsSeen({}, ("no file for gcom",))}, ["no file for gcom"], id="inputs"),
        pytest.param({"inputs": NoAnswer("denied")}, ["denied"], id="inputs-unreadable"),
        pytest.param(
            {"version": 1, "written_at": at(8, 12), "runs": run("published", at(8, 12))},
            ["version 1 was made while the call was open"],
            id="made-before-the-deadline",
        ),
        pytest.param({"runs": run("published")}, ["is gone"], id="the-version-is-gone"),
        pytest.param({"runs": run("failed", at(8, 6))}, ["no run has begun"], id="failed-the-day-before"),
        pytest.param(
            {"runs": (*run("stopped", at(9, 6, 30), "Gate x."), *run("failed"))},
            ["stopped"],
            id="newest-counts",
        ),
    ],
)
def test_an_alarm_says_why_and_what_to_do(change: dict[str, Any], says: list[str]) -> None:
    seen = replace(NOTHING, **change)
    assert worst(seen, MORNING) == "broken"
    told = text(seen, MORNING)
    for part in (*says, "city2city run 2026-01", "2026-01-09 07:00 CET"):
        assert part in told
    assert all(line.remedy for line in round_lines(ROUND, seen, RULES, MORNING))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"runs": run("published")}, id="published"),
        pytest.param({"runs": run("unchanged"), "written_at": at(8, 6)}, id="nothing-changed-since"),
        pytest.param({"runs": NoAnswer("refused"), "written_at": at(9, 6)}, id="database-is-gone"),
        pytest.param({"runs": (*run("failed", at(9, 6, 30)), *run("published"))}, id="failed-afterwards"),
    ],
)
def test_a_version_that_saw_all_forms_is_no_alarm(change: dict[str, Any]) -> None:
    assert worst(replace(NOTHING, version=1, **change), MORNING) == "fine"


@pytest.mark.parametrize(
    ("inputs", "now", "says"),
    [
        pytest.param({"submissions": at(4, 6)}, at(7, 8), "submissions is of 2026-01-04", id="old-forms"),
        pytest.param(
            {"gcom": at(1, 9) - timedelta(days=40)}, at(7, 8), "gcom is of 2025-11-22", id="old-gcom"
        ),
        pytest.param({"cohort": at(1, 9) - timedelta(days=40)}, at(8, 8), "cohort is of", id="old-cohort"),
        pytest.param({"submissions": at(8, 18)}, at(9, 1), "came in since", id="export-of-the-last-day"),
    ],
)
def test_what_is_too_old_is_told_while_there_is_time(
    inputs: dict[str, datetime], now: datetime, says: str
) -> None:
    seen = replace(NOTHING, inputs=InputsSeen({**INPUTS.tables, **inputs}))
    assert worst(seen, now) == "look"
    assert says in text(seen, now)


def test_nobody_who_evaluates_is_told_the_day_before() -> None:
    tables = {name: moment for name, moment in INPUTS.tables.items() if name != "evaluators"}
    seen = replace(NOTHING, inputs=InputsSeen(tables))
    assert "evaluators.csv" in text(seen, at(7, 8))
    assert worst(replace(seen, inputs=InputsSeen({**tables, "evaluations": at(1, 1)})), at(7, 8)) == "fine"


def test_a_missing_input_is_an_alarm_the_day_before() -> None:
    assert worst(replace(NOTHING, inputs=InputsSeen({}, ("no file for gcom",))), at(7, 8)) == "broken"


def test_what_happens_later_is_not_known_yet() -> None:
    seen = replace(NOTHING, version=1, written_at=at(12, 6), runs=run("published", at(12, 6)))
    assert worst(seen, MORNING) == "broken"


MOMENTS = st.integers(-40 * 24 * 60, 50 * 24 * 60).map(lambda minutes: at(9, 7) + timedelta(minutes=minutes))
RUNS = st.lists(
    st.builds(RunSeen, MOMENTS, st.sampled_from(["published", "unchanged", "failed", "stopped", "killed"])),
    max_size=4,
).map(lambda runs: tuple(sorted(runs, key=lambda one: one.started_at, reverse=True)))


@given(RUNS, MOMENTS, st.none() | st.integers(1, 9))
def test_after_seven_it_is_an_alarm_if_and_only_if_no_version_saw_all_forms(
    runs: tuple[RunSeen, ...], now: datetime, version: int | None
) -> None:
    good = any(
        one.outcome in ("published", "unchanged") and at(9, 0) <= one.started_at <= now for one in runs
    )
    alarm = worst(RoundSeen(version, None, runs, INPUTS), now) == "broken"
    assert alarm == (now >= at(9, 7) and not (good and version is not None))


def test_a_folder_of_rules_without_the_file_has_our_values(tmp_path: Any) -> None:
    assert read_watch(tmp_path) == WatchRules() == RULES
