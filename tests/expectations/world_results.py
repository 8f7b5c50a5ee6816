"""What the steps made of the small valid round: every table, a few rows, nothing wrong with any of them."""

from __future__ import annotations

from programme.vocabulary import ASPECTS, CRITERIA, RULES

# submission, city id, cohort id, GCoM id, status, rank
CITIES = (
    ("S1", "UTM1", "UTM1", "G1", "eligible"),
    ("S2", "UTM2", "UTM2", None, "tentative"),
    ("S3", "G3", None, "G3", "eligible"),
    ("S4", "KEN:delta", None, None, "ineligible"),
)
LATE = ("S5", "UTM5", "UTM5", None)


def linked() -> dict[str, list[dict[str, object]]]:
    every = [city[:4] for city in CITIES] + [LATE]
    crosscheck = [
        {
            "application_id": app,
            "register": register,
            "member_name": f"City {app}",
            "outcome": "linked" if link else "none",
            "register_id": link,
            "confidence": 1.0 if link else None,
            "evidence": "same name",
            "decided_by": "rules",
        }
        for app, _, cohort_id, gcom_id in every
        for register, link in (("cohort", cohort_id), ("gcom", gcom_id))
    ]
    cities = [
        {
            "application_id": app,
            "city_id": city_id,
            "name_key": "KEN:delta" if app == "S4" else f"KEN:{app}",
            "cohort_id": cohort_id,
            "gcom_id": gcom_id,
            "city_name": f"City {app}",
            "country_iso3": "KEN",
            "region": "Sub-Saharan Africa",
            "latitude": -1.3,
            "longitude": 36.8,
            "timezone": "Africa/Nairobi",
        }
        for app, city_id, cohort_id, gcom_id in every
    ]
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
    return {"crosscheck": crosscheck, "cities": cities, "named_partners": preferences, "cooperations": []}


def judged() -> dict[str, list[dict[str, object]]]:
    worst = {"eligible": "met", "tentative": "conditional", "ineligible": "not_met"}
    states = [(*city[:2], "accepted") for city in CITIES] + [(*LATE[:2], "late")]
    return {
        "applications": [
            {
                "application_id": app,
                "city_id": city_id,
                "state": state,
                "topic_1": "cooling",
                "topic_2": "mobility",
            }
            for app, city_id, state in states
        ],
        "eligibility_checks": [
            {
                "application_id": app,
                "rule": rule,
                "outcome": worst[status] if rule == "cohort" else "met",
                "computed_outcome": worst[status] if rule == "cohort" else "met",
                "evidence": "a value",
                "source": "form",
                "clause": "3.2",
                "message": "A sentence.",
            }
            for app, _, _, _, status in CITIES
            for rule in RULES
        ],
        "eligibility": [
            {
                "application_id": app,
                "city_id": city_id,
                "status": status,
                "reasons": "" if status == "eligible" else "A sentence.",
            }
            for app, city_id, _, _, status in CITIES
        ],
    }


def selected() -> dict[str, list[dict[str, object]]]:
    points = {"S1": 15.0, "S2": 12.0, "S3": 10.0, "S4": 2.0}
    source = {"source": "evaluators", "n_reviews": 2, "spread": 1.0}
    return {
        "scores": [
            {
                "application_id": app,
                "criterion": criterion,
                "points": each,
                "max_points": 20.0,
                "weight": 20.0,
                **source,
            }
            for app, each in points.items()
            for criterion in CRITERIA
        ],
        "ranking": [
            {
                "application_id": app,
                "total": points[app] * 5,
                "rank": rank,
                "provisional": False,
                "disputed": False,
            }
            for rank, app in ((1, "S1"), (2, "S2"), (3, "S3"))
        ],
        "twinnings": [
            {
                "twinning_id": "T1",
                "topic": "cooling",
                "n_cities": 2,
                "value": float(len(ASPECTS)),
                **{f"aspect_{name}": 1.0 for name in ASPECTS},
                "state": "proposed",
                "conditional": True,
            },
        ],
        "twinning_members": [
            {"twinning_id": "T1", "application_id": app, "city_id": city_id, "need": 4, "experience": 2}
            for app, city_id in (("S1", "UTM1"), ("S2", "UTM2"))
        ],
        "unplaced": [
            {
                "application_id": "S3",
                "kind": "capacity",
                "reason": "No room was left.",
                "message": "No place is left.",
                "regret": 0.5,
            }
        ],
        "preferences": [],
    }
