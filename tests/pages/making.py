"""Versions made by hand, small or large, for the tests of pages: invented applications of real places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import polars as pl

from pages.report.data import WORKING, ReportData
from pages.views.provenance import Approval
from programme.programme import Programme
from programme.vocabulary import ASPECTS, CRITERIA
from warehouse.dictionary import PUBLISHED_TABLES, WORKING_TABLES

PLACES: tuple[tuple[str, str, str, float, float, str], ...] = (
    ("Porto", "PRT", "Europe", 41.15, -8.61, "Europe/Lisbon"),
    ("Bologna", "ITA", "Europe", 44.49, 11.34, "Europe/Rome"),
    ("Gent", "BEL", "Europe", 51.05, 3.72, "Europe/Brussels"),
    ("Valletta", "MLT", "Europe", 35.9, 14.51, "Europe/Malta"),
    ("Male", "MDV", "South Asia", 4.18, 73.51, "Indian/Maldives"),
    ("Suva", "FJI", "Oceania", -18.14, 178.44, "Pacific/Fiji"),
    ("Vancouver", "CAN", "North America", 49.25, -123.12, "America/Vancouver"),
    ("Auckland", "NZL", "Oceania", -36.85, 174.76, "Pacific/Auckland"),
    ("Santiago", "CHL", "Latin America and the Caribbean", -33.46, -70.65, "America/Santiago"),
    ("Dakar", "SEN", "Sub-Saharan Africa", 14.69, -17.44, "Africa/Dakar"),
    ("Kathmandu", "NPL", "South Asia", 27.7, 85.32, "Asia/Kathmandu"),
    ("Nuuk", "GRL", "Europe", 64.18, -51.72, "America/Nuuk"),
)


def place(n: int, name: str | None = None) -> dict[str, object]:
    """The n-th application, A001 for 0; places repeat with other names a little further on."""
    city, country, region, latitude, longitude, zone = PLACES[n % len(PLACES)]
    again = n // len(PLACES)
    return {
        "application_id": f"A{n + 1:03d}",
        "city_id": f"CITY-{n + 1:03d}",
        "city_name": name or (f"{city} {again + 1}" if again else city),
        "country_iso3": country,
        "region": region,
        "latitude": latitude - again * 1.7,
        "longitude": longitude + again * 2.3,
        "timezone": zone,
        "population": 100_000 + n,
        "applicant_type": "city",
        "submitted_at": datetime(2026, 1, 5, 12, tzinfo=UTC),
        "state": "accepted",
        "topic_1": "data",
    }


def twinning(n: int, topic: str, value: float, state: str = "proposed") -> dict[str, object]:
    """The n-th twinning; its whole value comes from one aspect."""
    aspects = {f"aspect_{name}": value if name == "topical" else 0.0 for name in ASPECTS}
    about = {"twinning_id": f"T-{n}", "topic": topic, "n_cities": 2, "value": value, "state": state}
    return {**about, **aspects, "conditional": False}


def made(
    programme: Programme,
    groups: Sequence[Sequence[int]] = ((0, 1), (5, 6, 7)),
    count: int = 12,
    names: Mapping[int, str] | None = None,
    approval: Approval | None = None,
    **rows: list[dict[str, object]],
) -> ReportData:
    """A version with so many applications, of which `groups` are in twinnings.

    Those behind the last placed one could be selected but the last three: one waits for a person, one is
    ineligible, one was late. `names` are other names of cities; `rows` replace whole tables.
    """
    names, placed = names or {}, [n for group in groups for n in group]
    applications = [place(n, names.get(n)) for n in range(count)]
    applications[-1] |= {"state": "late"}
    status = {count - 3: "needs_review", count - 2: "ineligible"}
    ranked = [n for n in range(count - 1) if n not in status]
    topics = programme.topics.ids
    tables: dict[str, list[dict[str, object]]] = {
        "applications": applications,
        "eligibility": [
            {
                "application_id": f"A{n + 1:03d}",
                "city_id": f"CITY-{n + 1:03d}",
                "status": status.get(n, "eligible"),
                "reasons": "The mandate is not clear." if n in status else "",
            }
            for n in range(count - 1)
        ],
        "ranking": [
            {
                "application_id": f"A{n + 1:03d}",
                "total": 90.0 - n / 2,
                "rank": n + 1,
                "provisional": False,
                "disputed": n == 0,
            }
            for n in ranked
        ],
        "scores": [
            {"application_id": "A001", "criterion": name, "points": 9.0, "spread": 3.0}
            for name in CRITERIA[:1]
        ],
        "twinnings": [
            twinning(n, topics[n % len(topics)], 200.5 - n) | {"n_cities": len(group)}
            for n, group in enumerate(groups)
        ],
        "twinning_members": [
            {
                "twinning_id": f"T-{n}",
                "application_id": f"A{m + 1:03d}",
                "city_id": f"CITY-{m + 1:03d}",
                "need": 4,
                "experience": 2,
            }
            for n, group in enumerate(groups)
            for m in group
        ],
        "unplaced": [
            {
                "application_id": f"A{n + 1:03d}",
                "kind": "capacity",
                "reason": f"Reason of A{n + 1:03d}. It would cost 3.25 points.",
                "message": "All places are given.",
                "regret": 3.25,
            }
            for n in ranked
            if n not in placed
        ],
    } | rows
    return ReportData(
        round_=programme.rounds.get("2026-01"),
        programme=programme,
        tables=_frames(tables),
        working=_working(tables),
        package={
            "round": "2026-01",
            "version": "2",
            "state": "open",
            "reason": "a new export",
            "parent": 1,
            "program": "0.1.0",
            "content": "c" * 64,
            "seal": "5" * 64,
            "rules": programme.fingerprint,
            "inputs": {"submissions": "1" * 64},
        },
        approval=approval,
    )


def _frames(rows: Mapping[str, list[dict[str, object]]]) -> dict[str, pl.DataFrame]:
    return {name: table.frame(rows.get(name, [])) for name, table in PUBLISHED_TABLES.items()}


def _working(rows: Mapping[str, list[dict[str, object]]]) -> dict[str, pl.DataFrame]:
    return {name: WORKING_TABLES[name].frame(rows.get(name, [])) for name in WORKING}
