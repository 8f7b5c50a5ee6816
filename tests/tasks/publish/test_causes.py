"""Why a fact changed."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from tasks.publish.changes import changes
from tests.tasks.eligibility.making import SENT, World, decision
from tests.tasks.publish.making import FORMS, MEMBER, causes, origin


def test_a_decision_changes_one_application_and_names_itself(version):
    doubted = World(FORMS | {"S1": {"mandate": "in_progress"}})
    decided = decision("rule", "S1", "mandate", "met")
    before = version(doubted, "T1: S3 S4")
    after = version(replace(doubted, decisions=(decided,)), "T1: S3 S4", "T2: S1 S2")
    found = changes(before, after, origin(), origin(decided))
    own, others = (
        found.filter(pl.col("subject").is_in(["S1", "T2"])),
        found.filter(~pl.col("subject").is_in(["S1", "T2"])),
    )
    assert own.select("what", "before", "after").filter(
        pl.col("what").is_in(["rule mandate", "status"])
    ).rows() == [
        ("rule mandate", "unclear", "met"),
        ("status", "needs_review", "tentative"),
    ]
    assert set(own["cause"]) == {"decision d1"}
    # Its new partner moves with it, and says so; nobody else moves.
    assert others.select("subject", "what", "before", "after", "cause").rows() == [
        ("S2", "place", "unplaced", "in twinning T2", "decision d1")
    ]


def test_a_register_that_accepts_a_pending_city_is_named_with_its_versions_and_evidence(version):
    before, after = version(World({"S1": {}})), version(World({"S1": {}}, cohort=MEMBER))
    found = changes(before, after, origin(), origin(cohort="dddd4444dddd"))
    rows = {what: (old, new) for what, old, new in found.select("what", "before", "after").iter_rows()}
    assert rows == {
        "rule cohort": ("conditional", "met"),
        "scenario": ("2", "1"),
        "status": ("tentative", "eligible"),
    }
    said = (
        "cohort register, version bbbb2222 -> dddd4444: U1 is pending, applied on 2025-07-01 -> U1 is member"
    )
    assert set(found["cause"]) == {said}


def test_a_person_who_takes_a_decision_back_is_named(version):
    decided = decision("rule", "S1", "cohort", "met")
    found = changes(
        version(World({"S1": {}}, decisions=(decided,))),
        version(World({"S1": {}})),
        origin(decided),
        origin(),
    )
    assert causes(found) == {
        ("S1", "rule cohort"): "decision d1 taken back",
        ("S1", "status"): "decision d1 taken back",
    }


STATE_CASES = [
    (
        "a withdrawal lets the earlier form stand",
        {"S1": {}, "S2": {"row": 9}},
        decision("withdraw", "S2"),
        "decision d1 (withdraw)",
    ),
    (
        "a late form is accepted",
        {"S1": {"submitted_at": SENT.replace(month=10)}},
        decision("accept_late", "S1"),
        "decision d1",
    ),
    (
        "two forms are merged",
        {"S1": {}, "S2": {"topic_1": "ports", "contact_email": "b@example.org"}},
        decision("merge", "S1", "S2"),
        "decision d1 (merge)",
    ),
    (
        "a form on time is found late",
        {"S1": {}, "S2": {"row": 9}},
        decision("rule", "S2", "on_time", "not_met"),
        "decision d1",
    ),
]


@pytest.mark.parametrize(
    ("forms", "decided", "named"), [pytest.param(*each[1:], id=each[0]) for each in STATE_CASES]
)
def test_what_becomes_of_a_form_and_of_its_sisters_names_the_decision(forms, decided, named, version):
    one_city = World(forms, dict.fromkeys(forms, "U1"))
    # Forms, rules and program changed too: none of them explains what the decision does.
    made, makes = (
        origin(),
        origin(
            decided, submissions="eeee5555", cohort="ffff6666", gcom="99990000", rules="r1", program="0.2.0"
        ),
    )
    found = changes(version(one_city), version(replace(one_city, decisions=(decided,))), made, makes)
    assert found.height > 3
    assert {cause for cause in found["cause"] if not cause.startswith(named)} == set()
    assert set(found["subject"]) == set(forms)


def test_a_link_by_decision_is_the_cause_of_the_rules_that_rest_on_it(version):
    before = version(World({"S1": {}}, cohort_links={"S1": "U9"}), linked_by="rules")
    after = version(World({"S1": {}}, cohort=MEMBER), linked_by="decision l1")
    decided = decision("link", "S1", "cohort", "U1", id_="l1")
    found = causes(changes(before, after, origin(), origin(decided, submissions="eeee5555")))
    assert {"link to cohort", "rule cohort", "scenario", "status", "total", "place"} <= {
        what for _, what in found
    }
    assert set(found.values()) == {"decision l1"}


def test_a_new_form_rests_on_the_file_of_forms_alone(version):
    found = changes(
        version(World({"S1": {}})),
        version(World({"S1": {}, "S2": {}})),
        origin(),
        origin(submissions="eeee5555", cohort="ffff6666", gcom="99990000"),
    )
    assert set(found["subject"]) == {"S2"}
    assert {cause for what, cause in found.select("what", "cause").iter_rows() if what != "place"} == {
        "submissions, version aaaa1111 -> eeee5555"
    }


def test_rules_and_program_are_named_where_nothing_else_explains_a_change(version):
    found = changes(
        version(World({"S1": {}})),
        version(World({"S1": {}}), points=12.0),
        origin(),
        origin(rules="r1", program="0.2.0"),
    )
    assert found.select("what", "before", "after").rows() == [
        ("points for impact", "10.0 by form", "12.0 by form"),
        ("total", "10.0", "12.0"),
    ]
    assert set(found["cause"]) == {"rules, version r0 -> r1; program, version 0.1.0 -> 0.2.0"}


def test_forms_and_rules_are_both_named_where_either_may_be_the_cause(version):
    found = changes(
        version(World({"S1": {}})),
        version(World({"S1": {}}), points=12.0),
        origin(),
        origin(rules="r1", submissions="eeee5555"),
    )
    assert set(found["cause"]) == {"submissions, version aaaa1111 -> eeee5555; rules, version r0 -> r1"}


SELECTION = [
    ("pin of two applications", decision("pin", "S1", "S3")),
    ("pin of two cities", decision("pin", "KEN:S1", "KEN:S3")),
    ("forbid", decision("forbid", "S1", "S2")),
    ("confirm", decision("confirm", "T3")),
]


@pytest.mark.parametrize("decided", [pytest.param(each[1], id=each[0]) for each in SELECTION])
def test_a_decision_on_twinnings_is_named_by_every_twinning_it_moves(decided, version):
    before, after = (
        version(World(FORMS), "T1: S1 S2", "T2: S3 S4"),
        version(World(FORMS), "T3: S1 S3", "T4: S2 S4"),
    )
    found = causes(changes(before, after, origin(), origin(decided)))
    named = f"decision d1 ({decided['kind']})"
    assert all(found[subject, "place"] == named for subject in ("S1", "S3"))
    assert found["T3", "twinning"] == named
    assert all(named in cause for cause in found.values())


def test_a_confirmed_twinning_says_by_which_decision(version):
    before, after = version(World(FORMS), "T1: S1 S2"), version(World(FORMS), "T1: S1 S2", state="confirmed")
    found = changes(before, after, origin(), origin(decision("confirm", "T1")))
    assert found.rows() == [("T1", "state", "proposed", "confirmed", "decision d1 (confirm)")]


def test_a_change_that_nothing_recorded_explains_says_so(version):
    found = changes(
        version(World(FORMS), "T1: S1 S2"), version(World(FORMS), "T2: S1 S3"), origin(), origin()
    )
    assert set(found["cause"]) == {"nothing that is recorded differs"}


def test_what_follows_from_changes_of_others_says_from_which(version):
    before = version(World(FORMS | {"S4": {"motivation": None}}), "T1: S1 S2")
    after = version(World(FORMS), "T2: S1 S3")
    found = causes(changes(before, after, origin(), origin(submissions="eeee5555")))
    assert found["S2", "place"].startswith(
        "follows from other changes: submissions, version aaaa1111 -> eeee5555"
    )


def test_no_cause_names_who_decided_or_why(version):
    decided = decision("withdraw", "S1")
    found = changes(
        version(World(FORMS)), version(World(FORMS, decisions=(decided,))), origin(), origin(decided)
    )
    assert not found.is_empty()
    assert "a person" not in found.write_csv()
    assert "a reason" not in found.write_csv()
