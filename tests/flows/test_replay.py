"""What a run took, a replay takes: the same tables come from what was kept, whatever was decided."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.publishing import Publication
from flows.replay import replay
from flows.working_tables import read_working_table
from tests.flows.office import Office
from warehouse.snapshots import latest_version

ROUND = "2025-07"
HEADINGS = "kind,subject,object,value,reason,decided_by,decided_at"
UNKNOWN = [
    "no_link,NOBODY-1,gcom,,never seen,Officer,2025-08-01T10:00:00+02:00",
    "link,NOBODY-2,cohort,UTM-99999,never seen,Officer,2025-08-01T10:00:00+02:00",
    "rule,NOBODY-3,mandate,met,never seen,Officer,2025-08-01T10:00:00+02:00",
    "accept_late,NOBODY-4,,,never seen,Officer,2025-08-01T10:00:00+02:00",
    "withdraw,0a1b2c3d-4e-5f6a7b,,,an answer that was edited,Officer,2025-08-01T10:00:00+02:00",
    "merge,NOBODY-5,NOBODY-6,,never seen,Officer,2025-08-01T10:00:00+02:00",
    "pin,NOBODY-7,NOBODY-8,,never seen,Officer,2025-08-01T10:00:00+02:00",
    "forbid,NOBODY-9,NOBODY-8,mobility,never seen,Officer,2025-08-01T10:00:00+02:00",
    "confirm,no-such-twinning,,,never seen,Officer,2025-08-01T10:00:00+02:00",
    "release,no-twinning-either,,,never seen,Officer,2025-08-01T10:00:00+02:00",
    "carry_over,NOBODY-10,,,never seen,Officer,2025-08-01T10:00:00+02:00",
    "no_conflict,EV-99,NOBODY-11,,never seen,Officer,2025-08-01T10:00:00+02:00",
    "undo,decision-of-nobody,,,never seen,Officer,2025-08-01T10:00:00+02:00",
    "approve,2025-07:99,ffff,,never seen,Officer,2025-08-01T10:00:00+02:00",
    "withdraw,NOBODY-12,,,with a\u2028line\x85end in it,Officer,2025-08-01T10:00:00+02:00",
    "withdraw,NOBODY-13,,,decided in a time to come,Officer,2062-01-09T10:00:00+02:00",
    "hire,NOBODY-14,,,no kind,Officer,2025-08-01T10:00:00+02:00",
    "withdraw,NOBODY-15,,,no time,Officer,some day",
]
"""Lines of a file of decisions: each names something that the round does not have, or has a cell at fault."""


def run_with(office: Office, lines: list[str]) -> Publication:
    """Run a round with these lines as its file of decisions."""
    text = "\n".join([HEADINGS, *lines]) + "\n"
    for old in (office.inputs / ROUND).glob("decisions.*"):
        old.unlink()
    (office.inputs / ROUND / "decisions.csv").write_text(text, "utf-8")
    return office.run(ROUND)


def told_of(office: Office, expectation: str) -> list[str]:
    """The decisions that the last run told of without publishing it."""
    version = latest_version(office.context.storage, ROUND) or 0
    kept = read_working_table(office.context, ROUND, version, "without_effect")
    return kept.filter(table="decisions", expectation=expectation)["row_key"].to_list()


@pytest.mark.long
def test_decisions_about_unknown_things_make_no_version_and_are_replayed(processed: Office) -> None:
    before = run_with(processed, [])
    again = run_with(processed, UNKNOWN)
    assert (again.new, again.version) == (False, before.version)
    assert replay(processed.context, ROUND, again.version).differing == ()
    assert len(told_of(processed, "subject_known")) >= 5
    assert told_of(processed, "decision_has_effect")


@pytest.mark.long
def test_a_run_tells_of_a_rollback_in_a_file_that_goes_back_to_nothing(processed: Office) -> None:
    line = "rollback,2025-07:99,,,back,Officer,2025-08-01T10:00:00+02:00"
    run_with(processed, [line])
    (name,) = processed.context.ledger.decisions(ROUND).filter(kind="rollback")["decision_id"]
    assert told_of(processed, "decision_has_effect") == [name]


@pytest.mark.long
def test_a_decision_in_the_ledger_is_checked_like_one_in_a_file(processed: Office) -> None:
    recorded = processed.decide(ROUND, "withdraw", "NOBODY-1")
    version = processed.run(ROUND).version
    assert version == 1
    assert recorded in told_of(processed, "subject_known")
    assert replay(processed.context, ROUND, version).differing == ()


@pytest.mark.long
def test_a_version_of_decisions_up_to_a_moment_is_replayed(office: Office) -> None:
    from flows.procedure import process
    from flows.round_inputs import RunRequest
    from flows.run_record import record_run

    as_of = datetime(2025, 6, 1, tzinfo=UTC)
    request = RunRequest(ROUND, "as it was", str(office.inputs), as_of, ("no_twinnings",), "ops")
    with record_run(office.context, ROUND, "process", "as it was", as_of) as record:
        version = process(office.context, request, record).publication.version
    assert replay(office.context, ROUND, version).differing == ()


def test_kept_frames_are_read_whatever_characters_they_hold() -> None:
    from flows.published_versions import frame_bytes, frame_from
    from warehouse.dictionary.inputs import DECISIONS

    rows = [{"decision_id": "d", "kind": "withdraw", "subject": "A\u2028B", "reason": "\x85\x1c\u2029 \r\n"}]
    rows[0] |= {"decided_by": "x", "decided_at": datetime(2026, 1, 1, tzinfo=UTC)}  # type: ignore[dict-item]
    frame = DECISIONS.frame(rows)
    assert frame_from(frame_bytes(frame), "decisions").equals(frame)


@pytest.mark.long
@settings(
    max_examples=8,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(lines=st.lists(st.sampled_from(UNKNOWN), min_size=1, max_size=6, unique=True))
def test_any_decisions_about_unknown_things_are_replayed(processed: Office, lines: list[str]) -> None:
    version = run_with(processed, lines).version
    assert replay(processed.context, ROUND, version).differing == ()
