"""The tables of the public edition: selected twinnings, their cities, the topics, and counts.

Belongs here: every column that leaves the house, and taking it from a version. Must stay out: what a city
says of itself in its form, scores and reasons, and whoever was not selected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from programme.programme import Programme
from warehouse.dictionary.model import Column, Table
from warehouse.public.counts import told_counts, unlike_before
from warehouse.snapshots.parquet import conform_published

TWINNING_ID = Column("twinning_id", pl.String(), "the twinning; the same in every edition", nullable=False)

TOPICS = Table(
    "topics",
    "one topic of the programme",
    ("topic",),
    (
        Column("topic", pl.String(), "id of the topic", nullable=False),
        Column("label", pl.String(), "the programme's wording (FAQ 1.2)", nullable=False),
    ),
)
TWINNINGS = Table(
    "twinnings",
    "one selected twinning",
    ("twinning_id",),
    (
        TWINNING_ID,
        Column("topic", pl.String(), "what the cities work on together (FAQ 1.2)", nullable=False),
        Column(
            "n_cities", pl.Int64(), "number of its cities", "cities", nullable=False, minimum=2, maximum=3
        ),
        Column(
            "conditional",
            pl.Boolean(),
            "whether a city still has something to bring (FAQ 3.2)",
            nullable=False,
        ),
    ),
)
CITIES = Table(
    "cities",
    "one city of a selected twinning",
    ("twinning_id", "city_id"),
    (
        TWINNING_ID,
        Column("city_id", pl.String(), "the city; the same in every round", nullable=False),
        Column("city_name", pl.String(), "its name", nullable=False),
        Column("country_iso3", pl.String(), "ISO 3166-1 alpha-3"),
        Column("region", pl.String(), "world region"),
        Column("latitude", pl.Float64(), "position", "degrees north", minimum=-90, maximum=90),
        Column("longitude", pl.Float64(), "position", "degrees east", minimum=-180, maximum=180),
        Column("population", pl.Int64(), "inhabitants by the best source", "inhabitants", minimum=0),
    ),
)
COUNTS = Table(
    "counts",
    "one count that is large enough to be told",
    ("measure", "group"),
    (
        Column(
            "measure",
            pl.String(),
            "what is counted: applications that were judged, those selected, and those not, also by world "
            "region and by what became of them",
            nullable=False,
        ),
        Column(
            "group",
            pl.String(),
            "of which group; `all`, or `others` for small groups together",
            nullable=False,
        ),
        Column("n", pl.Int64(), "how many applications", "applications", nullable=False, minimum=2),
    ),
)
PUBLIC_TABLES: dict[str, Table] = {table.name: table for table in (TOPICS, TWINNINGS, CITIES, COUNTS)}
REFERENCES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "twinnings": (("topic", "topics", "topic"),),
    "cities": (("twinning_id", "twinnings", "twinning_id"),),
}
"""Which columns of a table name a row of another table: (column, other table, its column)."""
ALL = "all"
_UNKNOWN = "unknown"
_BY_REGION, _BY_OUTCOME = "not_selected_by_region", "not_selected_by_outcome"
_OUTCOMES = {
    "eligible": "could_take_part",
    "tentative": "could_take_part",
    "ineligible": "not_eligible",
    "needs_review": "open",
}
"""The status of an application to what the public is told of it."""

Tables = Mapping[str, pl.DataFrame]


def public_tables(
    tables: Tables, earlier: Sequence[pl.DataFrame], programme: Programme
) -> dict[str, pl.DataFrame]:
    """The public tables of a version by name.

    `tables` are those of the version; `earlier` the counts of the editions before (COUNTS).
    """
    members = tables["twinning_members"].select("twinning_id", "application_id", "city_id")
    about = tables["applications"].select(
        "application_id",
        pl.col("city_name").fill_null("application_id"),
        *CITIES.names[3:],
    )
    labels: list[dict[str, object]] = [
        {"topic": topic, "label": label} for topic, label in programme.topics.labels.items()
    ]
    found = {
        "topics": TOPICS.frame(labels),
        "twinnings": tables["twinnings"].select(TWINNINGS.names),
        "cities": members.join(about, on="application_id").select(CITIES.names),
        "counts": COUNTS.frame(list(_counts(tables, earlier, programme))),
    }
    return {name: conform_published(table, found[name]) for name, table in PUBLIC_TABLES.items()}


def _counts(
    tables: Tables, earlier: Sequence[pl.DataFrame], programme: Programme
) -> Iterator[dict[str, object]]:
    """The counts that may be told. `selected` can be counted in the list of cities in any case."""
    least = programme.public.least_count
    placed = tables["twinning_members"].select("application_id").unique()
    judged = tables["eligibility"].select("application_id", "status")
    others = judged.join(placed, on="application_id", how="anti").join(
        tables["applications"].select("application_id", "region"), on="application_id", how="left"
    )
    selected, not_selected = placed.height, others.height
    rows: list[tuple[str, str, int]] = [("selected", ALL, selected)] * (selected >= least)
    if not_selected >= least:
        rows += [("not_selected", ALL, not_selected), ("applications", ALL, selected + not_selected)]
        rows += [(_BY_REGION, *one) for one in told_counts(_by_region(others, programme), least).items()]
        rows += [(_BY_OUTCOME, *one) for one in told_counts(_by_outcome(others), least).items()]
    before = _before(earlier)
    # A small step from an earlier edition would tell of single cities, and counts tell of each other.
    others_told = all(
        unlike_before(n, before.get((measure, group), ()), least)
        for measure, group, n in rows
        if measure != "selected"
    )
    for measure, group, n in rows:
        if others_told or measure == "selected":
            yield {"measure": measure, "group": group, "n": n}


def _by_region(others: pl.DataFrame, programme: Programme) -> dict[str, int]:
    counted = dict(others.group_by(pl.col("region").fill_null(_UNKNOWN)).len().iter_rows())
    return {region: counted.get(region, 0) for region in sorted({*programme.regions.regions, *counted})}


def _by_outcome(others: pl.DataFrame) -> dict[str, int]:
    outcomes = others.select(pl.col("status").replace_strict(_OUTCOMES))
    counted = dict(outcomes.group_by("status").len().iter_rows())
    return {outcome: counted.get(outcome, 0) for outcome in dict.fromkeys(_OUTCOMES.values())}


def _before(earlier: Sequence[pl.DataFrame]) -> dict[tuple[str, str], list[int]]:
    """What earlier editions told, by measure and group."""
    found: dict[tuple[str, str], list[int]] = {}
    for frame in earlier:
        for measure, group, n in frame.select("measure", "group", "n").iter_rows():
            found.setdefault((measure, group), []).append(n)
    return found
