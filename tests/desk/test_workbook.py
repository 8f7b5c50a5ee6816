"""The review workbook: answers of a spreadsheet become decisions, checked like those of the terminal."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from flows import cli
from flows.review_workbook import collect_workbook, make_workbook
from pages.workbook.layout import ANSWER, FIRST_ROW, HEADINGS, POINT, REASON
from tests.desk.conftest import QUEUE, ROUND, Worker, worker
from tests.flows.office import Office

AT = {name: column for column, name in enumerate(HEADINGS, 1)}


def filled(office: Office, file: Path, answers: dict[str, tuple[str, str]]) -> Path:
    """The workbook with the first row of each kind of point answered: kind to answer and reason."""
    file.write_bytes(make_workbook(office.context, ROUND))
    book = openpyxl.load_workbook(file)
    sheet = book["Points"]
    left = dict(answers)
    for row in range(FIRST_ROW, sheet.max_row + 1):
        kind = sheet.cell(row, AT["Kind"]).value
        if kind in left:
            answer, reason = left.pop(kind)
            sheet.cell(row, AT[ANSWER]).value = answer
            sheet.cell(row, AT[REASON]).value = reason
    assert not left
    book.save(file)
    return file


def test_a_workbook_offers_a_list_in_each_row_and_locks_the_rest(processed: Office, tmp_path: Path) -> None:
    file = filled(processed, tmp_path / "open.xlsx", {})
    sheet = openpyxl.load_workbook(file)["Points"]
    assert sheet.protection.sheet
    assert sheet.data_validations.dataValidation
    offered = {cell for rule in sheet.data_validations.dataValidation for cell in str(rule.sqref).split()}
    assert offered
    for row in range(FIRST_ROW, sheet.max_row + 1):
        answer = sheet.cell(row, AT[ANSWER])
        assert sheet.cell(row, AT["What is known"]).protection.locked
        assert answer.protection.locked == (answer.coordinate not in offered)
    assert make_workbook(processed.context, ROUND) == make_workbook(processed.context, ROUND)


def test_answers_are_recorded_and_the_same_again_is_known(processed: Office, tmp_path: Path) -> None:
    answers = {"Rules that are unclear": ("Met", "letter"), "Twinnings to confirm": ("Confirm", "agreed")}
    file = filled(processed, tmp_path / "open.xlsx", answers)
    collected = collect_workbook(processed.context, ROUND, file.read_bytes(), file.name, "Bruno")
    kinds = {row["kind"] for row in processed.context.ledger.decisions(ROUND).iter_rows(named=True)}
    if collected.problems:  # the first twinning may be conditional, and then says so
        assert "Confirm on its conditions" in collected.problems[0].expected
    assert "rule" in kinds
    again = collect_workbook(processed.context, ROUND, file.read_bytes(), file.name, "Bruno")
    assert (len(again.recorded), again.known) == (0, len(collected.recorded))


def test_what_cannot_be_recorded_is_told_with_its_row(processed: Office, tmp_path: Path) -> None:
    answers = {"Rules that are unclear": ("Perhaps", ""), "Twinnings to confirm": ("Do not confirm", "no")}
    file = filled(processed, tmp_path / "open.xlsx", answers)
    collected = collect_workbook(processed.context, ROUND, file.read_bytes(), file.name, "Bruno")
    assert len(collected.recorded) == 1
    told = "\n".join(str(one) for one in collected.problems)
    assert "found the answer 'Perhaps'" in told
    assert "found no reason" in told
    assert "open.xlsx, row " in told


def test_somebody_else_was_faster(processed: Office, tmp_path: Path) -> None:
    file = filled(processed, tmp_path / "open.xlsx", {"Rules that are unclear": ("Met", "letter")})
    first = collect_workbook(processed.context, ROUND, file.read_bytes(), file.name, "Bruno").recorded[0][0]
    processed.decide(ROUND, "rule", first["subject"], first["about"], "not_met")
    collected = collect_workbook(processed.context, ROUND, file.read_bytes(), file.name, "Bruno")
    assert "ops answered meanwhile" in collected.problems[0].found


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--collect", "FILE"], "--by", id="by nobody"),
        pytest.param(["--collect", "other.xlsx", "--by", "B"], "other.xlsx", id="no such file"),
        pytest.param(["--collect", "junk.xlsx", "--by", "B"], "junk.xlsx", id="no workbook"),
    ],
)
def test_the_command_tells_a_mistake(
    processed: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    (tmp_path / "junk.xlsx").write_bytes(b"junk")
    paths = [str(tmp_path / one) if one.endswith(".xlsx") or one == "FILE" else one for one in arguments]
    (tmp_path / "FILE").write_bytes(make_workbook(processed.context, ROUND))
    with pytest.raises(SystemExit) as end:
        cli.main(["review", ROUND, *paths])
    assert end.value.code == 2
    assert said in capsys.readouterr().err


def test_a_workbook_comes_back_at_the_desk(amina: Worker, processed: Office, tmp_path: Path) -> None:
    file = filled(processed, tmp_path / "open.xlsx", {"Rules that are unclear": ("Met", "=1+1 letter")})
    page = amina.client.post(
        f"/rounds/{ROUND}/workbook", data={"form_token": amina.token()}, files={"file": file.read_bytes()}
    )
    assert "1 answer recorded" in page.text
    recorded = processed.context.ledger.recorded_decisions(ROUND)[-1]
    assert (recorded["decided_by"], recorded["reason"]) == ("Amina", "=1+1 letter")
    assert amina.get(QUEUE).status_code == 200


def test_a_reader_cannot_bring_one_back(amina: Worker, processed: Office) -> None:
    reader = worker(amina.app, "Rosa", "read")
    assert reader.get(f"/rounds/{ROUND}/workbook.xlsx").status_code == 200
    answer = reader.client.post(
        f"/rounds/{ROUND}/workbook", data={"form_token": reader.token()}, files={"file": b"x"}
    )
    assert answer.status_code == 403


def test_what_came_of_a_version_since_is_told(processed: Office, tmp_path: Path) -> None:
    """A point that is gone: its row carries an id that no open point has."""
    file = filled(processed, tmp_path / "open.xlsx", {"Rules that are unclear": ("Met", "letter")})
    book = openpyxl.load_workbook(file)
    sheet = book["Points"]
    row = next(n for n in range(FIRST_ROW, sheet.max_row + 1) if sheet.cell(n, AT[ANSWER]).value)
    sheet.cell(row, AT[POINT]).value = "0123456789ab"
    book.save(file)
    collected = collect_workbook(processed.context, ROUND, file.read_bytes(), file.name, "Bruno")
    assert collected.recorded == []
    assert [one.found for one in collected.problems] == ["a point that is gone"]
    assert f"row {row}" in collected.problems[0].where


HOSTILE = [
    "=1+1",
    "<script>alert(1)</script>",
    "\u202eevil",
    "x" * 5000,
    "Met\x0b",
    "@SUM(1)",
    "'; DROP TABLE x",
]


@pytest.mark.long
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_cell_is_text_or_a_mistake(processed: Office, tmp_path: Path, text: str) -> None:
    safe = "".join(one for one in text if one.isprintable() or one == "\u202e")
    answers = {"Rules that are unclear": ("Met", safe), "Twinnings to confirm": (safe, "agreed")}
    file = filled(processed, tmp_path / "open.xlsx", answers)
    collected = collect_workbook(processed.context, ROUND, file.read_bytes(), file.name, "Bruno")
    assert len(collected.recorded) <= 1
    assert len(collected.problems) == 2 - len(collected.recorded)
    told = " ".join(str(one) for one in collected.problems)
    assert "one of: " in told
    assert len(told) < 1500
    for row in processed.context.ledger.decisions(ROUND).iter_rows(named=True):
        assert len(row["reason"]) <= 600


@pytest.mark.parametrize("content", [b"", b"junk", b"PK\x03\x04 no workbook"])
def test_what_is_no_workbook_is_told_at_the_desk(amina: Worker, processed: Office, content: bytes) -> None:
    answer = amina.client.post(
        f"/rounds/{ROUND}/workbook", data={"form_token": amina.token()}, files={"file": content}
    )
    assert answer.status_code == 422
    assert "Nothing was recorded" in answer.text or "Nothing was" in answer.text
