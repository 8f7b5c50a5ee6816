"""What the cross-check must look like: tables `crosscheck`, `cities` and `preferences`.

All of it is computed by us from the inputs, so what does not hold is a fault of ours and a `stop`; `warn` is
what the world brings (a place without a position, a country in no region).
"""

from __future__ import annotations

import polars as pl

from expectations.derived import cities_with_links, links_with_registers, preferences_with_cities
from expectations.model import Limits, Rule, Suite
from expectations.vocabulary import described, dictionary_rule, only_with, rows, unique
from warehouse.dictionary.published import CROSSCHECK
from warehouse.dictionary.working import CITIES, PREFERENCES

OURS = "computed by us from the inputs: a fault of ours if it does not hold"
NO_PLACE = (
    "matchmaking then knows no distance or working hours for it; a person may add the city to a register"
)


def suites(limits: Limits) -> tuple[Suite, ...]:
    """Columns as described, links, cities, preferences."""
    given = ("crosscheck", "cities", "submissions", "cohort", "gcom")
    return (
        described(("crosscheck", "cities", "preferences", "cooperations")),
        Suite(
            "crosscheck",
            "crosscheck",
            given,
            links_with_registers,
            ("application_id", "register", "member_name"),
            _links(),
        ),
        Suite("cities", "cities", given, cities_with_links, ("application_id",), _cities(limits)),
        Suite(
            "preferences",
            "preferences",
            ("preferences", "cities"),
            preferences_with_cities,
            ("application_id", "choice"),
            _preferences(),
            True,
        ),
    )


def _links() -> tuple[Rule, ...]:
    return (
        dictionary_rule(CROSSCHECK),
        rows("link_once", "stop", OURS, None, unique("application_id", "register", "member_name"), "this link is there more than once"),
        rows("application_known", "stop", OURS, "application_id", pl.col("application_known"), "there is no form of this application"),
        rows("linked_names_row", "stop", OURS, "register_id", only_with("register_id", pl.col("outcome") == "linked"),
             "the outcome is {outcome}, and the register's row is {register_id}"),
        rows("linked_row_exists", "stop", OURS, "register_id", pl.col("register_id_known"), "{register_id} is not in the register {register}"),
        rows("linked_has_confidence", "stop", OURS, "confidence", (pl.col("outcome") != "linked") | pl.col("confidence").is_not_null(),
             "linked without a confidence"),
        rows("decider_named", "stop", OURS, "decided_by", pl.col("decided_by").str.contains("^(rules|decision [0-9a-zA-Z]+)$"),
             "decided by neither the rules nor a decision"),
    )  # fmt: skip


def _cities(limits: Limits) -> tuple[Rule, ...]:
    return (
        dictionary_rule(CITIES),
        rows("application_once", "stop", OURS, "application_id", unique("application_id"), "the application is there more than once"),
        rows("form_known", "stop", OURS, "application_id", pl.col("form_known"), "there is no form of this application"),
        rows("every_form_has_city", "stop", "a form without a city would silently take no part", "city_id", pl.col("city_id").is_not_null(),
             "the form was read, and no city was made of it"),
        rows("looked_up_in_both", "stop", OURS, None, pl.col("looked_up_in_both"), "not looked up in both registers"),
        rows("city_id_from_best_source", "stop", "the same city must have the same id in every round", "city_id",
             pl.col("city_id") == pl.coalesce("cohort_id", "gcom_id", "name_key"),
             "city_id is {city_id}; expected the cohort's id, else the GCoM's, else country and name"),
        rows("cohort_id_as_linked", "stop", OURS, "cohort_id", pl.col("cohort_id").eq_missing(pl.col("linked_cohort_id")),
             "cohort_id is {cohort_id}, and the cross-check linked {linked_cohort_id}"),
        rows("position_found", "warn", NO_PLACE, "latitude", pl.col("latitude").is_not_null() & pl.col("longitude").is_not_null(),
             "no position was found for {city_name}"),
        rows("timezone_found", "warn", NO_PLACE, "timezone", pl.col("timezone").is_not_null(), "no time zone was found for {city_name}"),
        rows("region_known", "warn", "the balance of the selection counts regions", "region",
             pl.col("region").is_in(list(limits.regions)).fill_null(value=False),
             "the region is {region} (country {country_iso3}); programme/regions.toml has none of that name"),
    )  # fmt: skip


def _preferences() -> tuple[Rule, ...]:
    return (
        dictionary_rule(PREFERENCES),
        rows("linked_names_city", "stop", OURS, "city_id", only_with("city_id", pl.col("outcome") == "linked"),
             "the outcome is {outcome}, and the city is {city_id}"),
        rows("not_itself", "warn", "a preference for oneself counts for nothing; the applicant may have meant another city", "city_id",
             pl.col("other_city"), "the preferred partner city is the applicant itself"),
    )  # fmt: skip
