"""A register drawn from the gazetteer, the true places of its rows, and drawing with a fixed seed."""

from __future__ import annotations

import random
from dataclasses import dataclass

import polars as pl

from tasks.crosscheck.gazetteer.geodesy import distance_km
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.names.folding import fold_name

OWN_KM, OTHER_KM = 15, 50
"""A place of a row's name is the row's own within the first distance, surely another beyond the second."""
SMALLEST_MEMBER = 20_000
QUERY = {"name": pl.String, "country_iso3": pl.String, "population": pl.Int64, "region": pl.String}


@dataclass(frozen=True)
class Drawn:
    """What queries are made from.

    `register`: as `build_index` takes it. `own`: one row per row of the register whose place is known:
    `register_id`, `country_iso3`, `place`, `place_name`, `key` (folded), `population` (of the register),
    `place_population`, `latitude`, `longitude`, `admin1`. `others`: the same columns of a place for places
    that no row of the register is.
    """

    register: pl.DataFrame
    own: pl.DataFrame
    others: pl.DataFrame
    gazetteer: Gazetteer
    seed: int

    def random(self, kind: str) -> random.Random:
        """A generator of its own for each kind, so that one kind does not change another."""
        return random.Random(f"{self.seed} {kind}")  # noqa: S311  nothing secret

    def sample(self, frame: pl.DataFrame, most: int, kind: str) -> pl.DataFrame:
        """At most `most` rows, the same ones each time."""
        rows = list(range(frame.height))
        self.random(kind).shuffle(rows)
        return frame[sorted(rows[:most])]


def draw_register(gazetteer: Gazetteer, rows: int, seed: int) -> Drawn:
    """A register of so many places, each with its inhabitants a little changed."""
    draw = random.Random(seed)  # noqa: S311  nothing secret
    towns = gazetteer.places.filter(pl.col("population") >= SMALLEST_MEMBER).sort("place")
    chosen = towns[sorted(draw.sample(range(towns.height), rows))]
    people = [int(count * draw.uniform(0.9, 1.12)) for count in chosen["population"]]
    state = pl.when(pl.col("country_iso3") == "USA").then("admin1")
    register = chosen.select(
        "name",
        "country_iso3",
        "latitude",
        "longitude",
        register_id=pl.format("P{}", "place"),
        region=state,
        population=pl.Series(people, dtype=pl.Int64),
    )
    return true_places(register, gazetteer, seed)


def true_places(register: pl.DataFrame, gazetteer: Gazetteer, seed: int) -> Drawn:
    """The places of any register's rows: those of the row's name at the row's position."""
    places = gazetteer.places.select(
        "place", "country_iso3", "admin1", "latitude", "longitude",
        place_name="name", place_population="population", key=fold_name(pl.col("name")),
    )  # fmt: skip
    first = pl.col("name").str.replace(r",.*$", "").str.replace(r"\(.*$", "")
    rows = register.select(
        "register_id",
        "country_iso3",
        "population",
        at_lat="latitude",
        at_lng="longitude",
        key=fold_name(first),
    )
    pairs = rows.join(places, on=["country_iso3", "key"], how="inner", maintain_order="left_right")
    km = distance_km(pl.col("latitude"), pl.col("longitude"), pl.col("at_lat"), pl.col("at_lng"))
    own = (
        pairs.with_columns(km=km)
        .filter(pl.col("km") < OWN_KM)
        .sort("register_id", "km", "place")
        .unique("register_id", keep="first", maintain_order=True)
        .unique("place", keep="first", maintain_order=True)
        .drop("at_lat", "at_lng", "km")
    )
    # no row of the register has the name near the place
    taken = pairs.with_columns(km=km).filter((pl.col("km") < OTHER_KM).fill_null(value=True))
    others = places.join(taken.select("place").unique(), on="place", how="anti")
    return Drawn(register=register, own=own, others=others, gazetteer=gazetteer, seed=seed)


def asked(rows: list[tuple[str, str, int | None, str | None, str | None]]) -> pl.DataFrame:
    """Queries from `(name, country_iso3, population, region, register_id)`."""
    return pl.DataFrame(rows, schema={**QUERY, "register_id": pl.String}, orient="row")


def plain(frame: pl.DataFrame, **columns: pl.Expr) -> pl.DataFrame:
    """A frame with the columns of a query: those given, and null for the rest."""
    absent = {name: pl.lit(None, dtype=dtype) for name, dtype in QUERY.items() if name not in columns}
    meant = columns.pop("register_id", pl.col("register_id"))
    return frame.select(
        *(expr.alias(name) for name, expr in {**absent, **columns}.items()), register_id=meant
    ).select(*QUERY, "register_id")
