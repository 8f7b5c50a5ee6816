"""What the two registers must look like once read: tables `cohort` and `gcom`.

The registers outrank the form, so a register cut off, doubled or misread is a `stop`; an oddity of one city
in it is a `warn` for the ops team to tell the register's keeper.
"""

from __future__ import annotations

import polars as pl

from expectations.derived import cohort_with_gcom
from expectations.model import Limits, Rule, ShareRule, Suite, Tables
from expectations.suites.sources import (
    count_of,
    country_rules,
    dates_possible,
    population_rule,
    position_rules,
)
from expectations.vocabulary import dictionary_rule, if_known, rows, unique
from warehouse.dictionary.inputs import COHORT, GCOM

KEEPER = "the register's keeper has to say which is right; until then its row counts as it stands"


def suites(limits: Limits) -> tuple[Suite, ...]:
    """The cohort register, then the list of signatories."""
    return (
        Suite("cohort", "cohort", ("cohort", "gcom"), cohort_with_gcom, ("utm_id",), _cohort(limits)),
        Suite("gcom", "gcom", ("gcom",), _gcom_frame, ("gcom_id",), _gcom(limits)),
    )


def _gcom_frame(tables: Tables) -> pl.DataFrame:
    return tables["gcom"]


def _cohort(limits: Limits) -> tuple[Rule, ...]:
    decided = pl.col("status").is_in(["member", "rejected"])
    pending = pl.col("status") == "pending"
    return (
        count_of("cohort", limits.counts.cohort),
        dictionary_rule(COHORT),
        rows("utm_id_once", "stop", "cities are known by this id in every round; twice, one city's status would answer for another", "utm_id",
             unique("utm_id"), "this cohort id is used by more than one row (row {row})"),
        rows("city_once", "warn", KEEPER, "name", unique("name", "country"), "the register has {name}, {country} more than once"),
        ShareRule("has_members", "stop", "a cohort without any member is another file or a status column misread; nobody would be in scenario 1",
                  "status", pl.col("status") == "member", 0.01, "{observed} of the cohort are members; expected at least 1%"),
        *country_rules(limits, "cohort"),
        *position_rules(),
        population_rule(limits),
        rows("pending_has_date", "warn", "scenarios 2 and 3 differ by this date; without it eligibility asks a person", "applied_on",
             ~pending | pl.col("applied_on").is_not_null(), "the cohort application is pending, and the day it was made is not given"),
        rows("pending_not_decided", "warn", KEEPER, "decided_on", ~pending | pl.col("decided_on").is_null(),
             "the cohort application is pending, and yet a day of decision is given: {decided_on}"),
        rows("decision_dated", "warn", KEEPER, "decided_on", ~decided | pl.col("decided_on").is_not_null(),
             "the status is {status}, and the day of the decision is not given"),
        rows("dates_in_order", "warn", KEEPER, "decided_on", if_known(pl.col("decided_on") >= pl.col("applied_on"), "decided_on", "applied_on"),
             "decided on {decided_on}, before it applied on {applied_on}"),
        dates_possible(limits, "applied_on", "decided_on"),
        rows("gcom_id_known", "warn", "the name is looked up in its place", "gcom_id", pl.col("gcom_id_known"),
             "the register names the signatory {gcom_id}, which is not in the GCoM list"),
    )  # fmt: skip


def _gcom(limits: Limits) -> tuple[Rule, ...]:
    return (
        count_of("gcom", limits.counts.gcom),
        dictionary_rule(GCOM),
        rows("gcom_id_once", "stop", "signatories are known by this id; twice, one city's signature would answer for another", "gcom_id",
             unique("gcom_id"), "this GCoM id is used by more than one row (row {row})"),
        ShareRule("has_active", "stop", "a list without an active signatory is a status column misread; nobody would have signed",
                  "status", pl.col("status") == "active", 0.01, "{observed} of the signatories are active; expected at least 1%"),
        *country_rules(limits, "signatories"),
        *position_rules(),
        population_rule(limits),
        dates_possible(limits, "signed_on"),
    )  # fmt: skip
