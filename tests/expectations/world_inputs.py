"""The inputs of a small valid round: every table, a few rows, nothing wrong with any of them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from programme.vocabulary import CRITERIA

SENT = datetime(2025, 8, 1, 12, tzinfo=UTC)


def _submission(n: int, submission_id: str) -> dict[str, object]:
    return {
        "row": n + 1,
        "submission_id": submission_id,
        "submitted_at": SENT,
        "city_name": f"City {n}",
        "country": "Kenya",
        "country_iso3": "KEN",
        "applicant_type": "city",
        "population": 100_000 * n,
        "members": [],
        "cohort_status": "member",
        "cohort_applied_on": date(2025, 6, 1),
        "plan_type": "SECAP",
        "plan_status": "adopted",
        "contact_name": f"Personal Name {n}",
        "contact_email": f"person{n}@example.org",
        "contact_role": "Personal Role",
        "organisation": "Personal Office",
        "motivation": "Personal motivation",
        "data_consent": True,
        "topic_1": "cooling",
        "topic_1_need": 4,
        "topic_1_experience": 2,
        "topic_2": "mobility",
        "action_aspects": ["technical"],
        "stakeholders": ["research"],
        "preferred_city_1": "City 9",
        "preferred_country_1": "Kenya",
    }


def inputs() -> dict[str, list[dict[str, object]]]:
    place = {"country": "Kenya", "country_iso3": "KEN", "latitude": -1.3, "longitude": 36.8}
    register = {**place, "population": 200_000}
    member = {"applied_on": date(2024, 1, 1), "decided_on": date(2024, 6, 1), "status": "member"}
    return {
        "submissions": [_submission(n, f"S{n}") for n in range(1, 6)],
        "cohort": [
            {**register, **member, "row": 2, "utm_id": "UTM1", "name": "City 1", "gcom_id": "G1"},
            {
                **register,
                "row": 3,
                "utm_id": "UTM2",
                "name": "City 2",
                "status": "pending",
                "applied_on": date(2025, 7, 1),
            },
            {**register, **member, "row": 4, "utm_id": "UTM5", "name": "City 5"},
        ],
        "gcom": [
            {
                **register,
                "row": 2,
                "gcom_id": "G1",
                "name": "City 1",
                "status": "active",
                "signed_on": date(2020, 1, 1),
            },
            {**register, "row": 3, "gcom_id": "G3", "name": "City 3", "status": "active", "signed_on": None},
        ],
        "evaluations": [
            {
                "row": n + 2,
                "evaluator_id": "E1",
                "submission_id": "S1",
                "criterion": criterion,
                "score": 3.0,
                "comment": "Personal comment",
                "evaluated_at": date(2025, 9, 1),
            }
            for n, criterion in enumerate(CRITERIA)
        ],
        "feedback": [
            {
                "row": 2 + n,
                "twinning_id": "T1",
                "city": f"City {n + 1}",
                "session": 1,
                "usefulness": 4,
                "would_do_again": True,
                "comment": "Personal comment",
            }
            for n in range(2)
        ],
        "feedback_answers": [
            {"row": 2 + n, "twinning_id": "T1", "application_id": f"S{n + 1}", "session": 1, "usefulness": 4}
            for n in range(2)
        ],
        "collaborations": [
            {
                "row": 2,
                "city_a": "City 1",
                "country_a": "Kenya",
                "country_a_iso3": "KEN",
                "city_b": "City 3",
                "country_b": "Kenya",
                "country_b_iso3": "KEN",
                "topic": "cooling",
                "funded": True,
            },
        ],
        "decisions": [
            {
                "decision_id": "d1",
                "kind": "link",
                "subject": "S3",
                "object": "gcom",
                "value": "G3",
                "reason": "Personal reason",
                "decided_by": "Personal decider",
                "decided_at": SENT,
            },
            {
                "decision_id": "d2",
                "kind": "rule",
                "subject": "S1",
                "object": "mandate",
                "value": "met",
                "reason": "Personal reason",
                "decided_by": "Personal decider",
                "decided_at": SENT,
            },
        ],
        "corrections": [
            {
                "row": 2,
                "submission_id": "S1",
                "column": "population",
                "expected": "Personal before",
                "value": "Personal after",
                "reason": "Personal reason",
                "decided_by": "Personal decider",
                "decided_at": SENT,
            },
        ],
        "evaluators": [
            {
                "row": 2,
                "evaluator_id": "E1",
                "country": "Kenya",
                "country_iso3": "KEN",
                "email": "Personal email",
                "expertise": "cooling",
                "ties": "Personal ties",
            },
        ],
    }
