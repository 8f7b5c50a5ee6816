"""All that is kept of a submission is found, wherever it lies, and nothing of another."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import polars as pl
from sqlmodel import SQLModel

from tests.warehouse.ledger_rows import NOW, ROUND, SOURCE, decision_of, submissions_of
from warehouse.database.ledger import Ledger
from warehouse.database.naming import NAMED_IN, NAMES_NONE
from warehouse.dictionary.inputs import DECISIONS
from warehouse.dictionary.working import SET_ASIDE
from warehouse.kept_parts import KeptPart, parts_of_submission
from warehouse.storage import open_storage


def test_every_table_says_whether_it_names_a_submission() -> None:
    assert set(SQLModel.metadata.tables) == {*NAMED_IN, *NAMES_NONE}
    for name, columns in NAMED_IN.items():
        assert set(columns) <= set(SQLModel.metadata.tables[name].columns.keys())


def test_every_part_of_a_submission_is_found(ledger: Ledger, tmp_path: Path) -> None:
    storage = open_storage(str(tmp_path / "data"))
    ledger.record_submissions(ROUND, SOURCE, submissions_of(3))
    aside = SET_ASIDE.frame([{"table": "submissions", "row": 9, "row_key": "S1", "reason": "No country."}])
    ledger.record_set_aside(ROUND, aside, {"submissions": "b" * 64})
    made = [
        decision_of("d1", subject="S1:Gdansk"),
        decision_of("d2", kind="confirm", subject="T-1", members="S0=U-0;S1=U-1"),
        decision_of("d3", subject="S10"),
    ]
    ledger.add_decisions(ROUND, DECISIONS.frame(made), "cli", recorded_at=NOW)
    storage.write(f"restricted/inputs/{SOURCE}", b"the file as it came", private=True)
    readings = io.BytesIO()
    pl.DataFrame({"row_key": ["S0", "S1", "S10", "S1"]}).write_parquet(readings)
    storage.write(
        "restricted/working/round=r/version=0001/readings.parquet", readings.getvalue(), private=True
    )
    storage.append("restricted/ledger/r/decisions.jsonl", b'{"subject": "S0"}\n{"subject": "S1"}\n')
    letter = EmailMessage()
    letter["Subject"] = "About S1"
    letter.set_content("Dear you")
    storage.write("restricted/letters/r/2025/a.eml", bytes(letter), private=True)
    storage.write("restricted/letters/r/2025/S1.eml", b"Subject: x\n\nDear you\n", private=True)
    storage.write("restricted/letters/r/2025/S10.eml", b"Subject: x\n\nDear S10\n", private=True)
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", "<t>S1</t>" * 9)
    storage.write("restricted/evaluation/r/scores-EV.xlsx", book.getvalue(), private=True)
    half = tmp_path / "data/restricted/letters/r/2025/.S1.eml.0123456789abcdef.aside"
    half.write_bytes(b"Subject: About S1\n\n")

    parts = parts_of_submission(storage, ledger, "S1")
    assert {part.path for part in parts if part.where == "database"} == {
        "submission",
        "set_aside_row",
        "decision",
    }
    assert KeptPart("input", f"restricted/inputs/{SOURCE}", (3,)) in parts
    assert {part.path: part.rows for part in parts if part.where == "file"} == {
        "restricted/working/round=r/version=0001/readings.parquet": (1, 3),
        "restricted/ledger/r/decisions.jsonl": (2,),
        "restricted/letters/r/2025/a.eml": (),
        "restricted/letters/r/2025/S1.eml": (),
        "restricted/letters/r/2025/.S1.eml.0123456789abcdef.aside": (),
        "restricted/evaluation/r/scores-EV.xlsx": (),
    }
    assert parts_of_submission(storage, ledger, "S") == ()


def test_the_decisions_on_a_submission_are_all_there(ledger: Ledger) -> None:
    made = [
        decision_of("d1", subject="S1:Gdansk"),
        decision_of("d2", kind="confirm", subject="T-1", members="S0=U-0;S1=U-1"),
        decision_of("d3", subject="S10"),
        decision_of("d4", kind="merge", subject="S2", object="S1"),
    ]
    ledger.add_decisions(ROUND, DECISIONS.frame(made), "cli", recorded_at=NOW)
    found = ledger.rows_of_submission("S1")["decision"]
    assert len(found) == 3
    assert {row["subject"] for row in found} == {"S1:Gdansk", "T-1", "S2"}
