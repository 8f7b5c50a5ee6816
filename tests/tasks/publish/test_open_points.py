"""What waits for a person: each kind by itself, the order, and one number everywhere."""

from __future__ import annotations

import polars as pl
import pytest

from programme.vocabulary import COUNTRY_UNKNOWN, OPEN_POINT_KINDS
from tasks.publish.open_points import count_by_kind, open_points, replaced_forms
from warehouse.dictionary.published import PUBLISHED_TABLES

IDS = ("S1", "S2", "S3")


def world(**rows: list[dict[str, object]]) -> dict[str, pl.DataFrame]:
    """Three applications of three cities, all eligible unless told otherwise, and the rows given."""
    blank = {
        "applications": [{"application_id": i, "city_name": f"City {i}", "state": "accepted"} for i in IDS],
        "eligibility": [
            {"application_id": i, "city_id": i, "status": "eligible", "reasons": ""} for i in IDS
        ],
    }
    return {name: table.frame((blank | rows).get(name, [])) for name, table in PUBLISHED_TABLES.items()}


def judged(status: str, reasons: str = "Why.") -> list[dict[str, object]]:
    return [{"application_id": "S1", "city_id": "S1", "status": status, "reasons": reasons}]


def unclear(rule: str, evidence: str = "what is known") -> dict[str, object]:
    row = {"computed_outcome": "unclear", "source": "form", "clause": "3.2", "message": "Please."}
    return row | {"application_id": "S1", "rule": rule, "outcome": "unclear", "evidence": evidence}


def review(register: str, name: str) -> dict[str, object]:
    row = {"application_id": "S1", "register": register, "member_name": name, "outcome": "review"}
    return row | {"evidence": "two candidates", "decided_by": "rules"}


def twinning(state: str) -> dict[str, list[dict[str, object]]]:
    aspects = {name: 0.0 for name in PUBLISHED_TABLES["twinnings"].names if name.startswith("aspect_")}
    row = {"twinning_id": "T1", "topic": "data", "n_cities": 2, "value": 0.0, "conditional": False}
    members = [{"twinning_id": "T1", "application_id": i, "city_id": i} for i in ("S1", "S2")]
    return {"twinnings": [row | aspects | {"state": state}], "twinning_members": members}


def finding(table: str, expectation: str, key: str) -> dict[str, object]:
    row = {"table": table, "expectation": expectation, "severity": "warn", "row_key": key}
    return row | {"column": "c", "message": "m"}


INLAND = [finding("applications", "topic_suits_the_place", "S1")]
CASES = [
    ("nothing", {}, []),
    (
        "a country that is not known comes first, once",
        {
            "eligibility": judged("needs_review"),
            "eligibility_checks": [
                unclear("climate_plan"),
                unclear("gcom", COUNTRY_UNKNOWN),
                unclear("cohort", COUNTRY_UNKNOWN),
            ],
        },
        [("country", "S1", "country"), ("rule", "S1", "climate_plan")],
    ),
    (
        "another sender of the same city, told once",
        {
            "findings": [finding("applications", "one_sender_a_city", "S1")],
            "eligibility": judged("needs_review"),
            "eligibility_checks": [unclear("mandate"), unclear("topic")],
        },
        [("contested", "S1", "sender"), ("rule", "S1", "topic")],
    ),
    (
        "a form replaced by another sender",
        {"findings": [finding("applications", "replaced_by_its_own_sender", "S1")]},
        [("replaced", "S1", "sender")],
    ),
    ("a topic that does not suit the place", {"findings": INLAND}, [("place", "S1", "topic_place")]),
    (
        "a topic that does not suit the place of one that is ineligible",
        {"findings": INLAND, "eligibility": judged("ineligible")},
        [],
    ),
    (
        "an unclear rule of an application under review",
        {"eligibility": judged("needs_review"), "eligibility_checks": [unclear("mandate")]},
        [("rule", "S1", "mandate")],
    ),
    (
        "an unclear rule of one that is ineligible anyway",
        {"eligibility": judged("ineligible"), "eligibility_checks": [unclear("mandate")]},
        [],
    ),
    (
        "an ambiguous link is one point, not a link and a rule",
        {
            "eligibility": judged("needs_review"),
            "eligibility_checks": [unclear("gcom"), unclear("cohort")],
            "crosscheck": [review("gcom", "one"), review("gcom", "two")],
        },
        [("link", "S1", "gcom"), ("link", "S1", "gcom"), ("rule", "S1", "cohort")],
    ),
    (
        "an ambiguous link on which nothing depends",
        {"crosscheck": [review("gcom", "one")]},
        [],
    ),
    (
        "a form set aside, and a copy of a form",
        {
            "applications": [
                {"application_id": "S1", "state": "accepted"},
                {"application_id": "S1 (row 9)", "state": "set_aside"},
                {"application_id": "row-0007", "state": "set_aside"},
            ],
            "eligibility": [],
        },
        [("set_aside", "row-0007", "form")],
    ),
    (
        "disputed scores",
        {
            "ranking": [
                {"application_id": i, "total": 1.0, "rank": n, "provisional": False, "disputed": i == "S2"}
                for n, i in enumerate(IDS, 1)
            ]
        },
        [("disputed", "S2", "scores")],
    ),
    (
        "a sign of a conflict that nobody declared",
        {"findings": [finding("evaluations", "conflict_declared", "application S2")]},
        [("conflict", "S2", "c")],
    ),
    ("a proposed twinning", twinning("proposed"), [("unconfirmed", "T1", "data")]),
    ("a confirmed twinning of eligible cities", twinning("confirmed"), []),
    (
        "a confirmed twinning on a condition",
        twinning("confirmed") | {"eligibility": judged("tentative")},
        [("at_risk", "S1", "data"), ("at_risk", "S2", "data")],
    ),
    (
        "no consent, in a twinning and outside",
        twinning("proposed")
        | {
            "findings": [
                finding("submissions", "data_consent_given", "S2"),
                finding("submissions", "data_consent_given", "S3"),
            ]
        },
        [("consent", "S2", "data_consent"), ("unconfirmed", "T1", "data")],
    ),
]


@pytest.mark.parametrize(("rows", "expected"), [pytest.param(*each[1:], id=each[0]) for each in CASES])
def test_what_is_open(rows, expected):
    points = open_points(world(**rows))
    assert points.select("kind", "subject", "about").rows() == expected
    assert sum(count_by_kind(points).values()) == len(expected)


def test_a_released_twinning_waits_for_nobody():
    rows = twinning("proposed")
    assert open_points(world(**rows), ["T1"]).is_empty()
    assert open_points(world(**rows), ["T9"])["kind"].to_list() == ["unconfirmed"]


def test_a_contact_that_may_be_shared_waits_for_nobody():
    rows = twinning("confirmed") | {"findings": [finding("submissions", "data_consent_given", "S2")]}
    assert open_points(world(**rows), shared=["S1"])["kind"].to_list() == ["consent"]
    assert open_points(world(**rows), shared=["S2"]).is_empty()


def test_why_a_confirmed_twinning_is_at_risk():
    """In the office's words: the sentences to the applicant say "your city"."""
    rows = twinning("confirmed") | {
        "eligibility": judged("ineligible", "Your city withdrew its plan."),
        "eligibility_checks": [
            unclear("mandate"),
            unclear("climate_plan") | {"outcome": "not_met", "evidence": "SECAP, withdrawn"},
        ],
    }
    said = dict(open_points(world(**rows)).select("subject", "evidence").iter_rows())
    assert said == {
        "S1": "City S1 is confirmed, but can no longer take part in twinning T1. "
        "climate_plan is not_met (SECAP, withdrawn); mandate is unclear (what is known).",
        "S2": "City S2 is confirmed, but can no longer take part in twinning T1. It has no accepted form.",
    }


def test_the_cities_of_a_proposed_twinning_are_named():
    (row,) = open_points(world(**twinning("proposed"))).rows(named=True)
    assert row["city_name"] == "City S1, City S2"


def test_the_most_urgent_kinds_come_first():
    rows = twinning("proposed") | {
        "applications": [
            *({"application_id": i, "city_name": i, "state": "accepted"} for i in IDS),
            {"application_id": "row-0007", "state": "set_aside"},
        ],
        "eligibility": judged("needs_review"),
        "eligibility_checks": [unclear("mandate")],
    }
    kinds = open_points(world(**rows))["kind"].to_list()
    assert kinds == ["set_aside", "rule", "unconfirmed"]
    assert kinds == sorted(kinds, key=OPEN_POINT_KINDS.index)


def test_a_scan_has_no_selection_yet():
    tables = world(eligibility=judged("needs_review"), eligibility_checks=[unclear("mandate")])
    scanned = {
        name: tables[name] for name in ("applications", "eligibility", "eligibility_checks", "findings")
    }
    assert count_by_kind(open_points(scanned)) == {"rule": 1}


def test_every_replaced_form_is_listed() -> None:
    rows = [{"application_id": "S1", "city_name": "Turku", "state": "superseded", "superseded_by": "S2"}]
    tables = world(applications=[*rows, {"application_id": "S2", "state": "accepted"}])
    [found] = replaced_forms(tables["applications"]).rows(named=True)
    assert (found["application_id"], found["evidence"]) == ("S1", "S2 stands in its place")
    assert open_points(tables).is_empty()
