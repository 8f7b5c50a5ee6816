"""Every cell of the rule table about the form: on time, mandate, participation, motivation, topic (FAQ 3.1,
3.3, 3.4).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tasks.eligibility.rules.mandate import mandate
from tasks.eligibility.rules.motivation import motivation
from tasks.eligibility.rules.on_time import on_time
from tasks.eligibility.rules.participation import participation
from tasks.eligibility.rules.topic import topic
from tests.tasks.eligibility.making import case

BRUSSELS = ZoneInfo("Europe/Brussels")


def sent(*when: int, zone: ZoneInfo = BRUSSELS) -> datetime:
    return datetime(*when, tzinfo=zone).astimezone(UTC)


TIMES = [
    ("long before", sent(2025, 7, 2, 8, 0), "met", ""),
    ("last second of the original deadline", sent(2025, 8, 7, 23, 59, 59), "met", ""),
    ("first second after it", sent(2025, 8, 8, 0, 0, 0), "met", ", within the extension"),
    ("last second of the extension", sent(2025, 9, 4, 23, 59, 59), "met", ", within the extension"),
    ("last microsecond of it", sent(2025, 9, 4, 23, 59, 59, 999_999), "met", ", within the extension"),
    ("midnight in Brussels", sent(2025, 9, 5, 0, 0, 0), "not_met", ""),
    (
        "on the day by the applicant's clock, too late by the round's",
        sent(2025, 9, 4, 20, 0, zone=ZoneInfo("America/Bogota")),
        "not_met",
        "",
    ),
    (
        "a day later by the applicant's clock, on time by the round's",
        sent(2025, 9, 5, 9, 0, zone=ZoneInfo("Pacific/Auckland")),
        "met",
        ", within the extension",
    ),
    ("unreadable", None, "unclear", ""),
]


@pytest.mark.parametrize(
    ("moment", "outcome", "thanks_to"), [pytest.param(*each[1:], id=each[0]) for each in TIMES]
)
def test_on_time(moment, outcome, thanks_to, rule_settings):
    verdict = on_time(case(submitted_at=moment), rule_settings)
    assert verdict.outcome == outcome
    assert verdict.evidence.endswith(thanks_to)
    assert ("within" in verdict.evidence) == bool(thanks_to)


@pytest.mark.parametrize(
    ("carried_from", "outcome"),
    [
        pytest.param(None, "unclear", id="sent in this call, by its date before it"),
        pytest.param("2024-01", "met", id="carried over from an earlier round"),
    ],
)
def test_a_form_from_before_the_call(carried_from, outcome, rule_settings):
    early = case(submitted_at=sent(2024, 7, 2, 8, 0), carried_from=carried_from)
    verdict = on_time(early, rule_settings)
    assert verdict.outcome == outcome
    assert (f"carried over from round {carried_from}" in verdict.evidence) == (carried_from is not None)


@pytest.mark.parametrize(
    ("minutes", "outcome"),
    [(0, "met"), (29, "met"), (30, "not_met")],
    ids=["first minute of grace", "last minute of grace", "after the grace"],
)
def test_grace_counts_from_the_deadline(minutes, outcome, rule_settings):
    lenient = replace(rule_settings, round=rule_settings.round.model_copy(update={"grace_minutes": 30}))
    verdict = on_time(case(submitted_at=sent(2025, 9, 5, 0, 0) + timedelta(minutes=minutes)), lenient)
    assert verdict.outcome == outcome
    assert ("within the grace" in verdict.evidence) == (outcome == "met")


def test_the_evidence_is_in_the_rounds_time_zone_and_the_message_names_the_deadline(rule_settings):
    verdict = on_time(case(submitted_at=datetime(2025, 9, 4, 22, 30, tzinfo=UTC)), rule_settings)
    assert verdict.evidence == "received 2025-09-05 00:30:00 Europe/Brussels"
    assert (
        verdict.message
        == "Your form arrived after the deadline of 4 September 2025, 23:59 (Europe/Brussels)."
    )


ANSWERS = [
    ("official letter", mandate, {"mandate": "official_letter"}, "met"),
    ("confirmed by a decision-maker", mandate, {"mandate": "confirmed"}, "met"),
    ("in progress", mandate, {"mandate": "in_progress"}, "unclear"),
    ("left blank", mandate, {"mandate": None}, "unclear"),
    ("none", mandate, {"mandate": "none"}, "not_met"),
    ("two departments", mandate, {"competing_forms": ("S2",)}, "unclear"),
    ("two departments, and none", mandate, {"competing_forms": ("S2",), "mandate": "none"}, "not_met"),
    ("both confirmed", participation, {}, "met"),
    ("English left blank", participation, {"english_confirmed": None}, "unclear"),
    ("resources left blank", participation, {"resources_confirmed": None}, "unclear"),
    (
        "both left blank",
        participation,
        {"english_confirmed": None, "resources_confirmed": None},
        "unclear",
    ),
    ("English refused", participation, {"english_confirmed": False}, "not_met"),
    ("resources refused", participation, {"resources_confirmed": False}, "not_met"),
    (
        "one refused, one blank",
        participation,
        {"english_confirmed": False, "resources_confirmed": None},
        "not_met",
    ),
    ("forty words", motivation, {"motivation": "word " * 40}, "met"),
    ("thirty-nine words", motivation, {"motivation": "word " * 39}, "unclear"),
    ("words across lines", motivation, {"motivation": "word\n\tword " * 20}, "met"),
    ("one word", motivation, {"motivation": "yes"}, "unclear"),
    ("spaces only", motivation, {"motivation": "  \n "}, "not_met"),
    ("no motivation", motivation, {"motivation": None}, "not_met"),
    ("first topic", topic, {"topic_1": "cooling"}, "met"),
    ("third topic only", topic, {"topic_1": "other", "topic_2": None, "topic_3": "ports"}, "met"),
    ("only another", topic, {"topic_1": "other"}, "unclear"),
    ("no topic", topic, {"topic_1": None}, "not_met"),
]


@pytest.mark.parametrize(
    ("rule", "given", "outcome"),
    [pytest.param(*each[1:], id=f"{each[1].__name__}: {each[0]}") for each in ANSWERS],
)
def test_answers(rule, given, outcome, rule_settings):
    verdict = rule(case(**given), rule_settings)
    assert verdict.outcome == outcome
    assert verdict.evidence
    assert verdict.message.endswith(".")


def test_the_departments_are_named_to_the_team_and_not_to_the_applicant(rule_settings):
    verdict = mandate(case(competing_forms=("S2", "S3")), rule_settings)
    assert "S2, S3" in verdict.evidence
    assert "S2" not in verdict.message


def test_what_was_left_blank_and_refused_is_named(rule_settings):
    blank = participation(case(english_confirmed=None), rule_settings).message
    assert blank == "Please tell us whether your team can work in English; your form leaves it blank."
    refused = participation(case(english_confirmed=None, resources_confirmed=False), rule_settings).message
    assert refused.startswith("Your form says no to the question whether your city commits the resources;")


def test_no_words_of_the_motivation_are_repeated(rule_settings):
    assert "word" not in motivation(case(motivation="secret " * 10), rule_settings).evidence.replace(
        "words", ""
    )
