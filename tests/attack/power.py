"""What a power cut can leave of the changes to a folder: a model of a disk that forgets what was not flushed.

Belongs here: recording the calls of `warehouse.storage.disk`, and every state of the folder after each of
them. The model is as unkind as POSIX allows: of a file's unflushed bytes any first part is there, or zeros in
their place; of a folder's unflushed names any subset is; a rename within one folder is one change.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch

from warehouse.storage import disk
from warehouse.storage.staging import STAGING

Call = tuple[str, tuple[Any, ...]]
CALLS = (
    "open_new",
    "open_end",
    "write",
    "flush",
    "flush_folder",
    "shorten",
    "make_folder",
    "rename",
    "remove",
)


@dataclass
class File:
    """One file: its bytes on the disk, and the changes of them since."""

    flushed: bytes = b""
    pending: list[bytes] = field(default_factory=list)

    @property
    def now(self) -> bytes:
        return self.pending[-1] if self.pending else self.flushed

    def possible(self) -> list[bytes]:
        """What a power cut may leave of it."""
        states = [self.flushed]
        for data in self.pending:
            half = len(data) // 2
            zeros = data[: len(self.flushed)] + bytes(max(0, len(data) - len(self.flushed)))
            states += [data, data[:half] if half >= len(self.flushed) else data, zeros]
        return list(dict.fromkeys(states))


@dataclass
class Folder:
    """One folder: its names on the disk, and the changes of them since; a change is one step of one call."""

    flushed: dict[str, File | Folder] = field(default_factory=dict)
    pending: list[dict[str, File | Folder | None]] = field(default_factory=list)

    def with_changes(self, kept: tuple[bool, ...]) -> dict[str, File | Folder]:
        names = dict(self.flushed)
        for change, keep in zip(self.pending, kept, strict=True):
            for name, node in change.items() if keep else ():
                if node is None:
                    names.pop(name, None)
                else:
                    names[name] = node
        return names

    @property
    def now(self) -> dict[str, File | Folder]:
        return self.with_changes((True,) * len(self.pending))


class Disk:
    """The folder below `root` as the calls left it: what is on the disk, and what is only on its way."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.top = _read(root)
        self._open: dict[int, File] = {}

    def play(self, call: Call) -> None:
        """Follow one recorded call."""
        name, arguments = call
        getattr(self, f"_{name}")(*arguments)

    def states(self) -> Iterator[dict[str, bytes]]:
        """Every state that a power cut can leave now: path to bytes."""
        yield from _states(self.top)

    def as_it_is(self) -> dict[str, bytes]:
        """The state in which nothing is lost: that of a process that was killed."""
        return _whole(self.top)

    def _at(self, path: Path) -> File | Folder:
        node: File | Folder = self.top
        for part in path.relative_to(self.root).parts:
            assert isinstance(node, Folder)
            node = node.now[part]
        return node

    def _change(self, folder: Path, names: dict[str, File | Folder | None]) -> None:
        node = self._at(folder)
        assert isinstance(node, Folder)
        node.pending.append(names)

    def _open_new(self, path: Path, handle: int) -> None:
        self._open[handle] = File()
        self._change(path.parent, {path.name: self._open[handle]})

    def _open_end(self, path: Path, handle: int) -> None:
        parent = self._at(path.parent)
        assert isinstance(parent, Folder)
        there = parent.now.get(path.name)
        if there is None:
            self._open_new(path, handle)
        else:
            assert isinstance(there, File)
            self._open[handle] = there

    def _write(self, handle: int, data: bytes) -> None:
        file = self._open[handle]
        file.pending.append(file.now + data)

    def _shorten(self, handle: int, size: int) -> None:
        file = self._open[handle]
        file.pending.append(file.now[:size])

    def _flush(self, handle: int) -> None:
        file = self._open[handle]
        file.flushed, file.pending = file.now, []

    def _flush_folder(self, path: Path) -> None:
        if path == self.root or self.root in path.parents:
            node = self._at(path)
            assert isinstance(node, Folder)
            node.flushed, node.pending = node.now, []

    def _make_folder(self, path: Path) -> None:
        parent = self._at(path.parent)
        assert isinstance(parent, Folder)
        if path.name not in parent.now:
            parent.pending.append({path.name: Folder()})

    def _rename(self, source: Path, target: Path) -> None:
        node = self._at(source)
        if source.parent == target.parent:
            self._change(source.parent, {source.name: None, target.name: node})
        else:
            self._change(source.parent, {source.name: None})
            self._change(target.parent, {target.name: node})

    def _remove(self, path: Path) -> None:
        self._change(path.parent, {path.name: None})


def _read(folder: Path) -> Folder:
    """What is there already is on the disk."""
    entries = {
        path.name: _read(path) if path.is_dir() else File(path.read_bytes()) for path in folder.iterdir()
    }
    return Folder(entries)


def _states(folder: Folder, *, read: bool = True) -> Iterator[dict[str, bytes]]:
    """Every state of a folder; of the staging folder, which nobody reads, the last one stands for all."""
    several = product((False, True), repeat=len(folder.pending))
    for kept in several if read else ((True,) * len(folder.pending),):
        names = folder.with_changes(kept)
        parts = [
            [{name: data} for data in (node.possible() if read else [node.now])]
            if isinstance(node, File)
            else [_below(name, state) for state in _states(node, read=read and name != STAGING)]
            for name, node in names.items()
        ]
        for chosen in product(*parts):
            yield {path: data for part in chosen for path, data in part.items()}


def _whole(folder: Folder) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name, node in folder.now.items():
        found |= {name: node.now} if isinstance(node, File) else _below(name, _whole(node))
    return found


def _below(name: str, state: dict[str, bytes]) -> dict[str, bytes]:
    return {f"{name}/{path}": data for path, data in state.items()} | {f"{name}/": b""}


@contextmanager
def recorded() -> Iterator[list[Call]]:
    """Inside, every call that changes the disk is noted; what it opens is known by its handle."""
    calls: list[Call] = []

    def noting(name: str) -> Any:
        original = getattr(disk, name)

        def call(*arguments: Any) -> Any:
            answer = original(*arguments)
            if name in ("open_new", "open_end"):
                calls.append((name, (arguments[0], answer)))
            elif name == "write":
                calls.append((name, (arguments[0], bytes(arguments[1][:answer]))))
            elif name == "make_folder":
                calls.append((name, arguments[:1]))
            else:
                calls.append((name, arguments))
            return answer

        return call

    with patch.multiple(disk, **{name: noting(name) for name in CALLS}):
        yield calls


def write_out(state: dict[str, bytes], folder: Path) -> None:
    """Make a folder hold one state."""
    folder.mkdir()
    for path, data in sorted(state.items()):
        if path.endswith("/"):
            (folder / path).mkdir(parents=True, exist_ok=True)
        else:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
