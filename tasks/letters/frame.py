"""What a letter says beside its news: the round, the sender, days that move with the day of sending.

Belongs here: the shapes alone. Must stay out: the news (`news.py`) and the words (`wording.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Correction:
    """The letter that this one corrects: when it was sent, and what it told, in words.

    `same` says that both are of one kind, so that only something in it changed.
    """

    date: date
    said: str
    same: bool = False


@dataclass(frozen=True)
class NextCall:
    """The next call that still takes forms; `opens` is None where it is open already."""

    title: str
    opens: date | None
    closes: date


@dataclass(frozen=True)
class Frame:
    """What a letter says beside its news.

    `today` is the day of the letter, None where it is not known yet. `answer_until` is the last day to accept
    a place; `starts` when twinnings start, None where that is past.
    """

    round: str
    signature: str
    contact: str
    twinning_contact: Mapping[str, str]
    answer_until: date
    starts: date | None = None
    next_call: NextCall | None = None
    correction: Correction | None = None
    today: date | None = None
