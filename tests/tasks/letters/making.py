"""A small version with an application of every kind, and what letters are made from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from programme.programme import Programme
from tasks.letters.frame import Frame
from tasks.letters.sources import Consents, Contact, Sources
from warehouse.dictionary.published import PUBLISHED_TABLES

DAY = date(2026, 1, 20)
FRAME = Frame(
    "Second call",
    "The team",
    "team@example.org",
    {"name": "The team", "address": "team@example.org"},
    date(2026, 2, 20),
    date(2026, 2, 16),
)


def application(name: str, state: str = "accepted", **more: Any) -> dict[str, Any]:
    row = {"application_id": name, "city_id": f"C{name}", "city_name": f"City {name}", "country_iso3": "KEN"}
    return (
        row | {"state": state, "topic_1": "data", "submitted_at": datetime(2026, 1, 9, 9, tzinfo=UTC)} | more
    )


def status(name: str, word: str) -> dict[str, Any]:
    return {"application_id": name, "city_id": f"C{name}", "status": word, "reasons": ""}


def check(name: str, rule: str, outcome: str, message: str = "A sentence.") -> dict[str, Any]:
    row = {"computed_outcome": outcome, "evidence": "e", "source": "form", "clause": "3.2"}
    return row | {"application_id": name, "rule": rule, "outcome": outcome, "message": message}


def unplaced(
    name: str, kind: str, regret: float | None = None, removed_by: str | None = None
) -> dict[str, Any]:
    row = {"application_id": name, "kind": kind, "reason": "Figures.", "message": f"Why {kind}."}
    return row | {"regret": regret, "removed_by": removed_by}


def twinning(name: str, members: dict[str, tuple[int | None, int | None]], **more: Any) -> dict[str, Any]:
    aspects = {column: 0.0 for column in PUBLISHED_TABLES["twinnings"].names if column.startswith("aspect_")}
    row = {"twinning_id": name, "topic": "data", "n_cities": len(members), "value": 0.0, "state": "proposed"}
    row |= {"conditional": False, "least_shared_minutes": 210}
    return {
        "twinnings": [row | aspects | more],
        "twinning_members": [
            {
                "twinning_id": name,
                "application_id": one,
                "city_id": f"C{one}",
                "need": need,
                "experience": known,
            }
            for one, (need, known) in members.items()
        ],
    }


def preference(name: str, city: str | None, outcome: str, choice: int = 1) -> dict[str, Any]:
    row = {"application_id": name, "choice": choice, "city_id": city, "outcome": outcome, "reason": "r"}
    return row | {"message": f"What became of choice {choice}."}


def tables(**rows: list[dict[str, Any]]) -> dict[str, pl.DataFrame]:
    return {name: table.frame(rows.get(name, [])) for name, table in PUBLISHED_TABLES.items()}


def every_kind() -> dict[str, list[dict[str, Any]]]:
    """An application of each kind: `A` and `B` are twinned, `B` on condition."""
    places = twinning("T1", {"A": (5, 1), "B": (1, 5)})
    return {
        "applications": [
            application("A"),
            application("B"),
            application("W"),
            application("N"),
            application("I"),
            application("U"),
            application("L", "late"),
            application("S", "superseded", superseded_by="A"),
            application("X", "set_aside", city_name=None, city_id=None, country_iso3=None),
            application("X (row 9)", "set_aside"),
            application("G", "withdrawn"),
        ],
        "eligibility": [
            status("A", "eligible"),
            status("B", "tentative"),
            status("W", "eligible"),
            status("N", "eligible"),
            status("I", "ineligible"),
            status("U", "needs_review"),
        ],
        "eligibility_checks": [
            check("B", "gcom", "conditional", "It has to sign."),
            check("I", "climate_plan", "not_met", "A plan is needed."),
            check("I", "mandate", "unclear", "Tell us about the mandate."),
            check("U", "motivation", "unclear", "Say more."),
            check("L", "on_time", "not_met", "Your form arrived after the deadline."),
        ],
        "unplaced": [unplaced("W", "capacity", 2.5), unplaced("N", "no_partner", None, "common_topic 9")],
        "preferences": [preference("A", "CB", "honoured"), preference("W", None, "unknown_city")],
        **places,
    }


def sources(
    programme: Programme, rows: dict[str, list[dict[str, Any]]] | None = None, **more: Any
) -> Sources:
    names = [row["application_id"] for row in (rows or every_kind())["applications"]]
    made = Sources(
        round=programme.rounds.get("2026-01"),
        tables=tables(**(rows or every_kind())),
        wording=programme.letters,
        labels=programme.topics.labels,
        countries={"KEN": "Kenya"},
        contacts={
            name: Contact(f"Person {name}", f"{name[0].lower()}@example.org", "Lead") for name in names
        },
        consents=Consents(frozenset(names)),
        due={("B", "gcom"): date(2026, 5, 16)},
        lacking={"X": ("city_name",)},
    )
    return replace(made, **more)
