"""Kept inputs come back as they were, to their owner alone, or not at all."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.problems import ProblemsError
from warehouse.inputs.kept import erase_input, has_input, keep_input, read_input
from warehouse.storage import open_storage


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_what_is_kept_comes_back(tmp_path: Path, data: bytes) -> None:
    storage = open_storage(str(tmp_path))
    sha256 = keep_input(storage, data)
    assert sha256 == hashlib.sha256(data).hexdigest() == keep_input(storage, data)
    assert read_input(storage, sha256) == data


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    sha256 = keep_input(open_storage(str(tmp_path / "data")), b"x")
    path = tmp_path / "data/restricted/inputs" / sha256
    assert [stat.S_IMODE(item.stat().st_mode) for item in (path, path.parent, path.parent.parent)] == [
        0o600,
        0o700,
        0o700,
    ]


def test_other_bytes_and_no_bytes_are_told(tmp_path: Path) -> None:
    storage = open_storage(str(tmp_path))
    sha256 = keep_input(storage, b"x")
    storage.write(f"restricted/inputs/{sha256}", b"y")
    with pytest.raises(ProblemsError, match="other bytes"):
        read_input(storage, sha256)
    erase_input(storage, sha256)
    assert not has_input(storage, sha256)
    with pytest.raises(ProblemsError, match="no such file"):
        read_input(storage, sha256)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "a" * 63])
def test_only_a_hash_names_an_input(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a sha256"):
        read_input(open_storage(str(tmp_path)), name)
