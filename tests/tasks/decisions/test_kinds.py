"""Human decisions: what makes one valid, and the id by which it is always known."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from programme.problems import ProblemsError
from programme.vocabulary import DECISION_KINDS
from tasks.decisions.kinds import KINDS, decision_id, make_decision, mistakes
from tasks.ingest.step import ReadTable
from warehouse.dictionary import INPUT_TABLES
from warehouse.dictionary.decision_ids import old_decision_id

AT = datetime(2026, 1, 9, 9, 0, tzinfo=UTC)
HEAD = "kind,subject,object,value,reason,decided_by,decided_at\n"

VALID = [
    ("link", "cohort", "UTM0001"),
    ("no_link", "gcom", None),
    ("rule", "population", "met"),
    ("accept_late", None, None),
    ("withdraw", None, None),
    ("merge", "S2", None),
    ("pin", "S2", "cooling"),
    ("pin", "S2", None),
    ("forbid", "UTM2", None),
    ("confirm", None, None),
    ("release", None, None),
    ("undo", None, None),
    ("carry_over", None, None),
    ("waive", "common_topic", None),
    ("accept", "call_open", None),
]
FAULTY = [
    ("unknown kind", "promote", "S1", None, None, "kind"),
    ("no subject", "withdraw", " ", None, None, "subject"),
    ("link to no register", "link", "S1", "mayors", "1", "object"),
    ("link to nothing", "link", "S1", "cohort", None, "value"),
    ("no_link with a value", "no_link", "S1", "cohort", "U1", "value"),
    ("rule unknown", "rule", "S1", "beauty", "met", "object"),
    ("outcome unknown", "rule", "S1", "topic", "fine", "value"),
    ("withdraw with an object", "withdraw", "S1", "S2", None, "object"),
    ("merge with itself", "merge", "S1", "S1", None, "object"),
    ("pin of one", "pin", "S1", None, None, "object"),
    ("confirm with a value", "confirm", "T1", None, "x", "value"),
    ("approval of a number", "approve", "3", "a" * 64, None, "subject"),
    ("approval without the content", "approve", "2026-01:3", None, None, "object"),
    ("approval of half a hash", "approve", "2026-01:3", "a" * 12, None, "object"),
    ("revoked of no version", "revoke_approval", "2026-01:0", "a" * 64, None, "subject"),
    ("a gate that does not exist", "accept", "2026-01", "back_door", None, "object"),
    ("waived rule missing", "waive", "S1", None, None, "object"),
]


def test_every_kind_of_the_dictionary_has_its_needs() -> None:
    assert set(KINDS) == set(DECISION_KINDS)


@pytest.mark.parametrize(("kind", "object_", "value"), VALID)
def test_valid(kind: str, object_: str | None, value: str | None) -> None:
    row = make_decision(
        kind=kind, subject="S1", object_=object_, value=value, reason="why", decided_by="Ann", decided_at=AT
    )
    assert INPUT_TABLES["decisions"].frame([row]).row(0, named=True) == row


@pytest.mark.parametrize(
    ("kind", "subject", "object_", "value", "column"),
    [case[1:] for case in FAULTY],
    ids=[case[0] for case in FAULTY],
)
def test_faulty(
    read: Callable[..., ReadTable],
    kind: str,
    subject: str,
    object_: str | None,
    value: str | None,
    column: str,
) -> None:
    with pytest.raises(ProblemsError) as caught:
        make_decision(
            kind=kind,
            subject=subject,
            object_=object_,
            value=value,
            reason="why",
            decided_by="Ann",
            decided_at=AT,
        )
    assert [problem.where for problem in caught.value.problems] == [f"decision, {column}"]
    table = read(
        f"{HEAD}{kind},{subject},{object_ or ''},{value or ''},why,Ann,{AT.isoformat()}\n", "decisions"
    )
    assert (table.frame.height, table.set_aside["column"].to_list()) == (0, [column])


def test_all_mistakes_are_said_at_once() -> None:
    with pytest.raises(ProblemsError) as caught:
        make_decision(kind="link", subject="", reason=" ", decided_by="", decided_at=datetime(2026, 1, 1))  # noqa: DTZ001
    assert len(caught.value.problems) == 6


def _expected_id(reason: str, author: str) -> str:
    """The id of a withdrawal of S1, written out: reason and author are in it as digests."""
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in (author, reason)]
    written = (
        f'{{"decided_at":"2026-01-09T09:00:00+00:00","decided_by":"{digests[0]}","kind":"withdraw",'
        f'"object":null,"reason":"{digests[1]}","scheme":2,"subject":"S1","value":null}}'
    )
    return hashlib.sha256(written.encode()).hexdigest()[:12]


def test_the_same_content_is_the_same_decision_wherever_it_was_written() -> None:
    brussels = AT.astimezone(timezone(timedelta(hours=1)))
    assert decision_id("withdraw", "S1", None, "", "why", "Ann", AT) == decision_id(
        "withdraw", "S1", "", None, "why", "Ann", brussels
    )
    assert decision_id("withdraw", "S1", None, None, "why", "Ann", AT) == _expected_id("why", "Ann")
    old = {"kind": "withdraw", "subject": "S1", "reason": "why", "decided_by": "Ann", "decided_at": AT}
    written = (
        '{"decided_at":"2026-01-09T09:00:00+00:00","decided_by":"Ann","kind":"withdraw",'
        '"object":null,"reason":"why","subject":"S1","value":null}'
    )
    assert old_decision_id(old) == hashlib.sha256(written.encode()).hexdigest()[:12]
    assert (
        len(
            {
                decision_id(*parts, AT)
                for parts in (
                    ("a", "b", None, "c", "d", "e"),
                    ("a", "b", "c", None, "d", "e"),
                    ("a", "b", "c", None, "de", ""),
                )
            }
        )
        == 3
    )


def test_the_same_line_twice_is_one_decision_and_both_are_counted(read: Callable[..., ReadTable]) -> None:
    table = read(
        HEAD
        + "accept_late,S1,,,ok,Ann,2025-09-05T10:00:00+02:00\naccept_late,S1,,,ok,Ann,2025-09-05 10:00\n",
        "decisions",
    )
    assert table.frame["decision_id"].to_list() == [
        decision_id("accept_late", "S1", None, None, "ok", "Ann", datetime(2025, 9, 5, 8, tzinfo=UTC))
    ]
    assert (table.passport.n_rows, table.passport.n_used, table.passport.n_set_aside) == (2, 1, 1)


MISTAKES = [
    (
        "unknown kind",
        ("x" * 50, "S1", None, None),
        [("kind", repr("x" * 40), f"one of {', '.join(DECISION_KINDS)}")],
    ),
    ("no kind", ("", "S1", None, None), [("kind", "nothing", f"one of {', '.join(DECISION_KINDS)}")]),
    ("no subject", ("undo", None, None, None), [("subject", "nothing", "what the decision is about")]),
    (
        "an object too many",
        ("undo", "d1", "o" * 50, None),
        [("object", repr("o" * 40), "nothing for kind undo")],
    ),
    ("no other one", ("pin", "S1", "", None), [("object", "nothing", "a value for kind pin")]),
    ("another word", ("no_link", "S1", "gcm", None), [("object", "'gcm'", "one of cohort, gcom")]),
    ("no word", ("no_link", "S1", None, None), [("object", "nothing", "one of cohort, gcom")]),
    ("the subject again", ("merge", "S1", "S1", None), [("object", "the subject itself", "the other one")]),
    ("the subject's text where that is no fault", ("no_conflict", "S1", "S1", None), []),
    (
        "nobody at all",
        ("pin", "", "", None),
        [
            ("subject", "nothing", "what the decision is about"),
            ("object", "nothing", "a value for kind pin"),
        ],
    ),
    (
        "two at once",
        ("link", "S1", "x", ""),
        [
            ("object", "'x'", "one of cohort, gcom"),
            ("value", "nothing", "a value for kind link"),
        ],
    ),
]


@pytest.mark.parametrize(("given", "found"), [pytest.param(*each[1:], id=each[0]) for each in MISTAKES])
def test_mistakes(
    given: tuple[str, str | None, str | None, str | None], found: list[tuple[str, str, str]]
) -> None:
    assert mistakes(*given) == found


def test_the_problems_of_a_decision_word_for_word() -> None:
    with pytest.raises(ProblemsError) as caught:
        make_decision(
            kind="undo",
            subject="d1",
            object_=" x ",
            reason=" ",
            decided_by="",
            decided_at=AT.replace(tzinfo=None),
        )
    assert [(problem.where, problem.found, problem.expected) for problem in caught.value.problems] == [
        ("decision, object", "'x'", "nothing for kind undo"),
        ("decision, reason", "nothing", "why"),
        ("decision, by", "nothing", "who"),
        (
            "decision, decided_at",
            "a moment without a time zone",
            "one with an offset, such as 2026-01-09T10:00+01:00",
        ),
    ]
    assert {problem.remedy for problem in caught.value.problems} == {"Correct the decision."}


def test_blanks_around_a_text_do_not_make_another_decision() -> None:
    texts = {
        "kind": "pin",
        "subject": "S1",
        "object_": "S2",
        "value": "cooling",
        "reason": "wh\u00fd",
        "decided_by": "Ann",
    }
    at = AT.astimezone(timezone(timedelta(hours=2)))
    row = make_decision(**texts, decided_at=at)
    assert make_decision(**{name: f" {text} " for name, text in texts.items()}, decided_at=AT) == row
    assert row["decision_id"] == decision_id("pin", "S1", "S2", "cooling", "wh\u00fd", "Ann", AT)
    assert row["decided_at"].utcoffset() == timedelta(0)
    assert "\u00fd" in row["reason"]


def test_an_id_is_the_same_on_a_machine_in_any_time_zone_and_in_any_script(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = _expected_id("caf\u00e9", "Ann")
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        row = make_decision(
            kind="withdraw", subject="S1", reason="caf\u00e9", decided_by="Ann", decided_at=AT
        )
        assert decision_id("withdraw", "S1", None, None, "caf\u00e9", "Ann", AT) == expected
    finally:
        monkeypatch.undo()
        time.tzset()
    assert (row["decision_id"], row["decided_at"].utcoffset()) == (expected, timedelta(0))
