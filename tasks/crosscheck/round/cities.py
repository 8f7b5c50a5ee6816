"""The table CITIES: the city that each submission speaks for, with its id, name, position and time zone.

Belongs here: which source each of these comes from. Must stay out: how the links were found (`registers.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from programme.linking import LinkingRules
from programme.regions import Regions
from programme.vocabulary import Register
from tasks.crosscheck.gazetteer.geocode_names import timezones
from tasks.crosscheck.gazetteer.place_map import PlaceMap
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.names.city_key import name_keys
from tasks.crosscheck.names.repair import repair
from tasks.crosscheck.round.places import places_of_cities
from tasks.crosscheck.round.positions import Atlas, CityToPlace, locate, stated_positions
from tasks.crosscheck.round.queries import NO_NAME
from warehouse.dictionary.findings import Finding, findings_frame
from warehouse.dictionary.working import CITIES

_OF_GCOM = ("region", "population")
_POSITION: dict[str, pl.DataType] = {
    "id": pl.UInt32(),
    "latitude": pl.Float64(),
    "longitude": pl.Float64(),
    "timezone": pl.String(),
    "gazetteer_population": pl.Int64(),
}


@dataclass(frozen=True)
class LocatedCities:
    """The table CITIES, and FINDINGS about positions that do not agree with the name or the country."""

    table: pl.DataFrame
    findings: pl.DataFrame


def cities(
    submissions: pl.DataFrame,
    links: pl.DataFrame,
    registers: dict[Register, pl.DataFrame],
    gazetteer: Gazetteer,
    rules: LinkingRules,
    regions: Regions,
) -> LocatedCities:
    """One row per submission (table CITIES).

    `submissions`: with `is_group`; `links`: the table CROSSCHECK; `registers`: `cohort` and `gcom` with
    `register_id`, `name`, `latitude`, `longitude`, the latter with `region`.
    """
    base = _named(submissions, rules)
    for register, rows in registers.items():
        base = base.join(
            _linked(links, base, register, rows), on="application_id", how="left", maintain_order="left"
        )
    typed = pl.when(pl.col("typed") == "").then(pl.lit(NO_NAME)).otherwise("typed")
    placed, findings = _with_position(base, registers["gcom"], gazetteer, rules, regions)
    made = placed.with_columns(
        city_id=pl.coalesce("cohort_id", "gcom_id", "name_key"),
        city_name=pl.coalesce("cohort_name", "gcom_name", typed),
        region=pl.col("country_iso3").replace_strict(
            regions.by_country, default=None, return_dtype=pl.String
        ),
    )
    return LocatedCities(CITIES.conform(_with_timezone(made, gazetteer)), findings_frame(findings))


def _named(submissions: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The submissions with `id`, `name`, `typed` (the repaired name) and `name_key`."""
    named = submissions.with_row_index("id").select(
        "id", "submission_id", "country_iso3", "population", "applicant_type", "is_group", name="city_name"
    )
    return named.with_columns(
        name_key=name_keys(named, rules),
        application_id=pl.col("submission_id"),
        typed=repair(pl.col("name"), rules.max_name_length),
    )


def _with_timezone(made: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    """The time zone at the position; where that is not known, that of the country's most populous place."""
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
        *([pl.col(name).alias(f"gcom_{name}") for name in _OF_GCOM] if register == "gcom" else []),
    )
    return (
        own.select("application_id", "register_id")
        .join(known, on="register_id", how="left")
        .rename({"register_id": f"{register}_id"})
    )


def _with_position(
    base: pl.DataFrame, gcom: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules, regions: Regions
) -> tuple[pl.DataFrame, list[Finding]]:
    """Adds `latitude`, `longitude`, `timezone` and the inhabitants of the gazetteer's place; and findings."""
    atlas = Atlas(PlaceMap(gazetteer.places), regions, rules.limits.near_km, rules.limits.far_km)
    places = places_of_cities(base, gcom, gazetteer, atlas.places, rules)
    placed = base.join(places, on="id", how="left", maintain_order="left")
    rows: list[tuple[object, ...]] = []
    findings: list[Finding] = []
    for row in placed.iter_rows(named=True):
        place, rival = (
            None if row[name] is None else atlas.places.by_id(row[name]) for name in ("place", "rival")
        )
        city = CityToPlace(
            row["application_id"],
            row["country_iso3"],
            row["applicant_type"],
            stated_positions(row, ("cohort", "gcom")),
            place,
            bool(row["surely"]),
            rival,
        )
        located = locate(city, atlas)
        findings += located.findings
        rows.append(
            (
                row["id"],
                located.latitude,
                located.longitude,
                located.timezone,
                None if place is None else place.population,
            )
        )
    found = pl.DataFrame(rows, schema=_POSITION | {"id": base.schema["id"]}, orient="row")
    return base.join(found, on="id", how="left", maintain_order="left"), findings
