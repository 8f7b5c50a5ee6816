"""The early scan's end on the samples: drafts once, points settled, nothing published, nothing readable by
others.
"""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta

import polars as pl
from office import Office

from flows.letters import Written, write_letters
from flows.preload import places
from flows.procedure import assess
from flows.round_inputs import gather

ROUND, NOON = "2026-01", datetime(2026, 1, 5, 12, tzinfo=UTC)


def scan(office: Office, day: int) -> Written:
    round_ = office.context.round(ROUND)
    office.context.ledger.record_round(round_.id, round_.title, round_.deadline)
    material = gather(office.context, ROUND, str(office.inputs), None)
    return write_letters(
        office.context, material, assess(material, places(office.context)), NOON + timedelta(days=day)
    )


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
    from flows.summary import earlier

    office = processed
    material = gather(office.context, ROUND, str(office.inputs), None)
    rows = pl.DataFrame(earlier(material, assess(material, places(office.context))))
    assert rows.height >= 5
    assert set(rows["earlier_round"]) == {"2025-07"}
    assert rows["became"].null_count() == 0
