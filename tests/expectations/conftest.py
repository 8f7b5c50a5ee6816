"""A small valid round: every table, a few rows, nothing wrong with any of them. Each test breaks one thing in
it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from expectations.check import Limits
from expectations.model import ALL_TABLES
from programme.expectations import ExpectedCount
from programme.programme import Programme
from programme.vocabulary import ASPECTS

RULES = (
    "on_time",
    "local_government",
    "population",
    "gcom",
    "climate_plan",
    "cohort",
    "mandate",
    "participation",
    "motivation",
    "topic",
)
CRITERIA = ("mandate", "impact", "added_value", "engagement", "previous_experience")
# submission, city id, cohort id, GCoM id, status, rank
CITIES = (
    ("S1", "UTM1", "UTM1", "G1", "eligible"),
    ("S2", "UTM2", "UTM2", None, "tentative"),
    ("S3", "G3", None, "G3", "eligible"),
    ("S4", "KEN:delta", None, None, "ineligible"),
)
LATE = ("S5", "UTM5", "UTM5", None)
SENT = datetime(2025, 8, 1, 12, tzinfo=UTC)


def _submission(n: int, submission_id: str) -> dict[str, object]:
    return {
        "row": n + 1, "submission_id": submission_id, "submitted_at": SENT, "city_name": f"City {n}", "country": "Kenya", "country_iso3": "KEN",
        "applicant_type": "city", "population": 100_000 * n, "members": [], "cohort_status": "member", "cohort_applied_on": date(2025, 6, 1),
        "plan_type": "SECAP", "plan_status": "adopted", "contact_name": f"Personal Name {n}", "contact_email": f"person{n}@example.org",
        "contact_role": "Personal Role", "organisation": "Personal Office", "motivation": "Personal motivation", "data_consent": True,
        "topic_1": "cooling", "topic_1_need": 4, "topic_1_experience": 2, "topic_2": "mobility", "action_aspects": ["technical"],
        "stakeholders": ["research"], "preferred_city_1": "City 9", "preferred_country_1": "Kenya",
    }  # fmt: skip


def _inputs() -> dict[str, list[dict[str, object]]]:
    place = {"country": "Kenya", "country_iso3": "KEN", "latitude": -1.3, "longitude": 36.8}
    register = {**place, "population": 200_000}
    member = {"applied_on": date(2024, 1, 1), "decided_on": date(2024, 6, 1), "status": "member"}
    return {
        "submissions": [_submission(n, f"S{n}") for n in range(1, 6)],
        "cohort": [
            {**register, **member, "row": 2, "utm_id": "UTM1", "name": "City 1", "gcom_id": "G1"},
            {**register, "row": 3, "utm_id": "UTM2", "name": "City 2", "status": "pending", "applied_on": date(2025, 7, 1)},
            {**register, **member, "row": 4, "utm_id": "UTM5", "name": "City 5"},
        ],
        "gcom": [
            {**register, "row": 2, "gcom_id": "G1", "name": "City 1", "status": "active", "signed_on": date(2020, 1, 1)},
            {**register, "row": 3, "gcom_id": "G3", "name": "City 3", "status": "active", "signed_on": None},
        ],
        "evaluations": [
            {"row": n + 2, "evaluator_id": "E1", "submission_id": "S1", "criterion": criterion, "score": 3.0, "comment": "Personal comment",
             "evaluated_at": date(2025, 9, 1)} for n, criterion in enumerate(CRITERIA)
        ],
        "collaborations": [
            {"row": 2, "city_a": "City 1", "country_a": "Kenya", "country_a_iso3": "KEN", "city_b": "City 3", "country_b": "Kenya",
             "country_b_iso3": "KEN", "topic": "cooling", "funded": True},
        ],
        "decisions": [
            {"decision_id": "d1", "kind": "link", "subject": "S3", "object": "gcom", "value": "G3", "reason": "Personal reason",
             "decided_by": "Personal decider", "decided_at": SENT},
            {"decision_id": "d2", "kind": "rule", "subject": "S1", "object": "mandate", "value": "met", "reason": "Personal reason",
             "decided_by": "Personal decider", "decided_at": SENT},
        ],
        "corrections": [
            {"row": 2, "submission_id": "S1", "column": "population", "expected": "Personal before", "value": "Personal after",
             "reason": "Personal reason", "decided_by": "Personal decider", "decided_at": SENT},
        ],
        "evaluators": [
            {"row": 2, "evaluator_id": "E1", "country": "Kenya", "country_iso3": "KEN", "email": "Personal email", "expertise": "cooling",
             "ties": "Personal ties"},
        ],
    }  # fmt: skip


def _linked() -> dict[str, list[dict[str, object]]]:
    every = [city[:4] for city in CITIES] + [LATE]
    crosscheck = [
        {"application_id": app, "register": register, "member_name": f"City {app}", "outcome": "linked" if link else "none", "register_id": link,
         "confidence": 1.0 if link else None, "evidence": "same name", "decided_by": "rules"}
        for app, _, cohort_id, gcom_id in every for register, link in (("cohort", cohort_id), ("gcom", gcom_id))
    ]  # fmt: skip
    cities = [
        {"application_id": app, "city_id": city_id, "name_key": "KEN:delta" if app == "S4" else f"KEN:{app}", "cohort_id": cohort_id,
         "gcom_id": gcom_id, "city_name": f"City {app}", "country_iso3": "KEN", "region": "Sub-Saharan Africa", "latitude": -1.3,
         "longitude": 36.8, "timezone": "Africa/Nairobi"}
        for app, city_id, cohort_id, gcom_id in every
    ]  # fmt: skip
    preferences = [
        {
            "application_id": "S1",
            "choice": 1,
            "city_name": "City 3",
            "city_id": "G3",
            "outcome": "linked",
            "evidence": "same name",
        },
        {
            "application_id": "S2",
            "choice": 1,
            "city_name": "Nowhere",
            "city_id": None,
            "outcome": "none",
            "evidence": "no such name",
        },
    ]
    return {"crosscheck": crosscheck, "cities": cities, "preferences": preferences, "cooperations": []}


def _judged() -> dict[str, list[dict[str, object]]]:
    worst = {"eligible": "met", "tentative": "conditional", "ineligible": "not_met"}
    states = [(*city[:2], "accepted") for city in CITIES] + [(*LATE[:2], "late")]
    return {
        "applications": [
            {"application_id": app, "city_id": city_id, "state": state, "topic_1": "cooling", "topic_2": "mobility"} for app, city_id, state in states
        ],
        "eligibility_checks": [
            {"application_id": app, "rule": rule, "outcome": worst[status] if rule == "cohort" else "met",
             "computed_outcome": worst[status] if rule == "cohort" else "met", "evidence": "a value", "source": "form", "clause": "3.2",
             "message": "A sentence."}
            for app, _, _, _, status in CITIES for rule in RULES
        ],
        "eligibility": [
            {"application_id": app, "city_id": city_id, "status": status, "reasons": "" if status == "eligible" else "A sentence."}
            for app, city_id, _, _, status in CITIES
        ],
    }  # fmt: skip


def _selected() -> dict[str, list[dict[str, object]]]:
    points = {"S1": 15.0, "S2": 12.0, "S3": 10.0, "S4": 2.0}
    source = {"source": "evaluators", "n_reviews": 2, "spread": 1.0}
    return {
        "scores": [
            {"application_id": app, "criterion": criterion, "points": each, "max_points": 20.0, "weight": 20.0, **source}
            for app, each in points.items() for criterion in CRITERIA
        ],
        "ranking": [
            {"application_id": app, "total": points[app] * 5, "rank": rank, "provisional": False, "disputed": False}
            for rank, app in ((1, "S1"), (2, "S2"), (3, "S3"))
        ],
        "twinnings": [
            {"twinning_id": "T1", "topic": "cooling", "n_cities": 2, "value": float(len(ASPECTS)), **{f"aspect_{name}": 1.0 for name in ASPECTS},
             "state": "proposed", "conditional": True},
        ],
        "twinning_members": [
            {"twinning_id": "T1", "application_id": app, "city_id": city_id, "need": 4, "experience": 2} for app, city_id in (("S1", "UTM1"), ("S2", "UTM2"))
        ],
        "unplaced": [{"application_id": "S3", "reason": "No room was left.", "regret": 0.5}],
    }  # fmt: skip


@pytest.fixture(scope="session")
def world() -> dict[str, pl.DataFrame]:
    """All tables of a valid round, by name."""
    rows = _inputs() | _linked() | _judged() | _selected()
    return {name: ALL_TABLES[name].frame(each) for name, each in rows.items()}


@pytest.fixture(scope="session")
def limits(programme: Programme) -> Limits:
    """The first round's limits, with counts small enough for the small round and room for one twinning of
    three.
    """
    few = {
        name: ExpectedCount(minimum=1, maximum=20, severity="stop", why="a small round for tests")
        for name in (
            "submissions",
            "cohort",
            "gcom",
            "evaluations",
            "collaborations",
            "decisions",
            "corrections",
            "evaluators",
        )
    }
    of = Limits.of(programme, "2025-07", SENT, max_twinnings=1, max_cities=3)
    return Limits(
        programme.expectations.model_copy(update=few),
        of.topics,
        of.regions,
        of.opens_at,
        of.latest,
        of.max_twinnings,
        of.max_cities,
    )
