"""Two rounds of the same few cities, processed in any order, without forms and registers.

A round here is what the steps before the matchmaking would hand on: applications, their status, their forms.
It is processed as the flow does: the cities that the other round holds, the candidate pool, the decisions as
constraints, the choice, and its tables as the round's latest version.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import polars as pl

from programme.programme import read_programme
from tasks.decisions.confirmations import completed, decisions_in_force
from tasks.eligibility.taken_cities import cities_held, twinning_contents
from tasks.matchmaking.candidate_pool import candidate_pool
from tasks.matchmaking.choice import choose
from tasks.matchmaking.constraints import constraints_from
from tasks.matchmaking.problem import BaselineTwinnings, Capacity, MatchingProblem
from tasks.matchmaking.verify import verify
from tests.tasks.matchmaking.making import ZONES
from warehouse.dictionary.inputs import DECISIONS, SUBMISSIONS
from warehouse.dictionary.published import APPLICATIONS, CROSSCHECK, ELIGIBILITY, RANKING, UNPLACED
from warehouse.dictionary.working import CITIES, COOPERATIONS, NAMED_PARTNERS

PROGRAMME = read_programme()
FIRST, SECOND = "2025-07", "2026-01"
START = datetime(2026, 2, 1, tzinfo=UTC)
TOPICS = ("cooling", "mobility")
COUNTRIES = ("KEN", "PER", "IND")


@dataclass
class World:
    """Both rounds: what was decided, who can be selected, and the tables of the latest versions."""

    n: int
    decided: dict[str, list[dict[str, object]]] = field(default_factory=lambda: {FIRST: [], SECOND: []})
    out: dict[str, set[int]] = field(default_factory=lambda: {FIRST: set(), SECOND: set()})
    tables: dict[str, dict[str, pl.DataFrame]] = field(default_factory=dict)
    stops: list[str] = field(default_factory=list)
    clock: int = 0

    def decide(self, round_id: str, kind: str, subject: str, object_: str | None = None) -> None:
        """Record a decision, later than every other."""
        self.clock += 1
        row: dict[str, object] = {
            "decision_id": f"d{self.clock}",
            "kind": kind,
            "subject": subject,
            "object": object_,
            "reason": "r",
            "decided_by": "p",
            "decided_at": START + timedelta(minutes=self.clock),
        }
        frame = completed(DECISIONS.frame([row]), self.find(round_id))
        self.decided[round_id].append(frame.row(0, named=True))

    def find(self, round_id: str):
        """What a twinning of the round's latest version is."""
        tables = self.tables.get(round_id)
        return (twinning_contents(tables) if tables else {}).get

    def recorded(self, round_id: str) -> pl.DataFrame:
        return DECISIONS.frame(self.decided[round_id])

    def held_by_others(self, round_id: str) -> pl.DataFrame:
        other = SECOND if round_id == FIRST else FIRST
        if other not in self.tables:
            return cities_held(other, empty_tables(), DECISIONS.empty())
        return cities_held(other, self.tables[other], self.recorded(other))

    def process(self, round_id: str) -> bool:
        """Process a round; the version before stays where it is stopped."""
        in_force = decisions_in_force(self.recorded(round_id))
        judged = self.judged(round_id)
        selectable = judged["eligibility"].filter(status="eligible")["application_id"]
        pool = candidate_pool(
            (judged["applications"], judged["eligibility"]),
            RANKING.frame(
                [
                    {
                        "application_id": name,
                        "total": 70.0,
                        "rank": 1,
                        "provisional": False,
                        "disputed": False,
                    }
                    for name in selectable
                ]
            ),
            SUBMISSIONS.frame([self.form(round_id, k) for k in range(self.n)]),
            CITIES.frame([self.city(round_id, k) for k in range(self.n)]),
            self.held_by_others(round_id),
            PROGRAMME,
            PROGRAMME.rounds.get(round_id),
            in_force,
        )
        problem = MatchingProblem(
            round_id=round_id,
            candidates=pool.candidates,
            preferences=NAMED_PARTNERS.empty(),
            cooperations=COOPERATIONS.empty(),
            constraints=constraints_from(in_force, pool.candidates, BaselineTwinnings(), pool.whereabouts),
            capacity=Capacity(pool.max_twinnings, pool.max_cities),
            rules=PROGRAMME.matchmaking,
            starts=PROGRAMME.rounds.get(round_id).twinnings_start,
        )
        choice = choose(problem)
        self.stops = [
            *pool.findings.filter(severity="stop")["message"],
            *(one.message for one in choice.reduced.infeasible_subsets),
        ]
        if self.stops:
            return False
        placed = choice.members["application_id"]
        unplaced = [
            {"application_id": name, "reason": "r", "regret": None}
            for name in pool.candidates["application_id"]
            if name not in placed
        ]
        assert verify(problem, choice.twinnings, choice.members, UNPLACED.frame(unplaced)) == []
        self.tables[round_id] = {
            **judged,
            "twinnings": choice.twinnings,
            "twinning_members": choice.members,
            "crosscheck": CROSSCHECK.empty(),
        }
        return True

    def judged(self, round_id: str) -> dict[str, pl.DataFrame]:
        applications, eligibility = [], []
        for k in range(self.n):
            city = self.city(round_id, k)
            named = {name: value for name, value in city.items() if name != "name_key"}
            status = "needs_review" if k in self.out[round_id] else "eligible"
            applications.append(named | {"state": "accepted", "population": 90_000, "applicant_type": "city"})
            eligibility.append(
                {name: city[name] for name in ("application_id", "city_id")}
                | {"status": status, "reasons": ""}
            )
        return {
            "applications": APPLICATIONS.frame(applications),
            "eligibility": ELIGIBILITY.frame(eligibility),
        }

    def city(self, round_id: str, k: int) -> dict[str, object]:
        zone = list(ZONES)[6 + k % 3]
        latitude, longitude, region = ZONES[zone]
        return {
            "application_id": f"{round_id[:4]}-{k}",
            "city_id": f"C{k}",
            "name_key": f"{COUNTRIES[k % 3]}:city-{'abcdefghijkl'[k]}",
            "city_name": f"City {'ABCDEFGHIJKL'[k]}",
            "country_iso3": COUNTRIES[k % 3],
            "region": region,
            "latitude": latitude,
            "longitude": longitude,
            "timezone": zone,
        }

    def form(self, round_id: str, k: int) -> dict[str, object]:
        first, second = TOPICS if k % 3 else TOPICS[::-1]
        return {
            "row": k + 2,
            "submission_id": f"{round_id[:4]}-{k}",
            "city_name": "as typed",
            "country": "Kenya",
            "applicant_type": "city",
            "jurisdiction": "full",
            "topic_1": first,
            "topic_1_need": (k * 2 + 1) % 6,
            "topic_1_experience": (k + 4) % 6,
            "topic_2": second,
            "topic_2_need": (k + 2) % 6,
            "topic_2_experience": (k * 3) % 6,
        }

    def confirmed(self, round_id: str) -> dict[str, set[str]]:
        """Twinning id to city ids of the confirmed twinnings of the latest version."""
        tables = self.tables.get(round_id)
        found = twinning_contents(tables, "confirmed") if tables else {}
        return {name: {one.city_id for one in content.members} for name, content in found.items()}

    def proposed(self, round_id: str) -> list[str]:
        tables = self.tables.get(round_id)
        return sorted(twinning_contents(tables, "proposed")) if tables else []


def empty_tables() -> dict[str, pl.DataFrame]:
    world = World(0)
    none = BaselineTwinnings()
    return {
        **world.judged(FIRST),
        "twinnings": none.twinnings,
        "twinning_members": none.members,
        "crosscheck": CROSSCHECK.empty(),
    }
