"""The early scan's end on the samples: drafts once, points settled, nothing published, nothing readable by
others.
"""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import polars as pl
import pytest

from flows.letters import ScanLetters, write_letters
from flows.linking_resources import linking_resources
from flows.procedure import assess
from flows.round_inputs import RoundInputs, gather
from flows.round_results import AssessedRound, scan_tables
from flows.run_record import record_run
from flows.summary import applied_before
from programme.problems import ProblemsError
from tasks.publish.open_points import open_points
from tests.flows.office import Office
from warehouse.database.ledger import RunKind

ROUND, NOON = "2026-01", datetime(2026, 1, 5, 12, tzinfo=UTC)


def assessed(office: Office) -> tuple[RoundInputs, AssessedRound]:
    round_inputs = gather(office.context, ROUND, str(office.inputs), None)
    return round_inputs, assess(round_inputs, linking_resources(office.context))


def scan(office: Office, day: int) -> ScanLetters:
    round_ = office.context.round(ROUND)
    office.context.ledger.record_round(round_.id, round_.title, round_.deadline)
    return write_letters(office.context, *assessed(office), NOON + timedelta(days=day))


@pytest.mark.long
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


@pytest.mark.long
def test_a_city_that_applied_before_is_shown_with_what_became_of_it(processed: Office) -> None:
    rows = pl.DataFrame(applied_before(*assessed(processed)))
    assert rows.height >= 5
    assert set(rows["earlier_round"]) == {"2025-07"}
    assert rows["became"].null_count() == 0


@pytest.mark.long
def test_a_form_that_names_no_city_gets_a_letter_and_nothing_of_it_is_published(office: Office) -> None:
    path = office.inputs / ROUND / "submissions.csv"
    heading = path.read_text("utf-8-sig").split("\n", 1)[0].strip().split(";")
    cells = {
        "submission_id": "NOCITY",
        "submitted_at": "2026-01-02T10:00:00+01:00",
        "country": "Australia",
        "applicant_type": "city",
        "organisation": "City of Examplehurst",
        "contact_email": "ama@example.org",
        "topic_1": "data",
    }
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(";".join(cells.get(name, "") for name in heading) + "\n")
    round_ = office.context.round(ROUND)
    office.context.ledger.record_round(round_.id, round_.title, round_.deadline)
    round_inputs, found = assessed(office)
    write_letters(office.context, round_inputs, found, NOON)
    (letter,) = office.context.settings.data_folder.glob("restricted/letters/*/*/NOCITY.eml")
    text = message_from_bytes(letter.read_bytes(), policy=policy.default).get_body().get_content()
    assert "It names “City of Examplehurst” as the organisation" in text
    tables = scan_tables(found)
    assert ("set_aside", "NOCITY") in open_points(tables).select("kind", "subject").rows()
    assert not any("City of Examplehurst" in frame.write_csv() for frame in tables.values())


def test_a_scan_beside_a_scan_or_a_run_is_refused(office: Office) -> None:
    """Two at once would each find that no letter was drafted yet, and draft all of them."""

    def begin(kind: RunKind, reason: str) -> None:
        with record_run(office.context, ROUND, kind, reason, None):
            pass

    with (
        record_run(office.context, ROUND, "scan", "early scan", None),
        ThreadPoolExecutor(1) as another,
    ):
        for kind, reason in (("scan", "early scan"), ("process", "by hand")):
            with pytest.raises(
                ProblemsError, match=f"a run of it at work: run of {ROUND}: early scan, since"
            ):
                another.submit(begin, kind, reason).result()
        begin("scan", "within the same work")
    begin("scan", "afterwards")
