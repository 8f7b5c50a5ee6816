"""Each kind of trouble that the README promises is really in the committed files."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from samples.calls import FIRST_CALL, SECOND_CALL
from samples.case import Call
from samples.form_wording import TOPICS

CALLS = {"2025-07": FIRST_CALL, "2026-01": SECOND_CALL}
BRUSSELS = ZoneInfo("Europe/Brussels")
CLOSES = {
    "2025-07": datetime(2025, 9, 4, 23, 59, 59, tzinfo=BRUSSELS),
    "2026-01": datetime(2026, 1, 8, 23, 59, 59, tzinfo=BRUSSELS),
}
ORIGINALLY_CLOSES = datetime(2025, 8, 7, 23, 59, 59, tzinfo=BRUSSELS)


def sent(cell: object) -> datetime:
    """The moment a cell means; times without a zone are those of Brussels, days come first."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=BRUSSELS)
    text = str(cell)
    moment = datetime.strptime(text, "%d/%m/%Y %H:%M") if text[2] == "/" else datetime.fromisoformat(text)  # noqa: DTZ007 - the zone comes next
    return moment if moment.tzinfo else moment.replace(tzinfo=BRUSSELS)


def row_of(forms: dict, round_id: str, handle: str) -> dict[str, object]:
    return forms[round_id][CALLS[round_id].submission_id(handle)]


LATE_BY_MINUTES = [("2025-07", "Windhoek", 41), ("2025-07", "Dakar SN", 5), ("2026-01", "Gothenburg SE", 7)]


@pytest.mark.parametrize(
    ("round_id", "handle", "within"), LATE_BY_MINUTES, ids=[case[1] for case in LATE_BY_MINUTES]
)
def test_late_by_minutes(forms, round_id: str, handle: str, within: int) -> None:
    late = (sent(row_of(forms, round_id, handle)["submitted_at"]) - CLOSES[round_id]).total_seconds() / 60
    assert 0 < late < within


def test_some_forms_lie_between_the_two_deadlines_of_the_first_call(forms) -> None:
    inside = [
        i
        for i, row in forms["2025-07"].items()
        if "Thursday" not in str(row["submitted_at"])
        and ORIGINALLY_CLOSES < sent(row["submitted_at"]) <= CLOSES["2025-07"]
    ]
    assert len(inside) >= 10
    assert FIRST_CALL.submission_id("Utrecht NL") in inside


LOOKS = [
    ("2025-07", "Istanbul TR", "2025-09-05", True),
    ("2025-07", "Rosario AR", "2025-09-04", False),
    ("2026-01", "Halifax CA", "2026-01-08", False),
]


@pytest.mark.parametrize(
    ("round_id", "handle", "local_day", "on_time"), LOOKS, ids=[case[1] for case in LOOKS]
)
def test_the_local_day_misleads(forms, round_id: str, handle: str, local_day: str, on_time: bool) -> None:
    cell = row_of(forms, round_id, handle)["submitted_at"]
    assert str(cell).startswith(local_day)
    assert (sent(cell) <= CLOSES[round_id]) is on_time


def test_every_other_time_stamp_can_be_read_and_lies_within_its_call(forms) -> None:
    for round_id, call in CALLS.items():
        for handle in [case.handle for case in call.cases if not case.sent]:
            moment = sent(row_of(forms, round_id, handle)["submitted_at"]).astimezone(UTC)
            assert call.opens <= moment.date() <= call.last_day, handle


def test_time_stamps_come_in_three_ways_in_the_workbook(forms) -> None:
    cells = [row["submitted_at"] for row in forms["2025-07"].values()]
    assert any(isinstance(cell, datetime) for cell in cells)
    assert any(re.fullmatch(r"\d\d/\d\d/\d{4} \d\d:\d\d", str(cell)) for cell in cells)
    assert any(re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}[+-]\d\d:\d\d", str(cell)) for cell in cells)


CELLS: list[tuple[str, str, str, Callable[[str], bool]]] = [
    ("2025-07", "Abidjan CI", "submitted_at", lambda cell: not re.search(r"\d{4}", cell)),
    ("2025-07", "Port Louis MU", "city_name", lambda cell: cell == "None"),
    ("2025-07", "Antananarivo MG", "topic_1", lambda cell: cell == "None"),
    ("2026-01", "Antananarivo MG", "applicant_type", lambda cell: cell == "None"),
    ("2025-07", "Bursa TR", "city_name", lambda cell: "Büyükşehir Belediyesi" in cell),
    ("2025-07", "Munich DE", "city_name", lambda cell: "Muenchen" in cell),
    ("2025-07", "Ahmedabad IN", "country", lambda cell: cell == "IND"),
    ("2025-07", "Medellín CO", "country", lambda cell: cell == "Columbia"),
    ("2025-07", "Kobe JP", "city_name", lambda cell: cell == "神戸市"),
    ("2025-07", "Busan KR", "city_name", lambda cell: cell == "부산광역시"),
    ("2025-07", "Athens GR", "city_name", lambda cell: "Αθηναίων" in cell),
    ("2026-01", "Alexandria EG", "city_name", lambda cell: cell == "الإسكندرية"),
    ("2026-01", "Bologna IT", "city_name", lambda cell: cell.startswith("Comune di ")),
    ("2026-01", "Tbilisi GE", "country", lambda cell: cell == "Georgia"),
    ("2025-07", "Juigalpa NI", "population", lambda cell: cell == "50,000"),
    ("2025-07", "Peine DE", "population", lambda cell: cell == "49.953"),
    ("2025-07", "Dunaújváros HU", "population", lambda cell: cell == "50 084"),
    ("2025-07", "Braga PT", "mandate", lambda cell: cell in ("official letter", "official_letter")),
    ("2025-07", "Braga PT", "applicant_type", lambda cell: cell == "consultant"),
    ("2025-07", "Leuven BE", "mandate", lambda cell: cell == "in_progress"),
    ("2025-07", "Leuven BE", "applicant_type", lambda cell: cell == "university"),
    ("2025-07", "Kigali RW", "mandate", lambda cell: cell == "none"),
    ("2025-07", "Khulna BD", "motivation", lambda cell: 0 < len(cell.split()) < 40),
    ("2026-01", "Sousse TN", "motivation", lambda cell: cell == "None"),
    ("2026-01", "Asunción PY", "topic_1", lambda cell: cell not in TOPICS and cell not in TOPICS.values()),
    ("2025-07", "Turku FI", "lessons", lambda cell: 10_000 < len(cell) < 32_767),
    ("2025-07", "Turku FI", "action_summary", lambda cell: "\u202e" in cell),
    ("2025-07", "Lagos NG", "city_name", lambda cell: "<script>" in cell),
    ("2025-07", "Lagos NG", "motivation", lambda cell: cell.startswith("=HYPERLINK(")),
    ("2025-07", "Lagos NG", "contact_name", lambda cell: cell.startswith("=cmd|")),
    ("2025-07", "Lagos NG", "good_practices", lambda cell: "DROP TABLE" in cell),
    ("2025-07", "Lagos NG", "action_summary", lambda cell: "{{ 7*7 }}" in cell),
    ("2025-07", "Lagos NG", "lessons", lambda cell: "\x1b[31m" in cell or "_x001B_" in cell),
    ("2025-07", "Lagos NG", "plan_url", lambda cell: cell.startswith("javascript:")),
    ("2026-01", "Antananarivo MG", "city_name", lambda cell: cell.startswith("=HYPERLINK(")),
    ("2026-01", "Antananarivo MG", "lessons", lambda cell: "\x1b[31m" in cell and "\x07" in cell),
    ("2026-01", "Davao PH", "lessons", lambda cell: "<script>" in cell),
    ("2025-07", "San Fernando PH", "population", lambda cell: cell == "None"),
    ("2026-01", "Portland US", "population", lambda cell: cell == "None"),
    ("2026-01", "Reno", "members", lambda cell: "in_preparation" in cell and cell.count("\n") == 2),
    ("2025-07", "Lago", "members", lambda cell: cell.count(" | ") == 6),
    ("2026-01", "Suva FJ", "gcom_status", lambda cell: cell == "will_sign"),
]


@pytest.mark.parametrize(
    ("round_id", "handle", "column", "is_there"), CELLS, ids=[f"{case[1]}-{case[2]}" for case in CELLS]
)
def test_cell(forms, round_id: str, handle: str, column: str, is_there: Callable[[str], bool]) -> None:
    cell = str(row_of(forms, round_id, handle)[column])
    assert is_there(cell), cell


def test_sizes(forms) -> None:
    assert 55 <= len(forms["2025-07"]) <= 65
    assert 40 <= len(forms["2026-01"]) <= 50
    assert len(set(forms["2025-07"]) | set(forms["2026-01"])) == len(forms["2025-07"]) + len(forms["2026-01"])


def test_one_city_sends_twice_and_another_has_two_departments(forms) -> None:
    early, late = (row_of(forms, "2025-07", handle) for handle in ("Quito early", "Quito EC"))
    assert (early["city_name"], early["contact_email"], early["topic_1"]) == (
        late["city_name"],
        late["contact_email"],
        late["topic_1"],
    )
    assert sent(early["submitted_at"]) < sent(late["submitted_at"]) <= CLOSES["2025-07"]
    one, other = (
        row_of(forms, "2025-07", handle) for handle in ("Istanbul TR", "Istanbul second department")
    )
    topics = [{row[f"topic_{n}"] for n in (1, 2, 3)} - {None} for row in (one, other)]
    assert not topics[0] & topics[1]
    assert one["organisation"] != other["organisation"]


def test_several_cities_apply_in_both_rounds() -> None:
    again = {case.city for case in FIRST_CALL.cases} & {case.city for case in SECOND_CALL.cases}
    assert {
        "Tallinn EE",
        "Rabat MA",
        "Da Nang VN",
        "Lagos NG",
        "Dakar SN",
        "Peine DE",
        "San Fernando PH",
    } <= again


@pytest.mark.parametrize("round_id", CALLS)
def test_part_f_has_mutual_preferences_on_a_shared_topic(round_id: str) -> None:
    call: Call = CALLS[round_id]
    wishes = {(case.city, partner) for case in call.cases for partner in case.partners}
    topics = {case.city: {part.split(" ")[0] for part in case.topics.split(", ")} for case in call.cases}
    mutual = {
        frozenset(pair) for pair in wishes if pair[::-1] in wishes and topics[pair[0]] & topics[pair[1]]
    }
    assert len(mutual) >= 5


def test_people_are_invented_and_mail_stays_at_example_org(forms) -> None:
    for rows in forms.values():
        for submission_id, row in rows.items():
            assert submission_id.startswith("SAMPLE-20")
            assert re.fullmatch(r"[a-z]+\.\d{3}@example\.org", str(row["contact_email"]))
            links = re.findall(r"https?://([^/\"? )]+)", " ".join(str(cell) for cell in row.values()))
            assert set(links) <= {"example.org"}
    names = [str(row["contact_name"]) for rows in forms.values() for row in rows.values()]
    assert (
        sum(
            bool(re.fullmatch(r"\w+ (Sample|Example|Specimen|Placeholder|Fictional)-\d{3}", name))
            for name in names
        )
        >= len(names) - 3
    )
