"""The command line's manners: help and status at once, one message for a mistake, exit statuses.

None of these tests starts Prefect.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import programme.rules
from flows import cli
from flows.arguments import readable
from flows.errors import StoppedError
from flows.version import program_version
from tests.flows.office import Office
from warehouse.dictionary.published import FINDINGS

COMMAND = str(Path(sys.executable).parent / "city2city")
HEAVY = ("prefect", "great_expectations", "pandas", "sqlmodel", "sqlalchemy", "scipy")


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The installed command, in a process of its own."""
    return subprocess.run([COMMAND, *arguments], capture_output=True, text=True, timeout=120, check=False)


def run_main(*arguments: str) -> int:
    """The command line in this process; returns its exit status."""
    with pytest.raises(SystemExit) as end:
        cli.main(list(arguments))
    return int(end.value.code or 0)


DECIDE = ["decide", "2026-01"]
BY = ["--reason", "x", "--by", "me"]
MISTAKES = [
    pytest.param(["runn"], ["No such command 'runn'. Did you mean 'run', 'runs'?"], id="slip in a command"),
    pytest.param(["marry"], ["No such command 'marry'."], id="no such command"),
    pytest.param(["--colour"], ["No such option: --colour"], id="no such option of the program"),
    pytest.param(["status", "--colour"], ["No such option: --colour"], id="no such option"),
    pytest.param(["run"], ["Missing argument 'ROUND'"], id="no round"),
    pytest.param(["demo", "2026-01"], ["unexpected extra argument"], id="an argument too many"),
    pytest.param(["decide", "2026-01", "withdraw", "A"], ["Missing option '--reason'"], id="no reason"),
    pytest.param(["diff", "2026-01", "one", "2"], ["'V1'", "valid integer"], id="no number"),
    pytest.param(["what-if", "2026-01", "--capacity", "-1"], ["'--capacity'"], id="below the least"),
    pytest.param(["run", "2026-01", "--as-of", "soon"], ["'--as-of'"], id="no time"),
    pytest.param(["run", "2026-01", "--inputs", "nowhere"], ["nowhere/2026-01", "no files"], id="no folder"),
    pytest.param(["verify", "2026-01"], ["found no version", "Run it first"], id="nothing to verify"),
    pytest.param(["verify", "2026-01", "0"], ["expected version 0"], id="version nought"),
    pytest.param(["replay", "2026-01", "1"], ["no version 1"], id="nothing to replay"),
    pytest.param(["review", "2026-01"], ["no version yet", "city2city run 2026-01"], id="nothing to review"),
    pytest.param(["explain", "2026-01", "A"], ["no version yet"], id="nothing to explain"),
    pytest.param(["what-if", "2026-01"], ["no version yet"], id="nothing to ask about"),
    pytest.param(["diff", "2026-01", "1", "2"], ["no version 1"], id="no such version"),
    pytest.param(["what-if", "2026-01", "--pin", "A"], ["--pin: found 'A'", "A+B"], id="one city of a pair"),
    pytest.param(
        ["what-if", "2026-01", "--forbid", "A+B+C"], ["--forbid: found 'A+B+C'"], id="three cities of a pair"
    ),
    pytest.param([*DECIDE, "marry", "A", *BY], ["marry", "link"], id="no such kind"),
    pytest.param([*DECIDE, "rule", "A", "cohort", "perhaps", *BY], ["perhaps", "not_met"], id="no outcome"),
    pytest.param([*DECIDE, "undo", "A", *BY], ["found decision 'A'", "there are 0"], id="nothing to undo"),
    pytest.param(["check", "nowhere.csv"], ["nowhere.csv: found No such file"], id="no such file"),
    pytest.param(["check", "n" * 300], ["File name too long", "Name a file"], id="a name that no file has"),
    pytest.param([*DECIDE, "withdraw", "A", "--reason", "x", "--by", "é" * 1001], ["1001"], id="a long name"),
    pytest.param([*DECIDE, "withdraw", "Caf\udce9", "x", *BY], ["object: found 'x'"], id="no UTF-8"),
    pytest.param(["map", "/"], ["found Is a directory"], id="a folder for a file"),
    pytest.param(["check", "/", "/"], ["files, or one folder"], id="two folders"),
    pytest.param(["link", "Turin"], ["found no name with a country", "NAME COUNTRY"], id="no country"),
    pytest.param(["link", "--file", "x.csv"], ["found a list without a register"], id="no register"),
    pytest.param(
        ["assign", "2026-01", "--per-application", "0"], ["'--per-application'"], id="no evaluators"
    ),
]


@pytest.mark.parametrize(("arguments", "says"), MISTAKES)
@pytest.mark.usefixtures("office")
def test_a_mistake_is_one_message_and_exit_status_2(
    arguments: list[str], says: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_main(*arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    for text in says:
        assert text in err
    told = [line for line in err.splitlines() if line and not line.startswith(("Usage:", "Try "))]
    assert len(told) == 1, err


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "2031-05"],
        ["scan", "2031-05"],
        ["status", "2031-05"],
        ["review", "2031-05"],
        ["explain", "2031-05", "A"],
        ["decide", "2031-05", "withdraw", "A", *BY],
        ["assign", "2031-05"],
        ["what-if", "2031-05"],
        ["diff", "2031-05", "1", "2"],
        ["verify", "2031-05"],
        ["replay", "2031-05", "1"],
    ],
    ids=lambda arguments: arguments[0],
)
@pytest.mark.usefixtures("office")
def test_every_command_knows_which_rounds_there_are(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_main(*arguments) == 2
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith("ROUND: found round '2031-05'; expected one of 2025-07, 2026-01.")


@pytest.mark.parametrize(
    ("variable", "value", "arguments", "says"),
    [
        pytest.param("CITY2CITY_DATA", "FILE", ["status"], "the data folder", id="data folder is a file"),
        pytest.param("CITY2CITY_DATA", "s3://x", ["status"], "CITY2CITY_DATABASE_URL", id="bucket alone"),
        pytest.param("CITY2CITY_PROGRAMME", "FILE", ["status"], "programme/rounds.toml", id="no rules"),
        pytest.param(
            "CITY2CITY_DATABASE_URL",
            "nonsense",
            [*DECIDE, "withdraw", "A", *BY],
            "an address of kind 'nonsense'",
            id="no database",
        ),
        pytest.param(
            "CITY2CITY_CACHE",
            "FILE",
            ["link", "Turin", "Italy"],
            "the cache folder",
            id="cache folder is a file",
        ),
    ],
)
@pytest.mark.usefixtures("office")
def test_a_mistake_in_a_setting_names_it(
    variable: str,
    value: str,
    arguments: list[str],
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "a file"
    file.touch()
    if variable == "CITY2CITY_DATABASE_URL":
        monkeypatch.delenv("CITY2CITY_DATA")
        monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(variable, value.replace("FILE", str(file)))
    assert run_main(*arguments) == 2
    assert says in capsys.readouterr().err


@pytest.mark.usefixtures("office")
def test_a_mistake_of_the_installed_command_shows_no_traceback() -> None:
    done = call("run", "2031-05")
    assert done.returncode == 2
    assert "'2031-05'" in done.stderr
    assert "Traceback" not in done.stderr


def test_all_mistakes_of_the_rules_are_told_before_anything_starts(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    for path in programme.rules.HERE.glob("*.toml"):
        (folder / path.name).write_text(path.read_text("utf-8"), "utf-8")
    (folder / "topics.toml").write_text('[[topics]]\nid = "a"\nlabel = "b"\ncolour = 1\n', "utf-8")
    (folder / "eligibility.toml").write_text(
        (folder / "eligibility.toml").read_text("utf-8").replace("= 50000", '= "many"'), "utf-8"
    )
    monkeypatch.setenv("CITY2CITY_PROGRAMME", str(folder))
    assert run_main("run", "2026-01") == 2
    told = capsys.readouterr().err
    assert "programme/topics.toml, key topics.0.colour" in told
    assert f"The rules are read from {folder}" in told
    assert "programme/eligibility.toml, key population_minimum" in told


def test_a_missing_file_is_named_with_what_is_there(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    (office.inputs / "2026-01" / "cohort.csv").rename(office.inputs / "2026-01" / "cohorts.csv")
    assert run_main("run", "2026-01") == 2
    told = capsys.readouterr().err
    assert "no file for cohort" in told
    assert "cohorts.csv" in told


def stop() -> None:
    row = {"table": "gcom", "expectation": "row_count", "rows": 1, "for_example": "too few rows"}
    raise StoppedError(FINDINGS.empty(), [row])


def interrupt() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("ends", "says"),
    [
        pytest.param(
            stop,
            [
                "Stopped: nothing was published, the last good version stays.",
                "- gcom, row_count (1 row): too few rows",
            ],
            id="a stop",
        ),
        pytest.param(interrupt, ["Interrupted; the last published version stays."], id="Ctrl-C"),
    ],
)
def test_a_command_that_does_not_come_to_its_end_has_exit_status_1(
    ends: object, says: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("flows.commands.demo.demo", ends)
    assert run_main("demo") == 1
    assert capsys.readouterr().err.splitlines() == says


@pytest.mark.parametrize(
    ("fault", "status", "says"),
    [
        pytest.param(errno.EACCES, 2, "/x: Permission denied. Let this user", id="may not be written"),
        pytest.param(errno.ENOTDIR, 2, "/x: Not a directory. Name a file", id="no folder"),
        pytest.param(errno.ENOSPC, 1, "/x: No space left on device. Mend that", id="a full disk"),
        pytest.param(errno.EMFILE, 1, "/x: Too many open files. Mend that", id="too many files"),
    ],
)
def test_a_fault_of_the_system_is_one_message(
    fault: int, status: int, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise OSError(fault, os.strerror(fault), "/x")

    monkeypatch.setattr("flows.commands.demo.demo", fail)
    assert run_main("demo") == status
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith(says)


def test_a_fault_that_nobody_foresaw_is_told_without_values(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise OSError(errno.ENXIO, "No such device", "/home/maria.rossi")

    monkeypatch.setattr("flows.commands.demo.demo", fail)
    assert run_main("demo") == 1
    told = capsys.readouterr().err
    assert told.startswith("Unexpected error OSError")
    assert "maria" not in told


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("Caf\udce9 \udc80", "Café €", id="a terminal of another encoding"),
        pytest.param("\udc81\ud800", "\ufffd\ufffd", id="what no encoding knows"),
        pytest.param("\x1b[31mred\u202e \x00x", "[31mred x", id="what nobody sees"),
    ],
)
def test_what_was_typed_is_kept_as_a_text_that_can_be_read(
    typed: str, kept: str, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [*DECIDE, "withdraw", "A", "--reason", typed, "--by", typed]
    assert run_main(*arguments) == 0, capsys.readouterr().err
    row = office.context.ledger.decisions("2026-01").row(0, named=True)
    assert " ".join(row["reason"].split()) == row["decided_by"] == kept


def test_a_file_whose_name_is_no_utf8_is_found(tmp_path: Path) -> None:
    name = f"{tmp_path}/b\udce9ta.csv"
    Path(name).touch()
    assert readable([name, f"--file={name}", f"{name}x"]) == [name, f"--file={name}", f"{tmp_path}/béta.csvx"]


@pytest.mark.usefixtures("office")
def test_status_knows_every_round_before_and_after_a_decision(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_main("status", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["round"], row["state"], row["latest_version"]) for row in rows] == [
        ("2025-07", "closed, not processed", None),
        ("2026-01", "closed, not processed", None),
    ]
    assert rows[0]["deadline"] == "2025-09-04T23:59:59+02:00"
    assert rows[0]["results_due"] == "2025-10-04"


def test_a_decision_is_recorded_once(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [*DECIDE, "withdraw", "SAMPLE-1", *BY, "--at", "2026-02-01T10:00:00", "--json"]
    told = []
    for _ in range(2):
        assert run_main(*arguments) == 0
        told.append(json.loads(capsys.readouterr().out))
    one, two = told
    assert one["decision_id"] == two["decision_id"]
    assert (one["new"], two["new"]) == (True, False)
    assert office.context.ledger.decisions("2026-01")["decision_id"].to_list() == [one["decision_id"]]


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_help_that_begins_with_its_summary(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_main(name, "--help") == 0
    text = capsys.readouterr().out
    assert text.startswith(f"Usage: city2city {name} ")
    assert re.search(rf"\n\n  {re.escape(cli.COMMANDS[name].summary)}", text)
    source = cli.COMMANDS[name]
    function = getattr(importlib.import_module(f"{source.package}.{source.module}"), source.function)
    assert function.__doc__.splitlines()[0] == source.summary
    assert "\n  --help " in text


@pytest.mark.parametrize(
    ("name", "default"),
    [
        pytest.param("run", "--inputs DIR [default: (inputs of the data folder)]", id="a folder"),
        pytest.param("run", "[default: (run by hand)]", id="a text"),
        pytest.param("verify", "[default: (all of them)]", id="an argument"),
        pytest.param("decide", "[default: (now)]", id="a time"),
        pytest.param("assign", "[default: (in the restricted area)]", id="another folder"),
        pytest.param("check", "[default: (the last one)]", id="a round"),
    ],
)
def test_help_shows_defaults_whole(name: str, default: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_main(name, "--help") == 0
    text = " ".join(capsys.readouterr().out.split())
    for part in re.split(r"(?=\[)", default):
        assert part.strip() in text


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_main("--help") == 0
    text = capsys.readouterr().out
    for name, source in cli.COMMANDS.items():
        assert re.search(rf"\n  {name} +{re.escape(source.summary)}\n", text)


def test_the_version_is_that_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_main("--version") == 0
    assert capsys.readouterr().out == f"city2city {program_version()}\n"


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["status"], ["verify", "--help"], ["diff", "--help"]],
    ids=" ".join,
)
@pytest.mark.usefixtures("office")
def test_quick_commands_load_neither_prefect_nor_great_expectations(arguments: list[str]) -> None:
    code = f"""
import sys
from flows.cli import main
try:
    main({arguments!r})
finally:
    print([name for name in {HEAVY!r} if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_command_loads_no_module_of_another() -> None:
    code = """
import sys
from flows.cli import app
from typer.main import get_command
get_command(app).commands["review"]
print(sorted(name for name in sys.modules if name.startswith("flows.commands.")))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    found = ["flows.commands.options", "flows.commands.review", "flows.commands.review_files"]
    assert done.stdout.strip() == str(found)
