"""Who must not evaluate whom.

Belongs here: the three signs of a conflict of interest that can be seen in the inputs, each as one rule, and
who scored in spite of one. A sign can be wrong (two cities may share a mail domain), so a recorded decision
`no_conflict` dismisses it. Must stay out: handing applications out (`assignment.py`), and conflicts that
evaluators declare with their scores (`reviews.py`).
"""

from __future__ import annotations

import polars as pl

from programme.rubric import AssignmentRules
from tasks.crosscheck.names.folding import fold_name
from tasks.ingest.cells.countries import to_iso3_series
from warehouse.dictionary.judging import CONFLICTS
from warehouse.dictionary.published import FINDINGS

PAIR = ("application_id", "evaluator_id")


def find_conflicts(
    applications: pl.DataFrame, evaluators: pl.DataFrame, decisions: pl.DataFrame, rules: AssignmentRules
) -> pl.DataFrame:
    """Table CONFLICTS.

    `applications` has one row per application with `application_id`, `city_id`, `country_iso3`,
    `contact_email` and `names` (every name of the city: as typed, as in the registers); `evaluators` is the
    dictionary's table; `decisions` those that stand.
    """
    found = [
        _same_country(applications, evaluators).with_columns(kind=pl.lit("same_country")),
        _same_employer(applications, evaluators, rules).with_columns(kind=pl.lit("employer")),
        _declared_ties(applications, evaluators).with_columns(kind=pl.lit("declared_tie")),
    ]
    dismissed = decisions.filter(pl.col("kind") == "no_conflict").select(
        pl.col("subject").alias("application_id"),
        pl.col("object").alias("evaluator_id"),
        pl.lit(value=True).alias("dismissed"),
    )
    rows = pl.concat(found).unique().join(dismissed.unique(), on=PAIR, how="left")
    return CONFLICTS.conform(rows.with_columns(pl.col("dismissed").fill_null(value=False)))


def _same_country(applications: pl.DataFrame, evaluators: pl.DataFrame) -> pl.DataFrame:
    return applications.join(evaluators, on="country_iso3").select(PAIR)


def _same_employer(
    applications: pl.DataFrame, evaluators: pl.DataFrame, rules: AssignmentRules
) -> pl.DataFrame:
    theirs = applications.select("application_id", employer("contact_email", rules).alias("employer"))
    ours = evaluators.select("evaluator_id", employer("email", rules).alias("employer"))
    return theirs.join(ours, on="employer").select(PAIR)


def employer(column: str, rules: AssignmentRules) -> pl.Expr:
    """The domain an employer has registered, from an e-mail address or a domain; null for public mail
    providers and what is no domain.

    `a@energy.city.example` and `b@city.example` work for the same employer; under a shared second level
    (`gov.za`) one label more counts.
    """
    domain = pl.col(column).str.to_lowercase().str.extract(r"([\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)\.?\s*$")
    labels = domain.str.split(".")
    shared = labels.list.get(-2, null_on_oob=True).is_in(list(rules.shared_domains)) & (labels.list.len() > 2)
    registered = labels.list.tail(pl.when(shared).then(3).otherwise(2)).list.join(".")
    public = registered.is_in(list(rules.public_mail)) | domain.is_in(list(rules.public_mail))
    return pl.when(public).then(None).otherwise(registered)


def _declared_ties(applications: pl.DataFrame, evaluators: pl.DataFrame) -> pl.DataFrame:
    """A tie names a submission, a city (by id or any of its names) or a country."""
    ties = (
        evaluators.select("evaluator_id", pl.col("ties").str.split(";").alias("tie"))
        .explode("tie").with_columns(pl.col("tie").str.strip_chars()).filter(pl.col("tie") != "")
    )  # fmt: skip
    ties = ties.with_columns(
        to_iso3_series(ties["tie"]).alias("country_iso3"), _key(pl.col("tie")).alias("key")
    )
    names = applications.select(
        "application_id", pl.concat_list("names", "application_id", "city_id").alias("key")
    ).explode("key")
    by_name = names.with_columns(_key(pl.col("key"))).filter(pl.col("key") != "").join(ties, on="key")
    by_country = applications.join(ties, on="country_iso3")
    return pl.concat([by_name.select(PAIR), by_country.select(PAIR)])


def _key(name: pl.Expr) -> pl.Expr:
    return fold_name(name.str.split("|").list.first())


def undeclared(
    counted: pl.DataFrame,
    submissions: pl.DataFrame,
    evaluators: pl.DataFrame,
    decisions: pl.DataFrame,
    rules: AssignmentRules,
) -> pl.DataFrame:
    """Table FINDINGS: applications scored by somebody with a sign of a conflict who declared none and of whom
    no decision says that it is none.

    Their scores count (a sign is no proof); the finding names the application and the sign, never the
    evaluator.
    """
    if evaluators.is_empty() or counted.is_empty():
        return FINDINGS.empty()
    signs = find_conflicts(
        submissions.select(
            pl.col("submission_id").alias("application_id"), pl.lit(None, dtype=pl.String).alias("city_id"), "country_iso3", "contact_email",
            pl.concat_list("city_name").alias("names"),
        ),
        evaluators, decisions, rules,
    )  # fmt: skip
    scored = counted.select(PAIR).unique()
    standing = signs.filter(~pl.col("dismissed")).join(scored, on=PAIR)
    found = standing.group_by("application_id").agg(
        pl.col("kind").unique().sort().str.join(", ").str.replace_all("_", " ")
    )
    said = pl.format(
        "application {}: somebody who scored it shows a sign of a conflict of interest ({}) and declared none; the chair should ask, "
        "and record no_conflict where it is none",
        "application_id", "kind",
    )  # fmt: skip
    return FINDINGS.conform(
        found.select(
            pl.lit("evaluations").alias("table"), pl.lit("conflict_declared").alias("expectation"), pl.lit("warn").alias("severity"),
            pl.format("application {}", "application_id").alias("row_key"), pl.lit("conflict").alias("column"), said.alias("message"),
        )
    )  # fmt: skip
