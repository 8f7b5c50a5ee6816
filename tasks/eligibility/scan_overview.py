"""The overview of an early scan, in Markdown, for the programme office.

Belongs here: what is new and what is settled since the last scan, then every open point by application. Must
stay out: the letters (`scan_letters.py`), and where the overview is kept. It names applications that are
still open and is not for publication.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from programme.counts import counted
from programme.rounds import Round
from tasks.eligibility.scan_letters import LetterDraft, OpenPoint
from warehouse.escapes import markdown


def scan_overview(
    points: Sequence[OpenPoint],
    *,
    new: Collection[str],
    settled: Sequence[OpenPoint],
    drafts: Iterable[LetterDraft],
    city_names: Mapping[str, str],
    round_: Round,
    written_on: Mapping[str, date] | None = None,
    closed: bool = False,
) -> str:
    """The scan in Markdown.

    `points` are the open ones, in order of application; `new` the ids of those that the last scan did not
    have; `settled` the points of the last scan that are no longer open; `city_names` are by application.
    `written_on` is the day of the last letter that could be sent, by application; `closed` says that the call
    is over, so that no letter is drafted.
    """
    draft_of = {draft.application_id: draft for draft in drafts}
    n_open = counted(len(points), "thing")
    counts = f"{n_open} open, {len(new)} new since the last scan, {len(settled)} settled"
    lines = [
        f"# Early scan of round {round_.id}",
        "",
        "Not for publication: it names applications that are still open.",
        "",
        f"{counts}; {counted(sum(not draft.refused for draft in draft_of.values()), 'draft')} to send.",
        "",
    ]
    lines += _settled_lines(settled, city_names)
    lines += ["## What is missing or open", ""]
    for application_id in dict.fromkeys(point.application_id for point in points):
        named = f"{markdown(application_id)} {markdown(city_names.get(application_id, ''))}"
        about = _about_draft(
            draft_of.get(application_id), (written_on or {}).get(application_id), closed=closed
        )
        lines += [f"### {named} ({about})", ""]
        lines += [_point_line(point, new) for point in points if point.application_id == application_id]
        lines.append("")
    return "\n".join(lines)


def _settled_lines(settled: Sequence[OpenPoint], city_names: Mapping[str, str]) -> list[str]:
    if not settled:
        return []
    lines = ["## Settled since the last scan", ""]
    for point in settled:
        name = markdown(city_names.get(point.application_id, ""))
        lines.append(f"- {markdown(point.application_id)} ({name}): {point.rule}")
    return [*lines, ""]


def _about_draft(draft: LetterDraft | None, written_on: date | None, *, closed: bool) -> str:
    """What became of the letter: drafted now, drafted on an earlier day, or none."""
    if draft is not None and draft.refused:
        return f"no draft: {draft.refused}; correct what the form holds, or write by hand"
    if draft is not None:
        return f"{'draft' if draft.addressed else 'draft without a usable address'}: {draft.file_name}"
    if written_on is not None:
        return f"letter of {written_on:%-d %B %Y}; nothing new since"
    return "no letter: the call is closed" if closed else "no letter"


def _point_line(point: OpenPoint, new: Collection[str]) -> str:
    mark = "**new** " if point.id in new else ""
    return f"- {mark}{point.rule}, {point.outcome.replace('_', ' ')}: {markdown(point.message)}"
