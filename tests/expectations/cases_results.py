"""What breaks each expectation about what the steps made, and the rows that must be named for it."""

from __future__ import annotations

import polars as pl

from tests.expectations.changes import both, cases, double, drop, many, none, put, without

A1, A2, A3, A4 = ({"application_id": f"S{n}"} for n in (1, 2, 3, 4))
SCORE = {"application_id": "S1", "criterion": "impact"}
LINK = {"application_id": "S1", "register": "cohort"}

RESULTS = [
    *cases(
        "linked",
        "described",
        [
            ("columns_as_described", without("cities", "region"), ("region",)),
        ],
    ),
    *cases(
        "eligibility",
        "described",
        [
            ("columns_as_described", without("eligibility", "scenario"), ("scenario",)),
        ],
    ),
    *cases(
        "scores",
        "described",
        [
            (
                "columns_as_described",
                lambda t: t | {"scores": t["scores"].cast({"n_reviews": pl.String})},
                ("n_reviews",),
            ),
        ],
    ),
    *cases(
        "twinnings",
        "described",
        [
            ("columns_as_described", without("unplaced", "regret"), ("regret",)),
        ],
    ),
    *cases(
        "linked",
        "crosscheck",
        [
            ("cells_as_described", put("crosscheck", LINK, confidence=1.5), ("S1 cohort City S1",)),
            ("link_once", double("crosscheck", **LINK), ("S1 cohort City S1",) * 2),
            ("application_known", put("crosscheck", LINK, application_id="S99"), ("S99 cohort City S1",)),
            ("linked_names_row", put("crosscheck", LINK, register_id=None), ("S1 cohort City S1",)),
            ("linked_names_row", put("crosscheck", LINK, outcome="review"), ("S1 cohort City S1",)),
            ("linked_row_exists", put("crosscheck", LINK, register_id="G1"), ("S1 cohort City S1",)),
            ("linked_has_confidence", put("crosscheck", LINK, confidence=None), ("S1 cohort City S1",)),
            ("decider_named", put("crosscheck", LINK, decided_by="a person"), ("S1 cohort City S1",)),
        ],
    ),
    *cases(
        "linked",
        "cities",
        [
            ("cells_as_described", put("cities", A1, name_key=None), ("S1",)),
            ("application_once", double("cities", **A1), ("S1", "S1")),
            ("form_known", put("cities", A1, application_id="S99"), ("S99",)),
            ("every_form_has_city", drop("cities", **A1), ("S1",)),
            ("looked_up_in_both", drop("crosscheck", application_id="S1", register="gcom"), ("S1",)),
            ("city_id_from_best_source", put("cities", A3, city_id="KEN:S3"), ("S3",)),
            ("cohort_id_as_linked", put("cities", A3, cohort_id="UTM1"), ("S3",)),
            ("position_found", put("cities", A3, longitude=None), ("S3",)),
            ("position_found", put("cities", A3, latitude=None), ("S3",)),
            ("timezone_found", put("cities", A3, timezone=None), ("S3",)),
            ("region_known", put("cities", A3, region="Atlantis"), ("S3",)),
            ("region_known", put("cities", A3, region=None), ("S3",)),
        ],
    ),
    *cases(
        "linked",
        "named_partners",
        [
            ("cells_as_described", put("named_partners", A1, outcome="maybe"), ("S1 1",)),
            ("linked_names_city", put("named_partners", A1, city_id=None), ("S1 1",)),
            ("linked_names_city", put("named_partners", A2, city_id="UTM1"), ("S2 1",)),
            ("not_itself", put("named_partners", A1, city_id="UTM1"), ("S1 1",)),
        ],
    ),
    *cases(
        "eligibility",
        "applications",
        [
            ("cells_as_described", put("applications", A1, state="lost"), ("S1",)),
            ("application_once", double("applications", **A1), ("S1", "S1")),
            ("accepted_is_judged", drop("eligibility", **A1), ("S1",)),
            ("accepted_is_judged", put("applications", A1, state="late"), ("S1",)),
            (
                "superseded_names_other",
                put("applications", {"application_id": "S5"}, superseded_by="S1"),
                ("S5",),
            ),
            (
                "superseded_names_other",
                put("applications", {"application_id": "S5"}, state="superseded"),
                ("S5",),
            ),
            (
                "superseded_by_known",
                put("applications", {"application_id": "S5"}, state="superseded", superseded_by="S99"),
                ("S5",),
            ),
            (
                "superseded_by_known",
                put("applications", {"application_id": "S5"}, state="superseded", superseded_by="S5"),
                ("S5",),
            ),
            ("one_accepted_a_city", put("applications", A1, city_id="UTM2"), ("S1", "S2")),
            ("accepted_has_city", put("applications", A1, city_id=None), ("S1",)),
            ("topics_known", put("applications", A1, topic_3="fusion"), ("S1",)),
            ("topics_known", put("applications", A1, topic_1="fusion"), ("S1",)),
            ("topics_known", put("applications", A1, topic_2="fusion"), ("S1",)),
        ],
    ),
    *cases(
        "eligibility",
        "eligibility_checks",
        [
            (
                "cells_as_described",
                put("eligibility_checks", {**A1, "rule": "gcom"}, outcome="perhaps"),
                ("S1 gcom",),
            ),
            ("rule_once", double("eligibility_checks", **A1, rule="gcom"), ("S1 gcom", "S1 gcom")),
            ("every_rule_applied", drop("eligibility_checks", **A1), ("S1 nothing",)),
            (
                "changed_only_by_decision",
                put("eligibility_checks", {**A1, "rule": "gcom"}, outcome="unclear"),
                ("S1 gcom",),
            ),
            (
                "decision_named",
                put("eligibility_checks", {**A1, "rule": "gcom"}, overridden_by="me"),
                ("S1 gcom",),
            ),
        ],
    ),
    *cases(
        "eligibility",
        "eligibility",
        [
            ("cells_as_described", put("eligibility", A1, scenario=4), ("S1",)),
            ("application_once", double("eligibility", **A1), ("S1", "S1")),
            ("status_follows", put("eligibility_checks", {**A1, "rule": "gcom"}, outcome="not_met"), ("S1",)),
            ("status_follows", put("eligibility_checks", {**A1, "rule": "gcom"}, outcome="unclear"), ("S1",)),
            (
                "status_follows",
                put("eligibility_checks", {**A1, "rule": "gcom"}, outcome="conditional"),
                ("S1",),
            ),
            ("status_follows", put("eligibility", A4, status="needs_review"), ("S4",)),
            ("reasons_unless_eligible", put("eligibility", A4, reasons=""), ("S4",)),
            ("reasons_unless_eligible", put("eligibility", A1, reasons="Why not."), ("S1",)),
            ("scenario_fits_cohort", put("eligibility", A4, scenario=1), ("S4",)),
            ("city_as_in_applications", put("eligibility", A1, city_id="UTM9"), ("S1",)),
        ],
    ),
    *cases(
        "scores",
        "scores",
        [
            ("cells_as_described", put("scores", SCORE, points=float("inf")), ("S1 impact",)),
            ("criterion_once", double("scores", **SCORE), ("S1 impact", "S1 impact")),
            ("every_criterion_scored", drop("scores", **A1), ("S1 nothing",)),
            ("points_within_maximum", put("scores", SCORE, points=20.1), ("S1 impact",)),
            (
                "same_measure_for_all",
                put("scores", SCORE, weight=21.0),
                tuple(f"S{n} impact" for n in (1, 2, 3, 4)),
            ),
            ("evaluators_have_reviews", put("scores", SCORE, n_reviews=0, spread=None), ("S1 impact",)),
            ("spread_of_two_or_more", put("scores", SCORE, spread=None), ("S1 impact",)),
            ("spread_of_two_or_more", put("scores", SCORE, n_reviews=1), ("S1 impact",)),
            ("application_judged", put("scores", SCORE, application_id="S99"), ("S99 impact",)),
        ],
    ),
    *cases(
        "scores",
        "ranking",
        [
            ("cells_as_described", put("ranking", A1, total=-1.0), ("S1",)),
            ("application_once", double("ranking", **A1), ("S1", "S1")),
            ("ranked_if_selectable", drop("ranking", **A1), ("S1",)),
            ("ranked_if_selectable", put("eligibility", A3, status="ineligible"), ("S3",)),
            ("total_is_sum", put("scores", SCORE, points=15.001), ("S1",)),
            ("rank_follows_total", put("ranking", A2, total=90.0), ("S1", "S2")),
            ("form_only_is_provisional", put("scores", SCORE, source="form"), ("S1",)),
        ],
    ),
    *cases(
        "twinnings",
        "twinnings",
        [
            ("twinnings_within_capacity", both(many("twinnings", 2)), (None,)),
            ("cells_as_described", put("twinnings", {"twinning_id": "T1"}, value=float("nan")), ("T1",)),
            ("twinning_once", many("twinnings", 2), ("T1", "T1")),
            ("two_or_three_cities", drop("twinning_members", **A2), ("T1",)),
            ("two_or_three_cities", many("twinning_members", 2), ("T1",)),
            ("n_cities_counts_members", put("twinnings", {"twinning_id": "T1"}, n_cities=3), ("T1",)),
            ("topic_known", put("twinnings", {"twinning_id": "T1"}, topic="other"), ("T1",)),
            (
                "value_is_sum_of_aspects",
                put("twinnings", {"twinning_id": "T1"}, aspect_topical=1.01),
                ("T1",),
            ),
            ("conditional_if_tentative", put("twinnings", {"twinning_id": "T1"}, conditional=False), ("T1",)),
        ],
    ),
    *cases(
        "twinnings",
        "twinning_members",
        [
            ("cells_as_described", put("twinning_members", A1, need=6), ("T1 S1",)),
            ("twinning_known", put("twinning_members", A1, twinning_id="T9"), ("T9 S1",)),
            ("no_ineligible_city", put("eligibility", A1, status="ineligible"), ("T1 S1",)),
            ("no_ineligible_city", put("eligibility", A1, status="needs_review"), ("T1 S1",)),
            ("no_ineligible_city", drop("eligibility", **A1), ("T1 S1",)),
            ("application_once", double("twinning_members", **A1), ("T1 S1", "T1 S1")),
            ("one_twinning_a_city", put("twinning_members", A1, city_id="UTM2"), ("T1 S1", "T1 S2")),
            ("city_as_judged", put("twinning_members", A1, city_id="UTM9"), ("T1 S1",)),
            ("topic_is_common", put("applications", A1, topic_1="data"), ("T1 S1",)),
        ],
    ),
    *cases(
        "twinnings",
        "cities_given_out",
        [
            (
                "cities_within_capacity",
                lambda t: (
                    t
                    | {
                        "twinning_members": pl.concat(
                            [t["twinning_members"].with_columns(city_id=pl.lit(f"C{n}")) for n in range(4)]
                        )
                    }
                ),
                (None,),
            ),
        ],
    ),
    *cases(
        "twinnings",
        "unplaced",
        [
            ("cells_as_described", put("unplaced", A3, regret=-0.1), ("S3",)),
            ("application_once", double("unplaced", **A3), ("S3", "S3")),
            ("not_placed_too", put("unplaced", A3, application_id="S1"), ("S1",)),
            ("could_be_selected", put("unplaced", A3, application_id="S4"), ("S4",)),
            ("could_be_selected", put("unplaced", A3, application_id="S99"), ("S99",)),
            ("reason_given", put("unplaced", A3, reason=" "), ("S3",)),
        ],
    ),
    *cases(
        "twinnings",
        "selectable",
        [
            ("placed_or_unplaced", none("unplaced"), ("S3",)),
        ],
    ),
]
