"""The early scan's letters: per application what is missing, contradictory or at risk, as one message a
person can send.

Belongs here: which points are open, which of them nobody was written to about, and the wording of a message
and of the overview. Must stay out: sending (nobody does; a person sends the draft), where drafts are kept,
and the words around the points (`programme/letters.toml`). They hold personal data: name and address of the
contact.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Literal

import polars as pl

from programme.letters import LetterWording
from programme.rounds import Round

Open = Literal["unclear", "not_met", "conditional"]
OPEN: tuple[Open, ...] = ("unclear", "not_met", "conditional")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True)
class Point:
    """One open point of one application: the rule, its outcome, and the sentence for the applicant."""

    application_id: str
    rule: str
    outcome: str
    message: str

    @property
    def id(self) -> str:
        """Same point, same id: an applicant is written to once about it, and again only if it says something
        else.
        """
        return hashlib.sha256(
            "\n".join((self.application_id, self.rule, self.outcome, self.message)).encode()
        ).hexdigest()[:16]


@dataclass(frozen=True)
class Draft:
    """One message: the application, the file name of the draft, its bytes, and the points it tells;
    `addressed` is false where no address can be used.
    """

    application_id: str
    file_name: str
    content: bytes
    points: tuple[Point, ...]
    addressed: bool


def open_points(checks: pl.DataFrame, eligibility: pl.DataFrame) -> list[Point]:
    """Every open point of every accepted application (tables of the dictionary), in order of application and
    rule.
    """
    accepted = checks.join(eligibility.select("application_id"), on="application_id", how="semi")
    rows = accepted.filter(pl.col("outcome").is_in(OPEN)).sort("application_id", "rule")
    return [Point(*row) for row in rows.select("application_id", "rule", "outcome", "message").iter_rows()]


def drafts(
    points: Iterable[Point],
    written: set[str],
    forms: pl.DataFrame,
    names: Mapping[str, str],
    round_: Round,
    words: LetterWording,
) -> list[Draft]:
    """One draft an application with at least one point that is not in `written` (point ids); it tells all its
    open points, new ones marked.

    `forms` are the canonical submissions (for the contact), `names` the city's name by application.
    """
    by_application: dict[str, list[Point]] = {}
    for point in points:
        by_application.setdefault(point.application_id, []).append(point)
    contacts = {row["submission_id"]: row for row in forms.iter_rows(named=True)}
    result = []
    for application_id, its in sorted(by_application.items()):
        if all(point.id in written for point in its):
            continue
        contact = contacts[application_id]
        address = usable_address(contact["contact_email"])
        message = _message(
            its,
            written,
            _line(names.get(application_id) or contact["city_name"]),
            _line(contact["contact_name"]),
            round_,
            words,
        )
        if address:
            message["To"] = Address(display_name=_line(contact["contact_name"]), addr_spec=address)
        result.append(
            Draft(
                application_id,
                file_name(application_id),
                message.as_bytes(),
                tuple(its),
                addressed=bool(address),
            )
        )
    return result


def usable_address(text: object) -> str | None:
    """The e-mail address, where the cell is one and nothing else; a list, a header or a sentence is none."""
    candidate = str(text or "").strip()
    return candidate if len(candidate) <= 254 and _ADDRESS.fullmatch(candidate) else None


def file_name(application_id: str) -> str:
    """A file name that cannot leave its folder; two ids never share one."""
    safe = re.sub(r"[^A-Za-z0-9_-]", "_", application_id)[:80]
    return (
        f"{safe}.eml"
        if safe and safe == application_id
        else f"{safe}-{hashlib.sha256(application_id.encode()).hexdigest()[:8]}.eml"
    )


def overview(
    points: Iterable[Point],
    new: set[str],
    resolved: Iterable[Point],
    made: Iterable[Draft],
    names: Mapping[str, str],
    round_: Round,
) -> str:
    """The scan in Markdown: since the last one what is new and what is settled, then every open point by
    application.
    """
    its, settled, letters = list(points), list(resolved), {draft.application_id: draft for draft in made}
    lines = [
        f"# Early scan of round {round_.id}",
        "",
        "Not for publication: it names applications that are still open.",
        "",
    ]
    lines += [
        f"{len(its)} open point(s), {len(new)} new since the last scan, {len(settled)} settled; {len(letters)} draft(s) to send.",
        "",
    ]
    if settled:
        lines += [
            "## Settled since the last scan",
            "",
            *(
                f"- {_md(p.application_id)} ({_md(names.get(p.application_id, ''))}): {p.rule}"
                for p in settled
            ),
            "",
        ]
    lines += ["## Open points", ""]
    for application_id in dict.fromkeys(point.application_id for point in its):
        draft = letters.get(application_id)
        told = (
            "written to already"
            if draft is None
            else (
                f"draft: {draft.file_name}"
                if draft.addressed
                else f"draft without a usable address: {draft.file_name}"
            )
        )
        lines += [f"### {_md(application_id)} {_md(names.get(application_id, ''))} ({told})", ""]
        lines += [
            f"- {'**new** ' if p.id in new else ''}{p.rule}, {p.outcome.replace('_', ' ')}: {_md(p.message)}"
            for p in its
            if p.application_id == application_id
        ]
        lines.append("")
    return "\n".join(lines)


def _message(
    its: list[Point], written: set[str], city: str, name: str, round_: Round, words: LetterWording
) -> EmailMessage:
    filled = {"city": city, "round": round_.title, "name": name}
    message = EmailMessage(policy=SMTP.clone(cte_type="8bit", utf8=True))
    message["Subject"] = words.subject.format(**filled)
    # Mail programs open a message with this header as a draft to be sent.
    message["X-Unsent"] = "1"
    lines = [
        (words.greeting if name else words.greeting_without_name).format(**filled),
        "",
        words.opening.format(**filled),
        "",
    ]
    lines += [
        f"The call closes on {round_.closes:%-d %B %Y}, {round_.closes_at:%H:%M} ({round_.timezone}).",
        "",
    ]
    for outcome in OPEN:
        told = [point for point in its if point.outcome == outcome]
        if told:
            again = [
                " (we have written to you about this before)" if point.id in written else "" for point in told
            ]
            lines += [
                words.headings[outcome],
                *(f"- {point.message}{mark}" for point, mark in zip(told, again, strict=True)),
                "",
            ]
    lines += [words.closing.format(**filled), "", words.signature, words.contact]
    message.set_content("\n".join(lines))
    return message


def _line(text: object) -> str:
    """One line of visible characters: a line break in a name must not become a header."""
    return " ".join(
        "".join(character if character.isprintable() else " " for character in str(text or "")).split()
    )[:200]


def _md(text: object) -> str:
    return re.sub(r"([\\`*_{}\[\]<>|#])", r"\\\1", _line(text))
