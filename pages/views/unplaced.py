"""Who has no place, and why.

Belongs here: every form that is in no twinning, with its reason. Must stay out: computing a reason
(`tasks/matchmaking/explain`, `tasks/eligibility`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pages.views.cities import City, cities
from pages.views.words import STATE_NAMES, STATUS_NAMES, UNPLACED_NAMES
from programme.vocabulary import SELECTABLE, UNPLACED_KINDS, Status

Tables = Mapping[str, pl.DataFrame]
_STATE_REASONS = {
    "late": "The form came after the deadline.",
    "withdrawn": "A decision says that the city withdraws.",
    "set_aside": "An answer that every form must give is blank or cannot be read.",
}


@dataclass(frozen=True)
class Unplaced:
    """An application that could be selected and was not.

    `loss` is what the selection would lose by taking it, in points; None where no twinning is possible or
    only a least figure is known.
    """

    city: City
    topics: tuple[str, ...]
    rank: int | None
    total: float | None
    kind: str
    reason: str
    loss: float | None


@dataclass(frozen=True)
class NotSelectable:
    """A form that could not be selected: what became of it, and why."""

    city: City
    became: str
    reason: str


def unplaced(tables: Tables, labels: Mapping[str, str]) -> list[Unplaced]:
    """Everyone who could be selected and was not, the best rank first; `labels` are topics by id."""
    known = cities(tables)
    rows = (
        tables["unplaced"]
        .join(tables["ranking"].select("application_id", "rank", "total"), on="application_id", how="left")
        .join(
            tables["applications"].select("application_id", "topic_1", "topic_2", "topic_3"),
            on="application_id",
            how="left",
        )
        .sort("rank", "application_id", nulls_last=True)
    )
    return [
        Unplaced(
            city=known[row["application_id"]],
            topics=tuple(labels.get(topic, topic) for n in (1, 2, 3) if (topic := row[f"topic_{n}"])),
            rank=row["rank"],
            total=row["total"],
            kind=UNPLACED_NAMES[row["kind"]],
            reason=row["reason"],
            loss=row["regret"],
        )
        for row in rows.iter_rows(named=True)
    ]


def unplaced_by_kind(tables: Tables) -> list[tuple[str, int]]:
    """How many are unplaced for each kind of reason; kinds that nobody has are left out."""
    counts = dict(tables["unplaced"].group_by("kind").len().iter_rows())
    return [(UNPLACED_NAMES[kind], counts[kind]) for kind in UNPLACED_KINDS if kind in counts]


def not_selectable(tables: Tables) -> list[NotSelectable]:
    """Every form that could not be selected: by its status, or because it was not accepted."""
    known = cities(tables)
    rows = (
        tables["applications"]
        .select("application_id", "state", "superseded_by")
        .join(
            tables["eligibility"].select("application_id", "status", "reasons"),
            on="application_id",
            how="left",
        )
        .sort("application_id")
    )
    found = []
    for row in rows.iter_rows(named=True):
        status: Status | None = row["status"]
        if row["state"] == "accepted" and status not in SELECTABLE:
            became = STATUS_NAMES[status] if status else "Not judged"
            found.append(NotSelectable(known[row["application_id"]], became, row["reasons"] or ""))
        elif row["state"] != "accepted":
            why = _STATE_REASONS.get(row["state"], f"The form {row['superseded_by']} stands in its place.")
            found.append(NotSelectable(known[row["application_id"]], STATE_NAMES[row["state"]], why))
    return found
