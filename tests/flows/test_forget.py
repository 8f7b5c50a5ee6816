"""`city2city forget`: what it names, what stays, and that it can be run again where it was cut short."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from flows.cli import main
from flows.context import open_context
from flows.forgetting import forget as forgetting
from flows.replay import replay
from flows.settings import read_settings
from samples.bundle import copy_inputs
from tests.flows.office import Office
from warehouse.database.erasure import Erasures
from warehouse.erasure_journal import PATH, journal

ROUND = "2025-07"


def command(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    return int(end.value.code or 0)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["NOBODY-1", "--reason", "x"], "submission 'NOBODY-1'", id="unknown"),
        pytest.param(["S1"], "no --reason", id="without-a-reason"),
        pytest.param([], "SUBMISSION with --reason", id="nothing-named"),
        pytest.param(["S1", "--reason", "x", "--replay-journal"], "both", id="both"),
        pytest.param(["--replay-journal", "--journal", "no-such-file"], "no such file", id="no-copy"),
    ],
)
def test_a_wrong_command_erases_nothing(
    arguments: list[str], says: str, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("forget", *arguments) == 2
    assert says in capsys.readouterr().err
    assert journal(office.context.storage) == ()


def contact_of(office: Office, submission_id: str) -> str:
    row = office.context.ledger.rows_of_submission(submission_id)["submission"][0]
    return str((row["payload"] or {}).get("contact_email"))


def everything(office: Office) -> str:
    folder = office.inputs.parent
    return "\n".join(
        path.read_bytes().decode(errors="replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in (".xlsx", ".parquet", ".bin")
    )


@pytest.mark.long
def test_an_erasure_is_done_once_and_the_round_goes_on(
    processed: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = processed.tables(ROUND, 1)
    gone = str(tables["twinning_members"]["application_id"][0])
    contact = contact_of(processed, gone)
    assert contact in everything(processed)
    assert command("forget", gone, "--reason", "asked", "--by", "ana") == 0
    told = capsys.readouterr().out
    assert f"Erased: {gone}" in told
    assert "What stays" in told
    assert contact not in everything(processed)
    assert command("forget", gone, "--reason", "asked again", "--by", "ben") == 0
    assert len(journal(processed.context.storage)) == 1
    processed.context = open_context(read_settings())
    assert processed.run(ROUND).new is False, "nothing of the results changed"
    for path in (processed.inputs / ROUND).glob("*.json"):
        path.unlink()
    copy_inputs(tmp_path / "again")
    shutil.copytree(tmp_path / "again" / ROUND, processed.inputs / ROUND, dirs_exist_ok=True)
    assert processed.run(ROUND).new is False, "nor where the export is put there again"
    assert contact not in str(processed.context.ledger.rows_of_submission(gone))
    report = replay(processed.context, ROUND, 1)
    assert (report.differing, report.erased) == ((), (gone,))
    assert command("replay", ROUND, "1") == 0
    assert f"erased since: {gone}" in capsys.readouterr().out


class CutShort(BaseException):
    """The process is killed here."""


STEPS = ["erase_traces", "erase_in_prefect", "forget_in_caches", "rewrite_inputs", "still_found"]


@pytest.mark.long
@pytest.mark.parametrize("step", [*STEPS, "compact"])
def test_what_was_cut_short_is_run_to_its_end(
    step: str, processed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = str(processed.tables(ROUND, 1)["applications"]["application_id"][3])
    contact = contact_of(processed, gone)

    def killed(*_: object, **__: object) -> None:
        raise CutShort

    with monkeypatch.context() as patched:
        patched.setattr(Erasures if step == "compact" else forgetting, step, killed)
        with pytest.raises(CutShort):
            main(["forget", gone, "--reason", "asked"])
    assert command("forget", gone, "--reason", "asked") == 0
    assert contact not in everything(processed)


@pytest.mark.long
def test_the_journal_erases_again_after_a_restore(processed: Office, tmp_path: Path) -> None:
    folder, backup = processed.inputs.parent, tmp_path / "backup"
    shutil.copytree(folder, backup)
    gone = str(processed.tables(ROUND, 1)["applications"]["application_id"][3])
    contact = contact_of(processed, gone)
    assert command("forget", gone, "--reason", "asked") == 0
    copy = tmp_path / "journal.jsonl"
    copy.write_bytes((folder / PATH).read_bytes())
    assert contact not in copy.read_text()
    assert json.loads(copy.read_text().strip())["submissions"][0] == gone
    shutil.rmtree(folder)
    shutil.copytree(backup, folder)
    assert contact in everything(processed)
    assert command("forget", "--replay-journal", "--journal", str(copy)) == 0
    assert contact not in everything(processed)
