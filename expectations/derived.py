"""Columns that need another table: what a suite looks at where one table is not enough.

Belongs here: pure functions from the stage's tables to the frame of one suite, one row of the suite's table
each unless said otherwise. Must stay out: what is expected of these columns (`suites/`). Personal columns are
turned into yes or no here where a rule needs them.
"""

from __future__ import annotations

import polars as pl

from expectations.model import Tables

TOLERANCE = 1e-6
"""How far two sums of the same numbers may be apart: rounding in another order, never a point."""
_SELECTABLE = ["eligible", "tentative"]


def _known(column: str, among: pl.Series) -> pl.Expr:
    return pl.col(column).is_in(among.drop_nulls().unique().implode())


def forms(tables: Tables) -> pl.DataFrame:
    """Submissions with `reachable`, `topics_differ`, `topics_rated_are_named` and `preferences_complete`."""
    topics = [f"topic_{n}" for n in (1, 2, 3)]
    given = pl.concat_list(topics).list.drop_nulls().list.eval(pl.element().filter(pl.element() != "other"))
    rated = [
        pl.col(topic).is_not_null()
        | (pl.col(f"{topic}_need").is_null() & pl.col(f"{topic}_experience").is_null())
        for topic in topics
    ]
    whole = [
        pl.col(f"preferred_city_{n}").is_null() == pl.col(f"preferred_country_{n}").is_null() for n in (1, 2)
    ]
    return tables["submissions"].with_columns(
        reachable=pl.col("contact_email").str.contains(r"^[^@\s]+@[^@\s]+\.[^@\s.]+$").fill_null(value=False),
        topics_differ=given.list.n_unique() == given.list.len(),
        topics_rated_are_named=pl.all_horizontal(rated),
        preferences_complete=pl.all_horizontal(whole),
    )


def cohort_with_gcom(tables: Tables) -> pl.DataFrame:
    """The cohort register with `gcom_id_known`."""
    return tables["cohort"].with_columns(
        gcom_id_known=pl.col("gcom_id").is_null() | _known("gcom_id", tables["gcom"]["gcom_id"])
    )


def evaluations_with_forms(tables: Tables) -> pl.DataFrame:
    """Evaluations with `form_known`."""
    return tables["evaluations"].with_columns(
        form_known=_known("submission_id", tables["submissions"]["submission_id"])
    )


def corrections_with_forms(tables: Tables) -> pl.DataFrame:
    """Corrections with `form_known`."""
    return tables["corrections"].with_columns(
        form_known=_known("submission_id", tables["submissions"]["submission_id"])
    )


def decisions_with_subjects(tables: Tables) -> pl.DataFrame:
    """Decisions with `subject_known`: whether the form they are about exists, for the kinds that can only be
    about a form.
    """
    about_forms = pl.col("kind").is_in(["link", "no_link", "rule", "accept_late", "withdraw", "merge"])
    ids = tables["submissions"]["submission_id"]
    member_of = pl.col("subject").str.split(":").list.first()
    return tables["decisions"].with_columns(
        subject_known=~about_forms | _known("subject", ids) | member_of.is_in(ids.unique().implode())
    )


def links_with_registers(tables: Tables) -> pl.DataFrame:
    """The cross-check with `application_known` and `register_id_known` (true where nothing is linked)."""
    by_register = pl.when(pl.col("register") == "cohort").then(
        _known("register_id", tables["cohort"]["utm_id"])
    )
    return tables["crosscheck"].with_columns(
        application_known=_known("application_id", tables["submissions"]["submission_id"]),
        register_id_known=pl.col("register_id").is_null()
        | by_register.otherwise(_known("register_id", tables["gcom"]["gcom_id"])),
    )


def cities_with_links(tables: Tables) -> pl.DataFrame:
    """Cities with `form_known`, `looked_up_in_both` and `linked_cohort_id`; a form without a city is a row of
    nothing but its id.
    """
    links = tables["crosscheck"].group_by("application_id").agg(
        looked_up_in_both=pl.col("register").n_unique() == 2,
        linked_cohort_id=pl.col("register_id").filter(pl.col("register") == "cohort").drop_nulls().sort().first(),
    )  # fmt: skip
    ids = tables["submissions"]["submission_id"]
    cities = pl.concat(
        [
            tables["cities"],
            _others(tables["submissions"].select(application_id="submission_id"), tables["cities"]),
        ],
        how="diagonal",
    )
    known = _known("application_id", ids)
    return cities.join(links, on="application_id", how="left", maintain_order="left").with_columns(
        form_known=known
    )


def preferences_with_cities(tables: Tables) -> pl.DataFrame:
    """Preferences with `other_city`: whether the city named is not the one that named it (true where it was
    not resolved).
    """
    own = (
        tables["cities"]
        .unique("application_id", keep="first", maintain_order=True)
        .select("application_id", own_id="city_id")
    )
    joined = tables["preferences"].join(own, on="application_id", how="left", maintain_order="left")
    return joined.with_columns(other_city=(pl.col("city_id") != pl.col("own_id")).fill_null(value=True))


def _others(expected: pl.DataFrame, there: pl.DataFrame) -> pl.DataFrame:
    """The ids of applications that are expected and not there, once each, in order: rows of nothing else, so
    that what is missing can be named.
    """
    return (
        expected.select("application_id")
        .unique(maintain_order=True)
        .join(there, on="application_id", how="anti", maintain_order="left")
    )


def _statuses(tables: Tables) -> pl.DataFrame:
    """Status and city by application; of an application that is there twice (which is its own finding) the
    first.
    """
    first = tables["eligibility"].unique("application_id", keep="first", maintain_order=True)
    return first.select("application_id", "status", judged_city_id="city_id")


def applications_with_standing(tables: Tables) -> pl.DataFrame:
    """Applications with `judged`, `superseded_by_known` and `only_of_city` (no other accepted form of its
    city).
    """
    applications = tables["applications"]
    accepted = pl.col("state") == "accepted"
    other = pl.col("superseded_by") != pl.col("application_id")
    return applications.with_columns(
        judged=_known("application_id", tables["eligibility"]["application_id"]),
        superseded_by_known=pl.col("superseded_by").is_null()
        | (_known("superseded_by", applications["application_id"]) & other),
        only_of_city=accepted.sum().over("city_id") <= 1,
    )


def checks_with_standing(tables: Tables) -> pl.DataFrame:
    """The evidence with `rules_applied`: different rules applied to the application. An application judged
    without evidence is a row of its own.
    """
    checks = tables["eligibility_checks"]
    together = pl.concat([checks, _others(tables["eligibility"], checks)], how="diagonal")
    return together.with_columns(rules_applied=pl.col("rule").drop_nulls().n_unique().over("application_id"))


def eligibility_with_checks(tables: Tables) -> pl.DataFrame:
    """Eligibility with `expected_status` (from the outcomes that count), `cohort_outcome` and
    `application_city_id`.
    """
    outcome = pl.col("outcome")
    worst = (
        pl.when((outcome == "not_met").any()).then(pl.lit("ineligible"))
        .when((outcome == "unclear").any()).then(pl.lit("needs_review"))
        .when((outcome == "conditional").any()).then(pl.lit("tentative"))
        .otherwise(pl.lit("eligible"))
    )  # fmt: skip
    checks = tables["eligibility_checks"].group_by("application_id").agg(
        expected_status=worst, cohort_outcome=outcome.filter(pl.col("rule") == "cohort").first()
    )  # fmt: skip
    applications = tables["applications"].unique("application_id", keep="first", maintain_order=True)
    cities = applications.select("application_id", application_city_id="city_id")
    joined = tables["eligibility"].join(checks, on="application_id", how="left", maintain_order="left")
    return joined.join(cities, on="application_id", how="left", maintain_order="left")


def scores_with_peers(tables: Tables) -> pl.DataFrame:
    """Scores with `criteria_scored`, `same_measure` (as for the other applications) and `judged`; a judged
    application without scores is a row.
    """
    scores = tables["scores"]
    measures = pl.struct("max_points", "weight")
    return pl.concat([scores, _others(tables["eligibility"], scores)], how="diagonal").with_columns(
        criteria_scored=pl.col("criterion").drop_nulls().n_unique().over("application_id"),
        same_measure=measures.n_unique().over("criterion") == 1,
        judged=_known("application_id", tables["eligibility"]["application_id"]),
    )


def ranking_with_scores(tables: Tables) -> pl.DataFrame:
    """The ranking with `status`, `selectable`, `points_sum`, `expected_rank`, `rests_on_form`; a selectable
    application not ranked is a row.
    """
    ranking = tables["ranking"]
    statuses = _statuses(tables)
    missing = _others(statuses.filter(pl.col("status").is_in(_SELECTABLE)), ranking)
    sums = (
        tables["scores"]
        .group_by("application_id")
        .agg(points_sum=pl.col("points").sum(), rests_on_form=(pl.col("source") == "form").any())
    )
    together = pl.concat([ranking, missing], how="diagonal").join(
        statuses, on="application_id", how="left", maintain_order="left"
    )
    return together.join(sums, on="application_id", how="left", maintain_order="left").with_columns(
        selectable=pl.col("status").is_in(_SELECTABLE),
        expected_rank=pl.col("total").rank("min", descending=True),
    )


def twinnings_with_members(tables: Tables) -> pl.DataFrame:
    """Twinnings with `members` (how many), `aspects_sum` and `has_tentative`."""
    members = tables["twinning_members"].join(_statuses(tables), on="application_id", how="left")
    counted = members.group_by("twinning_id").agg(
        members=pl.len(), has_tentative=(pl.col("status") == "tentative").any()
    )
    joined = tables["twinnings"].join(counted, on="twinning_id", how="left", maintain_order="left")
    return joined.with_columns(
        pl.col("members").fill_null(0),
        pl.col("has_tentative").fill_null(value=False),
        aspects_sum=pl.sum_horizontal(pl.selectors.starts_with("aspect_")),
    )


def members_with_standing(tables: Tables) -> pl.DataFrame:
    """Members with `status`, `judged_city_id`, `twinning_known`, the twinning's `topic` and `topic_wanted`
    (among the application's own, or confirmed before the application changed).
    """
    twinnings = (
        tables["twinnings"]
        .unique("twinning_id", keep="first", maintain_order=True)
        .select("twinning_id", "topic", is_confirmed=pl.col("state") == "confirmed")
    )
    own = pl.concat_list("topic_1", "topic_2", "topic_3").list.drop_nulls()
    topics = (
        tables["applications"]
        .unique("application_id", keep="first", maintain_order=True)
        .select("application_id", own_topics=own)
    )
    members = tables["twinning_members"].join(
        _statuses(tables), on="application_id", how="left", maintain_order="left"
    )
    members = members.join(twinnings, on="twinning_id", how="left", maintain_order="left")
    return members.join(topics, on="application_id", how="left", maintain_order="left").with_columns(
        twinning_known=_known("twinning_id", tables["twinnings"]["twinning_id"]),
        topic_wanted=pl.col("own_topics").list.contains(pl.col("topic")) | pl.col("is_confirmed"),
    )


def cities_given_out(tables: Tables) -> pl.DataFrame:
    """One row per city in a twinning."""
    return tables["twinning_members"].select("city_id").unique(maintain_order=True)


def unplaced_with_standing(tables: Tables) -> pl.DataFrame:
    """Unplaced applications with `status` and `placed`."""
    joined = tables["unplaced"].join(
        _statuses(tables), on="application_id", how="left", maintain_order="left"
    )
    return joined.with_columns(placed=_known("application_id", tables["twinning_members"]["application_id"]))


def selectable_with_place(tables: Tables) -> pl.DataFrame:
    """One row per application that could be selected, with `placed` and `unplaced`."""
    return _statuses(tables).filter(pl.col("status").is_in(_SELECTABLE)).with_columns(
        placed=_known("application_id", tables["twinning_members"]["application_id"]),
        unplaced=_known("application_id", tables["unplaced"]["application_id"]),
    )  # fmt: skip
