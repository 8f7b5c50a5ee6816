"""Which form counts: extension, lateness, one city's several forms, rival departments, withdrawals,
merges.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import polars as pl
import pytest

from tasks.eligibility.rules.case import local_day
from tasks.eligibility.several_forms import replaced_form_points
from tests.tasks.eligibility.making import SENT, World, checks_of, decision, states_of, status_of_all

LATE = datetime(2025, 9, 4, 22, 0, tzinfo=UTC)
LATER = SENT + timedelta(days=1)
SAME = {"S1": "U1", "S2": "U1", "S3": "U1"}
STRANGER = {
    "contact_email": "somebody@gmail.com",
    "organisation": None,
    "applicant_type": "individual",
    "mandate": "none",
    "submitted_at": SENT + timedelta(days=2),
}
OTHER_CITY_OFFICE = {
    "contact_email": "a@other.example",
    "organisation": "Alpha Tourism",
    "submitted_at": LATER,
}
OTHER_DESK = {"contact_email": "b@example.org", "organisation": "Alpha, transport"}


def forms(**given):
    return {key: {"submitted_at": SENT} | values for key, values in given.items()}


CASES = [
    ("one form", World(forms(S1={})), {"S1": "accepted"}),
    (
        "between the two deadlines",
        World(forms(S1={"submitted_at": datetime(2025, 8, 20, tzinfo=UTC)})),
        {"S1": "accepted"},
    ),
    ("late", World(forms(S1={"submitted_at": LATE})), {"S1": "late"}),
    ("unreadable time", World(forms(S1={"submitted_at": None})), {"S1": "accepted"}),
    (
        "the later form stands",
        World(forms(S1={}, S2={"submitted_at": LATER}), SAME),
        {"S1": "superseded", "S2": "accepted"},
    ),
    (
        "a late form replaces nothing",
        World(forms(S1={}, S2={"submitted_at": LATE}), SAME),
        {"S1": "accepted", "S2": "late"},
    ),
    (
        "an unreadable time is no later time",
        World(forms(S1={}, S2={"submitted_at": None}), SAME),
        {"S1": "accepted", "S2": "superseded"},
    ),
    (
        "the same instant: the lower row of the file",
        World(forms(S2={}, S1={}), SAME),
        {"S1": "accepted", "S2": "superseded"},
    ),
    (
        "other spelling, same links",
        World(forms(S1={"city_name": "Alfa"}, S2={"submitted_at": LATER}), SAME),
        {"S1": "superseded", "S2": "accepted"},
    ),
    (
        "same spelling, other links",
        World(forms(S1={}, S2={}), {"S1": "U1", "S2": "U2"}),
        {"S1": "accepted", "S2": "accepted"},
    ),
    (
        "other department, a common topic",
        World(forms(S1=OTHER_DESK, S2={"submitted_at": LATER}), SAME),
        {"S1": "superseded", "S2": "accepted"},
    ),
    *(
        (
            f"other department, the topic of one is topic {n} of the other",
            World(
                forms(
                    S1={**OTHER_DESK, "topic_1": "ports", f"topic_{n}": "data"},
                    S2={"topic_1": "data", "submitted_at": LATER},
                ),
                SAME,
            ),
            {"S1": "superseded", "S2": "accepted"},
        )
        for n in (2, 3)
    ),
    (
        "other department, other topics",
        World(forms(S1={**OTHER_DESK, "topic_1": "ports"}, S2={}), SAME),
        {"S1": "accepted", "S2": "accepted"},
    ),
    (
        "same sender, other topics",
        World(forms(S1={"topic_1": "ports"}, S2={"submitted_at": LATER}), SAME),
        {"S1": "superseded", "S2": "accepted"},
    ),
    (
        "same address, organisation spelt otherwise",
        World(
            forms(S1={"topic_1": "ports", "organisation": "City of Alpha"}, S2={"submitted_at": LATER}), SAME
        ),
        {"S1": "superseded", "S2": "accepted"},
    ),
    (
        "address left blank, same organisation",
        World(
            forms(
                S1={"topic_1": "ports", "contact_email": None, "organisation": " ALPHA "},
                S2={"submitted_at": LATER},
            ),
            SAME,
        ),
        {"S1": "superseded", "S2": "accepted"},
    ),
    (
        "'other' is no common topic",
        World(
            forms(S1={**OTHER_DESK, "topic_1": "other"}, S2={"topic_1": "ports", "topic_2": "other"}), SAME
        ),
        {"S1": "accepted", "S2": "accepted"},
    ),
    (
        "an individual without a mandate takes no city's place",
        World(forms(S1={}, S2=STRANGER), SAME),
        {"S1": "accepted", "S2": "accepted"},
    ),
    (
        "nor by naming its organisation and an address of it",
        World(forms(S1={}, S2=STRANGER | {"organisation": "Alpha", "contact_email": "x@example.org"}), SAME),
        {"S1": "accepted", "S2": "accepted"},
    ),
    (
        "nobody knows who sent either: the mandate decides",
        World(
            forms(
                S1={"contact_email": None, "organisation": None},
                S2={
                    "contact_email": None,
                    "organisation": None,
                    "mandate": "confirmed",
                    "submitted_at": LATER,
                },
            ),
            SAME,
        ),
        {"S1": "accepted", "S2": "accepted"},
    ),
    (
        "another sender with as strong a mandate",
        World(forms(S1={}, S2=OTHER_CITY_OFFICE), SAME),
        {"S1": "superseded", "S2": "accepted"},
    ),
    (
        "another sender with a weaker one",
        World(forms(S1={}, S2=OTHER_CITY_OFFICE | {"mandate": "confirmed"}), SAME),
        {"S1": "accepted", "S2": "accepted"},
    ),
    (
        "another sender with a weaker one, but the city's had none until a person found it",
        World(
            forms(S1={"mandate": "none"}, S2=OTHER_CITY_OFFICE | {"mandate": "confirmed"}),
            SAME,
            (decision("rule", "S1", "mandate", "met"),),
        ),
        {"S1": "accepted", "S2": "accepted"},
    ),
    (
        "a correction that leaves the mandate out opens no door",
        World(
            forms(
                S1={},
                S2={"mandate": None, "submitted_at": LATER},
                S3=OTHER_CITY_OFFICE | {"mandate": "in_progress", "submitted_at": LATER + timedelta(days=1)},
            ),
            SAME,
        ),
        {"S1": "superseded", "S2": "accepted", "S3": "accepted"},
    ),
    (
        "a stranger's form that came first gives way",
        World(forms(S1=STRANGER | {"submitted_at": SENT}, S2={"submitted_at": LATER}), SAME),
        {"S1": "superseded", "S2": "accepted"},
    ),
    (
        "a person says that the stranger's form stands",
        World(forms(S1={}, S2=STRANGER), SAME, (decision("merge", "S2", "S1"),)),
        {"S1": "superseded", "S2": "accepted"},
    ),
    ("withdrawn", World(forms(S1={}), decisions=(decision("withdraw", "S1"),)), {"S1": "withdrawn"}),
    (
        "the later form withdrawn: the earlier stands",
        World(forms(S1={}, S2={"submitted_at": LATER}), SAME, (decision("withdraw", "S2"),)),
        {"S1": "accepted", "S2": "withdrawn"},
    ),
    (
        "late and withdrawn",
        World(forms(S1={"submitted_at": LATE}), decisions=(decision("withdraw", "S1"),)),
        {"S1": "withdrawn"},
    ),
    (
        "late, accepted by decision",
        World(forms(S1={"submitted_at": LATE}), decisions=(decision("accept_late", "S1"),)),
        {"S1": "accepted"},
    ),
    (
        "a late form accepted by decision is the latest",
        World(forms(S1={}, S2={"submitted_at": LATE}), SAME, (decision("accept_late", "S2"),)),
        {"S1": "superseded", "S2": "accepted"},
    ),
    (
        "on time, found late by decision",
        World(forms(S1={}), decisions=(decision("rule", "S1", "on_time", "not_met"),)),
        {"S1": "late"},
    ),
    (
        "accept_late, later undone by a rule",
        World(
            forms(S1={"submitted_at": LATE}),
            decisions=(decision("accept_late", "S1", n=1), decision("rule", "S1", "on_time", "not_met", n=2)),
        ),
        {"S1": "late"},
    ),
    (
        "a rule, later outranked by accept_late",
        World(
            forms(S1={"submitted_at": LATE}),
            decisions=(decision("rule", "S1", "on_time", "not_met", n=2), decision("accept_late", "S1", n=1)),
        ),
        {"S1": "accepted"},
    ),
    (
        "merge of two cities' forms",
        World(forms(S1={}, S2={"submitted_at": LATER}), decisions=(decision("merge", "S1", "S2"),)),
        {"S1": "accepted", "S2": "superseded"},
    ),
    (
        "merge of rival departments",
        World(forms(S1={**OTHER_DESK, "topic_1": "ports"}, S2={}), SAME, (decision("merge", "S1", "S2"),)),
        {"S1": "accepted", "S2": "superseded"},
    ),
    (
        "merge against the order of time",
        World(forms(S1={}, S2={"submitted_at": LATER}), SAME, (decision("merge", "S1", "S2"),)),
        {"S1": "accepted", "S2": "superseded"},
    ),
    (
        "merges one way, then the other",
        World(
            forms(S1={}, S2={}),
            decisions=(decision("merge", "S1", "S2", n=1), decision("merge", "S2", "S1", n=2)),
        ),
        {"S1": "superseded", "S2": "accepted"},
    ),
    (
        "merge with an unknown form",
        World(forms(S1={}), decisions=(decision("merge", "S9", "S1"),)),
        {"S1": "accepted"},
    ),
    (
        "merge with itself",
        World(forms(S1={}), decisions=(decision("merge", "S1", "S1"),)),
        {"S1": "accepted"},
    ),
    (
        "withdraw outranks merge",
        World(
            forms(S1={}, S2={}), decisions=(decision("merge", "S1", "S2"), decision("withdraw", "S2", n=2))
        ),
        {"S1": "accepted", "S2": "withdrawn"},
    ),
]


@pytest.mark.parametrize(("world", "expected"), [pytest.param(*each[1:], id=each[0]) for each in CASES])
def test_what_became_of_each_form(world, expected, judged):
    assert states_of(judged(world)) == expected


def superseded_by(result):
    return dict(
        result.applications.filter(pl.col("superseded_by").is_not_null())
        .select("application_id", "superseded_by")
        .iter_rows()
    )


def test_superseded_by_names_the_form_that_stands_in_the_end(judged):
    chain = World(
        forms(S1={}, S2={}, S3={}, S4={"submitted_at": LATER}),
        {"S3": "U1", "S4": "U1"},
        (decision("merge", "S2", "S1", n=1), decision("merge", "S3", "S2", n=2)),
    )
    assert superseded_by(judged(chain)) == {"S1": "S4", "S2": "S4", "S3": "S4"}


def test_the_latest_of_merges_in_a_circle_count(judged):
    circle = (
        decision("merge", "S1", "S2", n=1),
        decision("merge", "S2", "S3", n=2),
        decision("merge", "S3", "S1", n=3),
    )
    result = judged(World(forms(S1={}, S2={}, S3={}), decisions=circle))
    assert superseded_by(result) == {"S1": "S2", "S3": "S2"}
    assert result.findings.select("row_key", "expectation").rows() == [("d1", "decision_has_effect")]


def test_a_form_superseded_by_one_that_takes_no_part_is_told(judged):
    world = World(forms(S1={"submitted_at": LATE}, S2={}), decisions=(decision("merge", "S1", "S2"),))
    findings = judged(world).findings
    assert findings.rows(named=True) == [
        {
            "table": "applications",
            "expectation": "superseding_form_stands",
            "severity": "warn",
            "row_key": "S2",
            "column": "superseded_by",
            "message": "The form that stands in its place, S1, is late.",
        }
    ]


def test_rival_departments_wait_for_a_person(judged):
    result = judged(World(forms(S1={**OTHER_DESK, "topic_1": "ports"}, S2={}), SAME))
    assert status_of_all(result) == {"S1": "needs_review", "S2": "needs_review"}
    assert (
        checks_of(result, "S1")["mandate"]["evidence"]
        == "another department of the same city applied with other topics: S2"
    )


def test_a_third_form_gives_way_to_its_own_department(judged):
    desks = {
        "S1": {**OTHER_DESK, "topic_1": "ports", "topic_2": "cooling"},
        "S2": {**OTHER_DESK, "topic_1": "ports", "submitted_at": LATER},
        "S3": {"submitted_at": LATER + timedelta(days=1)},
    }
    result = judged(World(forms(**desks), SAME))
    assert superseded_by(result) == {"S1": "S2"}


def test_one_of_two_departments_withdrawn_leaves_the_other_without_doubt(judged):
    result = judged(
        World(forms(S1={**OTHER_DESK, "topic_1": "ports"}, S2={}), SAME, (decision("withdraw", "S1"),))
    )
    assert status_of_all(result) == {"S2": "tentative"}


def test_rows_set_aside_have_a_line_each(judged):
    aside = tuple(
        {"table": table, "row": row, "row_key": key, "column": None, "reason": "a reason"}
        for table, row, key in (
            ("submissions", 7, "S1"),
            ("submissions", 9, "S9"),
            ("submissions", 8, "S9"),
            ("cohort", 3, "U9"),
        )
    )
    found = judged(World(forms(S1={}), set_aside=aside))
    assert states_of(found) == {
        "S1": "accepted",
        "S1 (row 7)": "set_aside",
        "S9": "set_aside",
        "S9 (row 9)": "set_aside",
    }


def test_the_day_of_a_moment_is_that_of_the_round_s_zone(round_):
    new_york = timezone(timedelta(hours=-4))
    assert local_day(datetime(2025, 9, 4, 17, 59, tzinfo=new_york), round_).isoformat() == "2025-09-04"
    assert local_day(datetime(2025, 9, 4, 18, 0, tzinfo=new_york), round_).isoformat() == "2025-09-05"
    assert local_day(datetime(2025, 9, 5, 0, 30, tzinfo=timezone(timedelta(hours=5))), round_).day == 4


def test_a_moment_without_a_zone_is_taken_as_utc(round_):
    assert local_day(datetime(2025, 7, 20, 22, 30), round_).isoformat() == "2025-07-21"  # noqa: DTZ001
    assert local_day("2025-07-20", round_) is None


def stranger_findings(result):
    names = ("one_sender_a_city", "replaced_by_its_own_sender")
    return result.findings.filter(pl.col("expectation").is_in(names)).rows(named=True)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(STRANGER, id="an individual"),
        pytest.param(STRANGER | {"topic_1": "ports"}, id="on other topics"),
        pytest.param(STRANGER | {"organisation": "Alpha"}, id="who names the organisation"),
        pytest.param(STRANGER | {"organisation": "Alph\u0430"}, id="who names one that looks like it"),
        pytest.param(STRANGER | {"contact_email": None}, id="without an address"),
        pytest.param(OTHER_CITY_OFFICE | {"mandate": "in_progress"}, id="another office"),
        pytest.param(OTHER_CITY_OFFICE | {"topic_1": "ports"}, id="another office on other topics"),
        pytest.param(
            OTHER_CITY_OFFICE | {"organisation": "Alpha", "topic_1": "ports", "mandate": "confirmed"},
            id="another office that names the organisation",
        ),
    ],
)
def test_a_stranger_costs_the_city_nothing(judged, sent):
    alone = status_of_all(judged(World(forms(S1={}), SAME)))
    result = judged(World(forms(S1={}, S2=sent), SAME))
    status = status_of_all(result)
    assert status["S1"] == alone["S1"] == "tentative"
    assert status["S2"] in ("needs_review", "ineligible")
    assert checks_of(result, "S2")["mandate"]["outcome"] in ("unclear", "not_met")
    [found] = stranger_findings(result)
    assert (found["row_key"], found["expectation"]) == ("S2", "one_sender_a_city")
    for command in ("merge S1 S2", "merge S2 S1", "withdraw S2"):
        assert f"city2city decide 2025-07 {command} --reason TEXT --by WHO" in found["message"]


def test_a_form_replaced_by_somebody_else_is_told(judged):
    result = judged(World(forms(S1={}, S2=OTHER_CITY_OFFICE), SAME))
    [found] = stranger_findings(result)
    assert (found["row_key"], found["expectation"]) == ("S1", "replaced_by_its_own_sender")
    assert "city2city decide 2025-07 merge S2 S1" in found["message"]
    assert "example" not in found["message"]


@pytest.mark.parametrize(
    ("more", "decisions"),
    [
        pytest.param({"submitted_at": LATER}, (), id="the same sender"),
        pytest.param(OTHER_CITY_OFFICE, (decision("merge", "S2", "S1"),), id="a person agreed"),
        pytest.param(STRANGER, (decision("withdraw", "S2"),), id="the stranger's is withdrawn"),
        pytest.param(STRANGER, (decision("merge", "S1", "S2"),), id="the city's stands by decision"),
    ],
)
def test_nothing_is_asked(judged, more, decisions):
    assert stranger_findings(judged(World(forms(S1={}, S2=more), SAME, decisions))) == []


def test_the_sender_of_every_replaced_form_is_told(judged):
    world = World(forms(S1={}, S2={"submitted_at": LATER}, S3={}), {"S1": "U1", "S2": "U1"})
    [point] = replaced_form_points(judged(world).applications)
    assert point.application_id == "S1"
    assert "21 July 2025; its number is S2" in point.message
