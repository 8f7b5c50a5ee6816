"""The handbook works as it is written: a reader who has only it brings up the whole house, in order.

Its blocks are typed into one shell, in a scratch copy of the project, one after the other. Here is only
what the handbook says a machine must have: a Postgres in which the reader may make databases, a mail
server, free ports. No command stands here a second time.
"""

from __future__ import annotations

import fcntl
import getpass
import os
import pty
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import termios
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.flows.mail_server import mail_server
from tests.installation.every_python import ROOT
from tests.installation.handbook import CAPITALS, EXAMPLE, HANDBOOK, TYPED, Block, blocks, typed
from tests.servers import ServerError, free_ports, system_postgres

PAGE = HANDBOOK.read_text("utf-8")
AT_MOST_S = 900
"""How long one block may take."""
NO_REGISTRY = ("No matching distribution", "Failed to fetch", "Temporary failure in name resolution")
OWN = ("CITY2CITY_", "PREFECT_", "AWS_", "PG", "VIRTUAL_ENV", "PYTEST_")
"""Variables of this process that a reader does not have."""


def test_every_block_is_marked() -> None:
    unmarked = [block.line for block in blocks(PAGE) if block.mark not in (TYPED, EXAMPLE)]
    assert unmarked == []
    assert len(typed(PAGE)) > 10


def test_what_is_typed_stands_for_nothing_else() -> None:
    found = {block.line: CAPITALS.findall(block.text) for block in typed(PAGE)}
    assert {line: words for line, words in found.items() if words} == {}


def test_the_marks_are_explained_before_the_first_block() -> None:
    before = "\n".join(PAGE.splitlines()[: blocks(PAGE)[0].line - 1])
    assert f"marked `{TYPED}`" in before
    assert f"marked `{EXAMPLE}`" in before


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A copy of the project as a reader gets it."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this is no clone, so what belongs to the project is not known")
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (tmp_path / "program" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tmp_path / "program" / name)
    return tmp_path / "program"


@contextmanager
def machine(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a reader whose machine has what the handbook asks for."""
    postgres = system_postgres()
    (database,) = free_ports(1)
    ports = ports_in_a_row(4)
    server, desk = free_ports(2)
    with tempfile.TemporaryDirectory() as own, mail_server() as mail:
        Path(own).chmod(0o755)
        sockets = postgres.made(Path(own) / "postgres", getpass.getuser(), "unused")
        process = postgres.start(sockets, database)
        try:
            kept = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
            yield kept | {
                "HOME": str(folder),
                "PATH": os.pathsep.join([str(postgres.bin), os.environ["PATH"]]),
                "PGHOST": str(sockets),
                "PGPORT": str(database),
                "PREFECT_PORT": str(server),
                "DESK_PORT": str(desk),
                "STORE_PORT": str(ports),
                "CITY2CITY_SMTP_PORT": str(mail.port),
                "NO_COLOR": "1",
            }
            assert any("failed" in str(message) for message in mail.letters.messages)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def ports_in_a_row(count: int) -> int:
    """The first of some ports in a row that are free."""
    for _ in range(100):
        (first,) = free_ports(1)
        with suppress(OSError):
            for port in range(first, first + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return first
    pytest.fail("no ports in a row are free")


class Reader:
    """Somebody at a terminal: one shell that keeps its variables, and what it said.

    The shell controls its jobs (`-m`) as one at a terminal does: else what it starts is deaf to Ctrl-C.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.said = folder.parent / "said.txt"
        terminal, end = pty.openpty()
        self.terminal = terminal
        self.shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-m"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=end,
            env=dict(environment),
            cwd=folder,
            text=True,
            start_new_session=True,
            pass_fds=[end],
            preexec_fn=lambda: fcntl.ioctl(end, termios.TIOCSCTTY, 0),  # noqa: PLW1509  (one system call)
        )
        os.close(end)

    def type(self, block: Block) -> None:
        """Type a block, and wait until it has come to its end; no command of it may fail."""
        assert self.shell.stdin is not None
        assert self.shell.stdout is not None
        self.shell.stdin.write(f"set -eE\n{{\n{block.text}}} >> '{self.said}' 2>&1\nset +e\necho ':end:'\n")
        self.shell.stdin.flush()
        ready, _, _ = select.select([self.shell.stdout], [], [], AT_MOST_S)
        line = self.shell.stdout.readline() if ready else "no end"
        assert line == ":end:\n", f"docs/operations.md:{block.line}: {self.tail()}"

    def tail(self) -> str:
        """The last of what was said."""
        return self.said.read_text("utf-8", "replace")[-6000:]

    def leave(self) -> None:
        """End the shell and all that it started: every process of its session."""
        for process in [*processes_of(self.shell.pid), self.shell.pid]:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.shell.wait(30)
        os.close(self.terminal)


def processes_of(session: int) -> list[int]:
    """The processes of a session, as the system lists them."""
    listed = subprocess.run(["ps", "-e", "-o", "pid=,sess="], capture_output=True, text=True, check=True)
    rows = [line.split() for line in listed.stdout.splitlines()]
    return [int(process) for process, of in rows if int(of) == session and int(process) != session]


@pytest.mark.long
@pytest.mark.prefect
@pytest.mark.timeout(3600)
def test_a_newcomer_brings_up_the_house(scratch: Path, tmp_path: Path) -> None:
    try:
        system_postgres()
    except ServerError as error:
        pytest.skip(str(error))
    with machine(tmp_path) as environment:
        reader = Reader(scratch, environment)
        try:
            for block in typed(PAGE):
                try:
                    reader.type(block)
                except AssertionError:
                    if any(sign in reader.tail() for sign in NO_REGISTRY):
                        pytest.skip("no package registry is reached, which `make setup` needs")
                    raise
            left = processes_of(reader.shell.pid)
        finally:
            reader.leave()
    assert left == []
    assert "Traceback" not in reader.said.read_text("utf-8", "replace")
