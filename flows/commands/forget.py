"""`city2city forget`: a person's data goes from everywhere, and every count stays."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import AsJson
from flows.console import print_error, print_json, print_text
from flows.context import AppContext, open_context
from flows.forgetting.forget import Forgotten, forget, forget_again
from flows.settings import operating_user
from programme.counts import counted
from programme.problems import problem
from warehouse.erasure_journal import PATH, add_to_journal, read_journal

STAYS = (
    "What stays: the city's name, place and size, its answers by choice, its points and results, because the "
    "counts and decisions of the programme rest on them; and versions that were published, which hold no "
    "personal data."
)
ELSEWHERE = (
    "Not reached from here: mail that was sent, backups (city2city forget --replay-journal after a restore), "
    "copies of exports outside the data folder, and a database server's own log."
)


def forget_submission(
    submission_id: Annotated[
        str | None, typer.Argument(metavar="SUBMISSION", help="The submission.", show_default="none")
    ] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help="Why; it should name nobody.")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="WHO", help="Who erases.", show_default="this user")
    ] = None,
    replay_journal: Annotated[
        bool,
        typer.Option("--replay-journal", help="Erase again all who were forgotten, after a restore."),
    ] = False,
    journal: Annotated[
        Path | None,
        typer.Option("--journal", metavar="FILE", help="With --replay-journal: another copy of it."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Erase the personal data of one application everywhere.

    All forms of its mailbox for its city are erased together, in every round; counts and decisions stay. The
    exit status is 1 where something is left that a person must look at. What was cut short can be run again.
    """
    _check(submission_id, reason, replay_journal=replay_journal, journal=journal)
    context = open_context()
    by, now = by or operating_user(), datetime.now(UTC)
    if submission_id is not None and reason is not None:
        done = [forget(context, submission_id, reason=reason, by=by, now=now)]
    else:
        if journal is not None:
            add_to_journal(context.storage, read_journal(journal.read_text("utf-8")))
        done = forget_again(context, by=by, now=now)
    if as_json:
        print_json([asdict(one) for one in done])
    else:
        _print(context, done)
    if any(one.left or one.unreadable for one in done):
        raise typer.Exit(1)


def _check(
    submission_id: str | None, reason: str | None, *, replay_journal: bool, journal: Path | None
) -> None:
    if replay_journal == (submission_id is not None) or (submission_id is not None and not reason):
        raise problem(
            found="neither, or both" if reason else "no --reason",
            expected="SUBMISSION with --reason TEXT, or --replay-journal",
            where="the command",
            remedy="Name one submission and say why, or ask for the journal to be replayed.",
        )
    if journal is not None and not journal.is_file():
        raise problem(
            found="no such file",
            expected="a copy of the journal of erasures",
            where=str(journal),
            remedy=f"It lies in the data folder: {PATH}.",
        )


def _print(context: AppContext, done: list[Forgotten]) -> None:
    for one in done:
        print_text(
            f"Erased: {', '.join(one.submissions)}. In the database: {counted(one.rows, 'row')} emptied. "
            f"Rewritten: {counted(len(one.inputs), 'input')}. Emptied: {counted(len(one.emptied), 'file')}. "
            f"Removed: {counted(len(one.removed), 'file')}."
        )
        for name in one.others:
            print_text(
                f"Not erased: {name} has the same contact for another city. To erase it too: "
                f'city2city forget {name} --reason "..."'
            )
        for path in one.left:
            print_error(f"Look at this yourself: {path} still holds something of the application.")
        for text in one.unreadable:
            print_error(f"This input could not be looked into: {text}. Remove it, or mend it and run again.")
    if done:
        print_text(f"{STAYS} {ELSEWHERE}")
        print_text(
            f"The journal of erasures, to be kept apart from backups: {context.storage.address}/{PATH}"
        )
    else:
        print_text("The journal of erasures is empty: nobody was forgotten.")
