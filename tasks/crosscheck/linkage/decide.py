"""From judged candidates to one outcome a query: linked, for a person to review, or none, and why.

Belongs here: thresholds, the margin, the choice among duplicate rows, the words. Must stay out: what a piece
of evidence is worth.
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.geodesy import distance_km

NO_CANDIDATE = "no row of the register has this or a similar name in this country"


def decide(
    asked: pl.DataFrame, parsed: pl.DataFrame, judged: pl.DataFrame, rules: LinkingRules
) -> pl.DataFrame:
    """One row per row of `asked`, in its order (see `linker.link` for the columns)."""
    ranked = judged.sort(
        ["id", "score", "row_population", "register_id"],
        descending=[False, True, True, False],
        nulls_last=True,
    )
    best = ranked.unique("id", keep="first", maintain_order=True)
    rivals = _rivals(ranked, best, rules)
    listed = _candidates(ranked, rules)
    joined = asked.select("id", "query_id").join(
        parsed.select("id", "whole", "country_iso3"), on="id", how="left", maintain_order="left"
    )
    for more in (best.select("id", "register_id", "row_name", "score", "said"), rivals, listed):
        joined = joined.join(more, on="id", how="left", maintain_order="left")
    margin = pl.col("score") - pl.col("rival_score").fill_null(0.0)
    clear = margin >= rules.margin_points
    joined = joined.with_columns(
        outcome=pl.when((pl.col("score") >= rules.link_points) & clear)
        .then(pl.lit("linked"))
        .when(pl.col("score") >= rules.review_points)
        .then(pl.lit("review"))
        .otherwise(pl.lit("none")),
        confidence=pl.when(pl.col("score").is_null())
        .then(0.0)
        .otherwise((pl.col("score") / 100).clip(0, 1) * (margin / rules.margin_points).clip(0.5, 1))
        .round(4),
    )
    return joined.select(
        "query_id",
        "outcome",
        register_id=pl.when(pl.col("outcome") == "linked").then("register_id"),
        confidence=pl.col("confidence"),
        evidence=_words(rules),
        candidates=pl.col("candidates").fill_null([]),
    )


def _rivals(ranked: pl.DataFrame, best: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The best candidate that is another city than the first (`rival_*`), and how many rows are the first
    one's city (`twins`).
    """
    facts = ["register_id", "bones", "upper", "place", "latitude", "longitude", "row_population"]
    both = ranked.join(
        best.select("id", *(pl.col(name).alias(f"first_{name}") for name in facts)),
        on="id",
        how="inner",
        maintain_order="left",
    )
    same = _same_city(rules)
    # a near name is not out of the running because a third one is as near
    near = (pl.col("tier") == "fuzzy") & (pl.col("place_delta") == rules.points.other_near)
    strength = pl.when(near).then(pl.col("score") - pl.col("place_delta")).otherwise("score")
    others = (
        both.filter(~same)
        .with_columns(rival_score=strength)
        .sort(["id", "rival_score", "register_id"], descending=[False, True, False])
    )
    second = others.unique("id", keep="first", maintain_order=True).select(
        "id", "rival_score", rival_name="row_name", rival_id="register_id"
    )
    twins = both.filter(same).group_by("id").agg(twins=pl.len())
    return twins.join(second, on="id", how="left")


def _same_city(rules: LinkingRules) -> pl.Expr:
    """Whether a row is the first one's city: the same row, or the same name (or place of the gazetteer) and
    nothing that tells them apart.
    """
    own = pl.col("register_id") == pl.col("first_register_id")
    level = pl.col("upper") == pl.col("first_upper")
    name = pl.col("bones") == pl.col("first_bones")
    place = (pl.col("place") == pl.col("first_place")).fill_null(value=False)
    km = distance_km(
        pl.col("latitude"), pl.col("longitude"), pl.col("first_latitude"), pl.col("first_longitude")
    )
    near = (km <= rules.limits.near_km).fill_null(value=False)
    factor = (
        (pl.col("row_population").clip(1).log() - pl.col("first_row_population").clip(1).log()).abs().exp()
    )
    unplaced = km.is_null() & (pl.col("place").is_null() | pl.col("first_place").is_null())
    alike = (factor <= rules.limits.population_same_factor).fill_null(value=True) & unplaced
    return own | (level & ((name & (place | near | alike)) | place))


def _candidates(ranked: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    top = ranked.group_by("id", maintain_order=True).head(rules.max_candidates)
    entry = pl.struct("register_id", name="row_name", points="score", evidence="said")
    words = pl.format(
        "{} ({}) {} points, {}", "row_name", "register_id", pl.col("score").round(0).cast(pl.Int64), "said"
    )
    return top.group_by("id", maintain_order=True).agg(candidates=entry, listed=words.str.join(" | "))


def _words(rules: LinkingRules) -> pl.Expr:
    found = pl.format("{} ({}): {}", pl.col("row_name"), pl.col("register_id"), pl.col("said"))
    twins = pl.when(pl.col("twins") > 1).then(
        pl.format(
            "; {} rows of the register are this city: the best match, then the most populous, then the lowest id was taken",
            pl.col("twins"),
        )
    )
    rival = pl.when(pl.col("rival_score") >= rules.review_points).then(
        pl.format(
            "; next: {} ({}) with {} points",
            pl.col("rival_name"),
            pl.col("rival_id"),
            pl.col("rival_score").round(0).cast(pl.Int64),
        )
    )
    reason = (
        pl.when(pl.col("country_iso3").is_null())
        .then(pl.lit("the country is not known, so no register could be searched"))
        .when(pl.col("whole") == "")
        .then(pl.lit("the name holds no letter or digit"))
        .otherwise(pl.lit(NO_CANDIDATE))
    )
    weak = pl.format("no candidate is good enough; nearest: {}", found)
    linked = pl.concat_str(found, twins.fill_null(""), rival.fill_null(""))
    open_ = pl.format("not sure which; candidates: {}", "listed")
    return (
        pl.when(pl.col("score").is_null())
        .then(reason)
        .when(pl.col("outcome") == "none")
        .then(weak)
        .when(pl.col("outcome") == "review")
        .then(open_)
        .otherwise(linked)
    )
