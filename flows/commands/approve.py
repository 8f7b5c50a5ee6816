"""`city2city approve` and `city2city revoke-approval`: which version may leave the house."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from flows.announcement import Announcement, announcement
from flows.approving import Answer, revoke
from flows.approving import approve as record_approval
from flows.commands.options import AsJson, RoundId, ShowAll
from flows.console import print_json, print_table, print_text
from flows.context import open_context
from programme.counts import counted
from programme.problems import problem

By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who approves.")]


def approve(
    round_id: RoundId,
    version: Annotated[int, typer.Argument(metavar="VERSION", help="The version that may leave the house.")],
    by: By = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; kept with the decision, not published.")
    ] = "approved",
    older: Annotated[
        bool, typer.Option("--older", help="Insist on a version that is not the latest one.")
    ] = False,
    show: Annotated[
        bool, typer.Option("--show", help="Print what would be announced, and approve nothing.")
    ] = False,
    show_all: ShowAll = False,
    as_json: AsJson = False,
) -> None:
    """Approve a version, so that it may leave the house.

    Refused is a version that does not verify, that is not the latest, that has open points of a blocking kind
    or unsettled conflicts, and an approval by nobody but those who made the version (four eyes).
    """
    context = open_context()
    round_ = context.round(round_id)
    if show:
        _print_page(announcement(context, round_, version, traced=True), show_all=show_all, as_json=as_json)
        return
    if not by or not by.strip():
        raise problem(
            found="nobody",
            expected="the name of the person who approves",
            where="--by",
            remedy=f"Give it: city2city approve {round_id} {version} --by NAME. To look first: --show.",
        )
    _print_answer(
        round_id, record_approval(context, round_, version, by=by, reason=reason, older=older), as_json
    )


def revoke_approval(
    round_id: RoundId,
    version: Annotated[
        int | None,
        typer.Argument(
            metavar="VERSION", help="Its approvals are taken back.", show_default="the approved one"
        ),
    ] = None,
    *,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who takes them back.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")],
    as_json: AsJson = False,
) -> None:
    """Take the approvals of a version back.

    What was announced is not called back by that. A version that was approved before it is the approved one
    again.
    """
    context = open_context()
    answer = revoke(context, context.round(round_id), version, by=by, reason=reason)
    if not as_json:
        print_text(f"The approvals of version {answer.version} of round {round_id} are taken back.")
    _print_answer(round_id, answer, as_json)


def _print_page(page: Announcement, *, show_all: bool, as_json: bool) -> None:
    if as_json:
        print_json(page.as_json())
        return
    print_text(page.headline())
    for line in page.lines:
        print_text(f"- {line}")
    if page.changes.height:
        print_table(
            page.changes.rows(named=True), page.changes.columns, title="Every change", show_all=show_all
        )
    print_text(
        f"{counted(page.needed, 'person')} must approve it: city2city approve {page.round_id} {page.version}"
    )


def _print_answer(round_id: str, answer: Answer, as_json: bool) -> None:
    if as_json:
        print_json({"round": round_id, **asdict(answer)})
        return
    if answer.people:
        print_text(
            f"Version {answer.version} of round {round_id}: approved by {len(answer.people)} of "
            f"{counted(answer.needed, 'person')}."
        )
    if answer.note:
        print_text(answer.note)
    if answer.approved is None:
        print_text("Nothing may leave the house.")
    else:
        print_text(f"Version {answer.approved.version} may leave the house.")
