"""Every reason for not being placed, recomputed from the candidates by other means than the product's."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import combinations
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tasks.matchmaking.choice import Watch
from tasks.matchmaking.explain.losses import stopped_after
from tasks.matchmaking.problem import Capacity, Constraints, Forbid, MatchingProblem, MatchingResult
from tasks.matchmaking.step import match
from tests.examples import examples
from tests.tasks.matchmaking.making import invented

Row = dict[str, object]


def topics_of(row: Row) -> set[object]:
    return {row[f"topic_{n}"] for n in (1, 2, 3)} - {None}


def shared_minutes(a: Row, b: Row, problem: MatchingProblem) -> int:
    """The least of any working day of the twelve months."""
    return least_shared(*sorted((str(a["timezone"]), str(b["timezone"]))), problem.starts)


@cache
def least_shared(zone: str, other: str, starts: date) -> int:
    days = [starts + timedelta(days=n) for n in range(365)]
    shared = []
    for day in (one for one in days if one.weekday() < 5):
        noon = datetime.combine(day, time(12), UTC)
        offsets = [noon.astimezone(ZoneInfo(one)).utcoffset() for one in (zone, other)]
        ahead = [one.total_seconds() / 60 for one in offsets if one is not None]
        apart = abs(ahead[0] - ahead[1]) % 1440
        shared.append(max(0, int(480 - min(apart, 1440 - apart))))
    return min(shared)


def gains(a: Row, b: Row, topic: object) -> int:
    """Levels that a gains from b on a topic."""
    need, experience = (
        next(one[f"topic_{n}_{what}"] or 0 for n in (1, 2, 3) if one[f"topic_{n}"] == topic)
        for one, what in ((a, "need"), (b, "experience"))
    )
    return min(int(str(need)), int(str(experience)))


def below_minimum_worth(group: tuple[Row, ...], topic: object) -> str | None:
    """The first rule of the minimum worth that a group breaks, under the values the program ships with."""
    if any(max(gains(a, b, topic) for b in group if b is not a) < 1 for a in group):
        return "least_gain"
    if all(one["jurisdiction"] == "none" for one in group):
        return "some_jurisdiction"
    return "most_of_one_country" if len({one["country_iso3"] for one in group}) == 1 else None


def kept_apart_by(a: Row, b: Row, problem: MatchingProblem) -> str | None:
    """The rule that keeps two candidates apart on every topic, from the candidates' columns alone.

    Of several topics it is that on which they come nearest to keeping the rules.
    """
    common = topics_of(a) & topics_of(b)
    if not common:
        return "common_topic"
    if shared_minutes(a, b, problem) < problem.rules.hours.least_shared_minutes:
        return "shared_hours"
    pair = sorted((str(a["city_id"]), str(b["city_id"])))
    funded = problem.cooperations.filter(city_a=pair[0], city_b=pair[1], funded=True)["topic"].to_list()
    found = ["funded_together" if topic in funded else below_minimum_worth((a, b), topic) for topic in common]
    return None if None in found else max(found, key=lambda rule: RULES.index(str(rule)))


def may_be_three(a: Row, b: Row, c: Row, problem: MatchingProblem) -> bool:
    """Whether three candidates may be a twinning on some topic, although a pair of them may not."""
    return any(
        below_minimum_worth((a, b, c), topic) is None
        for topic in topics_of(a) & topics_of(b) & topics_of(c)
        if all(
            shared_minutes(one, other, problem) >= problem.rules.hours.least_shared_minutes
            and problem.cooperations.filter(
                city_a=min(str(one["city_id"]), str(other["city_id"])),
                city_b=max(str(one["city_id"]), str(other["city_id"])),
                topic=topic,
                funded=True,
            ).is_empty()
            for one, other in combinations((a, b, c), 2)
        )
    )


def check(problem: MatchingProblem, answer: MatchingResult) -> Counter[str]:
    """Assert that each reason holds; answers how many there are of each kind."""
    people = {row["application_id"]: row for row in problem.candidates.iter_rows(named=True)}
    placed = set(answer.twinning_members["application_id"])
    apart = {frozenset((one.city_a, one.city_b)) for one in problem.constraints.forbids if one.topic is None}
    for row in answer.unplaced.iter_rows(named=True):
        me = people[row["application_id"]]
        others = [one for one in people.values() if one["city_id"] != me["city_id"]]
        removed = Counter(kept_apart_by(me, one, problem) for one in others)
        partners = [(one,) for one in others if kept_apart_by(me, one, problem) is None]
        partners += [pair for pair in combinations(others, 2) if may_be_three(me, *pair, problem)]
        free = [
            {one["application_id"] for one in group}
            for group in partners
            if not any(
                frozenset((one["city_id"], other["city_id"])) in apart
                for one, other in combinations((me, *group), 2)
            )
        ]
        fitting = [group for group in free if len(group) < problem.capacity.max_cities]
        if row["kind"] in ("no_partner", "below_minimum_worth"):
            assert not partners
            assert (row["kind"] == "no_partner") == (not {*RULES[3:]} & {*removed})
            assert row["removed_by"] == ", ".join(f"{r} {removed[r]}" for r in RULES if removed[r])
        elif row["kind"] == "decisions":
            assert partners
            assert not free
        elif row["kind"] == "better_twinnings":
            assert free
            assert all(group & placed for group in fitting)
        else:
            assert row["kind"] in ("capacity", "balance")
            assert not fitting or not all(group & placed for group in fitting)
        names = {str(one["city_name"]) for one in others}
        assert not any(f"{name} " in row["message"] for name in names)
        assert "point" not in row["message"]
    return Counter(answer.unplaced["kind"])


RULES = (
    "common_topic",
    "shared_hours",
    "funded_together",
    "least_gain",
    "some_jurisdiction",
    "most_of_one_country",
)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_every_reason_of_an_invented_round_is_true(seed: int) -> None:
    problem = invented(30, seed, capacity=Capacity(4, 10))
    few = problem.candidates.with_columns(pl.lit(None, pl.String).alias(f"topic_{n}") for n in (2, 3))
    problem = replace(problem, candidates=few)
    kinds = check(problem, match(problem))
    assert set(kinds) <= {"capacity", "better_twinnings", "no_partner", "below_minimum_worth"}


def test_a_decision_that_takes_the_only_partner_is_the_reason() -> None:
    problem = invented(6, 1, capacity=Capacity(3, 6))
    pairs = combinations(sorted(problem.candidates["city_id"]), 2)
    forbids = tuple(Forbid(a, b, None, "decision 1") for a, b in pairs)
    answer = match(replace(problem, constraints=Constraints(forbids=forbids)))
    kinds = check(replace(problem, constraints=Constraints(forbids=forbids)), answer)
    assert kinds["decisions"]
    assert set(kinds) <= {"decisions", "no_partner", "below_minimum_worth"}


@settings(max_examples=examples(6), derandomize=True)
@example(n=8, seed=1333, twinnings=1)
@example(n=5, seed=2510, twinnings=1)
@given(n=st.integers(2, 14), seed=st.integers(0, 10_000), twinnings=st.integers(0, 4))
def test_every_reason_is_true(n: int, seed: int, twinnings: int) -> None:
    problem = invented(n, seed, capacity=Capacity(twinnings, 2 * twinnings))
    uncertain = problem.rules.robustness.model_copy(update={"scenarios": 1})
    problem = replace(problem, rules=problem.rules.model_copy(update={"robustness": uncertain}))
    check(problem, match(problem))


def test_beyond_the_limit_of_work_a_least_loss_is_told_that_holds() -> None:
    problem = invented(40, 5, capacity=Capacity(6, 15))
    limits = problem.rules.limits.model_copy(update={"explanation_work": 0})
    exact = match(problem)
    limited = match(replace(problem, rules=problem.rules.model_copy(update={"limits": limits})))
    assert limited.twinnings.equals(exact.twinnings)
    assert limited.unplaced["regret"].null_count() == limited.unplaced.height
    told = limited.findings.filter(expectation="losses_are_exact")
    assert told.height == 1
    pairs = zip(exact.unplaced.iter_rows(named=True), limited.unplaced.iter_rows(named=True), strict=True)
    for known, least in pairs:
        if known["regret"] is not None and "at least" in least["reason"]:
            figure = float(least["reason"].split("at least ")[1].split(" ")[0])
            assert figure <= known["regret"] + 0.005


@pytest.mark.parametrize("looks", [0, 3, 40])
def test_what_a_clock_stopped_can_be_made_again(looks: int) -> None:
    """The clock runs out after some looks; the finding says after how many, and that is enough."""
    problem = invented(40, 5, capacity=Capacity(6, 15))
    asked = iter(range(looks + 1))
    stopped = match(problem, Watch(out_of_time=lambda: next(asked, looks) >= looks))
    assert stopped_after(stopped.findings) == looks
    again = match(problem, Watch(stop_after=looks))
    for name in ("twinnings", "twinning_members", "unplaced", "preferences", "findings"):
        assert getattr(again, name).equals(getattr(stopped, name)), name
    assert again.proof == stopped.proof
    assert again.twinning_sensitivity.equals(stopped.twinning_sensitivity)
    assert stopped.proof.bound >= match(problem).proof.objective


def test_no_clock_no_finding_of_a_clock() -> None:
    assert stopped_after(match(invented(40, 5, capacity=Capacity(6, 15))).findings) is None
