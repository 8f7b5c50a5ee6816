"""Invented problems for the tests and benchmarks of the matchmaking: seeded and of any size."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from programme.matchmaking import MatchmakingRules
from programme.programme import read_programme
from tasks.matchmaking.problem import Capacity, Constraints, MatchingProblem
from warehouse.dictionary.working import CANDIDATES, COOPERATIONS, NAMED_PARTNERS

ZONES = {
    "America/Mexico_City": (19.4, -99.1, "Latin America and the Caribbean"),
    "America/Bogota": (4.7, -74.1, "Latin America and the Caribbean"),
    "America/Sao_Paulo": (-23.5, -46.6, "Latin America and the Caribbean"),
    "America/New_York": (40.7, -74.0, "North America"),
    "America/Los_Angeles": (34.0, -118.2, "North America"),
    "Europe/Lisbon": (38.7, -9.1, "Europe"),
    "Europe/Brussels": (50.8, 4.4, "Europe"),
    "Europe/Istanbul": (41.0, 28.9, "Europe"),
    "Africa/Nairobi": (-1.3, 36.8, "Sub-Saharan Africa"),
    "Africa/Lagos": (6.5, 3.4, "Sub-Saharan Africa"),
    "Africa/Cairo": (30.0, 31.2, "Middle East and North Africa"),
    "Asia/Kolkata": (19.1, 72.9, "South Asia"),
    "Asia/Jakarta": (-6.2, 106.8, "Southeast Asia"),
    "Asia/Manila": (14.6, 121.0, "Southeast Asia"),
    "Asia/Tokyo": (35.7, 139.7, "East Asia"),
    "Pacific/Auckland": (-36.8, 174.8, "Oceania"),
}
KINDS = ("city", "city", "city", "town", "consortium", "metropolitan_area", "county")


def rules() -> MatchmakingRules:
    """The rules the program ships with."""
    return read_programme().matchmaking


def invented(
    n: int,
    seed: int,
    *,
    capacity: Capacity | None = None,
    constraints: Constraints | None = None,
    matching: MatchmakingRules | None = None,
) -> MatchingProblem:
    """A problem of `n` applicants spread over the time zones.

    Each has three of twelve topics; there are a few preferences and cooperations.
    """
    draw = np.random.default_rng(seed)
    topics = read_programme().topics.ids
    rows = [_row(k, draw, topics) for k in range(n)]
    pairs = [_pair(n, draw) for _ in range(n // 3)] if n > 1 else []
    named = {(a, choice): b for a, b in pairs for choice in (int(draw.integers(1, 3)),)}
    worked = {(min(a, b), max(a, b)): int(draw.integers(0, 3)) for a, b in pairs[: n // 6]}
    return MatchingProblem(
        round_id="2025-07",
        candidates=CANDIDATES.frame(rows),
        preferences=NAMED_PARTNERS.frame([_preference(*one, b) for one, b in sorted(named.items())]),
        cooperations=COOPERATIONS.frame(
            [_cooperation(*one, kind, topics) for one, kind in sorted(worked.items())]
        ),
        constraints=constraints or Constraints(),
        capacity=capacity or Capacity(9, 24),
        rules=matching or rules(),
        starts=date(2025, 10, 6),
    )


def copies(problem: MatchingProblem, n: int) -> MatchingProblem:
    """The same problem with `n` applicants: the given ones again and again, under other names and ids."""
    rows = problem.candidates.to_dicts()
    alike = [
        rows[k % len(rows)]
        | {"application_id": f"A{k:04d}", "city_id": f"C{k:04d}", "city_name": f"City {k}"}
        for k in range(n)
    ]
    return replace(problem, candidates=CANDIDATES.frame(alike))


def _pair(n: int, draw: np.random.Generator) -> tuple[int, int]:
    a, b = draw.choice(n, 2, replace=False)
    return int(a), int(b)


def _preference(a: int, choice: int, b: int) -> dict[str, object]:
    city = f"C{b:04d}"
    row = {"application_id": f"A{a:04d}", "choice": choice, "city_name": city, "city_id": city}
    return row | {"outcome": "linked", "evidence": "test"}


def _cooperation(a: int, b: int, kind: int, topics: tuple[str, ...]) -> dict[str, object]:
    row = {"city_a": f"C{a:04d}", "city_b": f"C{b:04d}", "programme": "P", "source": "form"}
    return row | {"topic": topics[a % 12] if kind else None, "funded": kind == 1}


def _row(k: int, draw: np.random.Generator, topics: tuple[str, ...]) -> dict[str, object]:
    zone = list(ZONES)[int(draw.integers(len(ZONES)))]
    latitude, longitude, region = ZONES[zone]
    chosen = [topics[int(t)] for t in draw.choice(len(topics), 3, replace=False)]
    row: dict[str, object] = {
        "application_id": f"A{k:04d}",
        "city_id": f"C{k:04d}",
        "city_name": f"City {k}",
        "country_iso3": f"{zone[:1]}{zone.split(chr(47))[1][:1]}{k % 3}",
        "region": region,
        "latitude": latitude + float(draw.normal(0, 2)),
        "longitude": longitude + float(draw.normal(0, 2)),
        "timezone": zone,
        "population": int(50_000 * 2 ** float(draw.uniform(0, 6))),
        "applicant_type": KINDS[int(draw.integers(len(KINDS)))],
        "jurisdiction": ("full", "partial", "none")[int(draw.choice(3, p=[0.5, 0.4, 0.1]))],
        "tentative": bool(draw.random() < 0.15),
        "total": round(float(np.clip(draw.normal(65, 14), 0, 110)), 2),
    }
    for n, topic in enumerate(chosen, 1):
        row |= {
            f"topic_{n}": topic,
            f"topic_{n}_need": int(draw.integers(0, 6)),
            f"topic_{n}_experience": int(draw.integers(0, 6)),
        }
    return row
