"""The early scan's letters: for each application what is missing, contradictory or at risk, as one message.

Belongs here: which points are open, which of them nobody was written to about, and the message itself. A
letter says one thing: where a point is final, it asks for nothing. Must stay out: how a message is built
(`tasks/letters/message.py`), sending (a person sends the draft), where drafts are kept, the words around the
points (`programme/letters.toml`), forms that were set aside (`unused_forms.py`), and the overview of a scan
(`scan_overview.py`). Drafts hold personal data: name and address of the contact.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from programme.letters import LetterWording
from programme.rounds import Round
from programme.vocabulary import COUNTRY, COUNTRY_UNKNOWN, OPEN_OUTCOMES, OpenOutcome
from tasks.eligibility.partner_advice import partner_advice
from tasks.letters.message import (
    Mail,
    Mailbox,
    RefusedMessageError,
    build_message,
    header_text,
    usable_address,
)
from warehouse.escapes import file_names

HEADING_ORDER: tuple[OpenOutcome, ...] = ("unclear", "not_met", "conditional")
"""In which order a letter tells the open points: what the applicant can mend first comes first."""


@dataclass(frozen=True)
class OpenPoint:
    """One open point of one application: the rule, its outcome, and the sentence for the applicant.

    `clause` is that of the FAQ. `final` says that nothing the applicant does can change it in this call.
    """

    application_id: str
    rule: str
    outcome: str
    message: str
    clause: str = ""
    final: bool = False

    @property
    def id(self) -> str:
        """The point's id, by its content: 16 hex digits.

        An applicant is written to once about a point, and again only if it says something else.
        """
        content = "\n".join((self.application_id, self.rule, self.outcome, self.message))
        return hashlib.sha256(content.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class LetterDraft:
    """One message: the application, the file name of the draft, its bytes, and the points it tells.

    `addressed` is false where the form gives no address that can be used. `refused` says why there is no
    message at all (`content` is empty then): what was built was not what was meant.
    """

    application_id: str
    file_name: str
    content: bytes
    points: tuple[OpenPoint, ...]
    addressed: bool
    refused: str = ""


def open_points(checks: pl.DataFrame, eligibility: pl.DataFrame) -> list[OpenPoint]:
    """Every open point of every accepted application, in order of application and rule; the country comes
    first.

    `checks` and `eligibility` are the dictionary's tables ELIGIBILITY_CHECKS and ELIGIBILITY.
    """
    accepted = checks.join(eligibility.select("application_id"), on="application_id", how="semi")
    is_country = pl.col("evidence") == COUNTRY_UNKNOWN
    rows = (
        accepted.filter(pl.col("outcome").is_in(OPEN_OUTCOMES))
        .with_columns(rule=pl.when(is_country).then(pl.lit(COUNTRY)).otherwise("rule"))
        .unique(["application_id", "rule"], keep="first", maintain_order=True)
        .sort("application_id", ~is_country, "rule")
    )
    columns = (
        "application_id",
        "rule",
        "outcome",
        "message",
        "clause",
        pl.col("final").fill_null(value=False),
    )
    return [OpenPoint(*row) for row in rows.select(columns).iter_rows()]


def letter_drafts(
    points: Iterable[OpenPoint],
    *,
    written: Collection[str],
    submissions: pl.DataFrame,
    city_names: Mapping[str, str],
    round_: Round,
    wording: LetterWording,
    partners: Mapping[str, Sequence[str]] | None = None,
) -> list[LetterDraft]:
    """One draft for each application with at least one point that nobody was written to about.

    `written` are ids of points that a letter told already. A draft tells all open points of its application
    and marks those it repeats; where some are final, only those. `submissions` are canonical rows (for the
    contact), `city_names` the city's name by application, `partners` those it named that are not in the
    cohort.
    """
    of_application: dict[str, list[OpenPoint]] = {}
    for point in points:
        of_application.setdefault(point.application_id, []).append(point)
    contacts = {row["submission_id"]: row for row in submissions.iter_rows(named=True)}
    names = file_names(sorted(of_application), ".eml")
    drafts = []
    for application_id, open_of_it in sorted(of_application.items()):
        told = [point for point in open_of_it if point.final] or open_of_it
        if all(point.id in written for point in told):
            continue
        contact = contacts[application_id]
        name, address = header_text(contact["contact_name"]), usable_address(contact["contact_email"])
        city = header_text(city_names.get(application_id) or contact["city_name"])
        fields = {"round": round_.title, "name": name, **wording.of_city(city)}
        fields["application"] = header_text(application_id)
        advice = partner_advice(map(header_text, (partners or {}).get(application_id, ())), wording)
        text = "\n".join([*_lines(told, written, fields, round_, wording), *advice])
        content, refused = _built(text, address, fields, wording)
        draft = LetterDraft(
            application_id, names[application_id], content, tuple(told), address is not None, refused
        )
        drafts.append(draft)
    return drafts


def _built(
    text: str, address: str | None, fields: Mapping[str, str], wording: LetterWording
) -> tuple[bytes, str]:
    """The message, and why it was refused; one of the two is empty."""
    mail = Mail(
        subject=wording.subject.format(**fields),
        sender=Mailbox(wording.from_name, wording.from_address),
        reply_to=Mailbox("", wording.reply_to),
        to=Mailbox(fields["name"], address) if address else None,
        text=text,
        draft=True,
    )
    try:
        return build_message(mail), ""
    except RefusedMessageError as error:
        return b"", str(error)


def _lines(
    points: Sequence[OpenPoint],
    written: Collection[str],
    fields: Mapping[str, str],
    round_: Round,
    wording: LetterWording,
) -> list[str]:
    """The letter, from greeting to signature."""
    greeting = wording.greeting if fields["name"] else wording.greeting_without_name
    lines = [greeting.format(**fields), ""]
    if points[0].final:
        lines += [wording.opening_final.format(**fields), "", *_point_lines(points, written, wording), ""]
        lines += [wording.closing_final.format(**fields), ""]
    else:
        lines += _open_letter(points, written, fields, round_, wording)
    return [*lines, wording.signature, wording.contact]


def _open_letter(
    points: Sequence[OpenPoint],
    written: Collection[str],
    fields: Mapping[str, str],
    round_: Round,
    wording: LetterWording,
) -> list[str]:
    """The lines between greeting and signature, where the applicant can still do something or need not."""
    closes = f"{round_.closes:%-d %B %Y}, {round_.closes_at:%H:%M} ({round_.timezone})"
    waits_only = all(point.outcome == "conditional" for point in points)
    lines = [wording.opening.format(**fields), "", f"The call closes on {closes}.", ""]
    if waits_only:
        lines += [wording.nothing_missing, ""]
    for outcome in HEADING_ORDER:
        told = [point for point in points if point.outcome == outcome]
        if told:
            lines += [wording.headings[outcome], *_point_lines(told, written, wording), ""]
    for point in points:
        if how := wording.how_to(point.rule, point.outcome):
            lines += [how, ""]
    closing = wording.closing_nothing_missing if waits_only else wording.closing
    return [*lines, closing.format(**fields), ""]


def _point_lines(points: Sequence[OpenPoint], written: Collection[str], wording: LetterWording) -> list[str]:
    """One line a sentence; rules that ask for the same thing are told together."""
    of_message: dict[str, list[OpenPoint]] = {}
    for point in points:
        of_message.setdefault(point.message, []).append(point)
    return [_point_line(message, same, written, wording) for message, same in of_message.items()]


def _point_line(
    message: str, points: Sequence[OpenPoint], written: Collection[str], wording: LetterWording
) -> str:
    clauses = ", ".join(dict.fromkeys(part for point in points for part in point.clause.split(", ") if part))
    parts = [f"- {wording.title(points[0].rule)}: {message}"]
    if clauses:
        parts.append(wording.clause.format(clause=clauses))
    if all(point.id in written for point in points):
        parts.append(wording.told_before)
    return " ".join(parts)
