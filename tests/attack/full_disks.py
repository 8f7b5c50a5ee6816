"""A disk that is really full, or takes no larger file: every writer meets it, SQLite and the libraries too.

Belongs here: a small file system in memory with little room left, and the system's limit on the size of a
file; the command line is what meets them, and its message is looked at.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.attack import office
from tests.attack.aftermath import aftermath
from tests.attack.preparing import prepare
from tests.attack.processes import Ended, in_child
from tests.attack.tally import Attack, Tally

ROOMS = (0, 2, 8, 16, 32, 48, 64, 96, 128, 192, 256, 320, 384, 448, 512, 640, 768, 1024)
"""Kilobytes of room that are left."""
LIMITS = (1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128, 200, 400)
"""Largest file in kilobytes."""
Try = tuple[str, int]


def plan(workshop: Path) -> Sequence[Try]:
    """Each room and each limit."""
    prepare(workshop)
    rooms = [("room", kilobytes) for kilobytes in ROOMS] if _can_mount(workshop) else []
    return [*rooms, *(("limit", kilobytes) for kilobytes in LIMITS)]


def _can_mount(workshop: Path) -> bool:
    folder = workshop / "mounted"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode == 0:
        subprocess.run(["umount", str(folder)], check=True)
    return done.returncode == 0


def attempt(workshop: Path, tried: Try, folder: Path) -> Tally:
    """The story on a disk that is too small for it, and again when there is room."""
    way, kilobytes = tried
    name, data = f"{way} of {kilobytes} kB", folder / "data"
    if way == "limit":
        shutil.copytree(workshop / "before", data)
        ended = _told(workshop, data, lambda: _limit(kilobytes * 1024))
    else:
        ended = _on_a_full_disk(workshop, data, kilobytes)
    tally = Tally()
    tally.note("traceback", f"{name}: {ended.said[-700:]}", when=ended.traceback)
    tally.note("wrong", f"{name}: exit status {ended.status}", when=ended.status not in (0, 1, 2))
    messages = ended.said.strip().splitlines()
    tally.note(
        "wrong",
        f"{name}: {len(messages)} messages: {messages}",
        when=ended.status != 0 and len(messages) != 1,
    )
    tally.add(aftermath(workshop, data, name=name))
    return tally


def _on_a_full_disk(workshop: Path, data: Path, kilobytes: int) -> Ended:
    disk = data.parent / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)], check=True)
    try:
        shutil.copytree(workshop / "before", disk / "data")
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_bsize
        (disk / "ballast").write_bytes(bytes(max(0, free - kilobytes * 1024)))
        ended = _told(workshop, disk / "data", lambda: None)
        (disk / "ballast").unlink()
        shutil.copytree(disk / "data", data)
        for name in office.OUTSIDE:
            if (disk / name).exists():
                shutil.copy(disk / name, data.parent)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
    return ended


def _limit(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def _told(workshop: Path, data: Path, first: Callable[[], None]) -> Ended:
    """The story as the command line tells of it: a message and an exit status."""

    def lived() -> None:
        from unittest.mock import patch

        from flows import cli

        first()
        with patch.object(cli, "app", lambda **_: office.live(workshop, data)):
            cli.main([])

    # What is said goes to a file too; it may be as large as it likes.
    return in_child(lived)


FULL_DISKS = Attack("a full disk", plan, attempt, seconds=60)
