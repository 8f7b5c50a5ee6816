"""The table CITIES: the city that each submission speaks for, with its id, name, position and time zone.

Belongs here: which source each of these comes from. Must stay out: how the links were found (`registers.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from programme.vocabulary import Register
from tasks.crosscheck.gazetteer.geocode_names import geocode_names, timezones
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.names.city_key import name_keys
from tasks.crosscheck.names.repair import repair
from tasks.crosscheck.round.queries import NO_NAME
from warehouse.dictionary.working import CITIES


def cities(
    submissions: pl.DataFrame,
    links: pl.DataFrame,
    registers: dict[Register, pl.DataFrame],
    gazetteer: Gazetteer,
    rules: LinkingRules,
    regions: dict[str, str],
) -> pl.DataFrame:
    """One row per submission (table CITIES).

    `submissions`: with `is_group`; `links`: the table CROSSCHECK; `registers`: `cohort` and `gcom` with
    `register_id`, `name`, `latitude`, `longitude`; `regions`: ISO3 to world region.
    """
    base = _named(submissions, rules)
    for register, rows in registers.items():
        base = base.join(
            _linked(links, base, register, rows), on="application_id", how="left", maintain_order="left"
        )
    typed = pl.when(pl.col("typed") == "").then(pl.lit(NO_NAME)).otherwise("typed")
    made = _with_place(base, gazetteer, rules).with_columns(
        city_id=pl.coalesce("cohort_id", "gcom_id", "name_key"),
        city_name=pl.coalesce("cohort_name", "gcom_name", typed),
        region=pl.col("country_iso3").replace_strict(regions, default=None, return_dtype=pl.String),
        latitude=_position("latitude"),
        longitude=_position("longitude"),
    )
    return CITIES.conform(_with_timezone(made, gazetteer))


def _named(submissions: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The submissions with `id`, `name`, `typed` (the repaired name) and `name_key`."""
    named = submissions.with_row_index("id").select(
        "id", "submission_id", "country_iso3", "population", "is_group", name="city_name"
    )
    return named.with_columns(
        name_key=name_keys(named, rules),
        application_id=pl.col("submission_id"),
        typed=repair(pl.col("name"), rules.max_name_length),
    )


def _with_timezone(made: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    """The time zone of the city's place; where it has no place, that of the nearest one of its country."""
    unknown = made.filter(pl.col("timezone").is_null()).select(
        "application_id", "country_iso3", "latitude", "longitude"
    )
    near = timezones(unknown, gazetteer).rename({"timezone": "near_timezone"})
    return made.join(near, on="application_id", how="left").with_columns(
        timezone=pl.coalesce("timezone", "near_timezone")
    )


def _linked(links: pl.DataFrame, base: pl.DataFrame, register: Register, rows: pl.DataFrame) -> pl.DataFrame:
    """The linked row of each application, with `cohort_*` or `gcom_*` columns.

    A consortium has no row of its own in the GCoM; only its members have.
    """
    own = links.filter((pl.col("register") == register) & (pl.col("outcome") == "linked"))
    if register == "gcom":
        own = own.join(base.filter("is_group").select("application_id"), on="application_id", how="anti")
    known = rows.unique("register_id", keep="first", maintain_order=True).select(
        "register_id",
        pl.col("name").alias(f"{register}_name"),
        pl.col("latitude").alias(f"{register}_latitude"),
        pl.col("longitude").alias(f"{register}_longitude"),
    )
    return (
        own.select("application_id", "register_id")
        .join(known, on="register_id", how="left")
        .rename({"register_id": f"{register}_id"})
    )


def _position(axis: str) -> pl.Expr:
    """The latitude or longitude; both come from one source, and one without the other counts as none."""
    cases = [
        pl.when(pl.col(f"{s}_latitude").is_not_null() & pl.col(f"{s}_longitude").is_not_null()).then(
            f"{s}_{axis}"
        )
        for s in ("cohort", "gcom")
    ]
    return pl.coalesce(*cases, f"place_{axis}")


def _with_place(base: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules) -> pl.DataFrame:
    """Adds the gazetteer's place and what it knows of it.

    The place is looked up by the register's name where the city is linked, which is the cleaner one;
    otherwise by the name as typed.
    """
    typed = geocode_names(base.select("id", "name", "country_iso3", "population"), gazetteer, rules).rename(
        {"place": "typed_place"}
    )
    official = base.select("id", "country_iso3", "population", name=pl.coalesce("cohort_name", "gcom_name"))
    known = geocode_names(official.drop_nulls("name"), gazetteer, rules).rename({"place": "known_place"})
    placed = base.join(typed, on="id", how="left", maintain_order="left").join(
        known, on="id", how="left", maintain_order="left"
    )
    placed = placed.with_columns(place=pl.coalesce("known_place", "typed_place"))
    facts = gazetteer.places.select(
        "place",
        "timezone",
        place_latitude="latitude",
        place_longitude="longitude",
        gazetteer_population="population",
    )
    return placed.join(facts, on="place", how="left", maintain_order="left")
