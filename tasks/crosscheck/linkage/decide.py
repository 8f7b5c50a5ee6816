"""The outcome of each query, from its scored candidates: linked, for a person to review, or none; and why.

Belongs here: thresholds, the margin, the choice among duplicate rows, and the reason in words. Must stay out:
how many points a piece of evidence is worth (`evidence.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.geodesy import distance_km

NO_CANDIDATE = "no row of the register has this or a similar name in this country"


def decide(
    queries: pl.DataFrame, names: pl.DataFrame, candidates: pl.DataFrame, rules: LinkingRules
) -> pl.DataFrame:
    """One row per query, in their order (see `link_names` for the columns).

    `names`: the queries' names as `ParsedNames.names`; `candidates`: one row per query and row of the
    register, with `score` (the sum of the evidence), `nearness` (orders equal scores), `held` (a person decides
    however good the score is) and `said` (the evidence in words).
    """
    ranked = candidates.with_columns(order=pl.col("score") + pl.col("nearness")).sort(
        ["id", "order", "row_population", "register_id"],
        descending=[False, True, True, False],
        nulls_last=True,
    )
    best = ranked.unique("id", keep="first", maintain_order=True)
    rivals = _rivals(ranked, best, rules)
    listed = _candidates(ranked, rules)
    joined = queries.select("id", "query_id").join(
        names.select("id", "whole", "country_iso3"), on="id", how="left", maintain_order="left"
    )
    for more in (best.select("id", "register_id", "row_name", "score", "held", "said"), rivals, listed):
        joined = joined.join(more, on="id", how="left", maintain_order="left")
    margin = pl.col("score") - pl.col("rival_score").fill_null(0.0)
    joined = joined.with_columns(outcome=_outcome(margin, rules), confidence=_confidence(margin, rules))
    return joined.select(
        "query_id",
        "outcome",
        register_id=pl.when(pl.col("outcome") == "linked").then("register_id"),
        confidence=pl.col("confidence"),
        evidence=_words(rules),
        candidates=pl.col("candidates").fill_null([]),
    )


def _outcome(margin: pl.Expr, rules: LinkingRules) -> pl.Expr:
    """`linked` if the score is high and leads clearly, `review` from the lower threshold on, else `none`."""
    score = pl.col("score")
    return (
        pl.when((score >= rules.link_points) & (margin >= rules.margin_points) & ~pl.col("held"))
        .then(pl.lit("linked"))
        .when(score >= rules.review_points)
        .then(pl.lit("review"))
        .otherwise(pl.lit("none"))
    )


def _confidence(margin: pl.Expr, rules: LinkingRules) -> pl.Expr:
    """The score as a share of 100 points; 0 without a candidate.

    It is down to half of that for a small lead, and half where something else makes a person decide.
    """
    score = pl.col("score")
    lead = pl.when("held").then(0.5).otherwise((margin / rules.margin_points).clip(0.5, 1))
    return pl.when(score.is_null()).then(0.0).otherwise((score / 100).clip(0, 1) * lead).round(4)


def _rivals(ranked: pl.DataFrame, best: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The best candidate that is another city than the first one (`rival_*`), and `duplicates`.

    `duplicates` is the number of the query's candidates that are the first one's city, itself included.
    """
    facts = ["register_id", "skeleton", "upper", "place", "latitude", "longitude", "row_population"]
    both = ranked.join(
        best.select("id", *(pl.col(name).alias(f"first_{name}") for name in facts)),
        on="id",
        how="inner",
        maintain_order="left",
    )
    same = _same_city(rules)
    # A similar name remains a rival where the gazetteer has a third place with as similar a name.
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
    duplicates = both.filter(same).group_by("id").agg(duplicates=pl.len())
    return duplicates.join(second, on="id", how="left")


def _same_city(rules: LinkingRules) -> pl.Expr:
    """Whether a row is the first one's city.

    It is if it is the same row, or has the same name or place of the gazetteer and nothing tells the two
    apart.
    """
    own = pl.col("register_id") == pl.col("first_register_id")
    level = pl.col("upper") == pl.col("first_upper")
    name = pl.col("skeleton") == pl.col("first_skeleton")
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
    """The best candidates of each query, as a list of structs (`candidates`) and in words (`listed`)."""
    top = ranked.group_by("id", maintain_order=True).head(rules.max_candidates)
    entry = pl.struct("register_id", name="row_name", points="score", evidence="said")
    words = pl.format(
        "{} ({}) {} points, {}", "row_name", "register_id", pl.col("score").round(0).cast(pl.Int64), "said"
    )
    return top.group_by("id", maintain_order=True).agg(candidates=entry, listed=words.str.join(" | "))


def _words(rules: LinkingRules) -> pl.Expr:
    """The reason for the outcome in words."""
    found = pl.format("{} ({}): {}", pl.col("row_name"), pl.col("register_id"), pl.col("said"))
    several = pl.when(pl.col("duplicates") > 1).then(
        pl.format(
            "; {} rows of the register are this city: the best match, then the most populous, "
            "then the lowest id was taken",
            pl.col("duplicates"),
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
    linked = pl.concat_str(found, several.fill_null(""), rival.fill_null(""))
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
