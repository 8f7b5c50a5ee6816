"""Conflicts of interest: who must not evaluate whom.

Belongs here: the three signs of a conflict that can be seen in the inputs, each as one rule; the conflicts
that evaluators declared; and who scored in spite of a sign. A sign can be wrong (two cities may share a mail
domain), so a decision `no_conflict` dismisses it; what an evaluator declared stands. Must stay out: giving
applications to evaluators (`tasks/scoring/assignment`), and which scores count (`selected_reviews.py`).
"""

from __future__ import annotations

import polars as pl

from programme.rubric import AssignmentRules
from programme.vocabulary import DecisionKind
from tasks.crosscheck.names.folding import fold_name
from tasks.decisions.effective import of_kinds
from tasks.ingest.cells.countries import to_iso3_series
from warehouse.dictionary.findings import Finding
from warehouse.dictionary.judging import CONFLICTS

KINDS: tuple[DecisionKind, ...] = ("no_conflict",)
PAIR = ("application_id", "evaluator_id")


def find_conflicts(
    applications: pl.DataFrame, evaluators: pl.DataFrame, decisions: pl.DataFrame, rules: AssignmentRules
) -> pl.DataFrame:
    """The signs of a conflict (table CONFLICTS): one row per application, evaluator and kind of sign.

    `applications` has one row per application with `application_id`, `city_id`, `country_iso3`,
    `contact_email` and `names` (every name of the city: as typed, as in the registers); `evaluators` is the
    dictionary's table; `decisions` are those in force.
    """
    found = [
        _same_country(applications, evaluators).with_columns(kind=pl.lit("same_country")),
        _same_employer(applications, evaluators, rules).with_columns(kind=pl.lit("employer")),
        _named_in_ties(applications, evaluators).with_columns(kind=pl.lit("declared_tie")),
    ]
    rows = pl.concat(found).unique().join(_dismissed(decisions), on=PAIR, how="left")
    return CONFLICTS.conform(rows.with_columns(pl.col("dismissed").fill_null(value=False)))


def _dismissed(decisions: pl.DataFrame) -> pl.DataFrame:
    """The pairs of which a person decided that there is no conflict.

    The subject is the evaluator and the object the application. Earlier decisions name them the other way
    round and count as well: no application has the id of an evaluator.
    """
    said = of_kinds(decisions, KINDS)
    ways = (("object", "subject"), ("subject", "object"))
    pairs = [said.select(pl.col(a).alias("application_id"), pl.col(e).alias("evaluator_id")) for a, e in ways]
    return pl.concat(pairs).unique().with_columns(pl.lit(value=True).alias("dismissed"))


def _same_country(applications: pl.DataFrame, evaluators: pl.DataFrame) -> pl.DataFrame:
    return applications.join(evaluators, on="country_iso3").select(PAIR)


def _same_employer(
    applications: pl.DataFrame, evaluators: pl.DataFrame, rules: AssignmentRules
) -> pl.DataFrame:
    applicants = applications.select("application_id", employer("contact_email", rules).alias("employer"))
    readers = evaluators.select("evaluator_id", employer("email", rules).alias("employer"))
    return applicants.join(readers, on="employer").select(PAIR)


def employer(column: str, rules: AssignmentRules) -> pl.Expr:
    """The domain that an employer has registered, from an e-mail address or a domain.

    `a@energy.city.example` and `b@city.example` work for the same employer; under a shared second level
    (`gov.za`) one label more counts. Null for public mail providers and for what is no domain.
    """
    domain = pl.col(column).str.to_lowercase().str.extract(r"([\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)\.?\s*$")
    labels = domain.str.split(".")
    shared = labels.list.get(-2, null_on_oob=True).is_in(list(rules.shared_domains)) & (labels.list.len() > 2)
    registered = labels.list.tail(pl.when(shared).then(3).otherwise(2)).list.join(".")
    public = registered.is_in(list(rules.public_mail)) | domain.is_in(list(rules.public_mail))
    return pl.when(public).then(None).otherwise(registered)


def _named_in_ties(applications: pl.DataFrame, evaluators: pl.DataFrame) -> pl.DataFrame:
    """Pairs by the evaluators' ties: a tie names a submission, a city (by id or any of its names) or a
    country.
    """
    ties = (
        evaluators.select("evaluator_id", pl.col("ties").str.split(";").alias("tie"))
        .explode("tie")
        .with_columns(pl.col("tie").str.strip_chars())
        .filter(pl.col("tie") != "")
    )
    country = to_iso3_series(ties["tie"]).alias("country_iso3")
    ties = ties.with_columns(country, _folded_name(pl.col("tie")).alias("key"))
    keys = pl.concat_list("names", "application_id", "city_id").alias("key")
    names = (
        applications.select("application_id", keys).explode("key").with_columns(_folded_name(pl.col("key")))
    )
    by_name = names.filter(pl.col("key") != "").join(ties, on="key")
    by_country = applications.join(ties, on="country_iso3")
    return pl.concat([by_name.select(PAIR), by_country.select(PAIR)])


def _folded_name(name: pl.Expr) -> pl.Expr:
    return fold_name(name.str.split("|").list.first())


def declared_conflicts(evaluations: pl.DataFrame) -> pl.DataFrame:
    """The conflicts that evaluators declared, with scores or without, as rows like those of table CONFLICTS.

    `evaluations` is the dictionary's table; the kind is `declared`, and no decision dismisses one.
    """
    rows = evaluations.filter(pl.col("conflict").fill_null(value=False))
    return rows.select(
        pl.col("submission_id").alias("application_id"),
        "evaluator_id",
        pl.lit("declared").alias("kind"),
        pl.lit(value=False).alias("dismissed"),
    ).unique()


def undeclared_conflicts(
    counted: pl.DataFrame,
    submissions: pl.DataFrame,
    evaluators: pl.DataFrame,
    decisions: pl.DataFrame,
    rules: AssignmentRules,
) -> list[Finding]:
    """One finding for each application scored by somebody with a sign of a conflict who declared none.

    `counted` are the reviews that count, `submissions` and `evaluators` tables of the dictionary, `decisions`
    those in force (`no_conflict` dismisses a sign). The scores count, because a sign is no proof. The finding
    names the application and the sign, never the evaluator.
    """
    if evaluators.is_empty() or counted.is_empty():
        return []
    applications = submissions.select(
        pl.col("submission_id").alias("application_id"),
        pl.lit(None, dtype=pl.String).alias("city_id"),
        "country_iso3",
        "contact_email",
        pl.concat_list("city_name").alias("names"),
    )
    signs = find_conflicts(applications, evaluators, decisions, rules).filter(~pl.col("dismissed"))
    found = (
        signs.join(counted.select(PAIR).unique(), on=PAIR)
        .group_by("application_id")
        .agg(pl.col("kind").unique().sort().str.join(", ").str.replace_all("_", " "))
        .sort("application_id")
    )
    return [_undeclared(application, kinds) for application, kinds in found.iter_rows()]


def _undeclared(application: str, kinds: str) -> Finding:
    message = (
        f"application {application}: somebody who scored it shows a sign of a conflict of interest ({kinds}) "
        "and declared none; the chair should ask, and record no_conflict where it is none"
    )
    key = f"application {application}"
    return Finding("evaluations", "conflict_declared", message, row_key=key, column="conflict")
