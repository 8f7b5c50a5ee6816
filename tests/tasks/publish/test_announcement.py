"""What an approval would announce, in words."""

from __future__ import annotations

from tasks.publish.announcement import announced
from warehouse.dictionary import PUBLISHED_TABLES


def tables(twinnings: dict[str, tuple[str, bool, list[str]]], status: dict[str, str]):
    """Tables of twinnings (topic, conditional, members) and of each application's status."""
    rows = {
        "applications": [{"application_id": one, "city_name": f"City {one}"} for one in status],
        "eligibility": [{"application_id": one, "status": word} for one, word in status.items()],
        "twinnings": [
            {"twinning_id": name, "topic": topic, "conditional": conditional}
            for name, (topic, conditional, _) in twinnings.items()
        ],
        "twinning_members": [
            {"twinning_id": name, "application_id": one}
            for name, (_, _, members) in twinnings.items()
            for one in members
        ],
    }
    return {name: PUBLISHED_TABLES[name].frame(found) for name, found in rows.items()}


STATUS = {"A": "eligible", "B": "eligible", "C": "tentative", "D": "ineligible"}
BEFORE = tables({"T1": ("ports", False, ["A", "B"]), "T2": ("cooling", True, ["C"])}, STATUS)


def test_the_first_time_everything_is_new() -> None:
    assert announced(None, BEFORE) == [
        "2 twinnings of 3 cities, for the first time.",
        "New: City A, City B on ports.",
        "New: City C on cooling, on condition.",
        "2 applications: eligible.",
        "1 application: ineligible.",
        "1 application: tentative.",
    ]


def test_nothing_new_is_said_too() -> None:
    assert announced(BEFORE, BEFORE) == ["Nothing changes for any city."]


def test_each_difference_is_one_sentence() -> None:
    after = tables(
        {"T2": ("cooling", False, ["C"]), "T3": ("ports", False, ["A", "D"])},
        {"A": "eligible", "B": "ineligible", "C": "tentative", "D": "eligible"},
    )
    assert announced(BEFORE, after) == [
        "New: City A, City D on ports.",
        "No longer: City A, City B on ports.",
        "Changed: City C on cooling, on condition becomes City C on cooling.",
        "City B (B): eligible becomes ineligible.",
        "City D (D): ineligible becomes eligible.",
    ]
