"""Words for people: fixed words as they are read, names of countries, counted nouns, amounts and moments.

Belongs here: turning one value into text. Must stay out: sentences about a round (the other views), and HTML.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from programme.countries.names import country_names
from programme.vocabulary import (
    Aspect,
    BalanceSubject,
    OpenPointKind,
    State,
    Status,
    UnplacedKind,
)

ASPECT_NAMES: dict[Aspect, str] = {
    "topical": "Topic",
    "complementarity": "Need meets experience",
    "institutional": "Institutions",
    "geography": "Geography",
    "hours": "Working hours",
    "preferences": "Preferences",
    "cooperation": "Earlier cooperation",
    "selection": "Selection score",
}
"""What each aspect of a twinning's value is called on a page."""
UNPLACED_NAMES: dict[UnplacedKind, str] = {
    "no_partner": "No partner fits",
    "below_minimum_worth": "Below the minimum worth",
    "better_twinnings": "Better twinnings would have to give way",
    "capacity": "No place left",
    "balance": "The balance would suffer",
    "decisions": "Decisions leave no place",
    "withdrawn": "Withdrawn",
    "same_city": "Its city has a place through another form",
    "earlier_twinning": "Its city has a place from another round",
}
"""Why an application that could be selected is in no twinning, as a heading."""
STATE_NAMES: dict[State, str] = {
    "accepted": "Accepted",
    "superseded": "Superseded",
    "late": "Late",
    "withdrawn": "Withdrawn",
    "set_aside": "Set aside",
}
STATUS_NAMES: dict[Status, str] = {
    "eligible": "Eligible",
    "tentative": "Tentative",
    "needs_review": "Needs review",
    "ineligible": "Ineligible",
}
POINT_NAMES: dict[OpenPointKind, str] = {
    "declined": "Places that were declined",
    "silent": "Cities that did not answer",
    "reconsider": "Requests to look again",
    "letter": "Letters that reached nobody",
    "at_risk": "Confirmed cities at risk",
    "set_aside": "Forms set aside",
    "country": "Countries that are not known",
    "link": "Links to a register",
    "contested": "Cities that two senders apply for",
    "replaced": "Forms of another sender that count",
    "rule": "Rules that are unclear",
    "place": "Topics that do not suit the place",
    "conflict": "Conflicts of interest",
    "consent": "Consent that is missing",
    "disputed": "Disputed scores",
    "unconfirmed": "Twinnings to confirm",
}
"""What each kind of open point is called on a page."""
BALANCE_NAMES: dict[BalanceSubject, str] = {
    "region": "World regions",
    "climate": "Climates",
    "urbanisation": "Sizes",
    "topic": "Topics",
}


def in_words(word: str) -> str:
    """A fixed word or a column's name as it is read: `needs_review` is "needs review"."""
    return word.replace("_", " ")


@cache
def _countries() -> dict[str, str]:
    return {one.iso3: one.usual[0] for one in country_names() if one.usual}


def country_name(iso3: str | None) -> str:
    """The English name of a country; its code where it has none, and "country unknown" without a code."""
    return "country unknown" if iso3 is None else _countries().get(iso3, iso3)


def points(value: float) -> str:
    """Points with one decimal; a hyphen is no minus sign."""
    return f"{value:,.1f}".replace("-", "\u2212")


def signed(value: float) -> str:
    """A figure with its sign and two decimals."""
    return f"{value:+.2f}".replace("-", "\u2212")


def has_long_word(text: str) -> bool:
    """Whether a text has a word that no column of a table has room for."""
    return any(len(word) > _ROOM for word in text.split())


def first_sentence(text: str) -> tuple[str, str]:
    """The first sentence of a text, and the rest of it."""
    first, stop, rest = text.partition(". ")
    return first + stop.rstrip(), rest


def duration(minutes: int) -> str:
    """Minutes as hours: "4 h", "3 h 30 min"."""
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def clock(minutes: int) -> str:
    """Minutes after midnight as a time of the day."""
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def day(value: date) -> str:
    """A day as it is written in a letter: 4 September 2025."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """A moment in UTC, to the minute."""
    return f"{day(value)}, {value:%H:%M} UTC"


_ROOM = 16
"""Letters of a word that a column has room for."""
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
