"""How a case becomes a filled form: what the author wrote down, and everything else drawn for it.

Belongs here: one row of a submissions file, in canonical columns and values, then in the wording of the
export. Must stay out: file formats (`files.py`).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from samples.case import Call, SampleCase
from samples.cities import find_city
from samples.cohort import COHORT_APPLICATIONS, NEVER_APPLIED, CohortApplication, register_handle
from samples.files import Cell
from samples.form_wording import LIST_SPELLINGS, NO, QUESTIONS, SPELLINGS, TOPICS, YES
from samples.free_texts import free_texts, invented_person
from samples.office_records import cooperation_of
from samples.seeded_random import seeded_random
from samples.signatories import is_active

BRUSSELS = ZoneInfo("Europe/Brussels")
ASPECTS = ("technical", "regulatory", "financial", "social", "environmental")
YES_NO = ("plan_covers_whole_city", "english_confirmed", "resources_confirmed", "data_consent")


def canonical_rows(call: Call) -> list[dict[str, Cell]]:
    """One row per case with every canonical column; time stamps and numbers as typed."""
    return [_canonical(call, case) for case in call.cases]


def exported_rows(call: Call) -> list[dict[str, Cell]]:
    """The same rows as a form tool exports them: questions as headings, answers in words, mixed spellings."""
    return [_exported(case, row) for case, row in zip(call.cases, canonical_rows(call), strict=True)]


def _canonical(call: Call, case: SampleCase) -> dict[str, Cell]:
    rng = seeded_random(call.round_id, case.handle)
    topics = [part.rsplit(" ", 1) for part in case.topics.split(", ")] if case.topics else []
    first_topic = topics[0][0] if topics and topics[0][0] in TOPICS else "data"
    row: dict[str, Cell] = dict.fromkeys(QUESTIONS)
    row |= _part_a(call, case, rng)
    row |= (
        _part_b(case, _day_of(row["submitted_at"], call), rng)
        | invented_person(_number(call, case), rng)
        | _part_c(case, rng)
    )
    row |= (
        _topics(topics)
        | _part_d(rng)
        | free_texts(first_topic, rng)
        | _part_e(call, case, rng)
        | _part_f(case)
    )
    row |= case.answers
    if row["jurisdiction"] == "full" and "jurisdiction_gap_plan" not in case.answers:
        row["jurisdiction_gap_plan"] = None
    return row


def _number(call: Call, case: SampleCase) -> int:
    return int(call.submission_id(case.handle).rsplit("-", 1)[1]) + (0 if call.round_id == "2025-07" else 100)


def _part_a(call: Call, case: SampleCase, rng: Random) -> dict[str, Cell]:
    inhabitants = sum(find_city(key).population for key in case.members) or case.real_city.population
    return {
        "submission_id": call.submission_id(case.handle),
        "submitted_at": case.sent or _moment(call, rng),
        "city_name": case.typed or case.real_city.name,
        "country": case.country or case.real_city.country,
        "applicant_type": case.kind,
        "population": _as_typed(inhabitants, rng),
        "members": "\n".join(_member(case, key) for key in case.members),
    }


def _member(case: SampleCase, key: str) -> str:
    last_of_reno = case.handle == "Reno" and key == case.members[-1]
    city, plan = find_city(key), "in_preparation" if last_of_reno else "adopted"
    return f"{city.name} | {city.population} | {plan}"


def _moment(call: Call, rng: Random) -> Cell:
    """A working hour of the call, as exports write it: ISO with offset, day first, or a true date cell."""
    day = call.opens + timedelta(days=rng.randrange((call.last_day - call.opens).days))
    moment = datetime.combine(day, time(rng.randrange(7, 19), rng.randrange(60), rng.randrange(60)), BRUSSELS)
    style = rng.randrange(4)
    if style == 0:
        return f"{moment:%d/%m/%Y %H:%M}"
    return moment.replace(tzinfo=None) if style == 1 else moment.isoformat()


def _as_typed(inhabitants: int, rng: Random) -> Cell:
    rounded = round(inhabitants * rng.uniform(0.97, 1.03))
    style = rng.randrange(6)
    grouped = f"{rounded:,}"
    return (
        rounded,
        rounded,
        grouped,
        grouped.replace(",", "."),
        grouped.replace(",", " "),
        f"approx. {rounded}",
    )[style]


def _part_b(case: SampleCase, sent_on: date, rng: Random) -> dict[str, Cell]:
    handle = register_handle(case)
    application = COHORT_APPLICATIONS.get(handle) or (
        None if handle in NEVER_APPLIED else CohortApplication(date(2022, 1, 1), date(2022, 6, 1))
    )
    return {
        "gcom_status": "signatory"
        if all(is_active(key) for key in case.members or (case.city,))
        else "will_sign",
        "plan_type": rng.choice(("SECAP", "SECAP", "CAP", "SEACAP", "other")),
        "plan_status": "adopted",
        "plan_covers_whole_city": "yes",
        "plan_url": None
        if rng.random() < 0.3 and handle not in COHORT_APPLICATIONS
        else "https://example.org/plan.pdf",
        **_cohort_answer(application, sent_on),
    }


def _day_of(moment: Cell, call: Call) -> date:
    """The day a form was sent; the last one where the cell does not say."""
    text = str(moment)
    if text[2:3] == "/":
        return datetime.strptime(text[:10], "%d/%m/%Y").date()  # noqa: DTZ007 - only the day is wanted
    return date.fromisoformat(text[:10]) if text[4:5] == "-" else call.last_day


def _cohort_answer(application: CohortApplication | None, sent_on: date) -> dict[str, Cell]:
    """What an honest applicant says of its cohort application on the day it sends the form."""
    status = application.status_on(sent_on) if application else ""
    if status == "member":
        return {"cohort_status": "member"}
    if application and status == "pending":
        return {"cohort_status": "applied", "cohort_applied_on": application.applied.isoformat()}
    return {"cohort_status": "not_applied"}


def _part_c(case: SampleCase, rng: Random) -> dict[str, Cell]:
    return {
        "organisation": case.typed or case.real_city.name,
        "mandate": rng.choice(("official_letter", "confirmed", "confirmed")),
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


def _part_d(rng: Random) -> dict[str, Cell]:
    return {
        "jurisdiction": rng.choice(("full", "full", "full", "partial")),
        "action_stage": rng.choice(("idea", "planned", "planned", "feasibility", "pilot", "scaling")),
        "action_aspects": "; ".join(a for a in ASPECTS if rng.random() < 0.6) or "technical",
        "innovation_status": rng.choice(("none", "considered", "planned", "evaluated")),
    }


def _part_e(call: Call, case: SampleCase, rng: Random) -> dict[str, Cell]:
    return {
        "stakeholders": "; ".join(kind for kind in LIST_SPELLINGS if rng.random() < 0.6) or "research",
        "engagement_status": rng.choice(("none", "planned", "ongoing", "ongoing", "formalised")),
        "past_cooperation": "\n".join(cooperation_of(call, case.real_city)),
    }


def _part_f(case: SampleCase) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for number, partner in enumerate(case.partners, start=1):
        city, _, country = partner.partition("|")
        cells[f"preferred_city_{number}"] = city if country else find_city(partner).name
        cells[f"preferred_country_{number}"] = country or find_city(partner).country
    return cells


def _exported(case: SampleCase, row: dict[str, Cell]) -> dict[str, Cell]:
    rng = seeded_random("export", case.handle)
    return {question: _spelled(column, row[column], rng) for column, question in QUESTIONS.items()}


def _spelled(column: str, cell: Cell, rng: Random) -> Cell:
    """One cell in the words of the export.

    Answers that the author wrote down are spelled too, but free texts never change.
    """
    if not isinstance(cell, str) or not cell:
        return cell
    if column in YES_NO:
        return rng.choice(YES if cell == "yes" else NO)
    if column in ("stakeholders", "action_aspects"):
        return ", ".join(LIST_SPELLINGS.get(part, part.capitalize()) for part in cell.split("; "))
    if column in ("topic_1", "topic_2", "topic_3"):
        return TOPICS.get(cell, cell)
    return rng.choice(SPELLINGS.get(column, {}).get(cell, (cell,)))
