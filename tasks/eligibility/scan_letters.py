"""The early scan's letters: for each application what is missing, contradictory or at risk, as one message.

Belongs here: which points are open, which of them nobody was written to about, and the message itself. Must
stay out: sending (a person sends the draft), where drafts are kept, the words around the points
(`programme/letters.toml`), and the overview of a scan (`scan_overview.py`). Drafts hold personal data: name
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
from programme.vocabulary import OPEN_OUTCOMES, OpenOutcome

HEADING_ORDER: tuple[OpenOutcome, ...] = ("unclear", "not_met", "conditional")
"""In which order a letter tells the open points: what the applicant can mend first comes first."""
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LONGEST_ADDRESS = 254
"""Characters (RFC 5321, 4.5.3.1)."""


@dataclass(frozen=True)
class OpenPoint:
    """One open point of one application: the rule, its outcome, and the sentence for the applicant."""

    application_id: str
    rule: str
    outcome: str
    message: str

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
    """Every open point of every accepted application, in order of application and rule.

    `checks` and `eligibility` are the dictionary's tables ELIGIBILITY_CHECKS and ELIGIBILITY.
    """
    accepted = checks.join(eligibility.select("application_id"), on="application_id", how="semi")
    rows = accepted.filter(pl.col("outcome").is_in(OPEN_OUTCOMES)).sort("application_id", "rule")
    columns = ("application_id", "rule", "outcome", "message")
    return [OpenPoint(*row) for row in rows.select(columns).iter_rows()]


def letter_drafts(
    points: Iterable[OpenPoint],
    *,
    written: Collection[str],
    submissions: pl.DataFrame,
    city_names: Mapping[str, str],
    round_: Round,
    wording: LetterWording,
) -> list[LetterDraft]:
    """One draft for each application with at least one point that nobody was written to about.

    `written` are ids of points that a letter told already. A draft tells all open points of its application
    and marks those it repeats. `submissions` are canonical rows (for the contact), `city_names` the city's
    name by application.
    """
    of_application: dict[str, list[OpenPoint]] = {}
    for point in points:
        of_application.setdefault(point.application_id, []).append(point)
    contacts = {row["submission_id"]: row for row in submissions.iter_rows(named=True)}
    drafts = []
    for application_id, open_ in sorted(of_application.items()):
        if all(point.id in written for point in open_):
            continue
        contact = contacts[application_id]
        name, address = one_line(contact["contact_name"]), usable_address(contact["contact_email"])
        city = one_line(city_names.get(application_id) or contact["city_name"])
        message = _message(
            open_, written, {"city": city, "round": round_.title, "name": name}, round_, wording
        )
        if address:
            message["To"] = Address(display_name=name, addr_spec=address)
        file_name, content = draft_file_name(application_id), message.as_bytes()
        drafts.append(LetterDraft(application_id, file_name, content, tuple(open_), addressed=bool(address)))
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
    # Mail programs open a message with this header as a draft to be sent.
    message["X-Unsent"] = "1"
    greeting = wording.greeting if fields["name"] else wording.greeting_without_name
    closes = f"{round_.closes:%-d %B %Y}, {round_.closes_at:%H:%M} ({round_.timezone})"
    lines = [greeting.format(**fields), "", wording.opening.format(**fields), ""]
    lines += [f"The call closes on {closes}.", ""]
    for outcome in HEADING_ORDER:
        told = [point for point in points if point.outcome == outcome]
        if told:
            lines += [wording.headings[outcome], *(_point_line(point, written) for point in told), ""]
    lines += [wording.closing.format(**fields), "", wording.signature, wording.contact]
    message.set_content("\n".join(lines))
    return message


def _point_line(point: OpenPoint, written: Collection[str]) -> str:
    again = " (we have written to you about this before)" if point.id in written else ""
    return f"- {point.message}{again}"
