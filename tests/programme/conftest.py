"""A copy of the rules that the program ships with."""

from __future__ import annotations

import shutil

import pytest

from programme.programme import SECTIONS
from programme.rules import HERE


@pytest.fixture
def folder(tmp_path):
    """A copy of the rules the program ships with, to be spoilt."""
    for name in SECTIONS:
        shutil.copy(HERE / f"{name}.toml", tmp_path)
    return tmp_path
