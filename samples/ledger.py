"""Earlier cooperation of cities, and what people decided: small invented lists, one for each call.

Belongs here: the lists and how they become rows. Must stay out: evaluators' scores (`evaluations.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

from samples.case import Call
from samples.cohort import utm_ids
from samples.files import Cell
from samples.form_wording import TOPICS
from samples.places import Place, place
from samples.signatories import gcom_ids

FUND, NETWORK, SISTERS = "Sample Twinning Fund", "Example Cities Network", "sister cities"

COOPERATIONS = {
    "2025-07": (
        ("Accra GH", "Kumasi GH", FUND, "waste-to-energy", "yes"),
        ("Helsinki FI", "Tallinn EE", FUND, "buildings", "yes"),
        ("Rotterdam NL", "Surabaya ID", FUND, "resilience", "yes"),
        ("Medellín CO", "Curitiba BR", NETWORK, "mobility", "no"),
        ("Munich DE", "Bordeaux FR", SISTERS, "", "no"),
        ("Athens GR", "Barcelona ES", FUND, "cooling", "yes"),
        ("Durban ZA", "Bremen DE", NETWORK, "ports", "yes"),
        ("Cape Town ZA", "Aachen DE", FUND, "renewables", "yes"),
        ("Sevilla ES", "Rabat MA", NETWORK, "lighting", "yes"),
        ("Kobe JP", "Rotterdam NL", NETWORK, "hydrogen", "no"),
        ("Utrecht NL", "Bursa TR", FUND, "mobility", "yes"),
        ("Valparaíso CL", "Busan KR", SISTERS, "", "no"),
    ),
    "2026-01": (
        ("Lusaka ZM", "Kampala UG", FUND, "waste-to-energy", "yes"),
        ("Porto PT", "Bologna IT", NETWORK, "mobility", "yes"),
        ("Lima PE", "Santiago CL", FUND, "finance", "yes"),
        ("Melbourne AU", "Wellington NZ", SISTERS, "", "no"),
        ("Fukuoka JP", "Daegu KR", NETWORK, "buildings", "no"),
        ("Tallinn EE", "Gent BE", FUND, "data", "yes"),
        ("Lyon FR", "Da Nang VN", FUND, "cooling", "yes"),
        ("İzmir TR", "Bologna IT", NETWORK, "", "no"),
        ("Amman JO", "Milan IT", FUND, "finance", "yes"),
        ("Colombo LK", "Kochi IN", SISTERS, "", "no"),
    ),
}
"""Round -> (city, city, programme, topic, funded). One pair of each round was funded on the very topic both
now apply for.
"""


def collaborations(call: Call) -> list[dict[str, Cell]]:
    """The list the office keeps, one row per cooperation."""
    return [
        {
            "city_a": place(a).name, "country_a": place(a).country, "city_b": place(b).name, "country_b": place(b).country,
            "programme": programme, "topic": TOPICS.get(topic), "funded": funded,
        }
        for a, b, programme, topic, funded in COOPERATIONS[call.round_id]
    ]  # fmt: skip


def cooperation_of(call: Call, city: Place) -> list[str]:
    """What a city says of its own cooperation, a line each: `city | country | programme | topic`."""
    lines = []
    for a, b, programme, topic, _ in COOPERATIONS[call.round_id]:
        if city in (place(a), place(b)):
            other = place(b) if city == place(a) else place(a)
            lines.append(f"{other.name} | {other.country} | {programme} | {TOPICS.get(topic, '')}")
    return lines


@dataclass(frozen=True)
class Decided:
    """One decision as its author wrote it. `subject` is a handle (`handle:member`), `target` the handle of
    the other form where there is one.
    """

    kind: str
    subject: str
    reason: str
    at: str
    target: str = ""
    what: str = ""
    value: str = ""
    by: str = "Sample Officer-1"


DECISIONS = {
    "2025-07": (
        Decided("link", "Springfield US #2", "The applicant confirmed by telephone: Springfield in Massachusetts.", "2025-09-08T10:12:00+02:00", what="cohort"),
        Decided("link", "Springfield US #2", "Same call: Springfield in Massachusetts.", "2025-09-08T10:14:00+02:00", what="gcom"),
        Decided("link", "Medellín CO", "The country is misspelled; Medellín is in Colombia.", "2025-09-08T10:30:00+02:00", what="cohort"),
        Decided("link", "Medellín CO", "The country is misspelled; Medellín is in Colombia.", "2025-09-08T10:31:00+02:00", what="gcom"),
        Decided("accept_late", "Windhoek", "The form tool was down from 23:30 that night.", "2025-09-08T11:00:00+02:00"),
        Decided("withdraw", "Makassar ID", "Withdrawn by e-mail of the city.", "2025-09-09T09:30:00+02:00"),
        Decided("rule", "Khulna BD", "The city sent a full motivation when asked.", "2025-09-10T15:45:00+02:00", what="motivation", value="met",
                by="Sample Officer-2"),
        Decided("pin", "Rotterdam NL", "Both mayors asked for it and the panel agrees.", "2025-09-22T16:00:00+02:00", target="Beira MZ", value="resilience"),
        Decided("forbid", "Gdańsk PL", "Both are partners in another project that ends only in 2027.", "2025-09-22T16:05:00+02:00", target="Tallinn EE"),
    ),
    "2026-01": (
        Decided("no_link", "Victoria PH", "It is a third Victoria; the mayor's office says it never signed.", "2026-01-13T09:00:00+01:00", what="gcom"),
        Decided("accept_late", "Gothenburg SE", "Proof of an earlier attempt at 23:40.", "2026-01-13T09:20:00+01:00"),
        Decided("link", "Reno:San Lazzaro", "San Lazzaro is San Lazzaro di Savena in the list.", "2026-01-13T10:05:00+01:00", what="gcom"),
        Decided("withdraw", "Auckland NZ", "Withdrawn by e-mail of the city.", "2026-01-14T08:15:00+01:00"),
        Decided("merge", "Davao PH", "The city wants one application for both departments.", "2026-01-14T11:30:00+01:00", target="Davao planning"),
        Decided("forbid", "Lima PE", "Lima asked for a partner of another region.", "2026-01-26T14:00:00+01:00", target="Santiago CL", value="mobility",
                by="Sample Officer-2"),
    ),
}  # fmt: skip


def decisions(call: Call) -> list[dict[str, Cell]]:
    """The recorded decisions, one row each, in the order they were taken."""
    return [_decision(call, decided) for decided in DECISIONS[call.round_id]]


def _decision(call: Call, decided: Decided) -> dict[str, Cell]:
    handle, colon, member = decided.subject.partition(":")
    value = decided.value
    if decided.kind == "link":
        value = _register_id(call, handle, member, decided.what)
    return {
        "kind": decided.kind,
        "subject": call.submission_id(handle) + colon + member,
        "object": call.submission_id(decided.target) if decided.target else decided.what or None,
        "value": value or None,
        "reason": decided.reason,
        "decided_by": decided.by,
        "decided_at": decided.at,
    }


def _register_id(call: Call, handle: str, member: str, register: str) -> str:
    if register == "cohort":
        return utm_ids()[handle]
    keys = call.case(handle).members or (call.case(handle).city,)
    return gcom_ids()[next(key for key in keys if not member or place(key).name == member)]
