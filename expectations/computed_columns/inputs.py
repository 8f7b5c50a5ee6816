"""The frames of the suites over the sources.

Belongs here: one pure function a suite. Must stay out: what is expected of the columns
(`expectations/suites`).
"""

from __future__ import annotations

import polars as pl

from expectations.computed_columns.common import known
from expectations.table_suite import Tables
from programme.vocabulary import ACTION_ASPECTS, STAKEHOLDERS, TOPIC_OTHER
from warehouse.dictionary.feedback import SCORES


def _only_of(column: str, values: tuple[str, ...]) -> pl.Expr:
    """Every item of the list is one of these; a list not given has none that is not."""
    item = pl.element().is_in(list(values)).fill_null(value=False)
    return pl.col(column).is_null() | pl.col(column).list.eval(item).list.all()


def forms(tables: Tables) -> pl.DataFrame:
    """Submissions with `contact_email__usable`, `n_members` and whether the answers in several columns or in
    a list agree.
    """
    topics = [f"topic_{n}" for n in (1, 2, 3)]
    given = pl.concat_list(topics).list.drop_nulls()
    given = given.list.eval(pl.element().filter(pl.element() != TOPIC_OTHER))
    rated = [
        pl.col(topic).is_not_null()
        | (pl.col(f"{topic}_need").is_null() & pl.col(f"{topic}_experience").is_null())
        for topic in topics
    ]
    whole = [
        pl.col(f"preferred_city_{n}").is_null() == pl.col(f"preferred_country_{n}").is_null() for n in (1, 2)
    ]
    return tables["submissions"].with_columns(
        contact_email__usable=pl.col("contact_email").str.contains(r"^[^@\s]+@[^@\s]+\.[^@\s.]+$"),
        n_members=pl.col("members").list.len().fill_null(0),
        topics_differ=given.list.n_unique() == given.list.len(),
        topics_rated_are_named=pl.all_horizontal(rated),
        preferences_complete=pl.all_horizontal(whole),
        action_aspects_known=_only_of("action_aspects", ACTION_ASPECTS),
        stakeholders_known=_only_of("stakeholders", STAKEHOLDERS),
    )


def cohort_with_gcom(tables: Tables) -> pl.DataFrame:
    """The cohort register with `gcom_id_known` (true where it names no signatory)."""
    return tables["cohort"].with_columns(
        gcom_id_known=pl.col("gcom_id").is_null() | known("gcom_id", tables["gcom"]["gcom_id"])
    )


def gcom(tables: Tables) -> pl.DataFrame:
    """The list of signatories as it is."""
    return tables["gcom"]


def evaluations_with_forms(tables: Tables) -> pl.DataFrame:
    """The scores among the evaluations, with `form_known`; a declared conflict of interest is no score."""
    scores = tables["evaluations"].filter(~pl.col("conflict").fill_null(value=False))
    return scores.with_columns(form_known=known("submission_id", tables["submissions"]["submission_id"]))


def collaborations(tables: Tables) -> pl.DataFrame:
    """Collaborations with `two_cities`: whether name or country of the two differ."""
    differ = [pl.col(f"{name}_a") != pl.col(f"{name}_b") for name in ("city", "country")]
    return tables["collaborations"].with_columns(two_cities=pl.any_horizontal(differ))


def corrections_with_forms(tables: Tables) -> pl.DataFrame:
    """Corrections with `form_known`."""
    return tables["corrections"].with_columns(
        form_known=known("submission_id", tables["submissions"]["submission_id"])
    )


def evaluators(tables: Tables) -> pl.DataFrame:
    """The evaluators as they are."""
    return tables["evaluators"]


def decisions_with_subjects(tables: Tables) -> pl.DataFrame:
    """Decisions with `subject_known`: whether the form they are about exists, for the kinds that can only be
    about a form.
    """
    about_forms = pl.col("kind").is_in(["link", "no_link", "rule", "accept_late", "withdraw", "merge"])
    ids = tables["submissions"]["submission_id"]
    member_of = pl.col("subject").str.split(":").list.first()
    return tables["decisions"].with_columns(
        subject_known=~about_forms | known("subject", ids) | member_of.is_in(ids.unique().implode())
    )


def feedback_with_members(tables: Tables) -> pl.DataFrame:
    """The feedback with the application that answered, `twinning_known`, and `something_said`."""
    answers = tables["feedback_answers"].select("row", "application_id")
    said = [pl.col(name).is_not_null() for name in (*SCORES, "would_do_again")]
    return (
        tables["feedback"]
        .join(answers, on="row", how="left", maintain_order="left")
        .with_columns(
            twinning_known=known("twinning_id", tables["twinning_members"]["twinning_id"]),
            something_said=pl.any_horizontal(said),
        )
    )
