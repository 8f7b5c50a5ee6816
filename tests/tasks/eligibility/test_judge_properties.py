"""Properties of the step over random rounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.vocabulary import OUTCOMES, RULES, STATUSES, status_of
from tasks.eligibility.judge import EligibilityInputs, Judged, judge
from tests.examples import examples
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
)
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


def run(inputs: EligibilityInputs, programme) -> Judged:
    return judge(inputs, programme=programme, round_=programme.rounds.get("2025-07"), register_versions={})


@settings(max_examples=examples(15))
@given(world=worlds(), random=st.randoms(use_true_random=False))
def test_the_order_of_rows_never_changes_a_result(world, random, programme):
    inputs = world.inputs()
    shuffled = {}
    for name in ("submissions", "cities", "crosscheck", "cohort"):  # decisions are in the order of recording
        frame = getattr(inputs, name)
        order = list(range(frame.height))
        random.shuffle(order)
        shuffled[name] = frame[order]
    one, other = run(inputs, programme), run(replace(inputs, **shuffled), programme)
    for table in ("applications", "checks", "eligibility", "findings"):
        assert getattr(one, table).equals(getattr(other, table)), table


@settings(max_examples=examples(15))
@given(world=worlds())
def test_every_form_has_one_state_and_the_tables_agree(world, programme):
    result = run(world.inputs(), programme)
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


@settings(max_examples=examples(15))
@given(world=worlds(), rule=st.sampled_from(RULES), key=st.sampled_from(["S1", "S2", "S3", "S4"]))
def test_a_decision_that_a_rule_is_met_never_makes_a_status_worse(world, rule, key, programme):
    before = status_of_all(run(world.inputs(), programme))
    decided = replace(world, decisions=(*world.decisions, decision("rule", key, rule, "met", n=9, id_="met")))
    after = status_of_all(run(decided.inputs(), programme))
    if key in before and key in after:
        assert STATUSES.index(after[key]) <= STATUSES.index(before[key])
    if rule != "on_time":
        assert {other: status for other, status in after.items() if other != key} == {
            other: status for other, status in before.items() if other != key
        }


@settings(max_examples=examples(10))
@given(world=worlds())
def test_results_conform_to_the_dictionary(world, programme):
    result = run(world.inputs(), programme)
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
