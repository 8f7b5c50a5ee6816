"""`city2city`: the command line.

Belongs here: which commands there are, and how a mistake or a stop becomes an exit status (0 done, 1 failed
or stopped, 2 the command or an input is wrong). Must stay out: what a command does (`flows/commands/`).
"""

from __future__ import annotations

import sys
from importlib import import_module

import typer

from flows.console import complain
from flows.settings import read_settings
from programme.problems import ProblemsError

COMMANDS = {
    "demo": "demo",
    "run": "run",
    "scan": "run",
    "status": "status",
    "review": "review",
    "explain": "explain",
    "decide": "decide",
    "check": "check",
    "link": "link",
    "assign": "assign",
    "what-if": "what_if",
    "diff": "versions",
    "verify": "versions",
    "replay": "versions",
}
"""Command to its module in `flows/commands`; the function has the command's name."""

app = typer.Typer(
    name="city2city",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="From the forms of an open call to published, versioned twinnings of cities.",
)
for _command, _module in COMMANDS.items():
    app.command(_command)(getattr(import_module(f"flows.commands.{_module}"), _command.replace("-", "_")))


def main() -> None:
    """Run the command line; a user's mistake is one message, never a traceback."""
    try:
        app()
    except ProblemsError as error:
        for item in error.problems:
            complain(f"{item.where}: found {item.found}; expected {item.expected}. {item.remedy}")
        if any(item.where.startswith("programme/") for item in error.problems):
            complain(f"The rules are read from {read_settings().programme}")
        sys.exit(2)
    except KeyboardInterrupt:
        complain("Interrupted; nothing was published.")
        sys.exit(1)
    except Exception as error:
        # Only the procedure raises StoppedError; importing it here would load polars for `--help`.
        if type(error).__name__ != "StoppedError":
            raise
        from flows.commands.run import tell_stop  # noqa: PLC0415
        from flows.summary import findings_in_short  # noqa: PLC0415

        tell_stop(findings_in_short(error.findings))  # type: ignore[attr-defined]
        sys.exit(1)
