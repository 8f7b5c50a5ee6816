"""The overview of an early scan, whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from programme.programme import Programme
from tasks.eligibility.scan_letters import LetterDraft, OpenPoint
from tasks.eligibility.scan_overview import scan_overview
from tests.tasks.eligibility.test_scan_letters import COHORT, MANDATE, PLAN, make

THIRD = OpenPoint("S3", "topic", "not_met", "Name a *topic*.")
HEAD = [
    "# Early scan of round 2026-01",
    "",
    "Not for publication: it names applications that are still open.",
    "",
]


def overview(programme: Programme, points: list[OpenPoint], **given: object) -> list[str]:
    defaults = {"new": (), "settled": [], "drafts": [], "city_names": {}}
    round_ = programme.rounds.get("2026-01")
    return scan_overview(points, **(defaults | given), round_=round_).split("\n")  # type: ignore[arg-type]


def test_a_whole_overview(programme: Programme) -> None:
    points = [COHORT, replace(MANDATE, message="Please confirm."), PLAN, THIRD]
    found = overview(
        programme,
        points,
        new={PLAN.id},
        settled=[replace(MANDATE, rule="motivation"), replace(MANDATE, application_id="S_9", rule="gcom")],
        drafts=make(programme, [COHORT, PLAN]),
        city_names={"S1": "<b>Nairobi|", "S2": "Kisumu"},
        written_on={"S3": date(2025, 12, 20)},
    )
    assert found == [
        *HEAD,
        "4 things open, 1 new since the last scan, 2 settled; 2 drafts to send.",
        "",
        "## Settled since the last scan",
        "",
        r"- S1 (&lt;b&gt;Nairobi\|): motivation",
        r"- S\_9 (): gcom",
        "",
        "## What is missing or open",
        "",
        r"### S1 &lt;b&gt;Nairobi\| (draft: S1.eml)",
        "",
        "- cohort, conditional: The cohort still has to accept your city.",
        "- mandate, unclear: Please confirm.",
        "",
        "### S2 Kisumu (draft without a usable address: S2.eml)",
        "",
        "- **new** climate_plan, not met: A climate plan is needed.",
        "",
        "### S3  (letter of 20 December 2025; nothing new since)",
        "",
        r"- topic, not met: Name a \*topic\*.",
        "",
    ]


def test_an_overview_of_nothing(programme: Programme) -> None:
    nothing = "0 things open, 0 new since the last scan, 0 settled; 0 drafts to send."
    assert overview(programme, []) == [*HEAD, nothing, "", "## What is missing or open", ""]


@pytest.mark.parametrize("character", list("\\`*_{}[]|#"))
def test_no_character_has_a_meaning_in_markdown(programme: Programme, character: str) -> None:
    text = "\n".join(overview(programme, [replace(PLAN, message=f"a{character}b")]))
    assert f"a\\{character}b" in text


def test_no_address_of_a_contact_is_in_it(programme: Programme) -> None:
    text = "\n".join(overview(programme, [COHORT], drafts=make(programme, [COHORT, PLAN])))
    assert "ama@example.org" not in text


@pytest.mark.parametrize(("closed", "said"), [(True, "no letter: the call is closed"), (False, "no letter")])
def test_nobody_is_said_to_have_been_written_to_who_was_not(
    programme: Programme, closed: bool, said: str
) -> None:
    assert f"### S3  ({said})" in overview(programme, [THIRD], closed=closed)


def test_a_message_that_was_refused_is_named(programme: Programme) -> None:
    refused = LetterDraft("S3", "S3.eml", b"", (THIRD,), addressed=True, refused="it differs in its headers")
    text = "\n".join(overview(programme, [THIRD], drafts=[refused]))
    assert (
        "### S3  (no draft: it differs in its headers; correct what the form holds, or write by hand)" in text
    )
    assert "; 0 drafts to send." in text
