"""The sheet of a twinning for its facilitator, in Markdown.

Belongs here: the words. Must stay out: what is proposed (`plan.py`). Every value from outside is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from programme.counts import listed
from programme.matchmaking import HoursRules
from tasks.starter.common import SharedHours
from tasks.starter.member import City, Twinning, most
from tasks.starter.plan import Plan
from tasks.starter.sessions import Session
from warehouse.escapes import markdown

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = 24 * 60


def sheet(plan: Plan, hours: HoursRules) -> bytes:
    """The sheet of one twinning, as UTF-8."""
    parts = [
        f"# {markdown(plan.twinning.names)}",
        "\n".join(_about(plan)),
        "## Cities",
        _cities(plan),
        "\n".join(_brings(plan.twinning)),
        "## Shared office hours",
        *_shared(plan, hours),
        "## Proposed sessions",
        *_sessions(plan),
        "## Days off",
        "\n".join(_days_off(plan)),
        "## Notes for the facilitator",
        "\n".join(_notes(plan)),
    ]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _about(plan: Plan) -> Iterator[str]:
    yield f"- Topic: {markdown(plan.twinning.topic)}"
    yield f"- Twinning: {markdown(plan.twinning.twinning_id)}, of {markdown(plan.round.title)}"
    yield f"- Approved: version {plan.version}, on {_day(plan.approved_at.astimezone(UTC).date())}"
    if plan.twinning.conditional:
        yield "- On condition: a city still has something to bring. Ask the office before you invite anybody."


def _cities(plan: Plan) -> str:
    rows = [
        (
            city.name,
            city.country,
            city.timezone or "not known",
            city.application_id,
            _of_five(city.need),
            _of_five(city.experience),
        )
        for city in plan.twinning.cities
    ]
    return _table(("City", "Country", "Time zone", "Application", "Need", "Experience"), rows)


def _of_five(number: int | None) -> str:
    return "not said" if number is None else f"{number} of 5"


def _brings(twinning: Twinning) -> Iterator[str]:
    """What the cities say they need and bring, in sentences."""
    topic = markdown(twinning.topic)
    needing, experienced = most(twinning.cities, "need"), most(twinning.cities, "experience")
    if needing:
        yield f"{_and(needing)} {_has(needing)} the greatest need on {topic} by {_its(needing)} own word."
    if experienced:
        yield f"{_and(experienced)} {_has(experienced)} the most experience with it."
    if not needing and not experienced:
        yield f"On {topic} the cities say the same of need and experience, or nothing; ask each of them."


def _and(cities: Sequence[City]) -> str:
    names = [markdown(city.name) for city in cities]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _has(cities: Sequence[City]) -> str:
    return "has" if len(cities) == 1 else "have"


def _its(cities: Sequence[City]) -> str:
    return "its" if len(cities) == 1 else "their"


def _shared(plan: Plan, hours: HoursRules) -> Iterator[str]:
    for city in plan.without_zone:
        yield f"The time zone of {markdown(city.name)} is not known; ask the city before you fix an hour."
    if len(plan.zones) < len(plan.twinning.cities) and len(plan.zones) < 2:
        return
    yield (
        f"Offices are taken to work from {hours.work_starts:%H:%M} to {hours.work_ends:%H:%M} of their own "
        "clock. Each row is a time in which no clock of these cities changes."
    )
    heading = ("From", "To", "UTC", *(city.name for city in plan.with_zone))
    yield _table(heading, [_shared_row(one) for one in plan.shared])


def _shared_row(shared: SharedHours) -> tuple[str, ...]:
    days = (_day(shared.first), _day(shared.last))
    if shared.begins is None or shared.ends is None:
        return (*days, "no common hour", *("" for _ in shared.offsets))
    begins, ends = shared.begins, shared.ends
    return (*days, *(_clock(begins + offset, ends + offset) for offset in (0, *shared.offsets)))


def _clock(begins: int, ends: int) -> str:
    """Minutes of a day as two times of its clock; the day before or after is said."""
    said = {-1: " of the day before", 1: " of the next day"}.get(begins // _DAY, "")
    return f"{_time(begins)}–{_time(ends)}{said}"


def _time(minutes: int) -> str:
    return f"{minutes % _DAY // 60:02}:{minutes % 60:02}"


def _sessions(plan: Plan) -> Iterator[str]:
    if plan.window.past:
        yield (
            "The days below follow the plan of the round, and some lie before the twinning was approved. "
            "Agree with the cities on new ones."
        )
    else:
        yield "These days are proposals. They are working days in every country of the twinning."
    stretched = max((session.stretched for session in plan.sessions), default=timedelta(0))
    if stretched:
        yield (
            "The offices share too few hours for a session. At the times below, an office has to begin up to "
            f"{_hours(stretched)} earlier or to end up to {_hours(stretched)} later than usual."
        )
    for session in plan.sessions:
        yield "\n".join(_session(session, plan))


def _hours(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):g} hours"


def _session(session: Session, plan: Plan) -> Iterator[str]:
    yield f"### Session {session.number}: {markdown(session.plan.title)}"
    yield ""
    yield f"- Day: {_WEEKDAYS[session.day.weekday()]}, {_day(session.day)}"
    if session.begins is None or session.ends is None:
        yield "- Hour: to be agreed; no hour suits all offices, or a time zone is not known."
    else:
        yield f"- UTC: {session.begins:%H:%M}–{session.ends:%H:%M}"
        for city in plan.with_zone:
            yield f"- {markdown(city.name)}: {local_time(session.begins, session.ends, str(city.timezone))}"
    where = "online, or in person if the office agrees" if session.plan.in_person else "online"
    yield f"- Where: {where}"
    yield f"- Goal: {markdown(session.plan.goal)}"


def local_time(begins: datetime, ends: datetime, timezone: str) -> str:
    """A time of a session on the clock of a city, with the day where it is another one than in UTC."""
    there, until = begins.astimezone(ZoneInfo(timezone)), ends.astimezone(ZoneInfo(timezone))
    said = "" if there.date() == begins.date() else f" on {_day(there.date())}"
    return f"{there:%H:%M}–{until:%H:%M}{said}"


def _days_off(plan: Plan) -> Iterator[str]:
    told: set[str] = set()
    for city, days in zip(plan.twinning.cities, plan.days_off, strict=True):
        if city.country in told:
            continue
        told.add(city.country)
        country = markdown(city.country)
        if not days.known:
            yield (
                f"- {country}: its public holidays are not known to the program. Saturday and Sunday were "
                "taken as its weekend; ask the city."
            )
            continue
        weekend = listed(_WEEKDAYS[day] for day in days.weekend())
        named = [f"{_day(day)} ({markdown(name)})" for day, name in sorted(days.holidays().items())
                 if plan.window.first <= day <= plan.window.last]  # fmt: skip
        yield f"- {country}: weekend on {weekend or 'no day'}; {', '.join(named) or 'no public holidays'}."


def _notes(plan: Plan) -> Iterator[str]:
    for session in plan.sessions:
        yield f"- Session {session.number}: {markdown(session.plan.note)}"
    yield (
        "- Sessions are online by default. At most one can be in person, case by case (FAQ 4.2); ask the "
        "office before you speak of it."
    )
    yield "- Public holidays of regions and cities are not in the list above. Ask the cities for theirs."
    yield "- A twinning lasts up to twelve months (FAQ 2.2). Cities may agree on other days; tell the office."


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(
        "| " + " | ".join(cell if cell == "---" else markdown(cell) for cell in line) + " |" for line in lines
    )
