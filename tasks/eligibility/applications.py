"""The table `applications`: every form that came in, what became of it, and the city it stands for.

Belongs here: laying out the rows. Must stay out: which form counts (`form_states.py`), which figure is a
city's population (`rules/population.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tasks.eligibility.form_states import FormState
from tasks.eligibility.rules.case import Case
from tasks.eligibility.rules.population import population_figures
from warehouse.dictionary.findings import Finding
from warehouse.dictionary.published import APPLICATIONS

_OF_CITY = ("city_id", "city_name", "country_iso3", "region", "latitude", "longitude", "timezone")
_OF_FORM = ("applicant_type", "submitted_at", "topic_1", "topic_2", "topic_3")


def applications_table(
    cases: Mapping[str, Case],
    states: Mapping[str, FormState],
    cities: pl.DataFrame,
    set_aside: pl.DataFrame,
    carried: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """Table APPLICATIONS: one row for each usable form and for each row of `submissions` that was set aside.

    `cases` and `states` are by submission id; `cities` and `set_aside` are the dictionary's working tables;
    `carried` maps a form carried over to the round it was sent in.
    """
    carried = carried or {}
    city_rows = {row["application_id"]: row for row in cities.iter_rows(named=True)}
    rows = [
        _row(key, case, states[key], city_rows.get(key, {})) | {"carried_from": carried.get(key)}
        for key, case in cases.items()
    ]
    taken = set(cases)
    for row in set_aside.filter(pl.col("table") == "submissions").sort("row").iter_rows(named=True):
        # Two rows may carry one id, or a row set aside that of a usable form: each gets a line of its own.
        name = row["row_key"] if row["row_key"] not in taken else f"{row['row_key']} (row {row['row']})"
        taken.add(name)
        rows.append({"application_id": name, "state": "set_aside"})
    return APPLICATIONS.frame(rows)


def _row(key: str, case: Case, state: FormState, city: Mapping[str, object]) -> dict[str, object]:
    of_city = {name: city.get(name) for name in _OF_CITY}
    of_form = {name: case.form[name] for name in _OF_FORM}
    return {
        **of_city,
        **of_form,
        "application_id": key,
        "population": next(iter(population_figures(case).values()), None),
        "state": state.state,
        "superseded_by": state.superseded_by,
    }


def superseded_by_none(states: Mapping[str, FormState]) -> list[Finding]:
    """One finding for each form whose successor takes no part itself: nobody applies for it any more."""
    findings = []
    for key, state in states.items():
        successor = state.superseded_by
        if successor is not None and states[successor].state != "accepted":
            message = f"The form that stands in its place, {successor}, is {states[successor].state}."
            findings.append(
                Finding(
                    "applications", "superseding_form_stands", message, row_key=key, column="superseded_by"
                )
            )
    return findings
