"""Which of several possible causes made a change: what is processed without it is otherwise."""

from __future__ import annotations

import pytest

from tasks.publish.attribution import Attribution
from tasks.publish.changes import changes
from tasks.publish.differences import MOST, decisions_without, differences
from tests.tasks.eligibility.making import World, decision
from tests.tasks.publish.making import FORMS, causes, origin


def test_a_decision_about_nothing_is_no_cause(version) -> None:
    before, after = version(World(FORMS), "T1: S1 S2"), version(World(FORMS), "T2: S1 S3")
    nothing, cause = decision("forbid", "S1", "S4"), decision("forbid", "S1", "S2", id_="d2")
    made = origin(nothing, cause)
    first, second = differences(origin(), made)
    told = Attribution.of(after, {first: after, second: before})
    found = causes(changes(before, after, origin(), made, told))
    assert set(found.values()) == {"decision d2 (forbid)"}


def test_where_each_of_two_is_enough_the_earlier_is_named_and_nothing_that_did_nothing(version) -> None:
    """Without any single one all stays; without both it is as before."""
    before, after = version(World(FORMS), "T1: S1 S2"), version(World(FORMS), "T2: S1 S3")
    made = origin(
        decision("rule", "S4", "mandate", "met"),
        decision("forbid", "S1", "S2", id_="d2"),
        decision("pin", "S1", "S3", id_="d3"),
    )
    nothing, forbid, pin = differences(origin(), made)

    def process(left_out):
        return before if {forbid, pin} <= set(left_out) else after

    told = Attribution.of(after, {one: process([one]) for one in (nothing, forbid, pin)})
    told = told.with_enough(before, process)
    assert told.enough == (forbid,)
    found = causes(changes(before, after, origin(), made, told))
    assert set(found.values()) == {"decision d2 (forbid)"}


def test_what_cannot_be_made_without_a_cause_keeps_it(version) -> None:
    before, after = version(World(FORMS), "T1: S1 S2"), version(World(FORMS), "T2: S1 S3")
    made = origin(decision("forbid", "S1", "S2"), decision("pin", "S1", "S3", id_="d2"))
    forbid, pin = differences(origin(), made)
    told = Attribution.of(after, {forbid: after, pin: after}).with_enough(before, lambda _: None)
    assert told.enough == (forbid, pin)


def test_two_that_are_both_needed_are_named_together(version) -> None:
    before, after = version(World(FORMS), "T1: S1 S2"), version(World(FORMS), "T2: S1 S3")
    made = origin(decision("pin", "S1", "S3"), decision("forbid", "S1", "S2", id_="d2"))
    told = Attribution.of(after, dict.fromkeys(differences(origin(), made), before))
    found = causes(changes(before, after, origin(), made, told))
    assert set(found.values()) == {"decision d1 (pin) together with decision d2 (forbid)"}


def test_the_evidence_of_the_cause_that_is_needed_stays(version) -> None:
    doubted = World(FORMS | {"S1": {"motivation": None}})
    before, after = version(doubted), version(World(FORMS))
    made = origin(decision("forbid", "S2", "S3"), submissions="eeee5555")
    forbid, forms = differences(origin(), made)
    told = Attribution.of(after, {forbid: after, forms: before})
    found = causes(changes(before, after, origin(), made, told))
    assert {cause.split(":")[0] for cause in found.values()} == {"submissions, version aaaa1111 -> eeee5555"}


def test_rules_are_the_cause_where_nothing_else_is_needed(version) -> None:
    before, after = version(World(FORMS)), version(World(FORMS), points=12.0)
    made = origin(decision("forbid", "S2", "S3"), rules="r1")
    (forbid,) = differences(origin(), made)
    found = causes(changes(before, after, origin(), made, Attribution.of(after, {forbid: after})))
    assert set(found.values()) == {"rules, version r0 -> r1"}


@pytest.mark.parametrize("kind", ["accept", "approve", "revoke_approval"])
def test_what_changes_no_result_is_no_possible_cause(kind) -> None:
    assert differences(origin(), origin(decision(kind, "2026-01:1", "x"))) == ()


def test_a_decision_that_replaces_another_is_one_cause_with_it() -> None:
    old = decision("rule", "S1", "mandate", "met")
    new = decision("rule", "S1", "mandate", "not_met", id_="d2")
    before, after = origin(old), origin(new)
    (only,) = differences(before, after)
    assert (only.taken, only.gone) == ({"d2"}, {"d1"})
    assert decisions_without(before, after, only)["decision_id"].to_list() == ["d1"]


def test_very_many_decisions_are_looked_at_by_kind() -> None:
    many = [decision("forbid", f"S{n}", "S0", id_=f"f{n:02}") for n in range(1, MOST + 2)]
    found = differences(origin(), origin(decision("pin", "S1", "S2", id_="p"), *many))
    assert [one.name for one in found] == ["decision p (pin)", f"{MOST + 1} decisions (forbid)"] or [
        one.name for one in found
    ] == [f"{MOST + 1} decisions (forbid)", "decision p (pin)"]
    assert sum(len(one.taken) for one in found) == MOST + 2
