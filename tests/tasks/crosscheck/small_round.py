"""The input rows of a small round with one of each case that the cross-check tells apart."""

from __future__ import annotations

Row = dict[str, object]

SUBMISSIONS: list[Row] = [
    {
        "submission_id": "S1",
        "city_name": "Comune di Torino",
        "country_iso3": "ITA",
        "preferred_city_1": "Atenas",
        "preferred_country_1": "Grèce",
        "preferred_city_2": "Atlantis",
        "preferred_country_2": "Spain",
        "past_cooperation": [
            {"city": "Athina", "country": "Greece", "programme": "URBACT", "topic": "mobility"},
            {"city": "Utopia", "country": "France", "programme": None, "topic": None},
        ],
    },
    {
        "submission_id": "S2",
        "city_name": "Αθήνα",
        "country_iso3": "GRC",
        "preferred_city_1": "Turin",
        "preferred_country_1": "Italy",
    },
    {
        "submission_id": "S3",
        "city_name": "Two Rivers Partnership",
        "country_iso3": "USA",
        "applicant_type": "consortium",
        "members": [
            {"name": "Portland, Oregon", "population": 650_000, "plan_status": "adopted"},
            {"name": "City of Springfield, IL", "population": None, "plan_status": "none"},
            {"name": "City of Springfield, IL", "population": None, "plan_status": "none"},
        ],
    },
    {"submission_id": "S4", "city_name": "Kópavogur", "country_iso3": "ISL", "population": 38_000},
    {"submission_id": "S5", "city_name": "\x00", "country_iso3": None},
    {"submission_id": "S6", "city_name": "Savigliano", "country_iso3": "ITA"},
]
COHORT: list[Row] = [
    {
        "utm_id": "U1",
        "name": "Turin",
        "country_iso3": "ITA",
        "status": "member",
        "gcom_id": "G1",
        "latitude": 45.07,
        "longitude": 7.69,
    },
    {"utm_id": "U2", "name": "Athens", "country_iso3": "GRC", "status": "rejected"},
    {"utm_id": "U3", "name": "Two Rivers Partnership", "country_iso3": "USA", "status": "pending"},
    {"utm_id": "U6", "name": "Savigliano", "country_iso3": "ITA", "status": "member", "gcom_id": "G1"},
]
GCOM: list[Row] = [
    {"gcom_id": "G1", "name": "Torino", "country_iso3": "ITA"},
    {"gcom_id": "G2", "name": "Athens", "country_iso3": "GRC", "latitude": 37.98, "longitude": 23.73},
    {"gcom_id": "G3", "name": "Portland, OR", "country_iso3": "USA"},
    {"gcom_id": "G4", "name": "Springfield, IL", "country_iso3": "USA"},
    {"gcom_id": "G6", "name": "Savigliano", "country_iso3": "ITA"},
]
COLLABORATIONS: list[Row] = [
    {
        "city_a": "Città di Torino",
        "country_a_iso3": "ITA",
        "city_b": "Athènes",
        "country_b_iso3": "GRC",
        "programme": "URBACT",
        "topic": "mobility",
        "funded": True,
    },
    {"city_a": "Nowhere", "country_a_iso3": "ITA", "city_b": "Athens", "country_b_iso3": "GRC"},
]
