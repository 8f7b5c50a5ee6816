"""Forgetting reaches everywhere: a canary in all that is personal of one application, every byte searched.

After the erasure every file of the data folder, of a bucket and of Prefect's home is searched: Parquet is
decoded, workbooks and letters are unpacked, databases are read as bytes. What was published stays, verifies,
and is made again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest

from flows.cli import main
from flows.context import AppContext, open_context
from flows.replay import replay
from flows.settings import read_settings
from samples.files import as_xlsx
from tests.flows.office import Office
from tests.hostile.small_round import ROUND, Records, json_bytes, small_round
from tests.hostile.test_canaries import found_in, sign_of
from warehouse.dictionary.inputs import INPUT_TABLES
from warehouse.snapshots.verify import verify_version

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

GONE = "S-4"
PERSONAL = [column.name for column in INPUT_TABLES["submissions"].columns if column.personal]


def planted() -> tuple[Records, dict[str, str]]:
    """The small round with a canary in all that is personal of one form, and each canary's place."""
    records = deepcopy(small_round())
    signs: dict[str, str] = {}

    def sign(table: str, column: str) -> str:
        signs[made := sign_of(table, column, "gone")] = f"{table}.{column}"
        return made

    form = next(row for row in records["submissions"] if row["submission_id"] == GONE)
    for column in PERSONAL:
        word = sign("submissions", column)
        form[column] = f"{word}@person.example" if "mail" in column else f"{word} {word}q " * 25
    form["contact_name"] = f"{sign('submissions', 'contact_name').title()} Canaryperson"
    form["Remark of nobody"] = sign("submissions", "unknown") * 2
    form["members"] = None
    for row in records["evaluations"]:
        if row["submission_id"] == GONE or row is records["evaluations"][0]:
            row |= {"submission_id": GONE, "comment": sign("evaluations", "comment") * 3}
    records["corrections"].append(
        {
            "submission_id": GONE,
            "column": "lessons",
            "expected": form["lessons"],
            "value": f"{sign('corrections', 'value')} was better " * 20,
            "reason": sign("corrections", "reason"),
            "decided_by": "A colleague",
            "decided_at": "2025-09-05T12:00:00Z",
        }
    )
    records["decisions"].append(
        {
            "kind": "rule",
            "subject": GONE,
            "object": "mandate",
            "value": "met",
            "reason": f"{sign('decisions', 'reason')} called",
            "decided_by": "A colleague",
            "decided_at": "2025-09-05T13:00:00Z",
        }
    )
    neighbour = next(row for row in records["submissions"] if row["submission_id"] == "S-5")
    neighbour["aligned_activities"] = "Ours alone, and it stays " * 5
    return records, signs


def write_inputs(folder: Path, records: Records, kind: str) -> None:
    """Write the round's files, the submissions as a file of that kind."""
    folder.mkdir(parents=True)
    for table, rows in records.items():
        if table == "submissions" and kind == "xlsx":
            headings = list(dict.fromkeys(name for row in rows for name in row))
            cells = [{name: row.get(name) for name in headings} for row in rows]
            (folder / f"{table}.xlsx").write_bytes(as_xlsx(cells, table))
        else:
            (folder / f"{table}.json").write_bytes(json_bytes(rows))


def traces(folder: Path, signs: dict[str, str]) -> list[str]:
    """Every canary that is still there, with its place."""
    return sorted(
        f"{signs[one]} in {path.relative_to(folder)}"
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("gazetteer-")
        for one in set(found_in(path.read_bytes(), path.name, signs))
    )


@pytest.fixture
def office(
    tmp_path: Path, rules_folder: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], tuple[Path, dict[str, str]]]:
    """Makes a data folder in which the planted round was scanned, processed, decided upon and answered."""

    def make(kind: str) -> tuple[Path, dict[str, str]]:
        data = tmp_path / "data"
        records, signs = planted()
        write_inputs(data / "inputs" / ROUND, records, kind)
        for name, value in {"DATA": data, "CACHE": data / "cache", "PROGRAMME": rules_folder}.items():
            monkeypatch.setenv(f"CITY2CITY_{name}", str(value))
        (data / "cache").mkdir()
        for path in cache_folder.glob("gazetteer-*"):
            (data / "cache" / path.name).write_bytes(path.read_bytes())
        return data, signs

    return make


def command(*arguments: str, status: int = 0) -> None:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    assert end.value.code == status, arguments


def in_office() -> AppContext:
    return open_context(read_settings())


def everyday_work() -> None:
    """What leaves traces: workbooks, decisions, an approval, letters, drafts and reports."""
    command("assign", ROUND, "--per-application", "1")
    told = ("--reason", f"{sign_of('office', 'reason', 'gone')} asked", "--by", "TEAM")
    command("decide", ROUND, "rule", GONE, "motivation", "met", *told)
    command("report", ROUND)


@pytest.mark.parametrize("kind", ["json", "xlsx"])
def test_nothing_is_left_and_the_versions_stand(
    office: Callable[[str], tuple[Path, dict[str, str]]], kind: str
) -> None:
    data, signs = office(kind)
    context = in_office()
    assert Office(context, data / "inputs").run(ROUND).version == 1
    everyday_work()
    signs[sign_of("office", "reason", "gone")] = "a decision's reason"
    assert traces(data, signs)
    before = context.storage.read(f"snapshots/round={ROUND}/version=0001/datapackage.json")

    command("forget", GONE, "--reason", "they asked for it", "--by", "TEAM")

    assert "\n".join(traces(data, signs)) == ""
    context = in_office()
    assert context.storage.read(f"snapshots/round={ROUND}/version=0001/datapackage.json") == before
    assert verify_version(context.storage, ROUND, 1) == []
    report = replay(context, ROUND, 1)
    assert (report.differing, report.erased) == ((), (GONE,))
    assert [row["submission_id"] for row in context.erasures.rows() if row["done_at"]] == [GONE]
    assert "Ours alone" in json.dumps(context.ledger.rows_of_submission("S-5")["submission"][0]["payload"])
    assert Office(context, data / "inputs").run(ROUND).version <= 2
    assert "\n".join(traces(data, signs)) == ""
    shutil.rmtree(data)
