"""How a case becomes a filled form: what the author wrote down, and everything else drawn for it.

Belongs here: one row of a submissions file, in canonical columns and values, then in the wording of the
export. Must stay out: file formats (`files.py`).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from samples.case import Call, Case
from samples.cohort import LIVES, NEVER_APPLIED, Life, register_handle
from samples.dice import dice
from samples.files import Cell
from samples.form_wording import LIST_SPELLINGS, NO, QUESTIONS, SPELLINGS, TOPICS, YES
from samples.ledger import cooperation_of
from samples.places import place
from samples.signatories import is_active
from samples.words import person, texts

BRUSSELS = ZoneInfo("Europe/Brussels")
ASPECTS = ("technical", "regulatory", "financial", "social", "environmental")
YES_NO = ("plan_covers_whole_city", "english_confirmed", "resources_confirmed", "data_consent")


def canonical_rows(call: Call) -> list[dict[str, Cell]]:
    """One row per case, every canonical column, values as `contract.md` names them; time stamps and numbers
    as typed.
    """
    return [_canonical(call, case) for case in call.cases]


def exported_rows(call: Call) -> list[dict[str, Cell]]:
    """The same rows as a form tool exports them: question texts as headings, answers in words, mixed
    spellings.
    """
    return [_exported(case, row) for case, row in zip(call.cases, canonical_rows(call), strict=True)]


def _canonical(call: Call, case: Case) -> dict[str, Cell]:
    draw = dice(call.round_id, case.handle)
    topics = [part.rsplit(" ", 1) for part in case.topics.split(", ")] if case.topics else []
    first_topic = topics[0][0] if topics and topics[0][0] in TOPICS else "data"
    row: dict[str, Cell] = dict.fromkeys(QUESTIONS)
    row |= _part_a(call, case, draw)
    row |= (
        _part_b(case, _day_of(row["submitted_at"], call), draw)
        | person(_number(call, case), draw)
        | _part_c(case, draw)
    )
    row |= (
        _topics(topics) | _part_d(draw) | texts(first_topic, draw) | _part_e(call, case, draw) | _part_f(case)
    )
    row |= case.answers
    if row["jurisdiction"] == "full" and "jurisdiction_gap_plan" not in case.answers:
        row["jurisdiction_gap_plan"] = None
    return row


def _number(call: Call, case: Case) -> int:
    return int(call.submission_id(case.handle).rsplit("-", 1)[1]) + (0 if call.round_id == "2025-07" else 100)


def _part_a(call: Call, case: Case, draw: Random) -> dict[str, Cell]:
    inhabitants = sum(place(key).population for key in case.members) or case.place.population
    return {
        "submission_id": call.submission_id(case.handle),
        "submitted_at": case.sent or _moment(call, draw),
        "city_name": case.typed or case.place.name,
        "country": case.country or case.place.country,
        "applicant_type": case.kind,
        "population": _as_typed(inhabitants, draw),
        "members": "\n".join(_member(case, key) for key in case.members),
    }


def _member(case: Case, key: str) -> str:
    last_of_reno = case.handle == "Reno" and key == case.members[-1]
    return f"{place(key).name} | {place(key).population} | {'in_preparation' if last_of_reno else 'adopted'}"


def _moment(call: Call, draw: Random) -> Cell:
    """A working hour within the call, in one of the three ways exports write it: ISO with offset, day first,
    a true date cell.
    """
    day = call.opens + timedelta(days=draw.randrange((call.last_day - call.opens).days))
    moment = datetime.combine(
        day, time(draw.randrange(7, 19), draw.randrange(60), draw.randrange(60)), BRUSSELS
    )
    style = draw.randrange(4)
    if style == 0:
        return f"{moment:%d/%m/%Y %H:%M}"
    return moment.replace(tzinfo=None) if style == 1 else moment.isoformat()


def _as_typed(inhabitants: int, draw: Random) -> Cell:
    rounded = round(inhabitants * draw.uniform(0.97, 1.03))
    style = draw.randrange(6)
    grouped = f"{rounded:,}"
    return (
        rounded,
        rounded,
        grouped,
        grouped.replace(",", "."),
        grouped.replace(",", " "),
        f"approx. {rounded}",
    )[style]


def _part_b(case: Case, sent_on: date, draw: Random) -> dict[str, Cell]:
    handle = register_handle(case)
    life = LIVES.get(handle) or (
        None if handle in NEVER_APPLIED else Life(date(2022, 1, 1), date(2022, 6, 1))
    )
    return {
        "gcom_status": "signatory"
        if all(is_active(key) for key in case.members or (case.city,))
        else "will_sign",
        "plan_type": draw.choice(("SECAP", "SECAP", "CAP", "SEACAP", "other")),
        "plan_status": "adopted",
        "plan_covers_whole_city": "yes",
        "plan_url": None if draw.random() < 0.3 and handle not in LIVES else "https://example.org/plan.pdf",
        **_cohort_answer(life, sent_on),
    }


def _day_of(moment: Cell, call: Call) -> date:
    """The day a form was sent; the last one where the cell does not say."""
    text = str(moment)
    if text[2:3] == "/":
        return datetime.strptime(text[:10], "%d/%m/%Y").date()  # noqa: DTZ007 - only the day is wanted
    return date.fromisoformat(text[:10]) if text[4:5] == "-" else call.last_day


def _cohort_answer(life: Life | None, sent_on: date) -> dict[str, Cell]:
    """What an honest applicant says of its cohort application on the day it sends the form."""
    status = life.status_on(sent_on) if life else ""
    if status == "member":
        return {"cohort_status": "member"}
    if life and status == "pending":
        return {"cohort_status": "applied", "cohort_applied_on": life.applied.isoformat()}
    return {"cohort_status": "not_applied"}


def _part_c(case: Case, draw: Random) -> dict[str, Cell]:
    return {
        "organisation": case.typed or case.place.name,
        "mandate": draw.choice(("official_letter", "confirmed", "confirmed")),
        "mandate_url": None,
        "english_confirmed": "yes",
        "resources_confirmed": "yes",
        "data_consent": "yes",
    }


def _topics(topics: list[list[str]]) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for number, parts in enumerate(topics, start=1):
        cells[f"topic_{number}"] = parts[0]
        if len(parts) > 1:
            need, experience = parts[1].split("/")
            cells |= {f"topic_{number}_need": int(need), f"topic_{number}_experience": int(experience)}
    return cells


def _part_d(draw: Random) -> dict[str, Cell]:
    return {
        "jurisdiction": draw.choice(("full", "full", "full", "partial")),
        "action_stage": draw.choice(("idea", "planned", "planned", "feasibility", "pilot", "scaling")),
        "action_aspects": "; ".join(a for a in ASPECTS if draw.random() < 0.6) or "technical",
        "innovation_status": draw.choice(("none", "considered", "planned", "evaluated")),
    }


def _part_e(call: Call, case: Case, draw: Random) -> dict[str, Cell]:
    return {
        "stakeholders": "; ".join(kind for kind in LIST_SPELLINGS if draw.random() < 0.6) or "research",
        "engagement_status": draw.choice(("none", "planned", "ongoing", "ongoing", "formalised")),
        "past_cooperation": "\n".join(cooperation_of(call, case.place)),
    }


def _part_f(case: Case) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for number, partner in enumerate(case.partners, start=1):
        city, _, country = partner.partition("|")
        cells[f"preferred_city_{number}"] = city if country else place(partner).name
        cells[f"preferred_country_{number}"] = country or place(partner).country
    return cells


def _exported(case: Case, row: dict[str, Cell]) -> dict[str, Cell]:
    draw = dice("export", case.handle)
    return {question: _spelled(column, row[column], draw) for column, question in QUESTIONS.items()}


def _spelled(column: str, cell: Cell, draw: Random) -> Cell:
    """One cell in the words of the export. Answers the author wrote down are spelled too, but free texts
    never change.
    """
    if not isinstance(cell, str) or not cell:
        return cell
    if column in YES_NO:
        return draw.choice(YES if cell == "yes" else NO)
    if column in ("stakeholders", "action_aspects"):
        return ", ".join(LIST_SPELLINGS.get(part, part.capitalize()) for part in cell.split("; "))
    if column in ("topic_1", "topic_2", "topic_3"):
        return TOPICS.get(cell, cell)
    return draw.choice(SPELLINGS.get(column, {}).get(cell, (cell,)))
