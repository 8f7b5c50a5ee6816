"""The calendar of a twinning: its sessions as events (iCalendar, RFC 5545).

Belongs here: the events, with ids that are the same each time, so that a calendar that has them already moves
them instead of doubling them. Must stay out: what is proposed (`plan.py`). The library escapes and folds.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from tasks.starter.plan import Plan
from tasks.starter.sessions import Session
from tasks.starter.sheet import local_time
from warehouse.escapes import lines, one_line

if TYPE_CHECKING:
    from icalendar import Event

_PRODUCT = "-//UTM City2City//Twinning starter//EN"
_DOMAIN = "city2city"


def calendar(plan: Plan) -> bytes:
    """The calendar of one twinning; the same plan gives the same bytes."""
    from icalendar import Calendar  # noqa: PLC0415  (takes a third of a second, and only starters need it)

    found = Calendar()
    found.add("prodid", _PRODUCT)
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("x-wr-calname", one_line(f"City2City: {plan.twinning.names}"))
    for session in plan.sessions:
        found.add_component(_event(session, plan))
    return bytes(found.to_ical())


def _event(session: Session, plan: Plan) -> Event:
    from icalendar import Event  # noqa: PLC0415  (as above)

    event = Event()
    event.add("uid", f"{one_line(plan.twinning.twinning_id)}-session-{session.number}@{_DOMAIN}")
    event.add("dtstamp", plan.approved_at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", plan.version)
    if session.begins is None or session.ends is None:
        event.add("dtstart", session.day)
        event.add("dtend", session.day + timedelta(days=1))
    else:
        event.add("dtstart", session.begins)
        event.add("dtend", session.ends)
    event.add("summary", one_line(f"City2City, session {session.number}: {session.plan.title}"))
    event.add("description", lines("\n".join(_said(session, plan))))
    event.add("status", "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    return event


def _said(session: Session, plan: Plan) -> list[str]:
    said = [f"Proposal for the twinning {plan.twinning.names} on {plan.twinning.topic}.", session.plan.goal]
    if session.begins is not None and session.ends is not None:
        said += [
            f"{city.name}: {local_time(session.begins, session.ends, str(city.timezone))}"
            for city in plan.with_zone
        ]
    said += [f"The time zone of {city.name} is not known." for city in plan.without_zone]
    said += ["This session may be held in person if the office agrees."] * session.plan.in_person
    return said
