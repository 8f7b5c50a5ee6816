"""What speaks for and against one candidate, as named pieces of evidence with their points.

Belongs here: one small expression or function per piece, each worth what `programme/linking.toml` says. Must stay out: what the sum means
(`decide.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.folding import fold
from tasks.crosscheck.gazetteer import country_names, us_states
from tasks.crosscheck.index import RegisterIndex, region_key

TIER_WORDS = {
    "exact": "the same name",
    "folded": "the same name but for case and diacritics",
    "stripped": "the same name without administrative words",
    "alias": "another name of the same place by the gazetteer",
    "skeleton": "the same name but for abbreviations and articles",
    "part": "a part of the name is the same",
    "fuzzy": "nearly the same name",
}


def places_of(query_keys: pl.DataFrame, index: RegisterIndex) -> pl.DataFrame:
    """The gazetteer's places each query may name: `id`, `place`, `place_points` (how well the name fits)."""
    pairs = query_keys.join(index.gazetteer.names, on=["country_iso3", "key"], how="inner")
    return pairs.group_by("id", "place").agg(pl.col("points").max().alias("place_points"))


def with_place(pairs: pl.DataFrame, named: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The gazetteer's word: the name is this very place, or another one of the country that fits the name at least as well."""
    best = named.group_by("id").agg(best_place_points=pl.col("place_points").max())
    same = named.select("id", "place", same_place=pl.lit(value=True))
    joined = pairs.join(best, on="id", how="left", maintain_order="left").join(same, on=["id", "place"], how="left", maintain_order="left")
    is_same = pl.col("same_place").fill_null(value=False)
    # a row that is in no gazetteer cannot be told from the place by it, unless only a near name speaks for the row
    other = ~is_same & (pl.col("best_place_points") > pl.col("points")) & (pl.col("place").is_not_null() | (pl.col("tier") == "fuzzy"))
    return joined.with_columns(
        place_delta=pl.when(is_same).then(rules.points.same_place).when(other.fill_null(value=False)).then(rules.points.other_place).otherwise(0.0)
    )


def with_population(pairs: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Inhabitants by the query against those of the register and of its place."""
    factor = pl.min_horizontal(_factor("row_population"), _factor("place_population"))
    near, far = factor <= rules.limits.population_factor, factor > rules.limits.population_far_factor
    delta = pl.when(near).then(rules.points.population_agrees).when(far).then(rules.points.population_differs).otherwise(0.0)
    return pairs.with_columns(population_delta=delta.fill_null(0.0))


def regions_named(parsed: pl.DataFrame, queries: pl.DataFrame, index: RegisterIndex) -> pl.DataFrame:
    """States, provinces and regions each query names, in its own column or beside the name: `id`, `named_region`."""
    known = index.rows.select("country_iso3", named_region="region_key").filter(pl.col("named_region") != "").unique()
    usa = pl.DataFrame({"country_iso3": "USA", "named_region": _us_state_names()}).select("country_iso3", "named_region")
    known = pl.concat([known, usa]).unique()
    beside = parsed.select("id", "country_iso3", "asides").explode("asides").select("id", "country_iso3", named_region=region_key(pl.col("asides")))
    given = queries.select("id", "country_iso3", named_region=region_key(pl.col("region")))
    return (
        pl.concat([beside, given])
        .join(known, on=["country_iso3", "named_region"], how="semi")
        .select("id", "named_region")
        .unique(maintain_order=True)
    )


def with_region(pairs: pl.DataFrame, named: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The state or province named against the register's."""
    listed = named.group_by("id").agg("named_region")
    joined = pairs.join(listed, on="id", how="left", maintain_order="left")
    agrees = pl.col("named_region").list.contains(pl.col("region_key"))
    delta = pl.when(agrees).then(rules.points.region_agrees).when((pl.col("region_key") != "") & ~agrees & (pl.col("country_iso3") == "USA"))
    return joined.with_columns(region_delta=delta.then(rules.points.region_differs).otherwise(0.0).fill_null(0.0))


def foreign_countries(parsed: pl.DataFrame, regions: pl.DataFrame) -> pl.DataFrame:
    """Queries whose text names another country than theirs: `id`, `named_country`."""
    countries = country_names().select(named_iso3="country_iso3", named_country="country", key=fold(pl.col("country")))
    beside = parsed.select("id", "country_iso3", "asides").explode("asides").drop_nulls("asides").join(regions, on="id", how="anti")
    found = beside.join(countries, left_on="asides", right_on="key", how="inner")
    own = found.filter(pl.col("named_iso3") == pl.col("country_iso3")).select("id")
    return found.join(own, on="id", how="anti").select("id", "named_country").unique("id", maintain_order=True)


def with_country(pairs: pl.DataFrame, foreign: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Another country named in the text."""
    joined = pairs.join(foreign, on="id", how="left", maintain_order="left")
    return joined.with_columns(country_delta=pl.when(pl.col("named_country").is_not_null()).then(rules.points.country_differs).otherwise(0.0))


def sentence(rules: LinkingRules) -> pl.Expr:
    """The evidence of one candidate in words."""
    name = pl.col("tier").replace_strict(TIER_WORDS, return_dtype=pl.String)
    pieces = [
        pl.format("{} ({} points)", name, pl.col("points").round(0).cast(pl.Int64)),
        _said("place_delta", rules.points.same_place, "the gazetteer knows it as this place"),
        _said("place_delta", rules.points.other_place, "the gazetteer knows it as another place of the country"),
        _said("region_delta", rules.points.region_agrees, "the region agrees"),
        _said("region_delta", rules.points.region_differs, "the region differs"),
        _said("population_delta", rules.points.population_agrees, "the population agrees"),
        _said("population_delta", rules.points.population_differs, "the population is far off"),
        _said("country_delta", rules.points.country_differs, "the text names another country"),
    ]
    return pl.concat_str(pieces, separator="; ", ignore_nulls=True)


def _said(column: str, points: float, words: str) -> pl.Expr:
    return pl.when((pl.col(column) == points) & (pl.lit(points) != 0)).then(pl.lit(f"{words} ({points:+g})"))


def _factor(other: str) -> pl.Expr:
    return (pl.col("query_population").clip(1).log() - pl.col(other).clip(1).log()).abs().exp()


def _us_state_names() -> list[str]:
    return [name.lower() for name in us_states().values()]
