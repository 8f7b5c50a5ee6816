"""Which of several forms stands: the one place where that is decided.

Belongs here: what may decide between forms (`SentForm`), when one form takes another's place (relations), and
which forms stand in the end. Ingest asks about rows with one id, eligibility about the forms of one city; a
new ground, such as who sent a form, becomes a field of `SentForm` and a relation. Must stay out: reading the
fields from a table, who is the same sender (`senders.py`), and what becomes of a form that gives way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rapidfuzz import fuzz

from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.tables.senders import Sender, may_replace

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
LIKE_NAMES = 85
"""How alike (0-100) two names of a city must be to be one name, written twice.

The limit lets a wrong letter in seven pass, and words that one of them adds.
"""


@dataclass(frozen=True)
class SentForm:
    """One form as it was sent, with all that may decide which of several stands.

    `key` names the form among those compared, `row` is its row in the file. `sent_at` is None where the time
    stamp could not be read. `city` and `country` are as typed. `marked`: the form tool says something that a
    person must see first (a preview, a late change). `carried`: it was sent in an earlier round and carried
    over.
    """

    key: str
    row: int
    sent_at: datetime | None
    city: str = ""
    country: str | None = None
    sender: Sender = field(default_factory=Sender)
    topics: frozenset[object] = field(default_factory=frozenset)
    marked: bool = False
    carried: bool = False


Relation = Callable[[SentForm, SentForm], bool]
"""Whether, of two forms, the newer takes the older one's place."""


def standing(forms: Sequence[SentForm], relations: Sequence[Relation]) -> dict[str, str]:
    """Each form that gives way, and the key of the form that stands in its place.

    The newest form stands. An older one gives way to the newest form that stands and is related to it; an
    earlier relation outranks a later one. A marked form takes no unmarked one's place: a preview or a late
    change must not put a good form aside. No form takes the place of one whose sender it may not speak for.
    """
    stand: list[SentForm] = []
    gives_way: dict[str, str] = {}
    for form in sorted(forms, key=age, reverse=True):
        able = [other for other in stand if form.marked or not other.marked]
        able = [other for other in able if may_replace(form.sender, other.sender)]
        related = (other for relation in relations for other in able if relation(form, other))
        newer = next(related, None)
        if newer is None:
            stand.append(form)
        else:
            gives_way[form.key] = newer.key
    return gives_way


def age(form: SentForm) -> tuple[bool, datetime, int, str]:
    """What forms are ordered by: whether carried, then when they were sent, their row, their key."""
    return not form.carried, form.sent_at or _BEFORE_ALL, form.row, form.key


def like_city(one: SentForm, other: SentForm) -> bool:
    """The same city by name, small differences of spelling aside, in the same country where both say one."""
    if one.country and other.country and one.country != other.country:
        return False
    return like_names(one.city, other.city)


def like_names(one: str, other: str) -> bool:
    """Whether two names are the same name, small differences of spelling aside."""
    keys = comparison_key(one), comparison_key(other)
    return keys[0] == keys[1] or fuzz.token_set_ratio(*keys) >= LIKE_NAMES


def same_desk(one: SentForm, other: SentForm) -> bool:
    """The same address; where one of them left it blank, the same department by name."""
    first, second = one.sender, other.sender
    if first.address and second.address:
        return first.address == second.address
    return bool(first.organisation) and first.organisation == second.organisation


def shares_topic(one: SentForm, other: SentForm) -> bool:
    """At least one topic of the programme in common."""
    return bool(one.topics & other.topics)


def replaces_carried(one: SentForm, other: SentForm) -> bool:
    """The older was carried over and the newer was sent in this round."""
    return one.carried and not other.carried
