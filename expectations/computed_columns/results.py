"""The frames of the suites over what the steps made.

Belongs here: one pure function a suite. Must stay out: what is expected of the columns
(`expectations/suites`).
"""

from __future__ import annotations

import polars as pl

from expectations.computed_columns.common import TOLERANCE, known, missing_rows, statuses
from expectations.table_suite import Tables
from programme.vocabulary import SELECTABLE, STATUS_OF_OUTCOME


def links_with_registers(tables: Tables) -> pl.DataFrame:
    """The cross-check with `application_known` and `register_id_known` (true where nothing is linked)."""
    by_register = pl.when(pl.col("register") == "cohort").then(
        known("register_id", tables["cohort"]["utm_id"])
    )
    return tables["crosscheck"].with_columns(
        application_known=known("application_id", tables["submissions"]["submission_id"]),
        register_id_known=pl.col("register_id").is_null()
        | by_register.otherwise(known("register_id", tables["gcom"]["gcom_id"])),
    )


def cities_with_links(tables: Tables) -> pl.DataFrame:
    """Cities with `form_known`, `looked_up_in_both`, `linked_cohort_id` and `expected_city_id` (of the best
    source); a form without a city is a row.
    """
    cohort_ids = pl.col("register_id").filter(pl.col("register") == "cohort")
    links = (
        tables["crosscheck"]
        .group_by("application_id")
        .agg(
            looked_up_in_both=pl.col("register").n_unique() == 2,
            linked_cohort_id=cohort_ids.drop_nulls().sort().first(),
        )
    )
    ids = tables["submissions"]["submission_id"]
    missing = missing_rows(tables["submissions"].select(application_id="submission_id"), tables["cities"])
    cities = pl.concat([tables["cities"], missing], how="diagonal")
    return cities.join(links, on="application_id", how="left", maintain_order="left").with_columns(
        form_known=known("application_id", ids),
        expected_city_id=pl.coalesce("cohort_id", "gcom_id", "name_key"),
    )


def named_partners_with_cities(tables: Tables) -> pl.DataFrame:
    """Preferences with `other_city`: whether the city named is not the one that named it (true where it was
    not resolved).
    """
    own = (
        tables["cities"]
        .unique("application_id", keep="first", maintain_order=True)
        .select("application_id", own_id="city_id")
    )
    joined = tables["named_partners"].join(own, on="application_id", how="left", maintain_order="left")
    return joined.with_columns(other_city=(pl.col("city_id") != pl.col("own_id")).fill_null(value=True))


def applications_with_judgements(tables: Tables) -> pl.DataFrame:
    """Applications with `judged_if_accepted` (and only then) and `superseded_by_known`."""
    applications = tables["applications"]
    judged = known("application_id", tables["eligibility"]["application_id"])
    other = pl.col("superseded_by") != pl.col("application_id")
    return applications.with_columns(
        judged_if_accepted=judged == (pl.col("state") == "accepted"),
        superseded_by_known=pl.col("superseded_by").is_null()
        | (known("superseded_by", applications["application_id"]) & other),
    )


def checks_by_application(tables: Tables) -> pl.DataFrame:
    """The evidence with `rules_applied`: different rules applied to the application. An application judged
    without evidence is a row of its own.
    """
    checks = tables["eligibility_checks"]
    together = pl.concat([checks, missing_rows(tables["eligibility"], checks)], how="diagonal")
    return together.with_columns(rules_applied=pl.col("rule").drop_nulls().n_unique().over("application_id"))


def _status_of_outcomes() -> pl.Expr:
    """The status that the most decisive outcome of a group allows (`programme.vocabulary.status_of`)."""
    order = list(STATUS_OF_OUTCOME)
    worst = pl.col("outcome").replace_strict(order, range(len(order)), default=None).min()
    return worst.replace_strict(range(len(order)), list(STATUS_OF_OUTCOME.values()), default=None)


def eligibility_with_checks(tables: Tables) -> pl.DataFrame:
    """Eligibility with `expected_status` (from the outcomes that count), `cohort_outcome`,
    `scenario_fits_cohort` and `application_city_id`.
    """
    of_cohort = pl.col("outcome").filter(pl.col("rule") == "cohort").first()
    checks = (
        tables["eligibility_checks"]
        .group_by("application_id")
        .agg(expected_status=_status_of_outcomes(), cohort_outcome=of_cohort)
    )
    applications = tables["applications"].unique("application_id", keep="first", maintain_order=True)
    cities = applications.select("application_id", application_city_id="city_id")
    joined = tables["eligibility"].join(checks, on="application_id", how="left", maintain_order="left")
    joined = joined.join(cities, on="application_id", how="left", maintain_order="left")
    fits = pl.col("cohort_outcome").is_in(["met", "conditional"])
    return joined.with_columns(scenario_fits_cohort=pl.col("scenario").is_null() | fits)


def scores_with_peers(tables: Tables) -> pl.DataFrame:
    """Scores with `criteria_scored`, `most_points`, `same_measure` (as for the other applications) and
    `judged`; a judged application without scores is a row.
    """
    scores = tables["scores"]
    measures = pl.struct("max_points", "weight")
    return pl.concat([scores, missing_rows(tables["eligibility"], scores)], how="diagonal").with_columns(
        criteria_scored=pl.col("criterion").drop_nulls().n_unique().over("application_id"),
        most_points=pl.col("max_points") + TOLERANCE,
        same_measure=measures.n_unique().over("criterion") == 1,
        judged=known("application_id", tables["eligibility"]["application_id"]),
    )


def ranking_with_scores(tables: Tables) -> pl.DataFrame:
    """The ranking with `status`, `ranked_and_selectable`, `points_sum`, `total_is_sum`, `expected_rank` and
    `provisional_if_form_only`; a selectable application not ranked is a row.
    """
    ranking = tables["ranking"]
    judged = statuses(tables)
    selectable = pl.col("status").is_in(SELECTABLE)
    sums = (
        tables["scores"]
        .group_by("application_id")
        .agg(points_sum=pl.col("points").sum(), rests_on_form=(pl.col("source") == "form").any())
    )
    together = pl.concat([ranking, missing_rows(judged.filter(selectable), ranking)], how="diagonal")
    together = together.join(judged, on="application_id", how="left", maintain_order="left")
    return together.join(sums, on="application_id", how="left", maintain_order="left").with_columns(
        ranked_and_selectable=pl.col("rank").is_not_null() & selectable,
        total_is_sum=(pl.col("total") - pl.col("points_sum")).abs() <= TOLERANCE,
        expected_rank=pl.col("total").rank("min", descending=True),
        provisional_if_form_only=pl.col("provisional") | ~pl.col("rests_on_form"),
    )


def twinnings_with_members(tables: Tables) -> pl.DataFrame:
    """Twinnings with `members` (how many), `aspects_sum`, `value_is_sum` and `has_tentative`."""
    members = tables["twinning_members"].join(statuses(tables), on="application_id", how="left")
    counted = members.group_by("twinning_id").agg(
        members=pl.len(), has_tentative=(pl.col("status") == "tentative").any()
    )
    joined = tables["twinnings"].join(counted, on="twinning_id", how="left", maintain_order="left")
    return joined.with_columns(
        pl.col("members").fill_null(0),
        pl.col("has_tentative").fill_null(value=False),
        aspects_sum=pl.sum_horizontal(pl.selectors.starts_with("aspect_")),
    ).with_columns(value_is_sum=(pl.col("value") - pl.col("aspects_sum")).abs() <= TOLERANCE)


def members_with_applications(tables: Tables) -> pl.DataFrame:
    """Members with `status`, `judged_city_id`, `twinning_known`, the twinning's `topic` and `topic_wanted`
    (among the application's own, or confirmed before the application changed).
    """
    twinnings = tables["twinnings"].unique("twinning_id", keep="first", maintain_order=True)
    own = pl.concat_list("topic_1", "topic_2", "topic_3").list.drop_nulls()
    topics = (
        tables["applications"]
        .unique("application_id", keep="first", maintain_order=True)
        .select("application_id", own_topics=own)
    )
    members = tables["twinning_members"].join(
        statuses(tables), on="application_id", how="left", maintain_order="left"
    )
    members = members.join(
        twinnings.select("twinning_id", "topic", "state"), on="twinning_id", how="left", maintain_order="left"
    )
    return members.join(topics, on="application_id", how="left", maintain_order="left").with_columns(
        twinning_known=known("twinning_id", tables["twinnings"]["twinning_id"]),
        topic_wanted=pl.col("own_topics").list.contains(pl.col("topic")) | (pl.col("state") == "confirmed"),
    )


def cities_given_out(tables: Tables) -> pl.DataFrame:
    """One row per city in a twinning."""
    return tables["twinning_members"].select("city_id").unique(maintain_order=True)


def unplaced_with_status(tables: Tables) -> pl.DataFrame:
    """Unplaced applications with `status` and `not_placed` (in no twinning)."""
    joined = tables["unplaced"].join(statuses(tables), on="application_id", how="left", maintain_order="left")
    placed = known("application_id", tables["twinning_members"]["application_id"])
    return joined.with_columns(not_placed=~placed)


def selectable_with_place(tables: Tables) -> pl.DataFrame:
    """One row per application that could be selected, with `placed_or_unplaced`."""
    placed = known("application_id", tables["twinning_members"]["application_id"])
    unplaced = known("application_id", tables["unplaced"]["application_id"])
    selectable = statuses(tables).filter(pl.col("status").is_in(SELECTABLE))
    return selectable.with_columns(placed_or_unplaced=placed | unplaced)
