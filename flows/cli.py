"""`city2city`: the command line.

Belongs here: which commands there are, how one is loaded, and how a mistake or a stop becomes an exit status
(0 done, 1 failed or stopped, 2 the command or an input is wrong). Must stay out: what a command does
(`flows/commands/`).

A command's module is imported only when the command is invoked or its help is shown, so that `city2city
--help` and `city2city status` answer at once and command modules can import whatever they need at their top.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup

from flows.arguments import readable
from flows.console import print_error, print_text
from flows.errors import StoppedError
from flows.interruption import InterruptedByPersonError, interruptible, say_so
from flows.process_end import ending_at_once
from flows.settings import keep_working_folder_out, read_settings
from flows.unexpected import UnexpectedError, without_values
from flows.version import program_version
from programme.problems import ProblemsError


@dataclass(frozen=True)
class CommandSource:
    """Where a command is: its module in `flows/commands`, its function there, and its summary.

    The summary is the first sentence of the function's docstring; a test holds them equal. `package` is
    another package, for a command of what stands above the flows: nothing here imports that.
    """

    module: str
    function: str
    summary: str
    package: str = "flows.commands"


COMMANDS = {
    "demo": CommandSource("demo", "demo", "Run both rounds on the sample inputs."),
    "run": CommandSource("run", "run", "Process a round; publish a new version if anything changed."),
    "scan": CommandSource("run", "scan", "Look at a round early: who is missing what."),
    "status": CommandSource("status", "status", "Show where every round stands."),
    "runs": CommandSource("runs", "runs", "List the runs of a round and how each ended."),
    "inputs": CommandSource("runs", "inputs", "List the inputs of a round and the versions made from each."),
    "review": CommandSource("review", "review", "List what waits for a person, the most urgent first."),
    "explain": CommandSource("explain", "explain", "Explain an application's result, or a twinning."),
    "decide": CommandSource("decide", "decide", "Record one human decision: who, when, why."),
    "approve": CommandSource("approve", "approve", "Approve a version, so that it may leave the house."),
    "revoke-approval": CommandSource("approve", "revoke_approval", "Take the approvals of a version back."),
    "rollback": CommandSource(
        "rollback", "rollback", "Go back to an older version: its tables become a new one."
    ),
    "decisions": CommandSource("decisions", "decisions", "List a round's decisions and their effects."),
    "ledger": CommandSource("ledger", "ledger", "Restore the record of decisions from what is kept."),
    "letters": CommandSource(
        "letters", "letters", "Tell each application its result, from an approved version."
    ),
    "check": CommandSource("check", "check", "Say how one file would be read; nothing is stored."),
    "map": CommandSource("map", "map_file", "Propose how the columns of an unknown form are read."),
    "link": CommandSource("link", "link", "Look a name up in the registers and explain the answer."),
    "assign": CommandSource(
        "assign", "assign", "Give applications to evaluators, or read their scores back."
    ),
    "starter": CommandSource("starter", "starter", "Write the starter of each approved twinning."),
    "what-if": CommandSource("what_if", "what_if", "Solve the matchmaking again and print what changes."),
    "alternatives": CommandSource(
        "alternatives", "alternatives", "Show near-equal plans, and what would have sufficed."
    ),
    "replace": CommandSource("replace", "replace", "Say what happens if a city leaves, or decide it."),
    "weights": CommandSource(
        "weights", "weights", "Show how far each weight can move, and who comes and goes."
    ),
    "blocking": CommandSource("blocking", "blocking", "Show groups that would rather be together."),
    "feedback": CommandSource("feedback", "feedback", "Show which aspects went with good twinnings."),
    "diff": CommandSource("diff", "diff", "Show what changed between two versions, and why."),
    "report": CommandSource("report", "report", "Write a version as one HTML file that needs nothing else."),
    "desk": CommandSource("command", "desk", "Open the office's desk in the browser.", package="desk"),
    "verify": CommandSource("verify", "verify", "Check versions from their files alone."),
    "repair": CommandSource("repair", "repair", "Rebuild a damaged version, and prove it the same."),
    "keys": CommandSource("keys", "keys", "Make the office's key, with which approvals are signed."),
    "forget": CommandSource(
        "forget", "forget_submission", "Erase the personal data of one application everywhere."
    ),
    "disclose": CommandSource("disclose", "disclose", "Write all that is kept of an application or a city."),
    "backup": CommandSource("backup", "backup", "Copy storage and database of one moment into one file."),
    "restore": CommandSource("backup", "restore", "Put a backup back, and prove that it is whole."),
    "replay": CommandSource("replay", "replay", "Recompute a version and say whether it is identical."),
    "doctor": CommandSource("doctor", "doctor", "Say whether the installation is in order."),
    "watch": CommandSource("watch", "watch", "Say whether every round has the version that is due."),
}
"""Every command, in the order of the help."""

FAULTS_OF_NAMES = (errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.ELOOP)
FAULTS_OF_PERMISSION = (errno.EACCES, errno.EPERM)
FAULTS_OF_A_MACHINE = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)
FAULTS_OF_A_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS)
"""What a full or failing disk answers: the person at the program can mend it, and no input is wrong."""
INTERRUPTED = 130
"""The exit status that Typer makes of Ctrl-C."""


def _new_app(**options: Any) -> typer.Typer:
    # Without markup: with it, a bracket in a text (`[default: ...]`) is taken for a style and vanishes.
    return typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, **options)


class LazyCommands(Mapping[str, Any]):
    """The commands by name; one is imported when it is looked up, and not before."""

    def __getitem__(self, name: str) -> Any:
        source = COMMANDS[name]
        module = import_module(f"{source.package}.{source.module}")
        single = _new_app()
        single.command(name)(getattr(module, source.function))
        return typer.main.get_command(single)

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class LazyGroup(TyperGroup):
    """The group of all commands; its own help is made from `COMMANDS`, without importing any of them."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = cast("Any", LazyCommands())

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  (the signature is Typer's)
        """The names of the commands, in the order of the help."""
        return list(COMMANDS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the section of the commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, source.summary) for name, source in COMMANDS.items()])


app = _new_app(
    name="city2city",
    cls=LazyGroup,
    no_args_is_help=True,
    help="From the forms of an open call to published, versioned twinnings of cities.",
)


def _print_version(asked: bool) -> None:
    if asked:
        print_text(f"city2city {program_version()}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Take the options that belong to no command."""


def _of_the_system(error: OSError) -> tuple[str, int] | None:
    """What a person is told of a fault of the system, with the exit status; None where nobody foresaw it."""
    found = f"{error.filename or 'This computer'}: {error.strerror}."
    if error.errno in FAULTS_OF_NAMES:
        return f"{found} Name a file or folder that can be used.", 2
    if error.errno in FAULTS_OF_PERMISSION:
        return f"{found} Let this user read and write it, and start again.", 2
    if error.errno in (*FAULTS_OF_A_DISK, *FAULTS_OF_A_MACHINE):
        return f"{found} Mend that, and start again.", 1
    return None


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; a user's mistake is one message, and so is an unexpected error, without values.

    `arguments` are those after the program's name (None: those of this process). Raises `SystemExit` with the
    exit status.
    """
    if arguments is None:
        keep_working_folder_out()
        with ending_at_once():
            _answer(sys.argv[1:])
    else:
        _answer(arguments)


def _answer(arguments: Sequence[str]) -> None:
    try:
        with interruptible():
            app(args=readable(arguments), prog_name="city2city")
    except InterruptedByPersonError:
        say_so()
        sys.exit(1)
    except ProblemsError as error:
        for item in error.problems:
            print_error(f"{item.where}: found {item.found}; expected {item.expected}. {item.remedy}")
        if any(item.where.startswith("programme/") for item in error.problems):
            print_error(f"The rules are read from {read_settings().programme}")
        sys.exit(2)
    except StoppedError as stop:
        print_error("Stopped: nothing was published, the last good version stays.")
        for reason in stop.reasons():
            print_error(f"- {reason}")
        sys.exit(1)
    except SystemExit as end:
        if end.code != INTERRUPTED:
            raise
        print_error("Interrupted; the last published version stays.")
        sys.exit(1)
    except Exception as error:  # noqa: BLE001  (its text may quote an input, so it is told without values)
        if isinstance(error, OSError) and (told := _of_the_system(error)):
            print_error(told[0])
            sys.exit(told[1])
        print_error(str(error if isinstance(error, UnexpectedError) else without_values(error)))
        print_error("The last published version stays. Report these lines to those who maintain the program.")
        sys.exit(1)
