"""A small round with every input table and a value in every column, so that single cells can be made nasty.

Its rows are records of JSON, which carries what no other format can: half a surrogate, 1e400, NaN.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import programme

ROUND = "2025-07"
Records = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Raw:
    """A JSON token that Python would not write, such as 1e400."""

    token: str


_PLACES = [
    ("Turku", "Finland", 195_000, "cooling", 60.45, 22.27),
    ("Accra", "Ghana", 2_291_000, "mobility", 5.55, -0.2),
    ("Nantes", "France", 318_000, "cooling", 47.22, -1.55),
    ("Kumasi", "Ghana", 3_348_000, "mobility", 6.69, -1.62),
    ("Bologna", "Italy", 390_000, "buildings", 44.49, 11.34),
    ("Gdynia", "Poland", 245_000, "ports", 54.52, 18.53),
    ("Antalya", "Türkiye", 1_344_000, "ports", 36.91, 30.7),
    ("Leuven", "Belgium", 102_000, "data", 50.88, 4.7),
    ("Curitiba", "Brazil", 1_773_000, "lighting", -25.43, -49.27),
    ("Kisumu", "Kenya", 397_000, "resilience", -0.09, 34.77),
    ("Da Nang", "Viet Nam", 1_230_000, "resilience", 16.05, 108.2),
    ("San José", "Costa Rica", 352_000, "data", 9.93, -84.08),
]
_MOTIVATION = "We want to learn how other cities plan and pay for this and share what we know. " * 4


def _form(number: int) -> dict[str, Any]:
    city, country, population, topic, *_ = _PLACES[number]
    other = _PLACES[number - 2]
    return {
        "submission_id": f"S-{number}",
        "submitted_at": f"2025-07-{10 + number}T09:00:00Z",
        "city_name": city,
        "country": country,
        "applicant_type": "consortium" if number == 3 else "city",
        "population": population,
        "members": f"{city} | 200000 | adopted; Obuasi | 175000 | adopted" if number == 3 else None,
        "cohort_status": "member",
        "cohort_applied_on": "2024-05-06",
        "gcom_status": "signatory",
        "plan_type": "SECAP",
        "plan_status": "adopted",
        "plan_covers_whole_city": "yes",
        "plan_url": "https://plans.example/plan.pdf",
        "contact_name": f"Contact Number{number}",
        "contact_email": f"contact{number}@city{number}.example",
        "contact_role": "Officer",
        "organisation": f"Office {number}",
        "mandate": "official_letter",
        "mandate_url": "https://plans.example/letter.pdf",
        "english_confirmed": "yes",
        "resources_confirmed": "yes",
        "data_consent": "yes",
        "topic_1": topic,
        "topic_1_need": 4,
        "topic_1_experience": 2,
        "topic_2": "buildings",
        "topic_2_need": 3,
        "topic_2_experience": 4,
        "topic_3": "lighting",
        "topic_3_need": 2,
        "topic_3_experience": 1,
        "jurisdiction": "full",
        "jurisdiction_gap_plan": "None is needed",
        "motivation": _MOTIVATION,
        "action_summary": "A plan for shade",
        "action_stage": "planned",
        "action_aspects": "technical; financial",
        "innovation_status": "planned",
        "aligned_activities": "A plan of the region",
        "stakeholders": "businesses; research",
        "engagement_status": "ongoing",
        "good_practices": "Trees",
        "lessons": "Begin early",
        "past_cooperation": "Lyon | France | Eurocities | mobility",
        "preferred_city_1": other[0],
        "preferred_country_1": other[1],
        "preferred_city_2": "Lyon",
        "preferred_country_2": "France",
    }


def small_round() -> Records:
    """The records of each table of inputs; each call makes new ones."""
    forms = [_form(number) for number in range(len(_PLACES))]
    cohort = [
        {
            "utm_id": f"UTM-{number}",
            "name": city,
            "country": country,
            "population": population,
            "status": "member",
            "applied_on": "2024-05-06",
            "decided_on": "2024-06-06",
            "gcom_id": f"G-{number}",
            "latitude": latitude,
            "longitude": longitude,
        }
        for number, (city, country, population, _, latitude, longitude) in enumerate(_PLACES)
    ]
    gcom = [
        {
            "gcom_id": f"G-{number}",
            "name": city,
            "country": country,
            "region": "A region",
            "population": population,
            "latitude": None,
            "longitude": None,
            "signed_on": "2020-01-02",
            "status": "active",
        }
        for number, (city, country, population) in enumerate(
            [*(place[:3] for place in _PLACES), ("Lyon", "France", 520_000), ("Obuasi", "Ghana", 175_000)]
        )
    ]
    return {
        "submissions": forms,
        "cohort": cohort,
        "gcom": gcom,
        "evaluations": [
            {
                "evaluator_id": f"EV-{number % 3}",
                "submission_id": f"S-{number % 4}",
                "criterion": ["mandate", "impact"][number % 2],
                "score": number % 6,
                "comment": "A comment",
                "conflict": "no",
                "evaluated_at": "2025-09-10",
            }
            for number in range(8)
        ],
        "evaluators": [
            {
                "evaluator_id": f"EV-{number}",
                "country": "Spain",
                "email": f"judge{number}@judges.example",
                "expertise": "cooling; mobility",
                "ties": "Lyon",
            }
            for number in range(3)
        ],
        "feedback": [
            {
                "twinning_id": "T-2025-07-00000000",
                "city": city,
                "session": 1,
                "usefulness": 4,
                "exchange": 5,
                "progress": 3,
                "would_do_again": "yes",
                "comment": "Good talks",
            }
            for city, *_ in _PLACES[:4]
        ],
        "collaborations": [
            {
                "city_a": "Turku",
                "country_a": "Finland",
                "city_b": "Nantes",
                "country_b": "France",
                "programme": "Eurocities",
                "topic": "mobility",
                "funded": "yes",
            }
        ],
        "decisions": [
            {
                "kind": "rule",
                "subject": "S-0",
                "object": "mandate",
                "value": "met",
                "reason": "The letter came",
                "decided_by": "A colleague",
                "decided_at": "2025-09-05T10:00:00Z",
            },
            {
                "kind": "link",
                "subject": "S-1",
                "object": "gcom",
                "value": "G-1",
                "reason": "Looked at it",
                "decided_by": "A colleague",
                "decided_at": "2025-09-05T11:00:00Z",
            },
        ],
        "corrections": [
            {
                "submission_id": "S-2",
                "column": "action_summary",
                "expected": "A plan for shade",
                "value": "A plan for trees",
                "reason": "They wrote to us",
                "decided_by": "A colleague",
                "decided_at": "2025-09-05T12:00:00Z",
            }
        ],
    }


CELLS = [
    (table, row, column)
    for table, records in small_round().items()
    for row in range(len(records))
    for column in records[row]
]
"""Table, row and column of every cell."""


def with_cells(cells: Mapping[tuple[str, int, str], Any]) -> Records:
    """The small round with these cells in place of its own."""
    records = deepcopy(small_round())
    for (table, row, column), value in cells.items():
        records[table][row][column] = value
    return records


def write_round(folder: Path, records: Records) -> None:
    """Write each table as JSON into `folder`/ROUND."""
    place = folder / ROUND
    place.mkdir(parents=True, exist_ok=True)
    for table, rows in records.items():
        (place / f"{table}.json").write_bytes(json_bytes(rows))


def json_bytes(rows: list[dict[str, Any]]) -> bytes:
    """Records as JSON, `Raw` tokens as they are."""
    placed = [
        {
            name: f"raw-token:{value.token}:" if isinstance(value, Raw) else value
            for name, value in row.items()
        }
        for row in rows
    ]
    return re.sub(r'"raw-token:([^":]*):"', r"\1", json.dumps(placed)).encode()


def relaxed_rules(folder: Path) -> Path:
    """A copy of the rules in which nothing but a contradiction stops, so that each try goes to the end."""
    shutil.copytree(
        Path(programme.__file__).parent, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__")
    )
    for name in ("expectations.toml", "rounds.toml"):
        text = (folder / name).read_text()
        (folder / name).write_text(re.sub(r'(?<!ledger_incomplete )= "stop"', '= "warn"', text))
    return folder
