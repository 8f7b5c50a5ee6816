"""A folder behaves like a plain mapping of paths to bytes, whatever is done to it in whatever order."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.examples import examples
from warehouse.storage import AlreadyPublishedError, open_storage

NAMES = st.sampled_from(["a", "b", "é", "latest.json"])
FOLDERS = st.sampled_from(["r", "r/v1", "r/v2", "other"])
DATA = st.binary(max_size=20)
LAST = "datapackage.json"


class FolderAgainstMapping(RuleBasedStateMachine):
    """Every operation is done to a folder and to a mapping; both must hold the same afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.storage = open_storage(str(Path(self.folder.name) / "data"))
        self.files: dict[str, bytes] = {}

    def teardown(self) -> None:
        self.folder.cleanup()

    @rule(folder=FOLDERS, name=NAMES, data=DATA, private=st.booleans())
    def write(self, folder: str, name: str, data: bytes, private: bool) -> None:
        self.storage.write(f"{folder}/{name}", data, private=private)
        self.files[f"{folder}/{name}"] = data

    @rule(folder=FOLDERS, name=NAMES)
    def delete(self, folder: str, name: str) -> None:
        self.storage.delete(f"{folder}/{name}")
        self.files.pop(f"{folder}/{name}", None)

    @rule(number=st.integers(3, 5), contents=st.dictionaries(NAMES, DATA, max_size=3))
    def publish(self, number: int, contents: dict[str, bytes]) -> None:
        directory = f"r/v{number}"
        files = {**contents, LAST: b"{}"}
        there = any(path.startswith(f"{directory}/") for path in self.files)
        try:
            self.storage.publish(directory, files, LAST)
        except AlreadyPublishedError:
            assert there
        else:
            assert not there
            self.files |= {f"{directory}/{name}": data for name, data in files.items()}

    @invariant()
    def both_hold_the_same(self) -> None:
        listed = self.storage.list()
        assert [item.path for item in listed] == sorted(self.files)
        assert {item.path: item.n_bytes for item in listed} == {
            path: len(data) for path, data in self.files.items()
        }
        assert {path: self.storage.read(path) for path in self.files} == self.files

    @invariant()
    def a_directory_names_what_is_directly_in_it(self) -> None:
        _, files = self.storage.entries("r")
        direct = [path for path in sorted(self.files) if path.startswith("r/") and path.count("/") == 1]
        assert [item.path for item in files] == direct


TestFolderAgainstMapping = FolderAgainstMapping.TestCase
TestFolderAgainstMapping.settings = settings(max_examples=examples(10), stateful_step_count=15)
