"""The certificate: its checker agrees with trying everything, and refuses what is not so."""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest

from tasks.matchmaking.certificate import certify
from tasks.matchmaking.certificate.relaxation import PARTS
from tasks.matchmaking.choice import Choice, choose
from tasks.matchmaking.problem import Capacity
from tasks.matchmaking.solver.incumbent import NO_INCUMBENT
from tasks.matchmaking.solver.large.large_call import LargeCall
from tasks.matchmaking.solver.mip import integer_optimum
from tasks.matchmaking.solver.restriction import NO_RESTRICTION
from tasks.matchmaking.value.aspects.registry import value_in_steps
from tasks.matchmaking.value.hard_rules import broken_rule
from tests.tasks.matchmaking.brute_force import best_objective
from tests.tasks.matchmaking.certified import Rows, certified, claims
from tests.tasks.matchmaking.making import invented
from tests.tasks.matchmaking.test_against_brute_force import insisted, small
from tests.tasks.matchmaking.test_proof import DEAR
from warehouse.dictionary import PUBLISHED_TABLES
from warehouse.snapshots import certificate, matching_worth
from warehouse.snapshots.certificate import broken_certificate
from warehouse.snapshots.matching_worth import MatchingFacts
from warehouse.snapshots.verify import _certificate_problems

Tables = dict[str, Rows]
ROWS = ("twinnings ", "cities x", "count 99", "city nobody", "twinnings")
CHECKER = [Path(str(module.__file__)) for module in (certificate, matching_worth)]


def drawn(n: int, seed: int) -> Choice | None:
    """The choice of a small problem with decisions of every kind; None where they cannot hold together."""
    problem = (insisted if seed % 3 == 2 else small)(2 + seed % n, seed)
    choice = choose(problem)
    return None if choice.solution.chosen is None else choice


def some_choice(n: int, seed: int) -> Choice:
    """The choice of the first problem from this seed on whose decisions can hold together."""
    return next(one for one in (drawn(n, seed + 100 * again) for again in range(50)) if one is not None)


def agrees(choice: Choice) -> None:
    """The certificate holds, proves the selection best, and so does the full model over all groups."""
    tables = certified(choice)
    assert broken_certificate(tables) is None
    claimed = claims(tables)
    assert claimed["bound"] == claimed["objective"]
    instance = replace(choice.instance, breaks_ties=False)
    whole = integer_optimum(instance, np.arange(len(instance.groups)), NO_RESTRICTION, NO_INCUMBENT)
    assert claimed["objective"] == round(whole.objective)


def long_seeds(first: int, end: int) -> list[Any]:
    """Seeds that are tried among the long tests only."""
    return [pytest.param(seed, marks=pytest.mark.long) for seed in range(first, end)]


@pytest.mark.parametrize("seed", [*range(10), *long_seeds(10, 30)])
def test_the_certificate_of_a_small_round_holds_and_agrees_with_the_full_model(seed: int) -> None:
    agrees(some_choice(9, seed))


@pytest.mark.parametrize("seed", range(12))
def test_what_is_proven_best_is_what_trying_everything_finds(seed: int) -> None:
    choice = some_choice(7, seed)
    confirmed = sum(value_in_steps(one.group, one.topic, choice.facts) for one in choice.confirmed)
    assert claims(certified(choice))["objective"] + confirmed == best_objective(choice.problem)


@pytest.mark.long
def test_five_hundred_random_instances_agree_with_the_full_model() -> None:
    found = 0
    for seed in range(5_000):
        choice = drawn(12, 1_000 + seed)
        if choice is not None:
            agrees(choice)
            found += 1
        if found == 500:
            return
    raise AssertionError(found)


@pytest.mark.parametrize("seed", range(3))
def test_a_certificate_that_needs_a_tree_holds(seed: int) -> None:
    choice = choose(invented(40, seed, capacity=Capacity(8, 19), matching=DEAR))
    tables = certified(choice)
    assert broken_certificate(tables) is None
    assert claims(tables)["bound"] == claims(tables)["objective"]


def test_a_tree_that_is_cut_off_states_the_bound_that_is_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    choice = next(one for one in _branching() if one is not None)
    monkeypatch.setattr(certify, "MOST_WORK", 1)
    tables = certified(choice)
    assert broken_certificate(tables) is None
    assert claims(tables)["bound"] > claims(tables)["objective"]


def test_where_too_many_groups_are_near_only_the_prices_bound_the_selection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choice = next(one for one in _branching() if one is not None)
    monkeypatch.setattr(certify, "MOST_NEAR", 0)
    tables = certified(choice)
    assert broken_certificate(tables) is None
    assert claims(tables)["bound"] > claims(tables)["objective"]
    assert claims(tables)["near"] == 0


@pytest.mark.parametrize("seed", range(4))
def test_a_call_whose_groups_are_not_all_held_has_the_bound_of_its_prices(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.matchmaking.solver.large.large_call.MOST_GROUPS", 0)
    choice = choose(invented(30, seed, capacity=Capacity(6, 14)))
    assert isinstance(choice.solver, LargeCall)
    tables = certified(choice)
    assert broken_certificate(tables) is None
    claimed = claims(tables)
    assert claimed["objective"] <= claimed["bound"] <= claimed["objective"] * 1.05
    assert claimed["excess"] < PARTS // 100


def _branching() -> Iterator[Choice | None]:
    """Choices whose certificate has a tree with branches."""
    for seed in range(40):
        choice = choose(invented(40, seed, capacity=Capacity(8, 19), matching=DEAR))
        if any(what == "at_most" for _, what, _, _ in certified(choice)["certificate"]):
            yield choice


@pytest.mark.parametrize("seed", [*range(3), *long_seeds(3, 8)])
def test_the_second_writing_of_rules_and_worth_agrees_with_the_first(seed: int) -> None:
    choice = some_choice(9, seed * 3)
    reduced, facts = choice.reduced, choice.facts
    written = MatchingFacts(certified(choice)["matching_facts"])
    plain = replace(choice.problem, baseline=type(choice.problem.baseline)())
    if choice.problem.baseline.twinnings.height or reduced.pins or reduced.forbids:
        return
    assert plain.round_id
    for i in reduced.free:
        for j in (j for j in reduced.free if j > i):
            for topic in facts.topics:
                group = (i, j)
                names = tuple(facts.applicants[k].application_id for k in group)
                allowed = broken_rule(group, topic, facts) is None
                worth = written.worth(names, topic) if set(names) <= set(written.on[topic]) else None
                assert worth == (value_in_steps(group, topic, facts) if allowed else None)


def test_the_checker_is_short_and_imports_nothing_but_python_and_itself() -> None:
    assert len(CHECKER[0].read_text("utf-8").splitlines()) <= 200
    for file in CHECKER:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert name.split(".")[0] in sys.stdlib_module_names or name.startswith(
                    "warehouse.snapshots.matching_worth"
                )


def fake(tables: Tables, random: Random) -> tuple[str, Tables]:
    """The tables with one thing about the selection or the proof falsified."""
    name = random.choice(sorted(FAKES))
    return name, FAKES[name]({key: list(rows) for key, rows in tables.items()}, random)


def _in(rows: Rows, at: int, column: int, value: object) -> Rows:
    row = list(rows[at])
    row[column] = value
    return [*rows[:at], tuple(row), *rows[at + 1 :]]


def _claim(tables: Tables, random: Random) -> Tables:
    """A better objective, a smaller bound, or another figure."""
    rows = tables["certificate"]
    at = random.choice([k for k, row in enumerate(rows) if row[0] == "claim" and row[1] != "facts"])
    return {**tables, "certificate": _in(rows, at, 3, rows[at][3] + random.choice((-64, -1, 1, 64)))}


def _price(tables: Tables, random: Random) -> Tables:
    """A price on a city that is too low or too high for the bound that is stated.

    A price on the twinnings may rise and fall with what is above the others: that is another proof.
    """
    rows = tables["certificate"]
    priced = [k for k, row in enumerate(rows) if row[1] == "price" and row[2].startswith("city ")]
    if not priced:
        return _claim(tables, random)
    at = random.choice(priced)
    return {**tables, "certificate": _in(rows, at, 3, rows[at][3] + random.choice((-1, 1)) * (PARTS + 1))}


def _wrong_sign(tables: Tables, random: Random) -> Tables:
    """A price that proves less than nothing."""
    row = ("every", "price", random.choice(ROWS))
    rows = [one for one in tables["certificate"] if one[:3] != row]
    return {**tables, "certificate": [*rows, (*row, -PARTS)]}


def _missing(tables: Tables, random: Random) -> Tables:
    """A statement less; without a price the others may still prove as much."""
    rows = tables["certificate"]
    needed = ("claim", "node ")
    at = random.choice([k for k, row in enumerate(rows) if row[0].startswith(needed) and row[1] != "price"])
    return {**tables, "certificate": [*rows[:at], *rows[at + 1 :]]}


def _fact(tables: Tables, random: Random) -> Tables:
    """Another fact under the old proof."""
    rows = tables["matching_facts"]
    at = random.randrange(len(rows))
    return {**tables, "matching_facts": _in(rows, at, 4, rows[at][4] + 1)}


def _dissolved(tables: Tables, random: Random) -> Tables:
    """A twinning less; the proof claims what that is worth."""
    proposed = [row for row in tables["twinnings"] if row[2] == "proposed"]
    if not proposed:
        return _claim(tables, random)
    gone = random.choice(proposed)
    return _reclaimed({**tables, "twinnings": [row for row in tables["twinnings"] if row != gone]})


def _moved(tables: Tables, random: Random) -> Tables:
    """A twinning on another topic, or said to be confirmed; the proof claims what that is worth."""
    if not tables["twinnings"]:
        return _claim(tables, random)
    at = random.randrange(len(tables["twinnings"]))
    name, topic, state = tables["twinnings"][at]
    topics = sorted({row[3] for row in tables["matching_facts"]} - {"", topic}) or ["elsewhere"]
    other = (
        (random.choice(topics), state)
        if random.random() < 0.7
        else (
            topic,
            "confirmed" if state == "proposed" else "proposed",
        )
    )
    rows = [*tables["twinnings"][:at], (name, *other), *tables["twinnings"][at + 1 :]]
    return _reclaimed({**tables, "twinnings": rows})


def _exchanged(tables: Tables, random: Random) -> Tables:
    """Two members change places, or one gives way to somebody else."""
    rows = tables["twinning_members"]
    if not rows:
        return _claim(tables, random)
    everybody = sorted({row[0] for row in tables["matching_facts"] if row[1] == "city"})
    at = random.randrange(len(rows))
    others = [one for one in everybody if one != rows[at][1]] or ["nobody"]
    return _reclaimed({**tables, "twinning_members": _in(rows, at, 1, random.choice(others))})


def _reclaimed(tables: Tables) -> Tables:
    """The certificate claims of the falsified selection what it is worth, where it may be formed at all."""
    check = certificate._Check(tables["matching_facts"], tables["certificate"], _unstated(tables))
    try:
        worth = check._objective()
    except (ArithmeticError, LookupError):
        return tables
    rows = tables["certificate"]
    for at, row in enumerate(rows):
        if row[:2] in (("claim", "objective"), ("claim", "bound")):
            rows = _in(rows, at, 3, worth)
    return {**tables, "certificate": rows}


def _unstated(tables: Tables) -> Tables:
    """The tables as far as the worth of a selection is asked, whoever is said to be confirmed."""
    confirmed = {
        "+".join(sorted(a for t, a in tables["twinning_members"] if t == name)): topic
        for name, topic, state in tables["twinnings"]
        if state == "confirmed"
    }
    stated = {row[0]: row[3] for row in tables["matching_facts"] if row[1] == "confirmed"}
    return tables if confirmed == stated else {**tables, "twinnings": []}


FAKES: dict[str, Callable[[Tables, Random], Tables]] = {
    "claim": _claim,
    "price": _price,
    "wrong_sign": _wrong_sign,
    "missing": _missing,
    "fact": _fact,
    "dissolved": _dissolved,
    "moved": _moved,
    "exchanged": _exchanged,
}


def refused(tables: Tables, random: Random) -> bool:
    """Refuse something falsified; False where that is another selection of the same worth."""
    name, falsified = fake(tables, random)
    if falsified == tables or _is_as_good(tables, falsified):
        return False
    assert broken_certificate(falsified) is not None, name
    return True


def _is_as_good(tables: Tables, falsified: Tables) -> bool:
    """Whether another selection is told with the same worth: then it is best too."""
    if (
        tables["matching_facts"] != falsified["matching_facts"]
        or tables["certificate"] != falsified["certificate"]
    ):
        return False
    confirmed = [[row for row in some["twinnings"] if row[2] == "confirmed"] for some in (tables, falsified)]
    if confirmed[0] != confirmed[1]:
        return False
    try:
        check = certificate._Check(falsified["matching_facts"], falsified["certificate"], falsified)
        return check._objective() == claims(tables)["objective"]
    except (ArithmeticError, LookupError):
        return False


@pytest.mark.parametrize("seed", range(4))
def test_falsified_selections_and_certificates_are_refused(seed: int) -> None:
    choice = choose(invented(24, seed, capacity=Capacity(4, 10), matching=DEAR))
    tables, random = certified(choice), Random(seed)  # noqa: S311  falsifying, not encrypting
    assert sum(refused(tables, random) for _ in range(15)) >= 10


@pytest.mark.long
def test_five_hundred_falsified_ones_are_refused() -> None:
    found, seed = 0, 0
    while found < 500:
        choice = choose(invented(30, seed, capacity=Capacity(6, 14), matching=DEAR))
        tables, random = certified(choice), Random(seed)  # noqa: S311  falsifying, not encrypting
        found, seed = found + sum(refused(tables, random) for _ in range(24)), seed + 1


def test_a_certificate_is_about_the_facts_that_it_names() -> None:
    tables = certified(choose(invented(12, 1, capacity=Capacity(3, 7))))
    text = "\n".join("\t".join(map(str, row)) for row in tables["matching_facts"])
    named = [of for item, what, of, _ in tables["certificate"] if (item, what) == ("claim", "facts")]
    assert named == [hashlib.sha256(text.encode()).hexdigest()]


def test_verify_names_a_certificate_that_does_not_prove_the_selection() -> None:
    tables = certified(choose(invented(12, 1, capacity=Capacity(3, 7))))
    frames = {
        name: pl.DataFrame(rows, schema=PUBLISHED_TABLES[name].schema.names()[: len(rows[0])], orient="row")
        for name, rows in tables.items()
    }
    frames["twinnings"] = frames["twinnings"].rename({"n_cities": "state"})
    assert _certificate_problems(frames) == []
    frames["twinning_members"] = frames["twinning_members"].head(0)
    assert "does not prove the selection" in _certificate_problems(frames)[0]
