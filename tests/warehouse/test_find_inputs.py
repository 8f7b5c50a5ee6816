"""Finding a round's files: what is recognised, and every mistake of a folder told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from programme.expectations import FileLimits
from programme.problems import ProblemsError
from warehouse.inputs.find import find_inputs, input_table
from warehouse.storage import open_storage

ROUND = "2026-01"
REQUIRED = ("submissions.csv", "cohort.csv", "gcom.csv")


def _folder(root: Path, *names: str) -> Path:
    folder = root / ROUND
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_bytes(name.encode())
    return root


def _told(root: Path, limits: FileLimits = FileLimits()) -> list[str]:  # noqa: B008  (it is frozen)
    with pytest.raises(ProblemsError) as error:
        find_inputs(open_storage(str(root)), ROUND, limits=limits)
    return [str(problem) for problem in error.value.problems]


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("submissions.csv", "submissions"),
        ("Submissions.XLSX", "submissions"),
        ("gcom.tsv", "gcom"),
        ("cohort.parquet", "cohort"),
        ("evaluations.txt", "evaluations"),
        ("collaborations.json", "collaborations"),
        ("decisions.csv", "decisions"),
        ("corrections.csv", "corrections"),
        ("evaluators.csv", "evaluators"),
        ("a/b/cohort.csv", "cohort"),
        ("submissions.csv.bak", None),
        ("submissions.2025.csv", None),
        ("old-submissions.csv", None),
        ("submissions", None),
        ("README.md", None),
        (".submissions.csv", None),
        ("~$submissions.xlsx", None),
        ("submissions.xls", None),
    ],
)
def test_a_file_is_an_input_by_its_name(name: str, table: str | None) -> None:
    assert input_table(name) == table


def test_required_and_optional_files_are_found_and_others_left_alone(tmp_path: Path) -> None:
    root = _folder(tmp_path, *REQUIRED, "decisions.json", "README.md", ".DS_Store")
    (root / ROUND / "older").mkdir()
    (root / ROUND / "older/submissions.csv").write_bytes(b"not these")
    found = find_inputs(open_storage(str(root)), ROUND)
    assert [(item.table, item.name, item.data) for item in found] == [
        ("cohort", "cohort.csv", b"cohort.csv"),
        ("decisions", "decisions.json", b"decisions.json"),
        ("gcom", "gcom.csv", b"gcom.csv"),
        ("submissions", "submissions.csv", b"submissions.csv"),
    ]


def test_the_rounds_may_lie_in_a_folder_of_the_storage(tmp_path: Path) -> None:
    _folder(tmp_path / "inputs", *REQUIRED)
    assert len(find_inputs(open_storage(str(tmp_path)), ROUND, "inputs")) == 3


def test_the_realistic_rounds_are_found(shared_data: Path) -> None:
    for round_id in ("2025-07", ROUND):
        tables = {
            item.table: len(item.data)
            for item in find_inputs(open_storage(str(shared_data / "rounds")), round_id)
        }
        assert {"submissions", "cohort", "gcom", "evaluations", "collaborations"} <= set(tables)
        assert min(tables.values()) > 1000


def test_no_folder_is_told_with_what_is_beside_it(tmp_path: Path) -> None:
    (tmp_path / "2025-07").mkdir()
    (tmp_path / "2025-07/cohort.csv").write_bytes(b"x")
    (told,) = _told(tmp_path)
    assert told.startswith(
        f"{tmp_path}/2026-01: found no files; beside it are 2025-07; expected the folder of round 2026-01 "
        "with submissions.*"
    )


def test_a_root_that_is_not_there_is_told(tmp_path: Path) -> None:
    (told,) = _told(tmp_path / "nowhere")
    assert "found no files; expected the folder of round 2026-01" in told


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    root = _folder(tmp_path, "submission.csv", "cohort.csv", "cohort.xlsx")
    (root / ROUND / "decisions.csv").write_bytes(b"")
    with (root / ROUND / "evaluations.csv").open("wb") as file:
        file.truncate(3 * 1024 * 1024)
    told = _told(root, FileLimits(megabytes=1))
    assert len(told) == 5
    assert (
        "no file for submissions; there are: cohort.csv, cohort.xlsx, decisions.csv, evaluations.csv, "
        "submission.csv" in told[0]
    )
    assert told[0].endswith("Is it 'submission.csv'? Then rename it.")
    assert "no file for gcom" in told[1]
    assert told[1].endswith("Put the export there as gcom.csv or gcom.xlsx.")
    assert "2 files: cohort.csv, cohort.xlsx; expected one file for cohort" in told[2]
    assert "decisions.csv: found an empty file" in told[3]
    assert "evaluations.csv: found 3 MB; expected at most 1 MB" in told[4]
    assert told[4].endswith("raise `megabytes` under [files] in programme/expectations.toml.")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = open_storage(str(_folder(tmp_path, *REQUIRED)))

    def refuse(path: str) -> bytes:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(storage, "read", refuse)
    with pytest.raises(ProblemsError) as error:
        find_inputs(storage, ROUND)
    assert [problem.found for problem in error.value.problems] == ["Permission denied"] * 3


def test_a_pipe_or_folder_of_an_inputs_name_is_no_file(tmp_path: Path) -> None:
    import os

    root = _folder(tmp_path, "submissions.csv", "cohort.csv")
    os.mkfifo(root / ROUND / "gcom.csv")
    (root / ROUND / "decisions.csv").mkdir()
    (told,) = _told(root)
    assert "no file for gcom" in told
