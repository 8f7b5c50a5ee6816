"""The step as a whole: decisions over outcomes, the order of statuses, what is published."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.vocabulary import OUTCOMES, RULES, STATUS_OF_OUTCOME, STATUSES, status_of, worst_outcome
from tasks.eligibility.judge import EligibilityInputs, Judged, judge
from tests.tasks.eligibility.making import (
    COHORT_ROW,
    SENT,
    World,
    checks_of,
    decision,
    states_of,
    status_of_all,
)
from warehouse.dictionary.published import APPLICATIONS, ELIGIBILITY, ELIGIBILITY_CHECKS, FINDINGS

LATE = datetime(2025, 9, 5, tzinfo=UTC)
STATUS_CASES = [
    ("all met", ["met"] * 10, "eligible"),
    ("not applicable harms nobody", ["met", "not_applicable"], "eligible"),
    ("one conditional", ["met", "conditional"], "tentative"),
    ("one unclear", ["conditional", "unclear", "met"], "needs_review"),
    ("one not met", ["unclear", "not_met", "conditional"], "ineligible"),
    ("nothing", [], "eligible"),
]


@pytest.mark.parametrize(
    ("outcomes", "status"), [pytest.param(*each[1:], id=each[0]) for each in STATUS_CASES]
)
def test_the_worst_outcome_makes_the_status(outcomes, status):
    assert all(
        status_of(list(order)) == status for order in itertools.islice(itertools.permutations(outcomes), 6)
    )


@given(st.lists(st.sampled_from(OUTCOMES), min_size=1))
def test_worst_is_one_of_them_and_none_is_worse(outcomes):
    found = worst_outcome(outcomes)
    assert found in outcomes
    worst_first = list(STATUS_OF_OUTCOME)
    assert all(worst_first.index(found) <= worst_first.index(one) for one in outcomes)


def test_an_accepted_form_has_a_row_for_every_rule_with_its_clause(judged, programme):
    checks = checks_of(judged(World({"S1": {}})), "S1")
    assert tuple(sorted(checks)) == tuple(sorted(RULES))
    assert {rule: row["clause"] for rule, row in checks.items()} == programme.eligibility.clauses
    assert all(row["evidence"] and row["message"] and row["source"] for row in checks.values())


SCENARIOS = [
    ("member", {"status": "member"}, 1, "eligible"),
    ("applied before", {"applied_on": date(2025, 7, 1)}, 2, "tentative"),
    ("applied in parallel", {"applied_on": date(2025, 8, 1)}, 3, "tentative"),
    ("applied too late", {"applied_on": date(2025, 9, 5)}, None, "ineligible"),
    ("rejected", {"status": "rejected"}, None, "ineligible"),
]


@pytest.mark.parametrize(
    ("row", "scenario", "status"), [pytest.param(*each[1:], id=each[0]) for each in SCENARIOS]
)
def test_scenarios(row, scenario, status, judged):
    result = judged(World({"S1": {}}, cohort=(COHORT_ROW | row,)))
    assert result.eligibility.select("scenario", "status").row(0) == (scenario, status)


def test_reasons_are_the_messages_of_what_is_open_in_the_order_of_the_rules(judged):
    result = judged(World({"S1": {"mandate": "in_progress", "motivation": None}}))
    checks = checks_of(result, "S1")
    assert result.eligibility["reasons"].item() == " ".join(
        str(checks[rule]["message"]) for rule in ("cohort", "mandate", "motivation")
    )
    clean = judged(World({"S1": {}}, cohort=(COHORT_ROW | {"status": "member"},)))
    assert clean.eligibility["reasons"].item() == ""


def test_a_late_form_has_its_reason_and_nothing_else_is_examined(judged):
    result = judged(World({"S1": {"submitted_at": LATE, "motivation": None}}))
    outcomes = {rule: row["outcome"] for rule, row in checks_of(result, "S1").items()}
    assert outcomes == dict.fromkeys(RULES, "not_applicable") | {"on_time": "not_met"}
    assert result.eligibility.is_empty()


def test_a_decision_outranks_the_rule_and_is_shown_beside_it(judged):
    result = judged(World({"S1": {"mandate": "none"}}, decisions=(decision("rule", "S1", "mandate", "met"),)))
    row = checks_of(result, "S1")["mandate"]
    assert (row["outcome"], row["computed_outcome"], row["source"], row["overridden_by"]) == (
        "met",
        "not_met",
        "decision",
        "decision d1",
    )
    assert row["evidence"] == "decision d1: met; without it not_met (mandate: none)"
    assert "a person" not in json.dumps(result.checks.to_dicts(), default=str)
    assert "a reason" not in json.dumps(result.checks.to_dicts(), default=str)


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("met", "eligible"),
        ("not_applicable", "eligible"),
        ("conditional", "tentative"),
        ("unclear", "needs_review"),
        ("not_met", "ineligible"),
    ],
)
def test_each_outcome_can_be_decided(value, status, judged):
    world = World(
        {"S1": {}},
        cohort=(COHORT_ROW | {"status": "member"},),
        decisions=(decision("rule", "S1", "participation", value),),
    )
    assert status_of_all(judged(world)) == {"S1": status}


def test_the_later_of_two_decisions_counts_whatever_their_order(judged):
    both = (decision("rule", "S1", "mandate", "not_met", n=2), decision("rule", "S1", "mandate", "met", n=1))
    for decisions in (both, both[::-1]):
        row = checks_of(judged(World({"S1": {}}, decisions=decisions)), "S1")["mandate"]
        assert (row["outcome"], row["overridden_by"]) == ("not_met", "decision d2")


def test_accept_late_is_the_outcome_met_of_on_time(judged):
    result = judged(World({"S1": {"submitted_at": LATE}}, decisions=(decision("accept_late", "S1"),)))
    row = checks_of(result, "S1")["on_time"]
    assert (row["outcome"], row["computed_outcome"], row["overridden_by"]) == (
        "met",
        "not_met",
        "decision d1",
    )
    assert status_of_all(result) == {"S1": "tentative"}


def test_a_decided_membership_has_no_scenario_of_the_form(judged):
    rejected = World(
        {"S1": {}},
        cohort=(COHORT_ROW | {"status": "rejected"},),
        decisions=(decision("rule", "S1", "cohort", "met"),),
    )
    assert judged(rejected).eligibility.select("scenario", "status").row(0) == (None, "eligible")
    denied = World(
        {"S1": {}},
        cohort=(COHORT_ROW | {"status": "member"},),
        decisions=(decision("rule", "S1", "cohort", "not_met"),),
    )
    assert judged(denied).eligibility.select("scenario", "status").row(0) == (None, "ineligible")


IDLE = [
    ("unknown form", decision("rule", "S9", "mandate", "met"), "S9"),
    ("accept_late of an unknown form", decision("accept_late", "S9"), "S9"),
    ("withdrawal of an unknown form", decision("withdraw", "S9"), "S9"),
    ("merge into an unknown form", decision("merge", "S9", "S1"), "S9"),
    ("merge of an unknown form", decision("merge", "S1", "S9"), "S9"),
    ("merge with itself", decision("merge", "S1", "S1"), "itself"),
    ("unknown rule", decision("rule", "S1", "beauty", "met"), "rule or an outcome"),
    ("unknown outcome", decision("rule", "S1", "mandate", "yes"), "rule or an outcome"),
]


@pytest.mark.parametrize(("decided", "named"), [pytest.param(*each[1:], id=each[0]) for each in IDLE])
def test_a_decision_without_effect_is_a_finding_and_changes_nothing(decided, named, judged):
    result, without = judged(World({"S1": {}}, decisions=(decided,))), judged(World({"S1": {}}))
    assert result.findings["expectation"].to_list() == ["decision_has_effect"]
    assert named in result.findings["message"].item()
    for table in ("applications", "checks", "eligibility"):
        assert getattr(result, table).equals(getattr(without, table))


def test_kinds_of_other_steps_are_passed_over(judged):
    others = (
        decision("pin", "S1", "S2", n=1),
        decision("confirm", "T1", n=2),
        decision("link", "S9", "cohort", "U1", n=3),
        decision("undo", "d0", n=4),
    )
    assert judged(World({"S1": {}}, decisions=others)).findings.is_empty()


def test_a_contradiction_becomes_a_finding_for_the_team(judged):
    result = judged(World({"S1": {"plan_status": "none"}}, cohort=(COHORT_ROW | {"status": "member"},)))
    assert status_of_all(result) == {"S1": "eligible"}
    assert sorted(result.findings.select("row_key", "severity").rows()) == [
        ("S1 climate_plan", "warn"),
        ("S1 cohort", "warn"),
    ]


def test_nothing_personal_leaves_the_step(judged):
    personal = {
        "contact_email": "kim@secret.example",
        "organisation": "Secret office",
        "motivation": "secret " * 12,
        "mandate_url": "https://secret.example/l",
    }
    result = judged(
        World(
            {
                "S1": personal,
                "S2": personal | {"submitted_at": LATE},
                "S3": personal | {"cohort_status": "member"},
            }
        )
    )
    for frame in (result.applications, result.checks, result.eligibility, result.findings):
        assert "secret" not in frame.write_csv().casefold()


def test_an_empty_round_gives_empty_tables(judged):
    result = judged(World({}))
    assert result.applications.schema == APPLICATIONS.schema
    assert (
        result.applications.height,
        result.checks.height,
        result.eligibility.height,
        result.findings.height,
    ) == (0, 0, 0, 0)


def test_a_form_nobody_linked_is_judged_by_what_it_says(judged):
    material = World({"S1": {"gcom_status": "will_sign"}}).material()
    result = judged(replace(material, crosscheck=material.crosscheck.clear()))
    outcomes = {rule: row["outcome"] for rule, row in checks_of(result, "S1").items()}
    assert (outcomes["cohort"], outcomes["gcom"]) == ("unclear", "conditional")


# Properties over random rounds

FORM = st.fixed_dictionaries(
    {},
    optional={
        "submitted_at": st.sampled_from([None, SENT, SENT + timedelta(days=1), LATE]),
        "applicant_type": st.sampled_from(["city", "ngo", "consortium"]),
        "population": st.sampled_from([None, 49_999, 50_000]),
        "members": st.sampled_from([None, [{"name": "One", "population": 60_000, "plan_status": "adopted"}]]),
        "cohort_status": st.sampled_from([None, "member", "applied", "not_applied"]),
        "gcom_status": st.sampled_from([None, "signatory", "will_sign", "not_signatory"]),
        "plan_status": st.sampled_from([None, "adopted", "in_preparation", "none"]),
        "plan_covers_whole_city": st.sampled_from([None, True, False]),
        "mandate": st.sampled_from([None, "official_letter", "confirmed", "in_progress", "none"]),
        "english_confirmed": st.sampled_from([None, True, False]),
        "motivation": st.sampled_from([None, "short", "word " * 40]),
        "topic_1": st.sampled_from(["cooling", "ports", "other"]),
        "contact_email": st.sampled_from([None, "a@example.org", "b@example.org"]),
    },
)  # fmt: skip
IDS = st.sampled_from(["S1", "S2", "S3", "S4", "S9"])
DECISION = st.one_of(
    st.tuples(st.sampled_from(["accept_late", "withdraw"]), IDS, st.none(), st.none()),
    st.tuples(st.just("merge"), IDS, IDS, st.none()),
    st.tuples(st.just("rule"), IDS, st.sampled_from(RULES), st.sampled_from(OUTCOMES)),
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    ids = ["S1", "S2", "S3", "S4"][: draw(st.integers(1, 4))]
    register = [
        COHORT_ROW | {"row": n + 2, "utm_id": f"U{n}", "status": status}
        for n, status in enumerate(("member", "pending", "rejected", "withdrawn"))
    ]
    decided = draw(st.lists(DECISION, max_size=5))
    return World(
        {key: draw(FORM) for key in ids},
        {key: draw(st.sampled_from(["A", "B"])) for key in ids},
        tuple(
            decision(kind, subject, object_, value, n=n % 3, id_=f"d{n}")
            for n, (kind, subject, object_, value) in enumerate(decided)
        ),
        tuple(register),
        {key: draw(st.sampled_from(["U0", "U1", "U2", "U3", "U9"])) for key in ids},
    )


def run(material: EligibilityInputs, programme) -> Judged:
    return judge(material, programme, programme.rounds.get("2025-07"), {})


@settings(max_examples=40, deadline=None)
@given(world=worlds(), random=st.randoms(use_true_random=False))
def test_the_order_of_rows_never_changes_a_result(world, random, programme):
    material = world.material()
    shuffled = {}
    for name in ("submissions", "cities", "crosscheck", "cohort", "decisions"):
        frame = getattr(material, name)
        order = list(range(frame.height))
        random.shuffle(order)
        shuffled[name] = frame[order]
    one, other = run(material, programme), run(replace(material, **shuffled), programme)
    for table in ("applications", "checks", "eligibility", "findings"):
        assert getattr(one, table).equals(getattr(other, table)), table


@settings(max_examples=40, deadline=None)
@given(world=worlds())
def test_every_form_has_one_state_and_the_tables_agree(world, programme):
    result = run(world.material(), programme)
    assert sorted(result.applications["application_id"]) == sorted(world.forms)
    accepted = {key for key, state in states_of(result).items() if state == "accepted"}
    late = {key for key, state in states_of(result).items() if state == "late"}
    assert set(result.eligibility["application_id"]) == accepted
    counts = dict(result.checks.group_by("application_id").len().iter_rows())
    assert counts == dict.fromkeys(accepted | late, len(RULES))
    for key in accepted:
        assert status_of_all(result)[key] == status_of(
            [str(row["outcome"]) for row in checks_of(result, key).values()]
        )
    superseded = result.applications.filter(pl.col("state") == "superseded")
    assert superseded["superseded_by"].null_count() == 0
    assert not set(superseded["superseded_by"]) & set(superseded["application_id"])
    assert result.applications.filter(pl.col("state") != "superseded")["superseded_by"].is_null().all()


@settings(max_examples=40, deadline=None)
@given(world=worlds(), rule=st.sampled_from(RULES), key=st.sampled_from(["S1", "S2", "S3", "S4"]))
def test_a_decision_that_a_rule_is_met_never_makes_a_status_worse(world, rule, key, programme):
    before = status_of_all(run(world.material(), programme))
    decided = replace(world, decisions=(*world.decisions, decision("rule", key, rule, "met", n=9, id_="met")))
    after = status_of_all(run(decided.material(), programme))
    if key in before and key in after:
        assert STATUSES.index(after[key]) <= STATUSES.index(before[key])
    if rule != "on_time":
        assert {other: status for other, status in after.items() if other != key} == {
            other: status for other, status in before.items() if other != key
        }


@settings(max_examples=25, deadline=None)
@given(world=worlds())
def test_results_conform_to_the_dictionary(world, programme):
    result = run(world.material(), programme)
    for table, frame in (
        (APPLICATIONS, result.applications),
        (ELIGIBILITY_CHECKS, result.checks),
        (ELIGIBILITY, result.eligibility),
        (FINDINGS, result.findings),
    ):
        assert frame.schema == table.schema
        assert not frame.select(pl.struct(table.key).is_duplicated().any()).item()
        for column in table.columns:
            assert column.nullable or not frame[column.name].null_count(), column.name
            assert not column.values or set(frame[column.name].drop_nulls()) <= set(column.values), (
                column.name
            )
