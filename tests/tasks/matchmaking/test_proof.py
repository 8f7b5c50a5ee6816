"""The proof on instances that need branching: the same optimum as the full model in HiGHS, and rows that
count what they say.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.programme import read_programme
from tasks.matchmaking.choice import choose
from tasks.matchmaking.problem import Capacity
from tasks.matchmaking.solver import branch_and_bound
from tasks.matchmaking.solver.branch_and_bound import search
from tasks.matchmaking.solver.cut import Cut, cut_key, cut_number
from tasks.matchmaking.solver.incumbent import NO_INCUMBENT, Incumbent
from tasks.matchmaking.solver.master_problem import COLUMNS_AT_ONCE, SOLVE, MasterProblem
from tasks.matchmaking.solver.mip import integer_optimum
from tasks.matchmaking.solver.pricing import ColumnPool, ImprovingColumns
from tasks.matchmaking.solver.restriction import NO_RESTRICTION
from tasks.matchmaking.solver.separation import branching_counts
from tasks.matchmaking.value.arrays import NOBODY
from tests.examples import examples
from tests.tasks.matchmaking.making import copies, invented

RULES = read_programme().matchmaking
DEAR = RULES.model_copy(
    update={
        "balance": {name: target.model_copy(update={"price": 60}) for name, target in RULES.balance.items()}
    }
)
"""A balance so dear that the master problem meets it in halves, which only branching makes whole."""


def _agrees(n: int, twinnings: int, cities: int, seed: int) -> None:
    choice = choose(invented(n, seed, capacity=Capacity(twinnings, cities), matching=DEAR))
    whole = integer_optimum(
        choice.instance, np.arange(len(choice.instance.groups)), NO_RESTRICTION, NO_INCUMBENT
    )
    assert int(choice.solution.objective) == int(whole.objective)
    assert choice.solution.bound == pytest.approx(choice.solution.objective)


@pytest.mark.parametrize("seed", range(6))
def test_the_optimum_of_the_full_model_is_found(seed: int) -> None:
    _agrees(40, 8, 19, seed)


@pytest.mark.parametrize("known", [0, 1, 7])
@pytest.mark.parametrize("seed", range(4))
def test_pricing_in_the_nodes_misses_nothing(seed: int, known: int) -> None:
    """Of every so many groups one is known at the start (0: none): the nodes have to find the rest."""
    instance = choose(invented(30, seed, capacity=Capacity(6, 14), matching=DEAR)).instance
    every = np.arange(len(instance.groups))
    whole = MasterProblem(instance)
    whole.add_groups(every)
    root = whole.solve()
    assert root is not None
    few = MasterProblem(instance)
    few.add_groups(every[::known] if known else every[:0])
    few.add_cuts(branching_counts(few))
    found = search(few, {}, NO_INCUMBENT, 10_000, ImprovingColumns(ColumnPool(instance), root, ()))
    assert found.exhausted
    assert int(found.objective) == int(
        integer_optimum(instance, every, NO_RESTRICTION, NO_INCUMBENT).objective
    )


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 13))
def test_the_optimum_of_the_full_model_at_the_size_of_a_call(seed: int) -> None:
    _agrees(106, 20, 50, seed)


@pytest.mark.parametrize("distinct", [5, 12])
def test_applicants_who_are_alike_do_not_multiply_the_work(distinct: int) -> None:
    """The proof stands, to the step; only which of many equal selections is taken is not looked for."""
    few = invented(distinct, 1, capacity=Capacity(6, 14))
    choice = choose(copies(few, 24))
    assert choice.solution.proven
    whole = integer_optimum(
        replace(choice.instance, breaks_ties=False),
        np.arange(len(choice.instance.groups)),
        NO_RESTRICTION,
        NO_INCUMBENT,
    )
    assert int(choice.solution.objective + 1e-6) == round(whole.objective)
    assert choose(copies(few, 24)).solution == choice.solution


def test_applicants_who_are_all_the_same_are_priced_in_a_few_times() -> None:
    one = invented(1, 1, capacity=Capacity(6, 14))
    levels = [f"topic_{n}_{what}" for n in (1, 2, 3) for what in ("need", "experience")]
    same = copies(
        replace(one, candidates=one.candidates.with_columns(pl.lit(3).alias(x) for x in levels)), 30
    )
    countries = pl.Series([f"X{k:02d}" for k in range(30)])
    choice = choose(replace(same, candidates=same.candidates.with_columns(country_iso3=countries)))
    assert choice.solution.proven
    assert choice.solution.iterations <= 40
    assert sum(len(one.group) for one in choice.chosen) == 14


MEMBERS = st.lists(st.integers(0, 9), min_size=2, max_size=3, unique=True)


@settings(max_examples=examples(20))
@given(
    groups=st.lists(st.tuples(MEMBERS, st.integers(0, 2)), min_size=1, max_size=8),
    cities=st.sets(st.integers(0, 9), min_size=1, max_size=5),
    enough=st.integers(1, 3),
    most=st.integers(1, 2),
    topic=st.one_of(st.none(), st.integers(0, 2)),
    alone=st.booleans(),
)
def test_a_cut_counts_what_it_says(
    groups: list[tuple[list[int], int]],
    cities: set[int],
    enough: int,
    most: int,
    topic: int | None,
    alone: bool,
) -> None:
    cut = Cut(tuple(sorted(cities)), enough, most, topic, alone)
    members = np.array([[*some, *[NOBODY] * (3 - len(some))] for some, _ in groups], np.int64)
    expected = []
    for some, on in groups:
        count = max(0, min(most, len(cities & set(some)) - enough + 1))
        fits = topic in (None, on) and (not alone or len(some) == len(cities))
        expected.append(count if fits else 0)
    assert cut.times(members, np.array([on for _, on in groups])).tolist() == expected


@pytest.mark.parametrize("number", [0, 1, 17])
def test_the_key_of_a_cut_is_no_variable_and_leads_back(number: int) -> None:
    assert cut_key(number) < 0
    assert cut_number(cut_key(number)) == number


def test_an_iteration_over_more_groups_counts_as_more_work() -> None:
    instance = choose(copies(invented(2, 1, capacity=Capacity(5, 12)), 30)).instance
    works = []
    for n in (100, COLUMNS_AT_ONCE + 100):
        master = MasterProblem(instance)
        master.add_groups(np.arange(n))
        master.solve()
        calls = SOLVE + master.highs.getInfo().simplex_iteration_count
        works.append(master.work / calls)
    assert works == [1, 2]


def test_a_search_out_of_work_keeps_what_it_knows_and_does_not_claim_a_proof(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choice = choose(invented(40, 0, capacity=Capacity(8, 19), matching=DEAR))
    master = MasterProblem(choice.instance)
    master.add_groups(np.arange(len(choice.instance.groups)))
    known = Incumbent(choice.solution.chosen, choice.solution.objective - 640, exhausted=False)
    monkeypatch.setattr(branch_and_bound, "MOST_WORK", 0)
    found = search(master, {}, known, 100)
    assert (found.chosen, found.objective) == (known.chosen, known.objective)
    assert not found.exhausted
