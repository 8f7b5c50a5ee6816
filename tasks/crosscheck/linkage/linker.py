"""Linking names to a register: find candidates, sum up the evidence for each, decide.

Candidates are found by key first, and by similarity only where no key decides. Belongs here: the order of
these steps. Must stay out: how each is done (the other modules of this package), and human decisions and
consortia (`round/`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.divisions import region_key
from tasks.crosscheck.gazetteer.geocode_registers import without_other_states
from tasks.crosscheck.linkage import evidence
from tasks.crosscheck.linkage.candidates import (
    candidates_by_key,
    candidates_by_similarity,
    near_an_alias,
    places_by_name,
    with_facts,
)
from tasks.crosscheck.linkage.damage import (
    candidates_with_lost_letters,
    is_lossy,
    keys_in_other_pages,
    unsure,
)
from tasks.crosscheck.linkage.decide import decide
from tasks.crosscheck.linkage.explain import HOLDS, evidence_in_words
from tasks.crosscheck.linkage.fragments import candidates_by_fragment
from tasks.crosscheck.linkage.index import RegisterIndex
from tasks.crosscheck.linkage.inhabitants import with_population
from tasks.crosscheck.linkage.other_places import with_near_names, with_place
from tasks.crosscheck.linkage.pieces import with_pieces
from tasks.crosscheck.linkage.same_figure import candidates_by_figure
from tasks.crosscheck.names.bodies import body_of
from tasks.crosscheck.names.keys import search_keys
from tasks.crosscheck.names.parsing import ParsedNames, parse_names

QUERY_SCHEMA = pl.Schema(
    {
        "query_id": pl.String(),
        "name": pl.String(),
        "country_iso3": pl.String(),
        "population": pl.Int64(),
        "region": pl.String(),
        "latitude": pl.Float64(),
        "longitude": pl.Float64(),
    }
)

BATCH = 10_000
"""So many names are linked at once, so that memory does not grow with their number."""
CANDIDATE = pl.Struct(
    {"register_id": pl.String(), "name": pl.String(), "points": pl.Float64(), "evidence": pl.String()}
)
LINK_SCHEMA = pl.Schema(
    {
        "query_id": pl.String(),
        "outcome": pl.String(),
        "register_id": pl.String(),
        "confidence": pl.Float64(),
        "evidence": pl.String(),
        "candidates": pl.List(CANDIDATE),
    }
)


def link_names(queries: pl.DataFrame, index: RegisterIndex, rules: LinkingRules) -> pl.DataFrame:
    """Link each name to a row of the register, or say why there is none; no name raises.

    `queries`: one row per name: `query_id`, `name`, `country_iso3`, and optionally `population`, `region`,
    `latitude`, `longitude`. Returns one row per query in the same order: `query_id`, `outcome` (`linked`,
    `review`, `none`), `register_id` (null unless linked), `confidence` (0-1), `evidence` (in words),
    `candidates` (list, best first: `register_id`, `name`, `points`, `evidence`).
    """
    if queries.is_empty():
        return pl.DataFrame(schema=LINK_SCHEMA)
    conformed = _conform(queries)
    return pl.concat([_link_batch(batch, index, rules) for batch in conformed.iter_slices(BATCH)])


def _link_batch(batch: pl.DataFrame, index: RegisterIndex, rules: LinkingRules) -> pl.DataFrame:
    queries = batch.with_row_index("id")
    names = queries.select("id", "name", "country_iso3")
    parsed = parse_names(names, index.divisions, rules)
    pairs, places = _candidates(names, parsed, index, rules)
    by_figure = candidates_by_figure(queries, parsed, index, rules)
    pairs = pl.concat([_of_names(pairs, parsed, rules), by_figure], how="diagonal").unique(
        ["id", "row"], keep="first", maintain_order=True
    )
    scored = _scored(pairs, places, queries, parsed, index, rules)
    return decide(queries, parsed.names, scored, rules)


def _candidates(
    names: pl.DataFrame, parsed: ParsedNames, index: RegisterIndex, rules: LinkingRules
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of the register and the places that each name may mean: one row per pair, at its best."""
    lossy = is_lossy(parsed)
    query_keys = search_keys(parsed, rules).join(lossy, on="id", how="anti", maintain_order="left")
    places = places_by_name(query_keys, index)
    pairs = candidates_by_key(query_keys, index, rules)
    lost, lost_places = candidates_with_lost_letters(parsed, index, rules)
    mended = lossy.join(pl.concat([lost.select("id"), lost_places.select("id")]), on="id", how="semi")
    decided = pl.concat(
        [
            _known(pairs, "points", rules.points.part),
            _known(places, "place_points", rules.points.part),
            mended,
        ]
    ).unique()
    sound = pl.concat([lossy, _known(pairs, "points", rules.points.stripped)])
    again = keys_in_other_pages(names, sound, index, rules)
    reread = candidates_by_key(again, index, rules)
    pairs = pl.concat([pairs.join(reread, on="id", how="anti", maintain_order="left"), reread])
    again = again.join(reread, on="id", how="semi")
    places = places.join(again, on="id", how="anti", maintain_order="left")
    places = pl.concat([places, places_by_name(again, index)])
    decided = pl.concat([decided, reread.select("id")]).unique()
    inside = candidates_by_fragment(parsed, decided, index, rules)
    similar, similar_places = candidates_by_similarity(parsed, decided, index, rules)
    similar = pl.concat([unsure(similar, lossy, rules), lost])
    similar_places = pl.concat([similar_places, with_facts(lost_places, index)], how="diagonal")
    every = pl.concat([pairs, inside, similar], how="diagonal").sort(
        "points", descending=True, maintain_order=True
    )
    named = pl.concat([places, similar_places], how="diagonal").sort("place_points", maintain_order=True)
    return (
        every.unique(["id", "row"], keep="first", maintain_order=True),
        named.unique(["id", "place"], keep="last", maintain_order=True),
    )


def _of_names(pairs: pl.DataFrame, parsed: ParsedNames, rules: LinkingRules) -> pl.DataFrame:
    """The pairs without those of texts that are no name ("n/a"), unless the row itself has that name."""
    none = parsed.names.filter(pl.col("whole").is_in(rules.words.no_names)).select(
        "id", nameless=pl.lit(value=True)
    )
    marked = pairs.join(none, on="id", how="left", maintain_order="left")
    own = pl.col("points") >= rules.points.folded - 1
    return marked.filter(pl.col("nameless").is_null() | own).drop("nameless")


def _known(found: pl.DataFrame, points: str, least: float) -> pl.DataFrame:
    """The queries that a key of at least so many points decides: `id`."""
    return found.filter(pl.col(points) >= least - 1).select("id")


def _scored(
    pairs: pl.DataFrame,
    places: pl.DataFrame,
    queries: pl.DataFrame,
    parsed: ParsedNames,
    index: RegisterIndex,
    rules: LinkingRules,
) -> pl.DataFrame:
    """Each candidate with its pieces of evidence, their sum (`score`) and the evidence in words (`said`)."""
    regions = _regions_named(queries, parsed, index, rules)
    places = without_other_states(places, regions, index.gazetteer)
    joined = _with_facts(pairs, queries, parsed, index, rules)
    joined = evidence.with_region(joined, regions, rules)
    joined = evidence.with_position(joined, rules)
    joined = with_place(joined, places, rules)
    joined = with_population(joined, places, rules)
    joined = with_near_names(joined, near_an_alias(parsed, pairs, index, rules), rules)
    joined = evidence.with_aside(joined, parsed.asides, places, rules)
    joined = with_pieces(joined, parsed, index, rules)
    joined = evidence.with_country(joined, parsed.foreign, rules)
    joined = evidence.with_likeness(evidence.with_level(joined, rules))
    total = pl.sum_horizontal("points", *evidence.DELTAS)
    by_figure = pl.col("tier") == "figure"
    return joined.with_columns(
        score=pl.when(by_figure).then(pl.max_horizontal(total, rules.review_points)).otherwise(total),
        held=pl.any_horizontal(*HOLDS),
        said=evidence_in_words(rules),
    )


def _with_facts(
    pairs: pl.DataFrame,
    queries: pl.DataFrame,
    parsed: ParsedNames,
    index: RegisterIndex,
    rules: LinkingRules,
) -> pl.DataFrame:
    """The pairs with the facts of the register's row (`row_*` and others) and of the query (`query_*`)."""
    place = ("place", "place_population", "place_latitude", "place_longitude", "place_km", "regions")
    rows = index.rows.select(
        *("register_id", "upper", "upper_first", "skeleton", "body", "head", "latitude", "longitude", *place),
        row="id",
        row_name="name",
        row_population="population",
    )
    worded = ~pl.col("compound") & (pl.col("bare") != pl.col("head"))
    body = body_of(pl.col("whole"), rules.words)
    names = parsed.names.select(
        "id",
        query_upper="upper",
        query_head="head",
        query_compound="compound",
        query_worded=worded,
        query_body=body,
    )
    stated = {f"query_{name}": name for name in ("population", "latitude", "longitude")}
    facts = queries.select("id", **stated).join(names, on="id")
    pairs = pairs.with_columns(pl.col("nearness").fill_null(0.0))
    return pairs.join(rows, on="row", how="left", maintain_order="left").join(
        facts, on="id", how="left", maintain_order="left"
    )


def _regions_named(
    queries: pl.DataFrame, parsed: ParsedNames, index: RegisterIndex, rules: LinkingRules
) -> pl.DataFrame:
    """The divisions that each query names, in its own column or beside the name: `id`, `region`."""
    given = queries.filter(pl.col("region").is_not_null())
    stated = given.select("id", "country_iso3", region_key=region_key(pl.col("region"), rules)).join(
        index.divisions, on=["country_iso3", "region_key"]
    )
    return pl.concat([parsed.regions.select("id", "region"), stated.select("id", "region")]).unique(
        maintain_order=True
    )


def _conform(queries: pl.DataFrame) -> pl.DataFrame:
    absent = [
        pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in QUERY_SCHEMA.items()
        if name not in queries.columns
    ]
    return queries.with_columns(absent).select(
        pl.col(name).cast(dtype) for name, dtype in QUERY_SCHEMA.items()
    )
