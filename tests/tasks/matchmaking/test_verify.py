"""The verifier: what it notices in a selection that was tampered with, and that it trusts no array."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import polars as pl
import pytest

from tasks.matchmaking.problem import (
    Capacity,
    Confirmation,
    Constraints,
    Forbid,
    MatchingProblem,
    MatchingResult,
    Pin,
    Waiver,
    Withdrawal,
)
from tasks.matchmaking.value import hard_rules
from tasks.matchmaking.value.aspects import registry
from tasks.matchmaking.verify import verify
from warehouse.dictionary.findings import Finding


@dataclass(frozen=True)
class Tables:
    """What is verified."""

    problem: MatchingProblem
    twinnings: pl.DataFrame
    members: pl.DataFrame
    unplaced: pl.DataFrame

    @property
    def first(self) -> str:
        """Id of the first twinning."""
        return str(self.twinnings["twinning_id"][0])

    def cities(self, row: int = 0) -> list[str]:
        """Cities of a twinning, sorted."""
        name = self.twinnings["twinning_id"][row]
        return self.members.filter(twinning_id=name)["city_id"].sort().to_list()

    def first_only(self, **columns: pl.Expr) -> pl.DataFrame:
        """The twinnings with some columns of the first one changed."""
        here = pl.col("twinning_id") == self.first
        changed = [pl.when(here).then(to).otherwise(name).alias(name) for name, to in columns.items()]
        return self.twinnings.with_columns(changed)

    def decided(self, **constraints) -> Tables:
        """The same selection under decisions it knew nothing of."""
        return replace(self, problem=replace(self.problem, constraints=Constraints(**constraints)))

    def findings(self) -> list[Finding]:
        return verify(self.problem, self.twinnings, self.members, self.unplaced)


@pytest.fixture
def right(problem: MatchingProblem, answer: MatchingResult) -> Tables:
    return Tables(problem, answer.twinnings, answer.twinning_members, answer.unplaced)


def _capacity(t: Tables, twinnings: int, cities: int) -> Tables:
    return replace(t, problem=replace(t.problem, capacity=Capacity(twinnings, cities)))


def _stranger(t: Tables) -> Tables:
    """One member is replaced by somebody who is no candidate."""
    gone = t.members["application_id"][0]
    members = t.members.with_columns(pl.col("application_id").replace(gone, "nobody"))
    return replace(t, members=members)


CASES: list[tuple[str, Callable[[Tables], Tables], set[str]]] = [
    ("nothing", lambda t: t, set()),
    (
        "a value that is not the sum",
        lambda t: replace(t, twinnings=t.first_only(value=pl.col("value") + 1 / 64)),
        {"value_is_the_sum_of_its_aspects"},
    ),
    (
        "an aspect and the value with it",
        lambda t: replace(
            t,
            twinnings=t.first_only(
                value=pl.col("value") + 1 / 64, aspect_hours=pl.col("aspect_hours") + 1 / 64
            ),
        ),
        {"aspect_is_as_recomputed"},
    ),
    (
        "a member is missing",
        lambda t: replace(t, members=t.members.head(t.members.height - 1)),
        {"twinning_has_its_cities", "every_candidate_is_placed_or_not"},
    ),
    ("a member is no candidate", _stranger, {"twinning_has_its_cities", "every_candidate_is_placed_or_not"}),
    (
        "a city in two twinnings",
        lambda t: replace(t, members=t.members.with_columns(city_id=pl.lit("C0001"))),
        {"one_twinning_a_city"},
    ),
    ("too many twinnings", lambda t: _capacity(t, t.twinnings.height - 1, 15), {"capacity_is_kept"}),
    ("too many cities", lambda t: _capacity(t, 6, t.members.height - 1), {"capacity_is_kept"}),
    ("exactly the capacity", lambda t: _capacity(t, t.twinnings.height, t.members.height), set()),
    (
        "another topic",
        lambda t: replace(t, twinnings=t.first_only(topic=pl.lit("nonsense"))),
        {"twinning_keeps_the_hard_rules", "aspect_is_as_recomputed"},
    ),
    (
        "another topic, but confirmed",
        lambda t: replace(t, twinnings=t.first_only(topic=pl.lit("nonsense"), state=pl.lit("confirmed"))),
        {"aspect_is_as_recomputed"},
    ),
    (
        "conditional",
        lambda t: replace(t, twinnings=t.first_only(conditional=~pl.col("conditional"))),
        {"conditional_where_a_member_is_tentative"},
    ),
    (
        "a candidate is nowhere",
        lambda t: replace(t, unplaced=t.unplaced.tail(t.unplaced.height - 1)),
        {"every_candidate_is_placed_or_not"},
    ),
    (
        "placed and unplaced",
        lambda t: replace(
            t, unplaced=t.unplaced.with_columns(application_id=pl.lit(t.members["application_id"][0]))
        ),
        {"every_candidate_is_placed_or_not"},
    ),
    ("a pin that is kept", lambda t: t.decided(pins=(Pin(*t.cities()[:2], None, "p"),)), set()),
    (
        "a pin across two twinnings",
        lambda t: t.decided(pins=(Pin(t.cities()[0], t.cities(1)[0], None, "p"),)),
        {"pins_are_kept"},
    ),
    (
        "a pin on another topic",
        lambda t: t.decided(pins=(Pin(*t.cities()[:2], "nonsense", "p"),)),
        {"pins_are_kept"},
    ),
    (
        "a pin of somebody who is no candidate",
        lambda t: t.decided(pins=(Pin(t.cities()[0], "nobody", None, "p"),)),
        set(),
    ),
    (
        "a forbidden pair",
        lambda t: t.decided(forbids=(Forbid(*t.cities()[:2], None, "f"),)),
        {"forbidden_pairs_are_apart"},
    ),
    (
        "forbidden on another topic",
        lambda t: t.decided(forbids=(Forbid(*t.cities()[:2], "nonsense", "f"),)),
        set(),
    ),
    (
        "forbidden on its topic",
        lambda t: t.decided(forbids=(Forbid(*t.cities()[:2], t.twinnings["topic"][0], "f"),)),
        {"forbidden_pairs_are_apart"},
    ),
    (
        "two in no twinning are forbidden",
        lambda t: t.decided(forbids=(Forbid("nobody", "nothing", None, "f"),)),
        set(),
    ),
    (
        "a withdrawn city",
        lambda t: t.decided(withdrawals=(Withdrawal(t.cities()[0], "w"),)),
        {"withdrawn_cities_take_no_part"},
    ),
    (
        "confirmed but only proposed",
        lambda t: t.decided(confirmations=(Confirmation(t.first, "x", tuple(t.cities()), "c"),)),
        {"confirmed_twinnings_stand"},
    ),
    (
        "confirmed as it stands",
        lambda t: replace(t, twinnings=t.first_only(state=pl.lit("confirmed"))).decided(
            confirmations=(Confirmation(t.first, t.twinnings["topic"][0], tuple(t.cities()), "c"),)
        ),
        set(),
    ),
    (
        "confirmed but torn apart",
        lambda t: replace(t, twinnings=t.first_only(state=pl.lit("confirmed"))).decided(
            confirmations=(Confirmation("T", "x", (t.cities()[0], t.cities(1)[0]), "c"),)
        ),
        {"confirmed_twinnings_stand"},
    ),
    (
        "confirmed, but a city was withdrawn",
        lambda t: t.decided(
            confirmations=(Confirmation(t.first, "x", tuple(t.cities()), "c"),),
            withdrawals=(Withdrawal(t.cities()[0], "w"),),
        ),
        {"withdrawn_cities_take_no_part"},
    ),
    (
        "nothing was selected",
        lambda t: replace(
            t,
            twinnings=t.twinnings.head(0),
            members=t.members.head(0),
            unplaced=t.unplaced.head(0),
            problem=replace(
                t.problem,
                candidates=t.problem.candidates.head(0),
                constraints=Constraints(pins=(Pin("C0001", "C0002", None, "p"),)),
            ),
        ),
        set(),
    ),
]


def _one_country(t: Tables) -> Tables:
    """The cities of the first twinning are of one country."""
    ours = pl.col("city_id").is_in(t.cities())
    named = pl.when(ours).then(pl.lit("KEN")).otherwise("country_iso3").alias("country_iso3")
    return replace(t, problem=replace(t.problem, candidates=t.problem.candidates.with_columns(named)))


def _joined(t: Tables, n: int) -> tuple[Pin, ...]:
    cities = t.cities()
    return tuple(Pin(a, b, None, "decision 1") for a, b in pairwise(cities[: n + 1]))


COUNTRY = "most_of_one_country"
MINIMUM = [
    ("all of one country", lambda t: t, {"twinning_keeps_the_minimum_worth"}),
    ("pins ask for just these", lambda t: t.decided(pins=_joined(t, 2)), set()),
    (
        "waived for one of them",
        lambda t: t.decided(waivers=(Waiver(COUNTRY, (t.cities()[0],), None, "decision 1"),)),
        set(),
    ),
    (
        "waived for them",
        lambda t: t.decided(waivers=(Waiver(COUNTRY, tuple(t.cities()), None, "decision 1"),)),
        set(),
    ),
    (
        "another rule waived",
        lambda t: t.decided(waivers=(Waiver("least_gain", (t.cities()[0],), None, "decision 1"),)),
        {"twinning_keeps_the_minimum_worth"},
    ),
]


@pytest.mark.parametrize(("change", "expected"), [pytest.param(*rest, id=name) for name, *rest in MINIMUM])
def test_the_verifier_judges_the_minimum_worth(right: Tables, change, expected: set[str]) -> None:
    assert {one.expectation for one in change(_one_country(right)).findings()} == expected


def test_pins_that_join_only_some_of_the_cities_are_no_excuse(right: Tables) -> None:
    three = next(row for row in range(6) if len(right.cities(row)) == 3)
    first = replace(
        right,
        twinnings=pl.concat(
            [right.twinnings[three : three + 1], right.twinnings[:three], right.twinnings[three + 1 :]]
        ),
    )
    found = _one_country(first).decided(pins=_joined(first, 1)).findings()
    assert {one.expectation for one in found} == {"twinning_keeps_the_minimum_worth"}


@pytest.mark.parametrize("column", ["selected", "missed"])
def test_the_verifier_counts_the_balance(right: Tables, answer: MatchingResult, column: str) -> None:
    """Every class, those of other rounds too."""
    t, balance = right, answer.balance
    assert verify(t.problem, t.twinnings, t.members, t.unplaced, balance) == []
    for row in range(balance.height):
        more = pl.when(pl.int_range(pl.len()) == row).then(pl.col(column) + 1).otherwise(column).alias(column)
        found = verify(t.problem, t.twinnings, t.members, t.unplaced, balance.with_columns(more))
        assert [one.expectation for one in found] == ["balance_is_as_counted"]
    topics = balance.filter(pl.col("subject") != "topic")
    found = verify(t.problem, t.twinnings, t.members, t.unplaced, topics)
    assert {one.expectation for one in found} == {"balance_is_as_counted"}
    assert len(found) == t.twinnings["topic"].n_unique()


@pytest.mark.parametrize(("change", "expected"), [pytest.param(*rest, id=name) for name, *rest in CASES])
def test_what_the_verifier_notices(right: Tables, change, expected: set[str]) -> None:
    found = change(right).findings()
    assert {one.expectation for one in found} == expected
    assert {one.severity for one in found} <= {"stop"}


def test_a_twinning_of_one_city_is_named_and_not_valued(right: Tables) -> None:
    alone = right.members.filter(twinning_id=right.first).head(1)
    others = right.members.filter(pl.col("twinning_id") != right.first)
    found = replace(
        right, twinnings=right.first_only(n_cities=pl.lit(1)), members=pl.concat([alone, others])
    ).findings()
    assert "a twinning has two to 3 cities." in [one.message for one in found]


MESSAGES = [
    (lambda t: _capacity(t, 2, 99), "6 twinnings, at most 2 are left."),
    (
        lambda t: t.decided(pins=(Pin("C0000", "C0001", None, "decision 7"),)),
        "decision 7: C0000 and C0001 are not",
    ),
]


@pytest.mark.parametrize(("change", "words"), MESSAGES, ids=["capacity", "pin"])
def test_a_finding_says_what_was_found(right: Tables, change, words: str) -> None:
    assert any(one.message.startswith(words) for one in change(right).findings())


def test_the_verifier_trusts_no_array(right: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    """It finds the same with array forms that would raise."""

    def refuse(*_: object) -> None:
        raise AssertionError("an array form was used")

    forms = ("of_all_cities", "of_all_pairs", "levels")
    without = [
        replace(one, **{form: refuse for form in forms if hasattr(one, form)})
        for one in registry.ASPECT_DEFINITIONS
    ]
    monkeypatch.setattr(registry, "ASPECT_DEFINITIONS", tuple(without))
    monkeypatch.setattr(hard_rules, "may_be_together", refuse)
    assert right.findings() == []
