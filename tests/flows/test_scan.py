"""The early scan's end on the samples: drafts once, points settled, nothing published, nothing readable by
others.
"""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta

import polars as pl

from flows.letters import ScanLetters, write_letters
from flows.linking_resources import linking_resources
from flows.procedure import assess
from flows.round_inputs import RoundInputs, gather
from flows.round_results import AssessedRound
from flows.summary import applied_before
from tests.flows.office import Office

ROUND, NOON = "2026-01", datetime(2026, 1, 5, 12, tzinfo=UTC)


def assessed(office: Office) -> tuple[RoundInputs, AssessedRound]:
    round_inputs = gather(office.context, ROUND, str(office.inputs), None)
    return round_inputs, assess(round_inputs, linking_resources(office.context))


def scan(office: Office, day: int) -> ScanLetters:
    round_ = office.context.round(ROUND)
    office.context.ledger.record_round(round_.id, round_.title, round_.deadline)
    return write_letters(office.context, *assessed(office), NOON + timedelta(days=day))


def test_a_scan_writes_once_and_says_what_was_settled(office: Office) -> None:
    first = scan(office, 0)
    assert first.open == first.new > 10
    assert first.drafts > 5
    again = scan(office, 1)
    assert (again.open, again.new, again.settled, again.drafts) == (first.open, 0, 0, 0)

    row = next(row for row in office.context.ledger.open_points(ROUND) if row["outcome"] == "unclear")
    office.decide(ROUND, "rule", row["application_id"], row["rule"], "met")
    settled = scan(office, 2)
    assert (settled.open, settled.settled, settled.drafts) == (first.open - 1, 1, 0)

    restricted = office.context.settings.data_folder / "restricted"
    assert stat.S_IMODE(restricted.stat().st_mode) == 0o700
    mails = list(restricted.glob("letters/*/*/*.eml"))
    assert len(mails) == first.drafts
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in mails)
    assert not (office.context.settings.data_folder / "snapshots").exists()


def test_a_city_that_applied_before_is_shown_with_what_became_of_it(processed: Office) -> None:
    rows = pl.DataFrame(applied_before(*assessed(processed)))
    assert rows.height >= 5
    assert set(rows["earlier_round"]) == {"2025-07"}
    assert rows["became"].null_count() == 0
