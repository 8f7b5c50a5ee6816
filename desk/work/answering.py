"""Recording what somebody decides at the desk, unless a colleague was faster.

Belongs here: whether a form still fits what is recorded, and handing the decision on. Must stay out: checking
and recording the decision itself (`flows/deciding.py`), which the terminal shares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from desk.access.guard import RefusedError
from desk.access.people import Person
from desk.views.decisions import in_a_sentence
from desk.views.points import decision_of
from desk.views.texts import readable
from desk.work.office import Office, Point, RoundNow
from flows.deciding import Answer as Recorded
from flows.deciding import Wish, decide_wish
from pages.views.answers import Answer
from pages.views.words import moment
from programme.problems import problem

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Given:
    """What a person gave to a point: which answer, what it asks for, why, and the decision that they saw."""

    answer: str
    extra: str
    reason: str
    seen: str


def answer_point(
    office: Office, round_id: str, point_id: str, offered: Iterable[Answer], given: Given, person: Person
) -> tuple[Point, Recorded]:
    """Record the answer to a point.

    Raises `RefusedError` where the point is gone or somebody else answered it meanwhile, `ProblemsError`
    where the decision must not be made.
    """
    with office.deciding:
        point = point_of(office.now(round_id), point_id)
        if point.seen != given.seen and point.answer is not None:
            raise _answered_meanwhile(point.answer, person)
        answer = next((one for one in offered if one.name == given.answer), None)
        if answer is None:
            raise _no_such_answer(given.answer)
        row = decision_of(answer, given.extra)
        reason = given.reason or next(iter(office.rules.phrases_for(point.row["kind"], answer.phrases)), "")
        wish = Wish(
            row["kind"],
            row["subject"],
            row["object"],
            row["value"],
            conditional_ok=answer.conditional,
            contact=given.extra if answer.asks == "contact" else "",
        )
        return point, record(office, round_id, wish, reason, person)


def record(office: Office, round_id: str, wish: Wish, reason: str, person: Person) -> Recorded:
    """Record a decision of who has signed in, now."""
    round_ = office.context.round(round_id)
    return decide_wish(office.context, round_, wish, reason=reason, by=person.name, now=datetime.now(UTC))


def told_of(recorded: Recorded) -> tuple[str, ...]:
    """What a decision will change and what else is to be told, as a page writes it."""
    return tuple(readable(text) for text in (recorded.effect, *recorded.notes))


def point_of(now: RoundNow | None, point_id: str) -> Point:
    """A point of the round as it stands; raises `RefusedError` where it is gone."""
    point = next((one for one in now.points if one.id == point_id), None) if now else None
    if point is None:
        raise RefusedError(
            410,
            "This point is gone",
            "A newer version of the round does not have it any more: it was settled, or what it says has "
            "changed. Nothing was recorded.",
            "Go back to the queue; if something is still open, it stands there as a point of its own.",
        )
    return point


def basis_of(rows: Iterable[Row]) -> str:
    """What a form rests on, in one word: the decisions that its page showed."""
    return sha256("\n".join(sorted(str(row["decision_id"]) for row in rows)).encode()).hexdigest()[:12]


def check_basis(rows: Iterable[Row], seen: str, person: Person) -> None:
    """Raise `RefusedError` where decisions were recorded since a page was shown."""
    rows = list(rows)
    if basis_of(rows) != seen:
        raise _answered_meanwhile(max(rows, key=lambda row: row["decided_at"]), person) if rows else _stale()


def _answered_meanwhile(answer: Row, person: Person) -> RefusedError:
    who = "You have" if answer["decided_by"] == person.name else f"{answer['decided_by']} has"
    return RefusedError(
        409,
        "Somebody was faster",
        f"{who} decided on this meanwhile ({moment(answer['decided_at'])}): {in_a_sentence(answer)}. "
        f"The reason: {answer['reason']}. Your answer was not recorded.",
        "Look at the page again. If you do not agree, take that decision back or answer anew.",
    )


def _stale() -> RefusedError:
    return RefusedError(
        409,
        "This page is older than what is recorded",
        "A decision that the page showed was taken back meanwhile. Nothing was recorded.",
        "Look at the page again, then decide.",
    )


def _no_such_answer(name: str) -> Exception:
    return problem(
        found=f"the answer {name[:40]!r}",
        expected="one of the answers that the page offers",
        where="this point",
        remedy="Open the point again and choose there.",
    )
