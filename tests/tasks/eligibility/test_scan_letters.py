"""The early scan's letters: one message an application, nobody twice about the same thing, hostile contacts
harmless.
"""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy

import polars as pl
import pytest

from programme.programme import Programme
from tasks.eligibility.scan_letters import (
    LetterDraft,
    OpenPoint,
    letter_drafts,
    open_points,
)
from tasks.letters.message import Mail, RefusedMessageError
from warehouse.dictionary.inputs import SUBMISSIONS
from warehouse.dictionary.published import ELIGIBILITY, ELIGIBILITY_CHECKS

MANDATE = OpenPoint("S1", "mandate", "unclear", "Please confirm your mandate.", "3.3.1, 3.4")
COHORT = OpenPoint("S1", "cohort", "conditional", "The cohort still has to accept your city.", "3.2")
PLAN = OpenPoint("S2", "climate_plan", "not_met", "A climate plan is needed.", "3.2")
REJECTED = OpenPoint("S1", "cohort", "not_met", "The cohort did not accept your city.", "3.2", final=True)


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
    assert f"- Mandate: {MANDATE.message} (FAQ 3.3.1, 3.4) (we have written to you about this before)" in body
    assert f"- UTM City Cohort: {COHORT.message} (FAQ 3.2)\n" in body.replace("\r\n", "\n")


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
    assert open_points(checks, accepted) == [OpenPoint("S1", "mandate", "unclear", "Please.", "3.2")]


def test_a_whole_letter(programme: Programme) -> None:
    (draft,) = make(programme, [COHORT, MANDATE, replace(PLAN, application_id="S1")], {COHORT.id})
    headers, body = read(draft)
    assert headers == {
        "Subject": "City2City, Second call, early 2026: your application for Nairobi (S1)",
        "From": "UTM City2City team <utm@globalcovenantofmayors.org>",
        "Reply-To": "utm@globalcovenantofmayors.org",
        "X-Unsent": "1",
        "To": "Ama Example <ama@example.org>",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
        "MIME-Version": "1.0",
    }
    words = programme.letters
    assert body.replace("\r\n", "\n").splitlines() == [
        "Dear Ama Example,",
        "",
        words.opening.format(on_behalf=" on behalf of Nairobi", application="S1"),
        "",
        "The call closes on 8 January 2026, 23:59 (Europe/Brussels).",
        "",
        "Please send or tell us:",
        "- Mandate: Please confirm your mandate. (FAQ 3.3.1, 3.4)",
        "",
        "What is not fulfilled as your application stands:",
        "- Climate plan: A climate plan is needed. (FAQ 3.2)",
        "",
        "What still has to happen:",
        "- UTM City Cohort: The cohort still has to accept your city. (FAQ 3.2) "
        "(we have written to you about this before)",
        "",
        words.closing,
        "",
        words.signature,
        words.contact,
    ]


def test_a_city_nobody_linked_is_called_as_the_form_calls_it(programme: Programme) -> None:
    (draft,) = letter_drafts(
        [MANDATE],
        written=set(),
        submissions=forms(S1=("Ama\nBcc: all", "ama@example.org")),
        city_names={},
        round_=programme.rounds.get("2026-01"),
        wording=programme.letters,
    )
    headers, body = read(draft)
    assert headers["Subject"].endswith("City of S1 (S1)")
    assert headers["To"] == '"Ama Bcc: all" <ama@example.org>'
    assert body.startswith("Dear Ama Bcc: all,")


def test_the_id_of_a_point_is_kept_between_scans() -> None:
    assert MANDATE.id == "babce86521adba52"


def test_open_points_come_in_order_of_application_and_rule() -> None:
    row = {"computed_outcome": "met", "evidence": "e", "source": "form", "clause": "3.2", "message": "m"}
    given = [("S2", "topic", "not_met"), ("S1", "topic", "conditional"), ("S1", "mandate", "unclear")]
    checks = ELIGIBILITY_CHECKS.frame(
        [{**row, "application_id": key, "rule": rule, "outcome": outcome} for key, rule, outcome in given]
    )
    judged = {"scenario": 1, "status": "needs_review", "reasons": "m"}
    accepted = [{**judged, "application_id": key, "city_id": key} for key in ("S1", "S2")]
    found = open_points(checks.reverse(), ELIGIBILITY.frame(accepted))
    assert [(point.application_id, point.rule, point.outcome, point.message) for point in found] == [
        ("S1", "mandate", "unclear", "m"),
        ("S1", "topic", "conditional", "m"),
        ("S2", "topic", "not_met", "m"),
    ]


def test_where_a_point_is_final_nothing_else_is_asked(programme: Programme) -> None:
    (draft,) = make(programme, [REJECTED, MANDATE])
    body = read(draft)[1]
    assert draft.points == (REJECTED,)
    assert "- UTM City Cohort: The cohort did not accept your city. (FAQ 3.2)" in body
    assert MANDATE.message not in body
    assert "How to join" not in body
    assert programme.letters.closing_final in body
    assert make(programme, [REJECTED, MANDATE], {REJECTED.id}) == []


def test_where_nothing_is_missing_the_letter_says_so(programme: Programme) -> None:
    (draft,) = make(programme, [COHORT])
    body = read(draft)[1]
    assert programme.letters.nothing_missing in body
    assert programme.letters.closing_nothing_missing in body
    assert "Please send or tell us" not in body
    (asked,) = make(programme, [COHORT, MANDATE])
    assert programme.letters.nothing_missing not in read(asked)[1]


def test_two_rules_that_ask_for_the_same_thing_ask_once(programme: Programme) -> None:
    applies = replace(MANDATE, rule="local_government", clause="3.2, 3.3.1")
    (draft,) = make(programme, [applies, MANDATE])
    body = read(draft)[1]
    assert body.count(MANDATE.message) == 1
    assert "- Who applies: Please confirm your mandate. (FAQ 3.2, 3.3.1, 3.4)" in body
    assert draft.points == (applies, MANDATE)


@pytest.mark.parametrize(
    ("rule", "outcome"), [("cohort", "not_met"), ("gcom", "not_met"), ("gcom", "conditional")]
)
def test_how_to_join_is_told_where_it_helps(rule: str, outcome: str, programme: Programme) -> None:
    (draft,) = make(programme, [replace(MANDATE, rule=rule, outcome=outcome)])
    assert "How to join the" in read(draft)[1]


def test_a_form_that_names_no_city_is_not_written_to_on_behalf_of_nothing(programme: Programme) -> None:
    (draft,) = letter_drafts(
        [MANDATE],
        written=set(),
        submissions=forms(S1=(None, None)).with_columns(city_name=pl.lit(None, dtype=pl.String)),
        city_names={},
        round_=programme.rounds.get("2026-01"),
        wording=programme.letters,
    )
    headers, body = read(draft)
    assert headers["Subject"].endswith("your application (S1)")
    assert "Thank you for applying to the UTM City2City programme. The number" in body
    assert "your city" not in body


def test_a_letter_has_the_line_ends_and_characters_of_mail(programme: Programme) -> None:
    (draft,) = letter_drafts(
        [MANDATE],
        written=set(),
        submissions=forms(S1=("Áma", "ama@example.org")),
        city_names={"S1": "São Paulo"},
        round_=programme.rounds.get("2026-01"),
        wording=programme.letters,
    )
    assert draft.content.count(b"\r\n") == draft.content.count(b"\n")
    assert draft.content.isascii()
    headers, body = read(draft)
    assert headers["To"] == "Áma <ama@example.org>"
    assert headers["Subject"].endswith("your application for São Paulo (S1)")
    assert body.startswith("Dear Áma,")


def test_a_message_that_would_say_something_else_is_named_and_not_written(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(mail: Mail) -> bytes:
        if mail.to is not None:
            raise RefusedMessageError("read again, it differs")
        return b"fine"

    monkeypatch.setattr("tasks.eligibility.scan_letters.build_message", refuse)
    first, second = make(programme, [MANDATE, PLAN])
    assert (first.refused, first.content) == ("read again, it differs", b"")
    assert (second.refused, second.content) == ("", b"fine")


def test_two_ids_that_differ_in_case_alone_have_two_drafts(programme: Programme) -> None:
    drafts = letter_drafts(
        [MANDATE, replace(MANDATE, application_id="s1")],
        written=set(),
        submissions=forms(S1=(None, None), s1=(None, None)),
        city_names={},
        round_=programme.rounds.get("2026-01"),
        wording=programme.letters,
    )
    assert len({draft.file_name.casefold() for draft in drafts}) == 2
