"""What the form alone is worth, case by case, with the rubric the program ships."""

from __future__ import annotations

import polars as pl
import pytest

from tasks.scoring.form_evidence import form_evidence, reasons

WORDS = "one two three four five six seven eight nine ten eleven twelve"

CASES = [
    pytest.param({"jurisdiction": "full"}, "jurisdiction", 3.5, id="full jurisdiction"),
    pytest.param(
        {"jurisdiction": "full", "jurisdiction_gap_plan": WORDS}, "jurisdiction", 3.5, id="full needs no plan"
    ),
    pytest.param({"jurisdiction": "partial"}, "jurisdiction", 1.5, id="partial, no plan"),
    pytest.param(
        {"jurisdiction": "partial", "jurisdiction_gap_plan": WORDS},
        "jurisdiction",
        2.5,
        id="partial with a plan",
    ),
    pytest.param(
        {"jurisdiction": "partial", "jurisdiction_gap_plan": "we will see"},
        "jurisdiction",
        1.5,
        id="too short for a plan",
    ),
    pytest.param(
        {"jurisdiction_gap_plan": WORDS}, "jurisdiction", 1.25, id="jurisdiction not said counts as none"
    ),
    pytest.param({}, "jurisdiction", 0.0, id="nothing said"),
    pytest.param({"mandate": "official_letter"}, "mandate", 1.5, id="letter"),
    pytest.param({"mandate": "in_progress"}, "mandate", 0.25, id="mandate in progress"),
    pytest.param({"action_stage": "feasibility"}, "action_stage", 1.75, id="feasibility"),
    pytest.param(
        {"action_aspects": ["financial", "social", "social", "astral"]},
        "action_aspects",
        0.8,
        id="known aspects, each once",
    ),
    pytest.param({"action_aspects": []}, "action_aspects", 0.0, id="no aspect"),
    pytest.param({"action_summary": " ".join(["word"] * 20)}, "action_described", 0.5, id="described"),
    pytest.param({"action_summary": " ".join(["word"] * 19)}, "action_described", 0.0, id="one word short"),
    pytest.param({"innovation_status": "evaluated"}, "innovation_status", 3.0, id="innovation evaluated"),
    pytest.param(
        {"aligned_activities": WORDS, "action_summary": "something else"}, "alignment", 2.0, id="aligned"
    ),
    pytest.param(
        {"aligned_activities": WORDS, "action_summary": WORDS.upper() + "!"},
        "alignment",
        0.5,
        id="the action repeated",
    ),
    pytest.param(
        {"stakeholders": ["finance", "research"]}, "stakeholders", 1.0, id="two kinds of stakeholders"
    ),
    pytest.param({"engagement_status": "formalised"}, "engagement_status", 2.5, id="formalised"),
    pytest.param({"lessons": WORDS}, "lessons", 1.5, id="lessons"),
    pytest.param(
        {"past_cooperation": [{"topic": "finance"}]}, "cooperation", 2.0, id="cooperation on another topic"
    ),
    pytest.param(
        {"past_cooperation": [{"topic": "mobility"}]}, "cooperation", 1.0, id="cooperation on the very topic"
    ),
    pytest.param(
        {"past_cooperation": [{"topic": None}]}, "cooperation", 1.0, id="cooperation without a topic"
    ),
    pytest.param(
        {"past_cooperation": [{"topic": "data"}], "topic_2": "data"},
        "cooperation",
        1.0,
        id="second priority is proposed too",
    ),
    pytest.param(
        {"past_cooperation": [{"topic": "mobility"}, {"topic": "ports"}]},
        "cooperation",
        2.0,
        id="one of two on another topic",
    ),
]


@pytest.mark.parametrize(("answers", "reason", "points"), CASES)
def test_points_of_a_reason(answers, reason, points, forms, rubric):
    evidence = form_evidence(forms(answers), rubric)
    assert evidence.filter(pl.col("reason") == reason)["points"].to_list() == [points]


def test_a_perfect_form_has_five_of_five_for_every_criterion(forms, rubric):
    perfect = {
        "jurisdiction": "full",
        "mandate": "official_letter",
        "action_stage": "scaling",
        "innovation_status": "evaluated",
        "action_aspects": ["technical", "regulatory", "financial", "social", "environmental"],
        "action_summary": "a b " * 10,
        "aligned_activities": WORDS,
        "stakeholders": ["public_authorities", "businesses", "finance", "research", "civil_society"],
        "engagement_status": "formalised",
        "good_practices": WORDS,
        "lessons": WORDS,
        "past_cooperation": [{"topic": "ports"}],
    }
    evidence = form_evidence(forms(perfect), rubric)
    assert evidence.group_by("criterion").agg(pl.col("points").sum())["points"].to_list() == [5.0] * 5
    assert (evidence["points"] == evidence["max_points"]).all()


def test_no_detail_repeats_a_free_text(forms, rubric):
    secret = "Ms Example of the mayor's office told us so"
    texts = (
        "jurisdiction_gap_plan",
        "action_summary",
        "aligned_activities",
        "good_practices",
        "lessons",
        "motivation",
    )
    evidence = form_evidence(forms(dict.fromkeys(texts, secret)), rubric)
    assert not evidence["detail"].str.contains("Example").any()


def test_every_reason_belongs_to_a_criterion_and_has_a_maximum(rubric):
    assert {reason.criterion for reason in reasons(rubric)} == set(rubric.weights)
    assert all(0 < reason.most <= 5 for reason in reasons(rubric))
