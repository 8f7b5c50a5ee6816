"""What each tentative city still has to bring, and by when.

Belongs here: the conditions that a version's tables show, their due days, and which are overdue. Must stay
out: whether a rule is conditional (`rules/`) and the clock: `today` is handed down.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from programme.eligibility import EligibilityLimits
from programme.rounds import Round, add_months

_WHAT = {
    "cohort": "the decision of the UTM City Cohort on its application",
    "gcom": "its signature of the Global Covenant of Mayors",
}


@dataclass(frozen=True)
class Condition:
    """One thing that a tentative city still has to bring: what, by when, and whether that day is past."""

    application_id: str
    city_name: str | None
    country_iso3: str | None
    rule: str
    what: str
    due: date
    overdue: bool


def conditions(
    tables: Mapping[str, pl.DataFrame],
    round_: Round,
    limits: EligibilityLimits,
    today: date,
    applications: Collection[str] | None = None,
) -> list[Condition]:
    """Every condition of every tentative application, the earliest due first.

    `tables` holds applications, eligibility and eligibility_checks of a version; `applications` limits the
    answer to some of them. A condition is overdue on the day after it was due.
    """
    tentative = tables["eligibility"].filter(pl.col("status") == "tentative").select("application_id")
    open_points = (
        tables["eligibility_checks"]
        .filter(pl.col("outcome") == "conditional")
        .join(tentative, on="application_id", how="semi")
        .join(
            tables["applications"].select("application_id", "city_name", "country_iso3"), on="application_id"
        )
    )
    found = [
        Condition(
            row["application_id"],
            row["city_name"],
            row["country_iso3"],
            row["rule"],
            _WHAT.get(row["rule"], f"what the rule {row['rule']} was accepted on condition of"),
            due := due_day(row["rule"], round_, limits),
            today > due,
        )
        for row in open_points.iter_rows(named=True)
        if applications is None or row["application_id"] in applications
    ]
    return sorted(found, key=lambda one: (one.due, one.application_id, one.rule))


def due_day(rule: str, round_: Round, limits: EligibilityLimits) -> date:
    """The last day on which a condition of a rule can be met, counted from the start of the twinnings."""
    months = {"gcom": limits.gcom_months_to_sign, "cohort": limits.cohort_months_to_decide}
    return add_months(round_.twinnings_start, months.get(rule, limits.condition_months))
