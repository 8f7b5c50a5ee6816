"""`city2city report`: where it writes, what it refuses, and that it tells the same version the same way."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows import cli
from flows.report import keep_missing_report, make_report, report_link, report_path
from tests.conftest import SHARED_DATA
from tests.flows.office import Office
from warehouse.dictionary.inputs import SUBMISSIONS
from warehouse.snapshots import read_package
from warehouse.snapshots.approved import Approved, write_approved

ROUND = "2025-07"


def told(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    """What a command printed: to standard output where it was done, else to standard error."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        cli.main(list(arguments))
    out, err = capsys.readouterr()
    assert (end.value.code or 0) == status, err
    return out if status == 0 else err


def test_the_report_is_kept_beside_the_versions(
    processed: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = processed.context.settings.data_folder
    assert folder is not None
    place = folder / "reports" / f"round={ROUND}" / "version-0001.html"
    assert told(capsys, "report", ROUND) == f"Report: {place}\n"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert place.read_text("utf-8") == make_report(processed.context, ROUND, 1)
    assert place.stat().st_size < 2_000_000
    assert report_link(processed.context, ROUND, 1) == place.as_uri()
    told(capsys, "verify", ROUND)


def test_a_file_of_one_s_own(processed: Office, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "public.html"
    assert told(capsys, "report", ROUND, "1", "--public", "--out", str(out)) == f"Report: {out}\n"
    assert out.read_text("utf-8") == make_report(processed.context, ROUND, 1, public=True)
    assert not processed.context.storage.exists(report_path(ROUND, 1))


@pytest.mark.usefixtures("processed")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["2031-01"], "expected one of 2025-07, 2026-01", id="no-such-round"),
        pytest.param([ROUND, "7"], "no version 7 of round 2025-07", id="no-such-version"),
        pytest.param([ROUND, "0"], "no version 0 of round 2025-07", id="version-zero"),
        pytest.param(["2026-01"], "Run it first: city2city run 2026-01", id="no-version-yet"),
        pytest.param(
            [ROUND, "--out", "/no/such/folder/x.html"], "a file that can be written", id="no-folder"
        ),
    ],
)
def test_what_is_refused(capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    assert said in told(capsys, "report", *arguments, status=2)


def test_a_damaged_version_is_refused(processed: Office, capsys: pytest.CaptureFixture[str]) -> None:
    folder = processed.context.settings.data_folder
    assert folder is not None
    (folder / f"snapshots/round={ROUND}/version=0001/twinnings.parquet").write_bytes(b"damaged")
    assert f"city2city repair {ROUND} 1" in told(capsys, "report", ROUND, status=2)


def test_a_report_that_is_there_stays(processed: Office) -> None:
    storage, path = processed.context.storage, report_path(ROUND, 1)
    storage.write(path, b"kept")
    keep_missing_report(processed.context, ROUND, 1)
    assert storage.read(path) == b"kept"
    storage.delete(path)
    keep_missing_report(processed.context, ROUND, 1)
    assert storage.read(path).startswith(b"<!doctype html>")


def test_an_approval_is_told(processed: Office) -> None:
    storage = processed.context.storage
    package = read_package(storage, ROUND, 1)
    approved = Approved(
        ROUND, 1, package["seal"], package["content"], datetime(2025, 10, 1, 8, tzinfo=UTC), 2
    )
    write_approved(storage, approved)
    assert "approved by 2 people on 1 October 2025, 08:00 UTC" in make_report(processed.context, ROUND, 1)
    assert "Approved on 1 October 2025" in make_report(processed.context, ROUND, 1, public=True)


def test_nobody_who_was_not_selected_is_in_the_public_edition(processed: Office) -> None:
    tables = processed.tables(ROUND, 1)
    text = make_report(processed.context, ROUND, 1, public=True)
    placed = tables["applications"].join(tables["twinning_members"], on="application_id", how="semi")
    for row in tables["applications"].iter_rows(named=True):
        assert row["application_id"] not in text
        if row["city_name"] and row["city_name"] not in "".join(placed["city_name"]):
            assert f">{row['city_name']}<" not in text


def test_no_personal_data_is_in_a_report(processed: Office) -> None:
    text = make_report(processed.context, ROUND, 1)
    ledger = processed.context.ledger
    (source,) = (one["sha256"] for one in ledger.inputs(ROUND) if one["table"] == "submissions")
    forms = [one["payload"] for one in ledger.submissions(ROUND, source)]
    assert len(forms) > 20
    # An organisation may have the name of its city, which is published.
    for column in {column.name for column in SUBMISSIONS.columns if column.personal} - {"organisation"}:
        answers = {form[column] for form in forms if isinstance(form.get(column), str)}
        assert [answer for answer in answers if len(answer) > 7 and answer in text] == [], column


@pytest.mark.long
@pytest.mark.skipif(not SHARED_DATA.is_dir(), reason="the realistic inputs (../shared/data) are not here")
@pytest.mark.parametrize("round_id", ["2025-07", "2026-01"])
def test_a_realistic_round_stays_small(office: Office, round_id: str) -> None:
    office.inputs = SHARED_DATA / "rounds"
    office.run(round_id, "test", *(["earlier_round_unsettled"] if round_id == "2026-01" else []))
    assert len(make_report(office.context, round_id, 1).encode()) < 2_000_000


pytestmark = pytest.mark.long
