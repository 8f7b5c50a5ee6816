"""Forms without an id of their own are kept no longer than others, forgotten and disclosed, each alone."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from flows.disclosure import applications_meant
from flows.replay import replay
from flows.retention import apply_due, what_is_due
from programme.problems import ProblemsError
from programme.retention import read_retention
from tests.flows.office import Office
from tests.flows.test_decide import ask, ask_json
from tests.flows.test_forget import everything
from warehouse.dictionary.row_names import read_row_name, row_name, row_number
from warehouse.erasure_journal import forgotten
from warehouse.snapshots import list_versions
from warehouse.snapshots.verify import verify_version

ROUND, OTHER = "2025-07", "2026-01"
SHA = "0123456789abcdef" * 4

NAMES = {
    "a row": ("2025-07:row-0007:0123456789ab", ("2025-07", 7)),
    "a row of many": ("2025-07:row-123456:0123456789ab", ("2025-07", 123456)),
    "the number alone": ("row-0007", None),
    "an id": ("S1", None),
    "an id with colons": ("a:b:c", None),
    "another length": ("2025-07:row-0007:0123", None),
    "nothing": ("", None),
}


@pytest.mark.parametrize(("text", "meant"), NAMES.values(), ids=NAMES)
def test_names_of_rows(text: str, meant: tuple[str, int] | None) -> None:
    found = read_row_name(text)
    assert (found and (found.round_id, found.row)) == meant
    assert found is None or str(row_name(found.round_id, found.row, SHA)) == text


@pytest.mark.parametrize(
    ("text", "number"), [("row-0007", 7), ("row-12345", 12345), ("row-7", None), ("S1", None), ("", None)]
)
def test_numbers_of_rows(text: str, number: int | None) -> None:
    assert row_number(text) == number


def export_of(office: Office) -> Path:
    return office.inputs / OTHER / "submissions.csv"


def rewrite(path: Path, at: int, **cells: str) -> dict[str, str]:
    """Put cells into an answer of the export, by its place from 0, and return it as it is then."""
    lines = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))
    lines[at] |= cells
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(lines)
    return lines[at]


@pytest.fixture
def two_exports(office: Office) -> tuple[Office, str, str]:
    """A round of which two exports were read: in both, row 3 has no id, and another person in it."""
    one = {"submission_id": "", "contact_name": "Ottilie Erstwhile", "contact_email": "ottilie@first.example"}
    other = {"contact_name": "Balthasar Afterward", "contact_email": "balthasar@second.example"}
    rewrite(export_of(office), 1, **one)
    office.run(OTHER, "first", "no_twinnings", "fewer_twinnings")
    rewrite(export_of(office), 1, **other, city_name="Nowhere-upon-Test")
    office.run(OTHER, "second", "no_twinnings", "fewer_twinnings")
    shas = [row["sha256"] for row in office.context.ledger.inputs(OTHER) if row["table"] == "submissions"]
    payloads = {
        str(row_name(OTHER, 3, sha256)): json.dumps(row["payload"])
        for sha256 in shas
        for row in office.context.ledger.set_aside(OTHER, sha256)
        if row["row_key"] == "row-0003" and row["table"] == "submissions"
    }
    (first,) = [name for name, text in payloads.items() if "Ottilie" in text]
    (second,) = [name for name, text in payloads.items() if "Balthasar" in text]
    return office, first, second


@pytest.mark.long
def test_each_is_forgotten_alone(
    two_exports: tuple[Office, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    office, first, second = two_exports
    for command in (("forget", "row-0003", "--reason", "asked"), ("disclose", "row-0003")):
        _, err = ask(capsys, *command, status=2)
        assert first in "".join(err.split())
        assert second in "".join(err.split())
    assert forgotten(office.context.storage) == ()
    out, err = ask(capsys, "forget", first, "--reason", "asked", "--by", "ana")
    assert f"Erased: {first}." in " ".join(out.split())
    assert err == ""
    kept = everything(office)
    assert "ottilie@first" not in kept
    assert "Ottilie" not in kept
    assert "balthasar@second" in kept
    assert "Balthasar" in str(office.context.ledger.rows_of_submission(second)["set_aside_row"])
    for version in list_versions(office.context.storage, OTHER):
        assert verify_version(office.context.storage, OTHER, version) == []
        assert replay(office.context, OTHER, version).differing == ()
    out, _ = ask(capsys, "forget", second, "--reason", "asked", "--by", "ana")
    assert "balthasar@second" not in everything(office)
    ask(capsys, "forget", "--replay-journal")


@pytest.mark.long
def test_what_was_read_again_after_an_erasure_is_reached(two_exports: tuple[Office, str, str]) -> None:
    """An erasure makes another file of the export; its rows are recorded anew, and have the same names."""
    from flows.forgetting.forget import forget

    office, _, second = two_exports
    now = datetime(2026, 6, 1, tzinfo=UTC)
    forget(office.context, "SAMPLE-2026-001", reason="asked", by="ana", now=now)
    office.run(OTHER, "after an erasure", "no_twinnings", "fewer_twinnings")
    assert "balthasar@second" in everything(office)
    forget(office.context, second, reason="asked", by="ana", now=now)
    kept = everything(office)
    assert "balthasar@second" not in kept
    assert "Balthasar" not in kept


@pytest.mark.long
def test_each_is_disclosed_alone(
    two_exports: tuple[Office, str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office, first, second = two_exports
    for name, own, other in ((first, "Ottilie", "Balthasar"), (second, "Balthasar", "Ottilie")):
        target = tmp_path / f"{own}.md"
        ask(capsys, "disclose", name, "--out", str(target))
        page = target.read_text("utf-8")
        assert own in page
        assert other not in page
        assert "as it was written" in page
        assert ("version 1 of round 2026-01: applications" in page.casefold()) == (name == first)
    assert applications_meant(office.context, "nowhere-upon-test") == (second,)
    with pytest.raises(ProblemsError, match="No form without an id is kept in that row"):
        applications_meant(office.context, "row-9999")


@pytest.mark.long
def test_they_are_due_like_other_forms_that_did_not_count(
    two_exports: tuple[Office, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    office, first, second = two_exports
    until = read_retention().of("unused").until(office.context.round(OTHER))
    now = datetime.combine(until + timedelta(days=1), time(12), UTC)
    (due,) = [one for one in what_is_due(office.context, now) if one.round_id == OTHER]
    assert due.kind == "unused"
    assert {first, second} <= set(due.submissions), "also of an export that made no version"
    told = ask_json(capsys, "status", OTHER, "--as-of", f"{now:%Y-%m-%d}")
    assert "unused" in {one["kind"] for row in told for one in row["to_erase"]}
    placed = set(office.tables(OTHER, 1)["applications"].filter(state="accepted")["application_id"])
    apply_due(office.context, by="apply-retention", now=now)
    assert {first, second} <= set(forgotten(office.context.storage))
    assert not placed & set(forgotten(office.context.storage)), "what counts is kept until its own day"
    kept = everything(office)
    assert "Balthasar" not in kept
    assert "Ottilie" not in kept
    assert [one for one in what_is_due(office.context, now) if one.round_id == OTHER] == []
