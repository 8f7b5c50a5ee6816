"""Nothing personal leaves: a canary in each column of each input, every command, everything that is written.

A canary is a text that stands in one column of one input and nowhere else. After every command, what it
printed and every file of the data folder is searched: Parquet is decoded, workbooks and letters are unpacked,
databases are read as bytes. `MAY_APPEAR` says where the canaries of which columns may be.
"""

from __future__ import annotations

import email
import email.policy
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows.cli import COMMANDS as ALL_COMMANDS
from flows.cli import main
from tests.hostile.small_round import ROUND, Records, small_round, write_round
from warehouse.dictionary.inputs import INPUT_TABLES

pytestmark = [pytest.mark.long, pytest.mark.prefect, pytest.mark.timeout(1800)]

KEPT = ("inputs", "restricted", "warehouse.db")
MAY_APPEAR = {
    # Columns of persons and free texts: in what came in, what is kept of it, letters and workbooks.
    "personal": KEPT,
    # Addresses, numbers and names typed into public columns: in what came in and what is kept of it.
    "typed": KEPT,
    "named": KEPT,
    # What the office says of a decision: with the decision.
    "office": KEPT,
    # A heading that means nothing, and what stands below it: in the files. `map` is asked about headings.
    "heading": KEPT,
    # A reason of a run with an address in it: nowhere, it is masked before anything is written.
    "reason": (),
    # A reason of a rollback is one of a decision too; what is published of it is masked.
    "rollback": KEPT,
}
"""Kind of canary to the places in the data folder where it may be."""
MAY_TELL = {
    "heading": ("map",),
    # Who reads one file without the forms does not know the persons whom the forms name.
    "named": ("check {inputs}/evaluations.json",),
}
"""Kind of canary to the commands that may print it; no other command may print any."""
WORDS = {"mail": "{sign}@person.example", "phone": "+32 47{number:08}", "name": "Ondine {sign}"}
"""What people type into public columns: an address, a telephone number, a contact's name."""
OFFICE = ("--reason", "office-canary-0", "--by", "office-canary-1")
REASON = "asked by reasoncanary@person.example"
"""A reason that is published with a version."""
COMMANDS = [
    ["status"],
    ["status", ROUND],
    ["review", ROUND, "--all"],
    ["explain", ROUND, "S-4"],
    ["explain", ROUND, "Accra"],
    ["decisions", ROUND],
    ["what-if", ROUND],
    ["verify", ROUND],
    ["replay", ROUND, "1"],
    ["repair", ROUND, "1"],
    ["diff", ROUND, "1", "1"],
    ["ledger", "check", ROUND],
    ["check", "{inputs}/submissions.json"],
    ["check", "{inputs}/evaluations.json"],
    ["check", "{inputs}"],
    ["map", "{inputs}/submissions.json", "--out", "{data}/restricted/profile.toml"],
    ["link", "Turku", "Finland"],
    ["report", ROUND],
    ["runs", ROUND],
    ["inputs", ROUND],
    ["alternatives", ROUND],
    ["replace", ROUND],
    ["weights", ROUND],
    ["blocking", ROUND],
    ["feedback", ROUND, "--inputs", "{inputs}/.."],
    ["doctor"],
    ["watch", "--once"],
    ["keys", "new"],
    ["approve", ROUND, "1", "--show"],
    ["decide", ROUND, "approve", f"{ROUND}:1", *OFFICE],
    ["approve", ROUND, "1", *OFFICE],
    ["starter", ROUND],
    ["letters", ROUND],
    ["letters", ROUND, "--preview"],
    ["letters", ROUND, "--eml", "{data}/restricted/out"],
    ["assign", ROUND, "--per-application", "1"],
    ["revoke-approval", ROUND, "1", *OFFICE],
    ["decide", ROUND, "rule", "S-4", "mandate", "met", *OFFICE],
    ["disclose", "S-4"],
    ["backup", "{data}/../backups"],
    ["restore", "{data}/../backups"],
]
AFTERWARDS = [
    ["rollback", ROUND, "1", "--reason", "asked by rollbackcanary@person.example", "--by", "office-canary-1"],
    ["status", ROUND],
    ["forget", "S-11", "--reason", "asked by rollbackcanary@person.example", "--by", "office-canary-1"],
]
"""Once there is a second version."""

BY_THEMSELVES = ("run", "scan")
"""Commands that start a server, so that they run as processes of their own."""
ELSEWHERE = ("demo", "desk")
"""`demo` does what `run` does, on invented inputs; `tests/desk` searches what the pages of the desk show."""


def sign_of(table: str, column: str, kind: str) -> str:
    """The canary of a column, letters alone so that no reader and no mask takes it apart."""
    text = f"{table}{column}{kind}"
    letters = "".join(character for character in text if character.isalpha())
    digits = "".join(character for character in text if character.isdigit())
    return f"zq{letters}{'abcdefghij'[int(digits)] if digits else ''}zq".lower()


def planted() -> tuple[Records, dict[str, str]]:
    """The small round with canaries, and each canary's kind.

    The first forms have addresses, numbers and names of contacts in every public column, the following have
    canaries in the personal columns; so have the rows of the other tables.
    """
    records = deepcopy(small_round())
    kinds: dict[str, str] = {}
    contacts: list[str] = []
    for table, described in INPUT_TABLES.items():
        rows = records[table]
        for place, column in enumerate(described.columns):
            if column.longest is None or column.name not in rows[0]:
                continue
            if column.personal:
                sign = sign_of(table, column.name, "")
                kinds[sign] = "personal"
                rows[-1][column.name] = (
                    f"{sign}@person.example" if "mail" in column.name else f"{sign} {sign}x"
                )
                continue
            for number, (kind, word) in enumerate(WORDS.items()):
                if kind == "name" and table in ("cohort", "gcom"):
                    continue  # a register has names of cities, and `link` reads it without any form
                row = rows[min(number, len(rows) - 1)]
                sign = sign_of(table, column.name, kind)
                text = word.format(sign=sign, number=place * 1000 + list(INPUT_TABLES).index(table) * 100_000)
                kinds[text.removeprefix("+") if kind == "phone" else sign] = (
                    "named" if kind == "name" else "typed"
                )
                if kind == "name":
                    contacts.append(text)
                was = row[column.name]
                is_key = column.name.endswith("_id") or column.name in ("kind", "column", "subject")
                row[column.name] = text if is_key and number == 0 else f"{was} {text}" if was else text
    for table, rows in records.items():
        heading, cell = (sign_of(table, "unknown", kind) for kind in ("heading", "cell"))
        kinds |= {heading: "heading", cell: "heading"}
        rows[0][f"Remark of {heading}"] = cell
    for number, contact in enumerate(contacts):
        form = deepcopy(records["submissions"][-2])
        form |= {"submission_id": f"C-{number}", "contact_name": contact, "city_name": f"Nowhere {number}"}
        records["submissions"].append(form)
    return records, kinds


def texts_of(content: bytes, name: str) -> Iterator[bytes]:
    """The content as it is and unpacked, in small letters."""
    yield content.lower()
    if content.startswith(b"PAR1"):
        frame = pl.read_parquet(io.BytesIO(content))
        yield frame.write_ndjson().lower().encode()
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.namelist():
                yield from texts_of(archive.read(part), part)
    elif name.endswith(".eml"):
        message = email.message_from_bytes(content, policy=email.policy.default)
        body = message.get_body()
        yield (str(message.items()) + (body.get_content() if body else "")).lower().encode()


def found_in(content: bytes, name: str, signs: dict[str, str]) -> Iterator[str]:
    for text in texts_of(content, name):
        compact = text.replace(b"\x00", b"")
        yield from (sign for sign in signs if sign.encode() in text or sign.encode() in compact)


def may_be(kind: str, place: str) -> bool:
    return any(place.startswith(one) for one in MAY_APPEAR[kind])


def leaks(data: Path, told: dict[str, str], kinds: dict[str, str]) -> list[str]:
    """Every canary at a place where it may not be."""
    signs = {sign.lower(): kind for sign, kind in kinds.items()}
    found = [
        f"{sign} on the terminal by {command}"
        for command, text in told.items()
        for sign in found_in(text.encode(), "", signs)
        if not command.startswith(MAY_TELL.get(signs[sign], ("-",)))
    ]
    for path in sorted(data.rglob("*")):
        if path.is_file():
            place = str(path.relative_to(data))
            here = set(found_in(path.read_bytes(), place, signs))
            found.extend(f"{one} in {place}" for one in here if not may_be(signs[one], place))
    return sorted(set(found))


def in_a_process(*arguments: str) -> str:
    """What a command prints that starts a temporary Prefect server."""
    code = f"from flows.cli import main; main({list(arguments)!r})"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_no_canary_is_where_it_may_not_be(
    tmp_path: Path,
    rules_folder: Path,
    cache_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = tmp_path / "data"
    records, kinds = planted()
    write_round(data / "inputs", records)
    for name, value in {"DATA": data, "CACHE": data / "cache", "PROGRAMME": rules_folder}.items():
        monkeypatch.setenv(f"CITY2CITY_{name}", str(value))
    (data / "cache").mkdir()
    for path in cache_folder.glob("gazetteer-*"):
        (data / "cache" / path.name).write_bytes(path.read_bytes())
    kinds |= {
        "reasoncanary@person.example": "reason",
        "rollbackcanary@person.example": "rollback",
        "office-canary-0": "office",
        "office-canary-1": "office",
    }
    told = {
        "scan": in_a_process("scan", ROUND),
        "run": in_a_process("run", ROUND, "--reason", REASON),
    }

    def tell(commands: list[list[str]]) -> None:
        for command in commands:
            arguments = [part.format(inputs=data / "inputs" / ROUND, data=data) for part in command]
            with pytest.raises(SystemExit):
                main(arguments)
            told[" ".join(command)] = "".join(capsys.readouterr())

    tell(COMMANDS)
    told["run again"] = in_a_process("run", ROUND, "--reason", "after a decision", "--by", "office-canary-1")
    tell(AFTERWARDS)
    told["run unpinned"] = in_a_process(
        "run", ROUND, "--unpin", "--reason", REASON, "--by", "office-canary-1"
    )
    assert "\n".join(leaks(data, told, kinds)) == ""
    assert scored_by_whom(data, records) == []


def scored_by_whom(data: Path, records: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Published findings that name an evaluator and an application together."""
    evaluators = {str(row["evaluator_id"]) for row in records["evaluators"]}
    forms = {str(row["submission_id"]) for row in records["submissions"]}
    rows = [
        " ".join(str(cell) for cell in row)
        for path in data.glob("snapshots/*/*/findings.parquet")
        for row in pl.read_parquet(path).iter_rows()
    ]
    return [row for row in rows if any(one in row for one in evaluators) and any(one in row for one in forms)]


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", "a zqcanaryzq in a cell " * 50)
    table = io.BytesIO()
    pl.DataFrame({"a": ["a zqcanaryzq " + "x" * 100]}).write_parquet(table, compression="zstd")
    letter = b"Subject: =?utf-8?b?enFjYW5hcnl6cQ==?=\nContent-Transfer-Encoding: base64\n\nenFjYW5hcnl6cQ==\n"
    for name, content in {"a.xlsx": book.getvalue(), "a.parquet": table.getvalue(), "a.eml": letter}.items():
        (tmp_path / "snapshots").mkdir(exist_ok=True)
        (tmp_path / "snapshots" / name).write_bytes(content)
    assert len(leaks(tmp_path, {"x": "zqcanaryZQ"}, {"zqcanaryzq": "personal"})) == 4


def test_every_command_is_tried() -> None:
    assert {name for name, *_ in [*COMMANDS, *AFTERWARDS]} | {*BY_THEMSELVES, *ELSEWHERE} >= set(ALL_COMMANDS)


def test_every_column_with_a_text_has_a_canary() -> None:
    _, kinds = planted()
    texts = [
        (table, column)
        for table, described in INPUT_TABLES.items()
        for column in described.columns
        if column.longest is not None and column.name in small_round()[table][0]
    ]
    assert len(kinds) >= len(texts)
