"""`city2city backup` and `city2city restore`: the whole warehouse as one file, and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.backups.make import make_backup
from flows.backups.restore import restore_backup
from flows.commands.options import AsJson
from flows.console import print_error, print_json, print_text
from flows.context import open_context
from flows.forgetting.forget import forget_again
from flows.settings import operating_user
from programme.counts import counted


def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder; the file is named by its time.")],
    recipient: Annotated[
        str | None,
        typer.Option("--recipient", metavar="AGE1...", help="Encrypt it for this public key of age."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Copy storage and database of one moment into one file.

    Runs may go on meanwhile. The file holds personal data: it is readable by its owner alone.
    """
    made = make_backup(open_context(), folder, recipient)
    if as_json:
        print_json(asdict(made) | {"at": made.at.isoformat()})
        return
    size = f"{made.n_bytes / 2**20:.1f} MB"
    print_text(
        f"Backup: {made.path} ({counted(made.n_files, 'file')}, {counted(made.n_rows, 'row')}, {size})."
    )
    if not made.encrypted:
        print_text("It holds personal data and is not encrypted; --recipient encrypts it.")


def restore(
    place: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of backups, or one file of it.")],
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="The secret key of age of an encrypted one.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace what is there; without it, an empty place is needed.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup back, and prove that it is whole.

    Of a folder the newest backup is taken. Whoever was forgotten since is forgotten again, by the journal of
    erasures. The exit status is 1 where something does not hold.
    """
    context = open_context()
    done = restore_backup(context, place, key=key, replace=replace)
    again = []
    if done.to_forget and not done.wrong:
        again = forget_again(open_context(), by=operating_user(), now=datetime.now(UTC))
    wrong = [*done.wrong, *(f"{path}: something is left" for one in again for path in one.left)]
    if as_json:
        print_json(
            asdict(done) | {"wrong": wrong, "forgotten_again": [list(one.submissions) for one in again]}
        )
    else:
        print_text(
            f"Restored: {done.path}, made at {done.made_at} "
            f"({counted(done.n_files, 'file')}, {counted(done.n_rows, 'row')}; "
            f"{counted(done.n_versions, 'version')} verified)."
        )
        if again:
            print_text(f"Forgotten again: {', '.join(done.to_forget)}.")
        for text in wrong:
            print_error(f"This does not hold: {text}")
    if wrong:
        raise typer.Exit(1)
