"""Who still has to be told what: the news of a version against the letters there are.

Belongs here: which letter is new, which corrects another one, which waits for a person. Must stay out:
keeping the letters (`warehouse/database/outbox.py`), sending them (`flows/mailing/`) and what they say
(`wording.py`).

Nobody gets the same news twice. A letter whose sending was cut short is neither taken as sent nor sent
again: a person finds out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from programme.letter_vocabulary import RETRIED, TOLD, LetterKind, LetterState
from tasks.letters.news import News

_COPY = re.compile(r"^(.*) \(row \d+\)$")


@dataclass(frozen=True)
class Letter:
    """One letter of the outbox, in the order in which it was made.

    `news` is the id of what it tells, `contact` the record that changed the address (None: the form's), `on`
    the day of its state.
    """

    letter_id: str
    application_id: str
    kind: LetterKind
    version: int
    news: str
    state: LetterState
    on: date
    contact: str | None = None
    corrects: str | None = None


@dataclass(frozen=True)
class Due:
    """One letter that has to be sent: its id, its news, and the letter that it corrects."""

    letter_id: str
    news: News
    corrects: Letter | None = None


@dataclass(frozen=True)
class Plan:
    """What follows for all applications of a version.

    `due` are to be sent; `told` know their news already; `unsure` are letters whose sending was cut short,
    and `bounced` letters that came back: nothing is sent to their applications before a person has looked.
    `replaced` are letters that were never sent and say what no longer counts.
    """

    due: tuple[Due, ...] = ()
    told: tuple[News, ...] = ()
    unsure: tuple[Letter, ...] = ()
    bounced: tuple[Letter, ...] = ()
    replaced: tuple[Letter, ...] = ()


def plan_letters(round_id: str, news: Iterable[News], letters: Iterable[Letter]) -> Plan:
    """Compare the news of a version with the letters of its round, given in the order they were made."""
    of_application: dict[str, list[Letter]] = {}
    for letter in letters:
        of_application.setdefault(letter.application_id, []).append(letter)
    due: list[Due] = []
    told: list[News] = []
    unsure: list[Letter] = []
    bounced: list[Letter] = []
    replaced: list[Letter] = []
    for one in news:
        before = of_application.get(one.application_id, [])
        last = next((letter for letter in reversed(before) if letter.state in TOLD), None)
        letter_id = make_letter_id(round_id, one, last)
        replaced += [each for each in before if each.state in RETRIED and each.letter_id != letter_id]
        if doubtful := [letter for letter in before if letter.state == "sending"]:
            unsure += doubtful
        elif last is not None and last.news == one.id:
            told.append(one)
        elif back := [each for each in before if each.state == "bounced" and each.letter_id == letter_id]:
            bounced += back
        else:
            due.append(Due(letter_id, one, last))
    return Plan(tuple(due), tuple(told), tuple(unsure), tuple(bounced), tuple(replaced))


def letters_out(
    letters: Iterable[Letter], applications: pl.DataFrame, moved: Mapping[int, Container[str]] | None = None
) -> tuple[int, int]:
    """How many applications of a version were told their news, and how many get a letter.

    Where the last letter that still counts reached nobody, or came back, its application was not told.
    `moved` are the applications whose news is another than it was in an earlier version: what a letter of
    that version told them counts no longer, and its correction is not out.
    """
    last = {letter.application_id: letter for letter in letters if letter.state != "replaced"}
    states = dict(applications.select("application_id", "state").iter_rows())
    told_of = [name for name, state in states.items() if not is_copy(name, state, states)]
    out = [name for name in told_of if name in last and last[name].state in TOLD]
    return sum(name not in (moved or {}).get(last[name].version, ()) for name in out), len(told_of)


def is_copy(application_id: str, state: str, known: Container[str]) -> bool:
    """Whether an application is a further row of an id that has a form of its own, and gets no letter."""
    original = _COPY.match(application_id)
    return state == "set_aside" and bool(original and original[1] in known)


def make_letter_id(round_id: str, news: News, last: Letter | None) -> str:
    """The id of the letter with this news after that last one, 16 hex digits.

    It is the same whoever makes the letter and however often, so that one letter is kept once and its
    Message-ID finds it. Another address makes another letter.
    """
    parts = (
        round_id,
        news.application_id,
        news.id,
        last.letter_id if last else "",
        news.contact.changed or "",
    )
    return hashlib.sha256("\n".join(parts).encode("utf-8", errors="surrogatepass")).hexdigest()[:16]


def message_id(round_id: str, letter_id: str, sender: str) -> str:
    """The Message-ID of a letter, in the sender's domain."""
    return f"<{letter_id}.{round_id}@{sender.rpartition('@')[2]}>"


def count_by_kind(due: Sequence[Due]) -> dict[LetterKind, int]:
    """How many letters of each kind are to be sent, most first."""
    counts: dict[LetterKind, int] = {}
    for one in due:
        counts[one.news.kind] = counts.get(one.news.kind, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
