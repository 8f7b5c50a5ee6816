"""The early scan's letters: one message an application, nobody twice about the same thing, hostile contacts
harmless.
"""

from __future__ import annotations

from email import message_from_bytes, policy

import polars as pl
import pytest

from programme.programme import Programme
from tasks.eligibility.scan_letters import (
    LetterDraft,
    OpenPoint,
    letter_drafts,
    open_points,
    usable_address,
)
from tasks.eligibility.scan_overview import scan_overview
from warehouse.dictionary.inputs import SUBMISSIONS
from warehouse.dictionary.published import ELIGIBILITY, ELIGIBILITY_CHECKS

MANDATE = OpenPoint("S1", "mandate", "unclear", "Please confirm your mandate.")
COHORT = OpenPoint("S1", "cohort", "conditional", "The cohort still has to accept your city.")
PLAN = OpenPoint("S2", "climate_plan", "not_met", "A climate plan is needed.")


def forms(**contacts: tuple[str | None, str | None]) -> pl.DataFrame:
    return SUBMISSIONS.frame(
        [
            {
                "row": n,
                "submission_id": key,
                "city_name": f"City of {key}",
                "country": "Kenya",
                "applicant_type": "city",
                "contact_name": name,
                "contact_email": mail,
                "topic_1": "data",
            }
            for n, (key, (name, mail)) in enumerate(contacts.items(), 2)
        ]
    )


def make(
    programme: Programme, points: list[OpenPoint], written: frozenset[str] | set[str] = frozenset()
) -> list[LetterDraft]:
    return letter_drafts(
        points,
        written=written,
        submissions=forms(S1=("Ama Example", "ama@example.org"), S2=(None, "not an address")),
        city_names={"S1": "Nairobi", "S2": "Kisumu"},
        round_=programme.rounds.get("2026-01"),
        wording=programme.letters,
    )


def read(draft: LetterDraft) -> tuple[dict[str, str], str]:
    message = message_from_bytes(draft.content, policy=policy.default)
    body = message.get_body()
    assert body is not None
    return dict(message.items()), body.get_content()


def test_one_message_tells_all_open_points_of_an_application(programme: Programme) -> None:
    first, second = make(programme, [MANDATE, COHORT, PLAN])
    headers, body = read(first)
    assert headers["To"] == "Ama Example <ama@example.org>"
    assert headers["X-Unsent"] == "1"
    assert "Nairobi" in headers["Subject"]
    assert body.startswith("Dear Ama Example,")
    assert body.index(MANDATE.message) < body.index(COHORT.message)
    assert "8 January 2026, 23:59 (Europe/Brussels)" in body
    assert first.points == (MANDATE, COHORT)
    headers, body = read(second)
    assert "To" not in headers
    assert not second.addressed
    assert body.startswith("Dear applicant,")


@pytest.mark.parametrize(
    ("written", "drafted"),
    [
        pytest.param(set(), ["S1", "S2"], id="nobody was written to"),
        pytest.param({MANDATE.id, COHORT.id, PLAN.id}, [], id="everybody knows everything"),
        pytest.param({MANDATE.id, PLAN.id}, ["S1"], id="one new point"),
    ],
)
def test_nobody_is_written_to_twice_about_the_same_thing(
    programme: Programme, written: set[str], drafted: list[str]
) -> None:
    made = make(programme, [MANDATE, COHORT, PLAN], written)
    assert [draft.application_id for draft in made] == drafted


def test_a_point_told_before_is_marked_beside_a_new_one(programme: Programme) -> None:
    (draft,) = make(programme, [MANDATE, COHORT], {MANDATE.id})
    body = read(draft)[1]
    assert f"- {MANDATE.message} (we have written to you about this before)" in body
    assert f"- {COHORT.message}\n" in body.replace("\r\n", "\n")


def test_another_outcome_or_sentence_is_another_point() -> None:
    others = [
        OpenPoint("S1", "mandate", "not_met", MANDATE.message),
        OpenPoint("S1", "mandate", "unclear", "Other words."),
        OpenPoint("S2", *("mandate", "unclear"), MANDATE.message),
    ]
    assert len({MANDATE.id, *(other.id for other in others)}) == 4


def test_open_points_are_those_of_accepted_applications() -> None:
    row = {
        "computed_outcome": "unclear",
        "evidence": "e",
        "source": "form",
        "clause": "3.2",
        "message": "Please.",
    }
    checks = ELIGIBILITY_CHECKS.frame(
        [
            {**row, "application_id": "S1", "rule": "mandate", "outcome": "unclear"},
            {**row, "application_id": "S1", "rule": "topic", "outcome": "met"},
            {**row, "application_id": "LATE", "rule": "on_time", "outcome": "not_met"},
        ]
    )
    accepted = ELIGIBILITY.frame(
        [
            {
                "application_id": "S1",
                "city_id": "UTM1",
                "scenario": 1,
                "status": "needs_review",
                "reasons": "Please.",
            }
        ]
    )
    assert open_points(checks, accepted) == [OpenPoint("S1", "mandate", "unclear", "Please.")]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        pytest.param("ama@example.org", "ama@example.org", id="plain"),
        pytest.param("  ama@example.org\n", "ama@example.org", id="spaces around"),
        pytest.param("ama at example.org", None, id="words"),
        pytest.param("a@example.org, b@example.org", None, id="two"),
        pytest.param("ama@example.org\r\nBcc: all@example.org", None, id="header"),
        pytest.param("ama@localhost", None, id="no domain"),
        pytest.param("x" * 300 + "@example.org", None, id="too long"),
        pytest.param(None, None, id="blank"),
    ],
)
def test_only_one_plain_address_is_used(text: str | None, address: str | None) -> None:
    assert usable_address(text) == address


def test_the_overview_says_what_is_new_settled_and_without_an_address(programme: Programme) -> None:
    made = make(programme, [COHORT, PLAN])
    text = scan_overview(
        [COHORT, PLAN],
        new={PLAN.id},
        settled=[MANDATE],
        drafts=made,
        city_names={"S1": "<b>Nairobi|"},
        round_=programme.rounds.get("2026-01"),
    )
    assert "2 open point(s), 1 new since the last scan, 1 settled; 2 draft(s) to send." in text
    assert "draft without a usable address: S2.eml" in text
    assert "- **new** climate_plan, not met: A climate plan is needed." in text
    assert r"\<b\>Nairobi\|" in text
    assert "ama@example.org" not in text
