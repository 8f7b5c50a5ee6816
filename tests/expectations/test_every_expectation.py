"""Every expectation fails where it should: a valid round with one thing broken, and the rows that must be
named for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from expectations.check import STAGES, check_suite, stage_suites
from expectations.model import ALL_TABLES, Limits, RowRule, Suite
from expectations.verdicts import column_of, evaluate
from programme.programme import read_programme

Tables = dict[str, pl.DataFrame]
Change = Callable[[Tables], Tables]


def put(table: str, where: dict[str, object], **cells: object) -> Change:
    """Other cells in the rows that match."""

    def change(tables: Tables) -> Tables:
        frame = tables[table]
        hit = pl.all_horizontal(pl.col(name) == value for name, value in where.items())
        assert frame.filter(hit).height, f"no row of {table} matches {where}"
        new = [
            pl.when(hit).then(pl.lit(value, dtype=frame.schema[name])).otherwise(pl.col(name)).alias(name)
            for name, value in cells.items()
        ]
        return tables | {table: frame.with_columns(new)}

    return change


def put_list(table: str, where: dict[str, object], column: str, value: list[object]) -> Change:
    """Another list in the rows that match."""

    def change(tables: Tables) -> Tables:
        rows = tables[table].to_dicts()
        for row in rows:
            if all(row[name] == wanted for name, wanted in where.items()):
                row[column] = value
        return tables | {table: pl.DataFrame(rows, schema=tables[table].schema)}

    return change


def double(table: str, **where: object) -> Change:
    """The matching rows once more."""

    def change(tables: Tables) -> Tables:
        frame = tables[table]
        return tables | {
            table: pl.concat(
                [
                    frame,
                    frame.filter(pl.all_horizontal(pl.col(name) == value for name, value in where.items())),
                ]
            )
        }

    return change


def drop(table: str, **where: object) -> Change:
    """Without the matching rows."""
    return lambda tables: (
        tables
        | {
            table: tables[table].filter(
                ~pl.all_horizontal(pl.col(name) == value for name, value in where.items())
            )
        }
    )


def many(table: str, times: int) -> Change:
    """Every row so many times."""
    return lambda tables: tables | {table: pl.concat([tables[table]] * times)}


def none(table: str) -> Change:
    """No rows."""
    return lambda tables: tables | {table: tables[table].clear()}


def both(*changes: Change) -> Change:
    """One change after the other."""

    def change(tables: Tables) -> Tables:
        for each in changes:
            tables = each(tables)
        return tables

    return change


@dataclass(frozen=True)
class Case:
    """What is broken, and which expectation must name which rows (None: the table as a whole)."""

    stage: str
    suite: str
    rule: str
    change: Change
    keys: tuple[str | None, ...]

    @property
    def id(self) -> str:
        return f"{self.suite}-{self.rule}"


S1, S2 = {"submission_id": "S1"}, {"submission_id": "S2"}
A1, A2, A3, A4 = ({"application_id": f"S{n}"} for n in (1, 2, 3, 4))
COHORT = {"utm_id": "UTM1"}
TEST_ROW = {"evaluator_id": "E1", "criterion": "impact"}
SCORE = {"application_id": "S1", "criterion": "impact"}
FAR = date(2052, 1, 1)
FAR_MOMENT = datetime(2052, 1, 1, tzinfo=UTC)
LINK = {"application_id": "S1", "register": "cohort"}

CASES = [
    # described: columns of each stage
    Case("inputs", "described", "columns_as_described", lambda t: t | {"gcom": t["gcom"].drop("region")}, ("region",)),
    Case("linked", "described", "columns_as_described", lambda t: t | {"cities": t["cities"].drop("region")}, ("region",)),
    Case("eligibility", "described", "columns_as_described", lambda t: t | {"eligibility": t["eligibility"].drop("scenario")}, ("scenario",)),
    Case("scores", "described", "columns_as_described", lambda t: t | {"scores": t["scores"].cast({"n_reviews": pl.String})}, ("n_reviews",)),
    Case("twinnings", "described", "columns_as_described", lambda t: t | {"unplaced": t["unplaced"].drop("regret")}, ("regret",)),
    # submissions
    Case("inputs", "submissions", "row_count", many("submissions", 5), (None,)),
    Case("inputs", "submissions", "row_count", none("submissions"), (None,)),
    Case("inputs", "submissions", "cells_as_described", put("submissions", S1, applicant_type="kingdom"), ("S1",)),
    Case("inputs", "submissions", "submission_id_once", put("submissions", S1, submission_id="S2"), ("S2", "S2")),
    Case("inputs", "submissions", "country_recognised", put("submissions", S1, country_iso3=None), ("S1",)),
    Case("inputs", "submissions", "countries_recognised", put("submissions", S1, country_iso3=None), (None,)),
    Case("inputs", "submissions", "population_plausible", put("submissions", S1, population=40_000_001), ("S1",)),
    Case("inputs", "submissions", "consortium_has_members", put("submissions", S1, applicant_type="consortium"), ("S1",)),
    Case("inputs", "submissions", "members_only_of_consortium",
         put_list("submissions", S1, "members", [{"name": "X", "population": 1, "plan_status": None}]), ("S1",)),
    Case("inputs", "submissions", "contact_reachable", put("submissions", S1, contact_email="nobody at home"), ("S1",)),
    Case("inputs", "submissions", "contact_reachable", put("submissions", S1, contact_email=None), ("S1",)),
    Case("inputs", "submissions", "data_consent_given", put("submissions", S1, data_consent=False), ("S1",)),
    Case("inputs", "submissions", "data_consent_given", put("submissions", S1, data_consent=None), ("S1",)),
    Case("inputs", "submissions", "submitted_at_readable", put("submissions", S1, submitted_at=None), ("S1",)),
    Case("inputs", "submissions", "submitted_after_opening", put("submissions", S1, submitted_at=datetime(2025, 6, 30, 21, 59, 59, tzinfo=UTC)), ("S1",)),
    Case("inputs", "submissions", "dates_possible", put("submissions", S1, submitted_at=FAR_MOMENT), ("S1",)),
    Case("inputs", "submissions", "dates_possible", put("submissions", S1, cohort_applied_on=FAR), ("S1",)),
    Case("inputs", "submissions", "topics_known", put("submissions", S1, topic_1="fusion"), ("S1",)),
    Case("inputs", "submissions", "topics_known", put("submissions", S1, topic_2="fusion"), ("S1",)),
    Case("inputs", "submissions", "topics_known", put("submissions", S1, topic_3="fusion"), ("S1",)),
    Case("inputs", "submissions", "topics_differ", put("submissions", S1, topic_3="cooling"), ("S1",)),
    Case("inputs", "submissions", "topics_rated_are_named", put("submissions", S1, topic_3_need=3), ("S1",)),
    Case("inputs", "submissions", "aspects_known", put_list("submissions", S1, "action_aspects", ["technical", "magical"]), ("S1",)),
    Case("inputs", "submissions", "aspects_known", put_list("submissions", S1, "action_aspects", [None]), ("S1",)),
    Case("inputs", "submissions", "stakeholders_known", put_list("submissions", S1, "stakeholders", ["wizards"]), ("S1",)),
    Case("inputs", "submissions", "plan_agrees", put("submissions", S1, plan_type="none"), ("S1",)),
    Case("inputs", "submissions", "preferred_city_has_country", put("submissions", S1, preferred_country_1=None), ("S1",)),
    Case("inputs", "submissions", "preferred_city_has_country", put("submissions", S1, preferred_country_2="Kenya"), ("S1",)),
    # cohort
    Case("inputs", "cohort", "row_count", many("cohort", 7), (None,)),
    Case("inputs", "cohort", "cells_as_described", put("cohort", COHORT, latitude=91.0), ("UTM1",)),
    Case("inputs", "cohort", "utm_id_once", put("cohort", COHORT, utm_id="UTM2"), ("UTM2", "UTM2")),
    Case("inputs", "cohort", "city_once", put("cohort", COHORT, name="City 2"), ("UTM1", "UTM2")),
    Case("inputs", "cohort", "has_members", put("cohort", {"status": "member"}, status="withdrawn"), (None,)),
    Case("inputs", "cohort", "country_recognised", put("cohort", COHORT, country_iso3=None), ("UTM1",)),
    Case("inputs", "cohort", "countries_recognised", put("cohort", COHORT, country_iso3=None), (None,)),
    Case("inputs", "cohort", "position_whole", put("cohort", COHORT, latitude=None), ("UTM1",)),
    Case("inputs", "cohort", "position_not_origin", put("cohort", COHORT, latitude=0.0, longitude=0.0), ("UTM1",)),
    Case("inputs", "cohort", "population_plausible", put("cohort", COHORT, population=1_091_868_000), ("UTM1",)),
    Case("inputs", "cohort", "pending_has_date", put("cohort", {"utm_id": "UTM2"}, applied_on=None), ("UTM2",)),
    Case("inputs", "cohort", "pending_not_decided", put("cohort", {"utm_id": "UTM2"}, decided_on=date(2025, 8, 1)), ("UTM2",)),
    Case("inputs", "cohort", "decision_dated", put("cohort", COHORT, decided_on=None), ("UTM1",)),
    Case("inputs", "cohort", "dates_in_order", put("cohort", COHORT, decided_on=date(2023, 12, 31)), ("UTM1",)),
    Case("inputs", "cohort", "dates_possible", put("cohort", COHORT, applied_on=FAR), ("UTM1",)),
    Case("inputs", "cohort", "dates_possible", put("cohort", COHORT, decided_on=FAR), ("UTM1",)),
    Case("inputs", "cohort", "gcom_id_known", put("cohort", COHORT, gcom_id="G99"), ("UTM1",)),
    # gcom
    Case("inputs", "gcom", "row_count", many("gcom", 11), (None,)),
    Case("inputs", "gcom", "cells_as_described", put("gcom", {"gcom_id": "G1"}, population=-1), ("G1",)),
    Case("inputs", "gcom", "gcom_id_once", double("gcom", gcom_id="G1"), ("G1", "G1")),
    Case("inputs", "gcom", "has_active", put("gcom", {"status": "active"}, status="suspended"), (None,)),
    Case("inputs", "gcom", "country_recognised", put("gcom", {"gcom_id": "G1"}, country_iso3=None), ("G1",)),
    Case("inputs", "gcom", "countries_recognised", put("gcom", {"gcom_id": "G1"}, country_iso3=None), (None,)),
    Case("inputs", "gcom", "position_whole", put("gcom", {"gcom_id": "G1"}, longitude=None), ("G1",)),
    Case("inputs", "gcom", "position_not_origin", put("gcom", {"gcom_id": "G1"}, latitude=0.0, longitude=0.0), ("G1",)),
    Case("inputs", "gcom", "population_plausible", put("gcom", {"gcom_id": "G1"}, population=2**40), ("G1",)),
    Case("inputs", "gcom", "dates_possible", put("gcom", {"gcom_id": "G1"}, signed_on=FAR), ("G1",)),
    # evaluations
    Case("inputs", "evaluations", "row_count", many("evaluations", 5), (None,)),
    Case("inputs", "evaluations", "cells_as_described", put("evaluations", TEST_ROW, evaluator_id=None), ("S1 nothing impact",)),
    Case("inputs", "evaluations", "form_known", put("evaluations", TEST_ROW, submission_id="S99"), ("S99 E1 impact",)),
    Case("inputs", "evaluations", "criterion_known", put("evaluations", TEST_ROW, criterion="charm"), ("S1 E1 charm",)),
    Case("inputs", "evaluations", "score_in_range", put("evaluations", TEST_ROW, score=5.5), ("S1 E1 impact",)),
    Case("inputs", "evaluations", "score_in_range", put("evaluations", TEST_ROW, score=float("nan")), ("S1 E1 impact",)),
    Case("inputs", "evaluations", "scored_once", double("evaluations", **TEST_ROW), ("S1 E1 impact", "S1 E1 impact")),
    Case("inputs", "evaluations", "evaluated_after_opening", put("evaluations", TEST_ROW, evaluated_at=date(2025, 6, 30)), ("S1 E1 impact",)),
    Case("inputs", "evaluations", "dates_possible", put("evaluations", TEST_ROW, evaluated_at=FAR), ("S1 E1 impact",)),
    # collaborations
    Case("inputs", "collaborations", "row_count", many("collaborations", 21), (None,)),
    Case("inputs", "collaborations", "cells_as_described", put("collaborations", {"row": 2}, city_a=None), ("row-2",)),
    Case("inputs", "collaborations", "countries_recognised", put("collaborations", {"row": 2}, country_a_iso3=None), ("row-2",)),
    Case("inputs", "collaborations", "countries_recognised", put("collaborations", {"row": 2}, country_b_iso3=None), ("row-2",)),
    Case("inputs", "collaborations", "two_cities", put("collaborations", {"row": 2}, city_b="City 1"), ("row-2",)),
    Case("inputs", "collaborations", "topic_known", put("collaborations", {"row": 2}, topic="fusion"), ("row-2",)),
    # decisions
    Case("inputs", "decisions", "row_count", many("decisions", 11), (None,)),
    Case("inputs", "decisions", "cells_as_described", put("decisions", {"decision_id": "d1"}, kind="wish"), ("d1",)),
    Case("inputs", "decisions", "decision_once", double("decisions", decision_id="d1"), ("d1", "d1")),
    Case("inputs", "decisions", "subject_known", put("decisions", {"decision_id": "d1"}, subject="S99:City"), ("d1",)),
    Case("inputs", "decisions", "register_named", put("decisions", {"decision_id": "d1"}, object=None), ("d1",)),
    Case("inputs", "decisions", "link_names_row", put("decisions", {"decision_id": "d1"}, value=None), ("d1",)),
    Case("inputs", "decisions", "rule_named", put("decisions", {"decision_id": "d2"}, object="charm"), ("d2",)),
    Case("inputs", "decisions", "outcome_named", put("decisions", {"decision_id": "d2"}, value=None), ("d2",)),
    Case("inputs", "decisions", "dates_possible", put("decisions", {"decision_id": "d1"}, decided_at=FAR_MOMENT), ("d1",)),
    # corrections and evaluators
    Case("inputs", "corrections", "row_count", many("corrections", 21), (None,)),
    Case("inputs", "corrections", "cells_as_described", put("corrections", {"row": 2}, reason=None), ("S1 population",)),
    Case("inputs", "corrections", "form_known", put("corrections", {"row": 2}, submission_id="S99"), ("S99 population",)),
    Case("inputs", "corrections", "column_known", put("corrections", {"row": 2}, column="charm"), ("S1 charm",)),
    Case("inputs", "corrections", "corrected_once", double("corrections", row=2), ("S1 population",) * 2),
    Case("inputs", "corrections", "dates_possible", put("corrections", {"row": 2}, decided_at=FAR_MOMENT), ("S1 population",)),
    Case("inputs", "evaluators", "row_count", many("evaluators", 21), (None,)),
    Case("inputs", "evaluators", "cells_as_described", put("evaluators", {"row": 2}, evaluator_id=None), ("nothing",)),
    Case("inputs", "evaluators", "evaluator_once", double("evaluators", row=2), ("E1", "E1")),
    Case("inputs", "evaluators", "country_recognised", put("evaluators", {"row": 2}, country_iso3=None), ("E1",)),
    # linked
    Case("linked", "crosscheck", "cells_as_described", put("crosscheck", LINK, confidence=1.5), ("S1 cohort City S1",)),
    Case("linked", "crosscheck", "link_once", double("crosscheck", **LINK), ("S1 cohort City S1",) * 2),
    Case("linked", "crosscheck", "application_known", put("crosscheck", LINK, application_id="S99"), ("S99 cohort City S1",)),
    Case("linked", "crosscheck", "linked_names_row", put("crosscheck", LINK, register_id=None), ("S1 cohort City S1",)),
    Case("linked", "crosscheck", "linked_names_row", put("crosscheck", LINK, outcome="review"), ("S1 cohort City S1",)),
    Case("linked", "crosscheck", "linked_row_exists", put("crosscheck", LINK, register_id="G1"), ("S1 cohort City S1",)),
    Case("linked", "crosscheck", "linked_has_confidence", put("crosscheck", LINK, confidence=None), ("S1 cohort City S1",)),
    Case("linked", "crosscheck", "decider_named", put("crosscheck", LINK, decided_by="a person"), ("S1 cohort City S1",)),
    Case("linked", "cities", "cells_as_described", put("cities", A1, name_key=None), ("S1",)),
    Case("linked", "cities", "application_once", double("cities", **A1), ("S1", "S1")),
    Case("linked", "cities", "form_known", put("cities", A1, application_id="S99"), ("S99",)),
    Case("linked", "cities", "every_form_has_city", drop("cities", **A1), ("S1",)),
    Case("linked", "cities", "looked_up_in_both", drop("crosscheck", application_id="S1", register="gcom"), ("S1",)),
    Case("linked", "cities", "city_id_from_best_source", put("cities", A3, city_id="KEN:S3"), ("S3",)),
    Case("linked", "cities", "cohort_id_as_linked", put("cities", A3, cohort_id="UTM1"), ("S3",)),
    Case("linked", "cities", "position_found", put("cities", A3, longitude=None), ("S3",)),
    Case("linked", "cities", "timezone_found", put("cities", A3, timezone=None), ("S3",)),
    Case("linked", "cities", "region_known", put("cities", A3, region="Atlantis"), ("S3",)),
    Case("linked", "preferences", "cells_as_described", put("preferences", A1, outcome="maybe"), ("S1 1",)),
    Case("linked", "preferences", "linked_names_city", put("preferences", A1, city_id=None), ("S1 1",)),
    Case("linked", "preferences", "not_itself", put("preferences", A1, city_id="UTM1"), ("S1 1",)),
    # eligibility
    Case("eligibility", "applications", "cells_as_described", put("applications", A1, state="lost"), ("S1",)),
    Case("eligibility", "applications", "application_once", double("applications", **A1), ("S1", "S1")),
    Case("eligibility", "applications", "accepted_is_judged", drop("eligibility", **A1), ("S1",)),
    Case("eligibility", "applications", "accepted_is_judged", put("applications", A1, state="late"), ("S1",)),
    Case("eligibility", "applications", "superseded_names_other", put("applications", {"application_id": "S5"}, superseded_by="S1"), ("S5",)),
    Case("eligibility", "applications", "superseded_names_other", put("applications", {"application_id": "S5"}, state="superseded"), ("S5",)),
    Case("eligibility", "applications", "superseded_by_known",
         put("applications", {"application_id": "S5"}, state="superseded", superseded_by="S99"), ("S5",)),
    Case("eligibility", "applications", "superseded_by_known",
         put("applications", {"application_id": "S5"}, state="superseded", superseded_by="S5"), ("S5",)),
    Case("eligibility", "applications", "one_accepted_a_city", put("applications", A1, city_id="UTM2"), ("S1", "S2")),
    Case("eligibility", "applications", "accepted_has_city", put("applications", A1, city_id=None), ("S1",)),
    Case("eligibility", "applications", "topics_known", put("applications", A1, topic_3="fusion"), ("S1",)),
    Case("eligibility", "eligibility_checks", "cells_as_described", put("eligibility_checks", {**A1, "rule": "gcom"}, outcome="perhaps"), ("S1 gcom",)),
    Case("eligibility", "eligibility_checks", "rule_once", double("eligibility_checks", **A1, rule="gcom"), ("S1 gcom", "S1 gcom")),
    Case("eligibility", "eligibility_checks", "every_rule_applied", drop("eligibility_checks", **A1), ("S1 nothing",)),
    Case("eligibility", "eligibility_checks", "changed_only_by_decision",
         put("eligibility_checks", {**A1, "rule": "gcom"}, outcome="unclear"), ("S1 gcom",)),
    Case("eligibility", "eligibility_checks", "decision_named", put("eligibility_checks", {**A1, "rule": "gcom"}, overridden_by="me"), ("S1 gcom",)),
    Case("eligibility", "eligibility", "cells_as_described", put("eligibility", A1, scenario=4), ("S1",)),
    Case("eligibility", "eligibility", "application_once", double("eligibility", **A1), ("S1", "S1")),
    *(Case("eligibility", "eligibility", "status_follows", put("eligibility_checks", {**A1, "rule": "gcom"}, outcome=outcome), ("S1",))
      for outcome in ("not_met", "unclear", "conditional")),
    Case("eligibility", "eligibility", "status_follows", put("eligibility", A4, status="needs_review"), ("S4",)),
    Case("eligibility", "eligibility", "reasons_unless_eligible", put("eligibility", A4, reasons=""), ("S4",)),
    Case("eligibility", "eligibility", "reasons_unless_eligible", put("eligibility", A1, reasons="Why not."), ("S1",)),
    Case("eligibility", "eligibility", "scenario_fits_cohort", put("eligibility", A4, scenario=1), ("S4",)),
    Case("eligibility", "eligibility", "city_as_in_applications", put("eligibility", A1, city_id="UTM9"), ("S1",)),
    # scores
    Case("scores", "scores", "cells_as_described", put("scores", SCORE, points=float("inf")), ("S1 impact",)),
    Case("scores", "scores", "criterion_once", double("scores", **SCORE), ("S1 impact", "S1 impact")),
    Case("scores", "scores", "every_criterion_scored", drop("scores", **A1), ("S1 nothing",)),
    Case("scores", "scores", "points_within_maximum", put("scores", SCORE, points=20.1), ("S1 impact",)),
    Case("scores", "scores", "same_measure_for_all", put("scores", SCORE, weight=21.0), tuple(f"S{n} impact" for n in (1, 2, 3, 4))),
    Case("scores", "scores", "evaluators_have_reviews", put("scores", SCORE, n_reviews=0, spread=None), ("S1 impact",)),
    Case("scores", "scores", "spread_of_two_or_more", put("scores", SCORE, spread=None), ("S1 impact",)),
    Case("scores", "scores", "spread_of_two_or_more", put("scores", SCORE, n_reviews=1), ("S1 impact",)),
    Case("scores", "scores", "application_judged", put("scores", SCORE, application_id="S99"), ("S99 impact",)),
    Case("scores", "ranking", "cells_as_described", put("ranking", A1, total=-1.0), ("S1",)),
    Case("scores", "ranking", "application_once", double("ranking", **A1), ("S1", "S1")),
    Case("scores", "ranking", "ranked_if_selectable", drop("ranking", **A1), ("S1",)),
    Case("scores", "ranking", "ranked_if_selectable", put("eligibility", A3, status="ineligible"), ("S3",)),
    Case("scores", "ranking", "total_is_sum", put("scores", SCORE, points=15.001), ("S1",)),
    Case("scores", "ranking", "rank_follows_total", put("ranking", A2, total=90.0), ("S1", "S2")),
    Case("scores", "ranking", "form_only_is_provisional", put("scores", SCORE, source="form"), ("S1",)),
    # twinnings
    Case("twinnings", "twinnings", "twinnings_within_capacity", both(many("twinnings", 2)), (None,)),
    Case("twinnings", "twinnings", "cells_as_described", put("twinnings", {"twinning_id": "T1"}, value=float("nan")), ("T1",)),
    Case("twinnings", "twinnings", "twinning_once", many("twinnings", 2), ("T1", "T1")),
    Case("twinnings", "twinnings", "two_or_three_cities", drop("twinning_members", **A2), ("T1",)),
    Case("twinnings", "twinnings", "two_or_three_cities", many("twinning_members", 2), ("T1",)),
    Case("twinnings", "twinnings", "n_cities_counts_members", put("twinnings", {"twinning_id": "T1"}, n_cities=3), ("T1",)),
    Case("twinnings", "twinnings", "topic_known", put("twinnings", {"twinning_id": "T1"}, topic="other"), ("T1",)),
    Case("twinnings", "twinnings", "value_is_sum_of_aspects", put("twinnings", {"twinning_id": "T1"}, aspect_topical=1.01), ("T1",)),
    Case("twinnings", "twinnings", "conditional_if_tentative", put("twinnings", {"twinning_id": "T1"}, conditional=False), ("T1",)),
    Case("twinnings", "twinning_members", "cells_as_described", put("twinning_members", A1, need=6), ("T1 S1",)),
    Case("twinnings", "twinning_members", "twinning_known", put("twinning_members", A1, twinning_id="T9"), ("T9 S1",)),
    Case("twinnings", "twinning_members", "no_ineligible_city", put("eligibility", A1, status="ineligible"), ("T1 S1",)),
    Case("twinnings", "twinning_members", "no_ineligible_city", put("eligibility", A1, status="needs_review"), ("T1 S1",)),
    Case("twinnings", "twinning_members", "no_ineligible_city", drop("eligibility", **A1), ("T1 S1",)),
    Case("twinnings", "twinning_members", "application_once", double("twinning_members", **A1), ("T1 S1", "T1 S1")),
    Case("twinnings", "twinning_members", "one_twinning_a_city", put("twinning_members", A1, city_id="UTM2"), ("T1 S1", "T1 S2")),
    Case("twinnings", "twinning_members", "city_as_judged", put("twinning_members", A1, city_id="UTM9"), ("T1 S1",)),
    Case("twinnings", "twinning_members", "topic_is_common", put("applications", A1, topic_1="data"), ("T1 S1",)),
    Case("twinnings", "cities_given_out", "cities_within_capacity",
         lambda t: t | {"twinning_members": pl.concat([t["twinning_members"].with_columns(city_id=pl.lit(f"C{n}")) for n in range(4)])}, (None,)),
    Case("twinnings", "unplaced", "cells_as_described", put("unplaced", A3, regret=-0.1), ("S3",)),
    Case("twinnings", "unplaced", "application_once", double("unplaced", **A3), ("S3", "S3")),
    Case("twinnings", "unplaced", "not_placed_too", put("unplaced", A3, application_id="S1"), ("S1",)),
    Case("twinnings", "unplaced", "could_be_selected", put("unplaced", A3, application_id="S4"), ("S4",)),
    Case("twinnings", "unplaced", "reason_given", put("unplaced", A3, reason="  "), ("S3",)),
    Case("twinnings", "selectable", "placed_or_unplaced", none("unplaced"), ("S3",)),
]  # fmt: skip


def _suite(stage: str, name: str, limits: Limits) -> Suite:
    return next(suite for suite in stage_suites(stage, limits) if suite.name == name)


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case.id}" for n, case in enumerate(CASES)])
def test_what_is_broken_is_named(case: Case, world: Tables, limits: Limits) -> None:
    suite = _suite(case.stage, case.suite, limits)
    rule = next(rule for rule in suite.rules if rule.name == case.rule)
    found = check_suite(replace(suite, rules=(rule,)), case.change(world))
    assert (
        sorted(row["row_key"] for row in found) == sorted(case.keys)
        if None not in case.keys
        else [row["row_key"] for row in found] == [None]
    )
    assert {row["severity"] for row in found} == {rule.severity}
    assert not any(
        "could not be evaluated" in str(row["message"]) or "{" in str(row["message"]) for row in found
    )


def test_every_expectation_has_a_case_that_fails_it(limits: Limits) -> None:
    expected = {
        (suite.name, rule.name)
        for stage in STAGES
        for suite in stage_suites(stage, limits)
        for rule in suite.rules
    }
    assert expected == {(case.suite, case.rule) for case in CASES}


def test_every_expectation_says_why(limits: Limits) -> None:
    rules = [rule for stage in STAGES for suite in stage_suites(stage, limits) for rule in suite.rules]
    assert [rule.name for rule in rules if len(rule.why) < 15 or rule.severity not in ("stop", "warn")] == []


def _cells() -> list[tuple[str, str, str, object]]:
    """Table, column, what is wrong, and a cell that is: for everything the dictionary says of a single
    cell.
    """
    stages = [
        suite
        for stage in STAGES
        for suite in stage_suites(
            stage, Limits.of(read_programme(), "2025-07", datetime(2025, 9, 5, tzinfo=UTC))
        )
    ]
    tables = sorted(
        {suite.table for suite in stages if any(rule.name == "cells_as_described" for rule in suite.rules)}
    )
    cases: list[tuple[str, str, str, object]] = []
    for table in tables:
        for column in ALL_TABLES[table].columns:
            cases += [(table, column.name, "null", None)] if not column.nullable else []
            cases += [(table, column.name, "unknown", "no such value")] if column.values else []
            cases += [(table, column.name, "below", column.minimum - 1)] if column.minimum is not None else []
            cases += [(table, column.name, "above", column.maximum + 1)] if column.maximum is not None else []
            cases += (
                [(table, column.name, name, float(name)) for name in ("nan", "inf")]
                if column.dtype == pl.Float64()
                else []
            )
    return cases


CELLS = _cells()


@pytest.mark.parametrize(
    ("table", "column", "wrong", "cell"), CELLS, ids=["-".join(case[:3]) for case in CELLS]
)
def test_the_dictionary_is_kept_cell_by_cell(
    table: str, column: str, wrong: str, cell: object, world: Tables, limits: Limits
) -> None:
    suite = next(
        s
        for stage in STAGES
        for s in stage_suites(stage, limits)
        if s.table == table and any(r.name == "cells_as_described" for r in s.rules)
    )
    rule = next(rule for rule in suite.rules if rule.name == "cells_as_described")
    assert isinstance(rule, RowRule)
    frame = suite.frame(world)
    broken = frame.with_columns(
        pl.when(pl.int_range(pl.len()) == 0)
        .then(pl.lit(cell, dtype=frame.schema[column]))
        .otherwise(column)
        .alias(column)
    )
    cells = evaluate(broken, [rule]).cells
    failing = {
        verdict.column: cells[column_of(rule, n)].not_().arg_true().to_list()
        for n, verdict in enumerate(rule.verdicts)
        if not cells[column_of(rule, n)].all()
    }
    assert failing == {column: [0]}
