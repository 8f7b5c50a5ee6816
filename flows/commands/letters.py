"""`city2city letters`: what each application is told, from an approved version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.approval_state import stale_reasons
from flows.commands.options import AsJson, RoundId, ShowAll
from flows.console import print_error, print_json, print_table, print_text, progress
from flows.context import AppContext, open_context
from flows.mailing.bounces import read_bounces
from flows.mailing.gather import gather_letters, refuse_stale
from flows.mailing.letterbox import Letterbox
from flows.mailing.mail_settings import MailSettings, mail_settings
from flows.mailing.post import Post
from flows.mailing.send import Sent
from flows.run_record import hold_round
from flows.settings import mail_variables
from programme.counts import counted
from programme.letter_vocabulary import TOLD
from programme.problems import ProblemsError, problem
from programme.rounds import Round
from tasks.letters.outbox import count_by_kind

COLUMNS = ["application_id", "kind", "version", "state", "detail", "letter_id"]
Say = Callable[[str], None]
FOUND_OUT = (
    "Look for its Message-ID at the mail server or among the sent letters. Then: city2city letters {round} "
    "--was-sent LETTER, or --was-not-sent LETTER."
)
OTHER_ADDRESS = (
    "Where an address is missing or came back, name another one, then send again: city2city decide {round} "
    'change_contact APPLICATION --contact "NAME <ADDRESS>" --reason TEXT --by WHO'
)

Preview = Annotated[bool, typer.Option("--preview", help="Write all letters on one page.")]
Send = Annotated[bool, typer.Option("--send", help="Send what is due by mail.")]
Folder = Annotated[
    Path | None, typer.Option("--eml", metavar="DIR", help="Write what is due as files, for you to send.")
]
Bounces = Annotated[
    Path | None, typer.Option("--bounced", metavar="FILE", help="Note which letters came back.")
]
Stale = Annotated[
    bool, typer.Option("--stale", help="Insist, although something changed since the approval.")
]
WasSent = Annotated[
    list[str] | None, typer.Option("--was-sent", metavar="LETTER", help="A doubtful letter did arrive.")
]
WasNotSent = Annotated[
    list[str] | None,
    typer.Option("--was-not-sent", metavar="LETTER", help="A doubtful letter did not arrive."),
]


def letters(
    round_id: RoundId,
    preview: Preview = False,
    send: Send = False,
    eml: Folder = None,
    stale: Stale = False,
    bounced: Bounces = None,
    was_sent: WasSent = None,
    was_not_sent: WasNotSent = None,
    show_all: ShowAll = False,
    as_json: AsJson = False,
) -> None:
    """Tell each application its result, from an approved version.

    Without an option it shows what is due and what became of each letter. Nobody is told the same twice: a
    new version is told only to those whose news changed, as a correction.
    """
    if send and eml is not None:
        raise _one_way()
    context = open_context()
    round_ = context.round(round_id)
    now = datetime.now(UTC)
    settings = mail_settings(mail_variables()) if send else None
    if not (send or eml or bounced or was_sent or was_not_sent):
        with Letterbox(context, round_) as box:
            _look(context, round_, box, now, preview=preview, show_all=show_all, as_json=as_json)
        return
    say = print_error if as_json else print_text
    with hold_round(context, round_.id, "letters"), Letterbox(context, round_) as box:
        _note_found_out(box, was_sent or (), was_not_sent or (), now)
        if bounced is not None:
            _note_bounced(box, bounced, context, round_, now, say)
        if send or eml:
            post = Post(context, gather_letters(context, round_.id), box, now)
            if not stale:
                refuse_stale(context, post.approved.approved)
            if preview:
                _write_preview(context, round_, post, quiet=as_json)
            _hand_over(post, eml, settings, say, quiet=as_json)
        _finish(box, round_, as_json=as_json, show_all=show_all)


def _hand_over(
    post: Post, folder: Path | None, settings: MailSettings | None, say: Say, *, quiet: bool
) -> None:
    """Send what is due, or write it into the folder."""
    if folder is not None:
        written = post.export(folder)
        say(f"{counted(len(written), 'letter')} written into {folder}. Each counts as sent, so send it.")
    elif settings is not None:
        with progress(quiet=quiet):
            result = post.send(settings)
        _tell(result, settings.host, say)


def _look(
    context: AppContext,
    round_: Round,
    box: Letterbox,
    now: datetime,
    *,
    preview: bool,
    show_all: bool,
    as_json: bool,
) -> None:
    """Show what is due and what there is; no letter is made or changed."""
    post = Post(context, gather_letters(context, round_.id), box, now)
    for reason in stale_reasons(context, post.approved.approved):
        print_error(f"The approval is stale: {reason} Letters are sent only with --stale.")
    due, counts = post.plan.due, count_by_kind(post.plan.due)
    if preview:
        _write_preview(context, round_, post, quiet=as_json)
    if as_json:
        waiting = [
            {
                "application_id": one.news.application_id,
                "kind": one.news.kind,
                "correction": bool(one.corrects),
            }
            for one in due
        ]
        print_json({"version": post.approved.approved.version, "due": waiting, "letters": _rows(box)})
        return
    kinds = ", ".join(f"{kind.replace('_', ' ')} {count}" for kind, count in counts.items())
    corrections = sum(one.corrects is not None for one in due)
    print_text(
        f"Round {round_.id}, approved version {post.approved.approved.version}: "
        f"{counted(len(due), 'letter')} to send"
        + (f": {kinds}" if kinds else "")
        + (f"; {corrections} of them are corrections." if corrections else ".")
    )
    print_text(f"Told already: {counted(len(post.plan.told), 'application')}.")
    _finish(box, round_, as_json=False, show_all=show_all, strict=False)


def _write_preview(context: AppContext, round_: Round, post: Post, *, quiet: bool = False) -> None:
    path = f"restricted/letters/{round_.id}/preview-{post.approved.approved.version:04d}.html"
    context.storage.write(path, post.preview(), private=True)
    if not quiet:
        print_text(f"All letters are on one page: {context.storage.address.rstrip('/')}/{path}")


def _note_found_out(
    box: Letterbox, was_sent: Sequence[str], was_not_sent: Sequence[str], now: datetime
) -> None:
    """Note what a person found out about letters whose sending was cut short."""
    doubtful = sorted(row["letter_id"] for row in box.rows() if row["state"] == "sending")
    if wrong := [name for name in (*was_sent, *was_not_sent) if name not in doubtful]:
        raise problem(
            found=", ".join(wrong),
            expected=f"a letter whose sending was cut short: {', '.join(doubtful) or 'there is none'}",
            where="--was-sent, --was-not-sent",
            remedy="Correct the letter's id; `city2city letters` shows them.",
        )
    box.note(was_sent, "sent", now)
    box.note(was_not_sent, "waiting", now)


def _note_bounced(
    box: Letterbox, file: Path, context: AppContext, round_: Round, now: datetime, say: Say
) -> None:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise problem(
            found=error.strerror or str(error),
            expected="a list of letters that came back, or a returned message",
            where=f"--bounced {file}",
            remedy="Correct the path.",
        ) from error
    told = [row for row in box.rows() if row["state"] in TOLD]
    contacts = gather_letters(context, round_.id).sources.contacts
    addresses = {one.address: name for name, one in contacts.items() if one.address}
    found = read_bounces(data, told, addresses)
    box.note(found.letter_ids, "bounced", now)
    say(f"{counted(len(found.letter_ids), 'letter')} came back.")
    if found.unknown:
        lines = ", ".join(map(str, found.unknown[:10]))
        say(f"No letter of ours that was sent is named in these lines of {file}: {lines}.")


def _tell(result: Sent, host: str, say: Say) -> None:
    say(f"{counted(len(result.sent), 'letter')} sent through {host}.")
    if result.stopped:
        print_error(
            f"The mail server {host}: {result.stopped}. Waiting: {counted(len(result.waiting), 'letter')}."
        )
    elif result.waiting:
        print_error(f"The server put off {counted(len(result.waiting), 'letter')}: send again later.")
    if result.failed:
        print_error(f"The server refused {counted(len(result.failed), 'letter')}.")
    if result.elsewhere:
        say(f"Another process is sending {counted(len(result.elsewhere), 'letter')}.")


def _rows(box: Letterbox) -> list[dict[str, Any]]:
    names = (*COLUMNS, "message_id", "text_sha256", "corrects", "made_at", "state_at")
    return [{name: row[name] for name in names} for row in box.rows()]


def _finish(box: Letterbox, round_: Round, *, as_json: bool, show_all: bool, strict: bool = True) -> None:
    """Show what became of the letters; ends with 1 where one needs a person (`strict`)."""
    rows = _rows(box)
    if as_json:
        print_json({"letters": rows})
    else:
        _print_rows(rows, round_, show_all=show_all)
    if strict and any(row["state"] in ("sending", "waiting", "failed", "refused") for row in rows):
        raise typer.Exit(1)


def _print_rows(rows: list[dict[str, Any]], round_: Round, *, show_all: bool) -> None:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["state"]] = counts.get(row["state"], 0) + 1
    if counts:
        print_text(
            "Outbox: " + ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in sorted(counts.items()))
        )
    trouble = [row for row in rows if row["state"] not in (*TOLD, "replaced")]
    if trouble:
        print_table(trouble, COLUMNS, title="Letters that reached nobody yet", show_all=show_all)
    if any(row["state"] in ("no_address", "bounced") for row in rows):
        print_text(OTHER_ADDRESS.format(round=round_.id))
    doubtful = [row for row in rows if row["state"] == "sending"]
    for row in doubtful:
        print_error(
            f"Letter {row['letter_id']} (application {row['application_id']}): its sending was cut short. "
            f"Whether it arrived is not known. Message-ID: {row['message_id']}"
        )
    if doubtful:
        print_error(FOUND_OUT.format(round=round_.id))


def _one_way() -> ProblemsError:
    return problem(
        found="--send and --eml together",
        expected="one of them",
        where="the options",
        remedy="Send the letters, or write them as files for you to send.",
    )
