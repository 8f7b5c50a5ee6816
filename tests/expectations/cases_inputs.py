"""What breaks each expectation about the inputs, and the rows that must be named for it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.expectations.changes import cases, double, many, none, put, put_list, without

S1 = {"submission_id": "S1"}
COHORT = {"utm_id": "UTM1"}
TEST_ROW = {"evaluator_id": "E1", "criterion": "impact"}
FAR = date(2052, 1, 1)
FAR_MOMENT = datetime(2052, 1, 1, tzinfo=UTC)

INPUTS = [
    *cases(
        "inputs",
        "described",
        [
            ("columns_as_described", without("gcom", "region"), ("region",)),
        ],
    ),
    *cases(
        "inputs",
        "submissions",
        [
            ("row_count", many("submissions", 5), (None,)),
            ("row_count", none("submissions"), (None,)),
            ("cells_as_described", put("submissions", S1, applicant_type="kingdom"), ("S1",)),
            ("submission_id_once", put("submissions", S1, submission_id="S2"), ("S2", "S2")),
            ("country_recognised", put("submissions", S1, country_iso3=None), ("S1",)),
            ("countries_recognised", put("submissions", S1, country_iso3=None), (None,)),
            ("population_plausible", put("submissions", S1, population=40_000_001), ("S1",)),
            ("consortium_has_members", put("submissions", S1, applicant_type="consortium"), ("S1",)),
            (
                "members_only_of_consortium",
                put_list("submissions", S1, "members", [{"name": "X", "population": 1, "plan_status": None}]),
                ("S1",),
            ),
            ("contact_reachable", put("submissions", S1, contact_email="nobody at home"), ("S1",)),
            ("contact_reachable", put("submissions", S1, contact_email=None), ("S1",)),
            ("data_consent_given", put("submissions", S1, data_consent=False), ("S1",)),
            ("data_consent_given", put("submissions", S1, data_consent=None), ("S1",)),
            ("submitted_at_readable", put("submissions", S1, submitted_at=None), ("S1",)),
            (
                "submitted_after_opening",
                put("submissions", S1, submitted_at=datetime(2025, 6, 30, 21, 59, 59, tzinfo=UTC)),
                ("S1",),
            ),
            ("dates_possible", put("submissions", S1, submitted_at=FAR_MOMENT), ("S1",)),
            ("dates_possible", put("submissions", S1, cohort_applied_on=FAR), ("S1",)),
            ("topics_known", put("submissions", S1, topic_1="fusion"), ("S1",)),
            ("topics_known", put("submissions", S1, topic_2="fusion"), ("S1",)),
            ("topics_known", put("submissions", S1, topic_3="fusion"), ("S1",)),
            ("topics_differ", put("submissions", S1, topic_3="cooling"), ("S1",)),
            ("topics_rated_are_named", put("submissions", S1, topic_3_need=3), ("S1",)),
            (
                "aspects_known",
                put_list("submissions", S1, "action_aspects", ["technical", "magical"]),
                ("S1",),
            ),
            ("aspects_known", put_list("submissions", S1, "action_aspects", [None]), ("S1",)),
            ("stakeholders_known", put_list("submissions", S1, "stakeholders", ["wizards"]), ("S1",)),
            ("plan_agrees", put("submissions", S1, plan_type="none"), ("S1",)),
            ("preferred_city_has_country", put("submissions", S1, preferred_country_1=None), ("S1",)),
            ("preferred_city_has_country", put("submissions", S1, preferred_country_2="Kenya"), ("S1",)),
        ],
    ),
    *cases(
        "inputs",
        "cohort",
        [
            ("row_count", many("cohort", 7), (None,)),
            ("cells_as_described", put("cohort", COHORT, latitude=91.0), ("UTM1",)),
            ("utm_id_once", put("cohort", COHORT, utm_id="UTM2"), ("UTM2", "UTM2")),
            ("city_once", put("cohort", COHORT, name="City 2"), ("UTM1", "UTM2")),
            ("has_members", put("cohort", {"status": "member"}, status="withdrawn"), (None,)),
            ("country_recognised", put("cohort", COHORT, country_iso3=None), ("UTM1",)),
            ("countries_recognised", put("cohort", COHORT, country_iso3=None), (None,)),
            ("position_whole", put("cohort", COHORT, latitude=None), ("UTM1",)),
            ("position_whole", put("cohort", COHORT, longitude=None), ("UTM1",)),
            ("position_not_origin", put("cohort", COHORT, latitude=0.0, longitude=0.0), ("UTM1",)),
            ("population_plausible", put("cohort", COHORT, population=1_091_868_000), ("UTM1",)),
            ("pending_has_date", put("cohort", {"utm_id": "UTM2"}, applied_on=None), ("UTM2",)),
            (
                "pending_not_decided",
                put("cohort", {"utm_id": "UTM2"}, decided_on=date(2025, 8, 1)),
                ("UTM2",),
            ),
            ("decision_dated", put("cohort", COHORT, decided_on=None), ("UTM1",)),
            ("dates_in_order", put("cohort", COHORT, decided_on=date(2023, 12, 31)), ("UTM1",)),
            ("dates_possible", put("cohort", COHORT, applied_on=FAR), ("UTM1",)),
            ("dates_possible", put("cohort", COHORT, decided_on=FAR), ("UTM1",)),
            ("gcom_id_known", put("cohort", COHORT, gcom_id="G99"), ("UTM1",)),
        ],
    ),
    *cases(
        "inputs",
        "gcom",
        [
            ("row_count", many("gcom", 11), (None,)),
            ("cells_as_described", put("gcom", {"gcom_id": "G1"}, population=-1), ("G1",)),
            ("gcom_id_once", double("gcom", gcom_id="G1"), ("G1", "G1")),
            ("has_active", put("gcom", {"status": "active"}, status="suspended"), (None,)),
            ("country_recognised", put("gcom", {"gcom_id": "G1"}, country_iso3=None), ("G1",)),
            ("countries_recognised", put("gcom", {"gcom_id": "G1"}, country_iso3=None), (None,)),
            ("position_whole", put("gcom", {"gcom_id": "G1"}, longitude=None), ("G1",)),
            ("position_whole", put("gcom", {"gcom_id": "G1"}, latitude=None), ("G1",)),
            ("position_not_origin", put("gcom", {"gcom_id": "G1"}, latitude=0.0, longitude=0.0), ("G1",)),
            ("population_plausible", put("gcom", {"gcom_id": "G1"}, population=2**40), ("G1",)),
            ("dates_possible", put("gcom", {"gcom_id": "G1"}, signed_on=FAR), ("G1",)),
        ],
    ),
    *cases(
        "inputs",
        "evaluations",
        [
            ("row_count", many("evaluations", 5), (None,)),
            ("cells_as_described", put("evaluations", TEST_ROW, evaluator_id=None), ("S1 impact",)),
            ("form_known", put("evaluations", TEST_ROW, submission_id="S99"), ("S99 impact",)),
            ("criterion_known", put("evaluations", TEST_ROW, criterion="charm"), ("S1 charm",)),
            ("score_in_range", put("evaluations", TEST_ROW, score=5.5), ("S1 impact",)),
            ("score_in_range", put("evaluations", TEST_ROW, score=float("nan")), ("S1 impact",)),
            ("scored_once", double("evaluations", **TEST_ROW), ("S1 impact", "S1 impact")),
            (
                "evaluated_after_opening",
                put("evaluations", TEST_ROW, evaluated_at=date(2025, 6, 30)),
                ("S1 impact",),
            ),
            ("dates_possible", put("evaluations", TEST_ROW, evaluated_at=FAR), ("S1 impact",)),
        ],
    ),
    *cases(
        "inputs",
        "collaborations",
        [
            ("row_count", many("collaborations", 21), (None,)),
            ("cells_as_described", put("collaborations", {"row": 2}, city_a=None), ("row-2",)),
            ("countries_recognised", put("collaborations", {"row": 2}, country_a_iso3=None), ("row-2",)),
            ("countries_recognised", put("collaborations", {"row": 2}, country_b_iso3=None), ("row-2",)),
            ("two_cities", put("collaborations", {"row": 2}, city_b="City 1"), ("row-2",)),
            ("topic_known", put("collaborations", {"row": 2}, topic="fusion"), ("row-2",)),
        ],
    ),
    *cases(
        "inputs",
        "decisions",
        [
            ("row_count", many("decisions", 11), (None,)),
            ("cells_as_described", put("decisions", {"decision_id": "d1"}, kind="wish"), ("d1",)),
            ("decision_once", double("decisions", decision_id="d1"), ("d1", "d1")),
            ("subject_known", put("decisions", {"decision_id": "d1"}, subject="S99:City"), ("d1",)),
            ("register_named", put("decisions", {"decision_id": "d1"}, object=None), ("d1",)),
            ("register_named", put("decisions", {"decision_id": "d1"}, object="charm"), ("d1",)),
            ("link_names_row", put("decisions", {"decision_id": "d1"}, value=None), ("d1",)),
            ("rule_named", put("decisions", {"decision_id": "d2"}, object="charm"), ("d2",)),
            ("rule_named", put("decisions", {"decision_id": "d2"}, object=None), ("d2",)),
            ("outcome_named", put("decisions", {"decision_id": "d2"}, value=None), ("d2",)),
            ("outcome_named", put("decisions", {"decision_id": "d2"}, value="charm"), ("d2",)),
        ],
    ),
    *cases(
        "inputs",
        "corrections",
        [
            ("row_count", many("corrections", 21), (None,)),
            ("cells_as_described", put("corrections", {"row": 2}, reason=None), ("S1 population",)),
            ("form_known", put("corrections", {"row": 2}, submission_id="S99"), ("S99 population",)),
            ("column_known", put("corrections", {"row": 2}, column="charm"), ("S1 charm",)),
            ("corrected_once", double("corrections", row=2), ("S1 population",) * 2),
            ("dates_possible", put("corrections", {"row": 2}, decided_at=FAR_MOMENT), ("S1 population",)),
        ],
    ),
    *cases(
        "inputs",
        "evaluators",
        [
            ("row_count", many("evaluators", 21), (None,)),
            ("cells_as_described", put("evaluators", {"row": 2}, evaluator_id=None), ("nothing",)),
            ("evaluator_once", double("evaluators", row=2), ("E1", "E1")),
            ("country_recognised", put("evaluators", {"row": 2}, country_iso3=None), ("E1",)),
        ],
    ),
    *cases(
        "feedback",
        "feedback",
        [
            ("row_count", many("feedback", 21), (None,)),
            ("cells_as_described", put("feedback", {"row": 2}, usefulness=6), ("row-2",)),
            ("twinning_known", put("feedback", {"row": 2}, twinning_id="T9"), ("row-2",)),
            ("city_is_member", put("feedback_answers", {"row": 2}, application_id=None), ("row-2",)),
            ("session_takes_place", put("feedback", {"row": 2}, session=5), ("row-2",)),
            ("session_takes_place", put("feedback", {"row": 2}, session=0), ("row-2",)),
            ("answered_once", put("feedback_answers", {"row": 2}, application_id="S2"), ("row-2", "row-3")),
            ("something_said", put("feedback", {"row": 2}, usefulness=None, would_do_again=None), ("row-2",)),
        ],
    ),
]
