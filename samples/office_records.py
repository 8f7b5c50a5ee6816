"""What the office keeps of a call: earlier cooperation of cities, and the decisions of people.

Belongs here: how the lists of a call become rows. Must stay out: the lists themselves (`cases/2025-07.toml`,
`cases/2026-01.toml`) and evaluators' scores (`evaluations.py`).
"""

from __future__ import annotations

from samples.case import Call, SampleDecision
from samples.cities import City, find_city
from samples.cohort import utm_ids
from samples.files import Cell
from samples.form_wording import TOPICS
from samples.signatories import gcom_ids


def collaborations(call: Call) -> list[dict[str, Cell]]:
    """The list the office keeps, one row per cooperation."""
    return [
        {
            "city_a": find_city(a).name,
            "country_a": find_city(a).country,
            "city_b": find_city(b).name,
            "country_b": find_city(b).country,
            "programme": programme,
            "topic": TOPICS.get(topic),
            "funded": funded,
        }
        for a, b, programme, topic, funded in call.cooperations
    ]


def cooperation_of(call: Call, city: City) -> list[str]:
    """What a city says of its own cooperation, a line each: `city | country | programme | topic`."""
    lines = []
    for a, b, programme, topic, _ in call.cooperations:
        if city in (find_city(a), find_city(b)):
            other = find_city(b) if city == find_city(a) else find_city(a)
            lines.append(f"{other.name} | {other.country} | {programme} | {TOPICS.get(topic, '')}")
    return lines


def decisions(call: Call) -> list[dict[str, Cell]]:
    """The recorded decisions, one row each, in the order in which they were taken."""
    return [_decision(call, decision) for decision in call.decisions]


def _decision(call: Call, decision: SampleDecision) -> dict[str, Cell]:
    handle, colon, member = decision.subject.partition(":")
    value = decision.value
    if decision.kind == "link":
        value = _register_id(call, handle, member, decision.what)
    return {
        "kind": decision.kind,
        "subject": call.submission_id(handle) + colon + member,
        "object": call.submission_id(decision.target) if decision.target else decision.what or None,
        "value": value or None,
        "reason": decision.reason,
        "decided_by": decision.by,
        "decided_at": decision.at,
    }


def _register_id(call: Call, handle: str, member: str, register: str) -> str:
    if register == "cohort":
        return utm_ids()[handle]
    keys = call.case(handle).members or (call.case(handle).city,)
    return gcom_ids()[next(key for key in keys if not member or find_city(key).name == member)]
