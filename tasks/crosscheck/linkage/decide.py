"""The outcome of each query, from its scored candidates: linked, for a person to review, or none; and why.

Belongs here: thresholds, the margin, the choice among duplicate rows, and the reason in words. Must stay out:
how many points a piece of evidence is worth (`evidence.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.linkage.duplicates import choose, with_first

NO_CANDIDATE = "no row of the register has this or a similar name in this country"


def decide(
    queries: pl.DataFrame, names: pl.DataFrame, candidates: pl.DataFrame, rules: LinkingRules
) -> pl.DataFrame:
    """One row per query, in their order (see `link_names` for the columns).

    `names`: the queries' names as `ParsedNames.names`; `candidates`: one row per query and row of the
    register, with `score` (the sum of the evidence), `nearness` (orders equal scores), `held` (a person
    decides however good the score is) and `said` (the evidence in words).
    """
    ranked = candidates.with_columns(order=pl.col("score") + pl.col("nearness")).sort(
        ["id", "order", "row_population", "register_id"],
        descending=[False, True, True, False],
        nulls_last=True,
    )
    best = ranked.unique("id", keep="first", maintain_order=True)
    both = with_first(ranked, best, rules)
    rivals, chosen = _rivals(both, rules), choose(both, rules)
    listed = _candidates(ranked, rules)
    joined = queries.select("id", "query_id").join(
        names.select("id", "whole", "country_iso3"), on="id", how="left", maintain_order="left"
    )
    scores = best.select("id", "score")
    meant = chosen.select("id", "register_id", "row_name", "said", "duplicates", "held", "hold_twin")
    for more in (scores, meant, rivals, listed):
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
    score, held = pl.col("score"), pl.col("held") | pl.col("hold_twin")
    return (
        pl.when((score >= rules.link_points) & (margin >= rules.margin_points) & ~held)
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
    lead = (
        pl.when(pl.col("held") | pl.col("hold_twin"))
        .then(0.5)
        .otherwise((margin / rules.margin_points).clip(0.5, 1))
    )
    return pl.when(score.is_null()).then(0.0).otherwise((score / 100).clip(0, 1) * lead).round(4)


def _rivals(both: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The best candidate that is another city than the first one: `id`, `rival_*`."""
    # A similar name remains a rival where the gazetteer has a third place with as similar a name.
    near = (pl.col("tier") == "fuzzy") & (pl.col("place_delta") == rules.points.other_near)
    strength = pl.when(near).then(pl.col("score") - pl.col("place_delta")).otherwise("score")
    others = (
        both.filter(~pl.col("same"))
        .with_columns(rival_score=strength)
        .sort(["id", "rival_score", "register_id"], descending=[False, True, False])
    )
    return others.unique("id", keep="first", maintain_order=True).select(
        "id", "rival_score", rival_name="row_name", rival_id="register_id"
    )


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
            "; {} rows of the register are this city: the kind of body, then the inhabitants, then the "
            "best match, then the lowest id decided",
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
    twins = pl.when("hold_twin").then(pl.lit("the rows of this city are different kinds of bodies; "))
    open_ = pl.concat_str(twins.fill_null(""), pl.format("not sure which; candidates: {}", "listed"))
    return (
        pl.when(pl.col("score").is_null())
        .then(reason)
        .when(pl.col("outcome") == "none")
        .then(weak)
        .when(pl.col("outcome") == "review")
        .then(open_)
        .otherwise(linked)
    )
