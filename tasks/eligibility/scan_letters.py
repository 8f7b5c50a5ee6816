"""The early scan's letters: for each application what is missing, contradictory or at risk, as one message.

Belongs here: which points are open, which of them nobody was written to about, and the message itself. A
letter says one thing: where a point is final, it asks for nothing. Must stay out: sending (a person sends the
draft), where drafts are kept, the words around the points (`programme/letters.toml`), forms that were set
aside (`unused_forms.py`), and the overview of a scan (`scan_overview.py`). Drafts hold personal data: name
and address of the contact.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTPUTF8

import polars as pl

from programme.letters import LetterWording
from programme.rounds import Round
from programme.vocabulary import COUNTRY, COUNTRY_UNKNOWN, OPEN_OUTCOMES, OpenOutcome
from tasks.eligibility.partner_advice import add_advice

HEADING_ORDER: tuple[OpenOutcome, ...] = ("unclear", "not_met", "conditional")
"""In which order a letter tells the open points: what the applicant can mend first comes first."""
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LONGEST_ADDRESS = 254
"""Characters (RFC 5321, 4.5.3.1)."""


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

    `addressed` is false where the form gives no address that can be used.
    """

    application_id: str
    file_name: str
    content: bytes
    points: tuple[OpenPoint, ...]
    addressed: bool


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
    drafts = []
    for application_id, open_of_it in sorted(of_application.items()):
        told = [point for point in open_of_it if point.final] or open_of_it
        if all(point.id in written for point in told):
            continue
        contact = contacts[application_id]
        name, address = one_line(contact["contact_name"]), usable_address(contact["contact_email"])
        city = one_line(city_names.get(application_id) or contact["city_name"]) or wording.no_city
        fields = {"city": city, "round": round_.title, "name": name}
        fields["application"] = one_line(application_id)
        message = _message(told, written, fields, round_, wording)
        add_advice(message, map(one_line, (partners or {}).get(application_id, ())), wording)
        if address:
            message["To"] = Address(display_name=name, addr_spec=address)
        file_name, content = draft_file_name(application_id), message.as_bytes()
        drafts.append(LetterDraft(application_id, file_name, content, tuple(told), addressed=bool(address)))
    return drafts


def usable_address(text: object) -> str | None:
    """The e-mail address, where the cell is one and nothing else; a list, a header or a sentence is none."""
    candidate = str(text or "").strip()
    return candidate if len(candidate) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(candidate) else None


def draft_file_name(application_id: str) -> str:
    """A file name that cannot leave its folder; two ids never share one."""
    safe = re.sub(r"[^A-Za-z0-9_-]", "_", application_id)[:80]
    if safe and safe == application_id:
        return f"{safe}.eml"
    return f"{safe}-{hashlib.sha256(application_id.encode()).hexdigest()[:8]}.eml"


def one_line(text: object) -> str:
    """At most 200 visible characters on one line: a line break in a name must not become a header."""
    visible = "".join(character if character.isprintable() else " " for character in str(text or ""))
    return " ".join(visible.split())[:200]


def _message(
    points: Sequence[OpenPoint],
    written: Collection[str],
    fields: Mapping[str, str],
    round_: Round,
    wording: LetterWording,
) -> EmailMessage:
    message = EmailMessage(policy=SMTPUTF8)
    message["Subject"] = wording.subject.format(**fields)
    message["From"] = Address(display_name=wording.from_name, addr_spec=wording.from_address)
    message["Reply-To"] = wording.reply_to
    # Mail programs open a message with this header as a draft to be sent.
    message["X-Unsent"] = "1"
    greeting = wording.greeting if fields["name"] else wording.greeting_without_name
    lines = [greeting.format(**fields), ""]
    if points[0].final:
        lines += [wording.opening_final.format(**fields), "", *_point_lines(points, written, wording), ""]
        lines += [wording.closing_final.format(**fields), ""]
    else:
        lines += _open_letter(points, written, fields, round_, wording)
    lines += [wording.signature, wording.contact]
    message.set_content("\n".join(lines))
    return message


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
