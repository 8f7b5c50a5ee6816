"""The registers, evaluations and decisions around the forms."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from samples.calls import FIRST_CALL, SECOND_CALL
from samples.cities import find_city, namesakes
from samples.cohort import utm_ids
from samples.signatories import gcom_ids


def test_the_first_register_has_106_rows_of_every_status(cohort) -> None:
    assert len(cohort["2025-07"]) == 106
    assert {row["status"] for row in cohort["2025-07"].values()} == {
        "member",
        "pending",
        "rejected",
        "withdrawn",
    }


def test_the_newer_register_keeps_ids_and_moves_on(cohort) -> None:
    first, second = cohort["2025-07"], cohort["2026-01"]
    assert set(first) < set(second)
    assert all(
        (first[i]["name"], first[i]["country"], first[i]["applied_on"])
        == (second[i]["name"], second[i]["country"], second[i]["applied_on"])
        for i in first
    )
    moves = Counter(
        (first[i]["status"], second[i]["status"]) for i in first if first[i]["status"] != second[i]["status"]
    )
    assert moves[("pending", "member")] >= 3
    assert moves[("pending", "rejected")] >= 1
    assert set(moves) == {("pending", "member"), ("pending", "rejected")}
    assert {row["status"] for i, row in second.items() if i not in first} >= {"pending"}


def test_no_register_knows_the_future(cohort) -> None:
    for call in (FIRST_CALL, SECOND_CALL):
        for row in cohort[call.round_id].values():
            days = [
                date.fromisoformat(str(row[column])) for column in ("applied_on", "decided_on") if row[column]
            ]
            assert days == sorted(days)
            assert days[-1] <= call.register_as_of
            assert (row["status"] == "pending") is (row["decided_on"] is None)


APPLIED = [
    ("2025-07", "Da Nang VN", "pending", "before the form"),
    ("2025-07", "Tallinn EE", "pending", "before the form"),
    ("2025-07", "Kaunas LT", "pending", "after the form, in time"),
    ("2026-01", "Fortaleza BR", "pending", "after the form, in time"),
    ("2025-07", "Skopje MK", "pending", "too late"),
    ("2025-07", "Tipitapa NI", "rejected", "before the form"),
    ("2025-07", "Plovdiv BG", "withdrawn", "before the form"),
    ("2026-01", "Tallinn EE", "member", "before the form"),
]
LAST_DAY = {"2025-07": date(2025, 9, 4), "2026-01": date(2026, 1, 8)}


@pytest.mark.parametrize(
    ("round_id", "handle", "status", "when"), APPLIED, ids=[f"{case[0]}-{case[1]}" for case in APPLIED]
)
def test_life_of_a_cohort_application(
    forms, cohort, round_id: str, handle: str, status: str, when: str
) -> None:
    call = FIRST_CALL if round_id == "2025-07" else SECOND_CALL
    row = cohort[round_id][utm_ids()[handle]]
    form = str(forms[round_id][call.submission_id(handle)]["submitted_at"])
    sent_on = (
        date.fromisoformat(form[:10])
        if form[4] == "-"
        else date(int(form[6:10]), int(form[3:5]), int(form[:2]))
    )
    applied = date.fromisoformat(str(row["applied_on"]))
    told = (
        "too late"
        if applied > LAST_DAY[round_id]
        else "before the form"
        if applied <= sent_on
        else "after the form, in time"
    )
    assert (row["status"], told) == (status, when)


@pytest.mark.parametrize("handle", ["Harare ZW", "Gaborone BW", "Asunción PY"])
def test_some_applicants_are_in_no_cohort_register(cohort, handle: str) -> None:
    named = {(row["name"], row["country"]) for row in cohort["2026-01"].values()}
    assert (find_city(handle).name, find_city(handle).country) not in named


def test_the_signatory_list_has_two_thousand_rows_with_ids_of_their_own(gcom) -> None:
    assert len(gcom) == 2000
    assert len({row["gcom_id"] for row in gcom}) == 2000
    assert len({row["country"] for row in gcom}) > 120


NAMESAKES = [
    ("Springfield US", 4),
    ("Portland US", 2),
    ("San Fernando PH", 2),
    ("Victoria PH", 2),
    ("San José CR", 2),
    ("Valencia ES", 1),
    ("Valencia VE", 1),
]


@pytest.mark.parametrize(("key", "at_least"), NAMESAKES, ids=[case[0] for case in NAMESAKES])
def test_homonyms_stand_in_the_list(gcom, key: str, at_least: int) -> None:
    found = [
        row for row in gcom if (row["name"], row["country"]) == (find_city(key).name, find_city(key).country)
    ]
    assert at_least <= len(found) <= len(namesakes(key))


def test_homonyms_stand_in_the_cohort(cohort) -> None:
    names = Counter((row["name"], row["country"]) for row in cohort["2025-07"].values())
    assert {name for (name, _), count in names.items() if count > 1} == {
        "Springfield",
        "San Fernando",
        "Portland",
    }


def test_some_cities_are_listed_twice_some_under_another_name_some_not_at_all(gcom) -> None:
    names = Counter((row["name"], row["country"]) for row in gcom)
    assert names[("Lima", "Peru")] == names[("Porto", "Portugal")] == 2
    assert ("München", "Germany") in names
    assert ("Munich", "Germany") not in names
    assert not {"Rabat", "Suva", "Purranque", "Pune"} & {str(row["name"]) for row in gcom}


def test_one_signature_has_lapsed_and_some_rows_lack_figures(gcom) -> None:
    assert [row["name"] for row in gcom if row["status"]] == ["Kathmandu"]
    assert 50 < sum(row["population"] is None for row in gcom) < 200


def test_sources_disagree_across_the_line(forms, cohort, gcom) -> None:
    form = str(forms["2025-07"][FIRST_CALL.submission_id("Doetinchem NL")]["population"])
    listed = next(row for row in gcom if row["gcom_id"] == gcom_ids()["Doetinchem NL"])
    assert form == "58.300"
    assert cohort["2025-07"][utm_ids()["Doetinchem NL"]]["population"] == "58300"
    assert int(str(listed["population"])) < 50_000


@pytest.mark.parametrize("round_id", ["2025-07", "2026-01"])
def test_six_evaluators_from_kind_to_harsh(scores, round_id: str) -> None:
    given: dict[str, list[float]] = {}
    for row in scores[round_id]:
        if row["score"] is not None and row["conflict"] == "no" and float(str(row["score"])) <= 5:
            given.setdefault(str(row["evaluator_id"]), []).append(float(str(row["score"])))
    means = {evaluator: sum(values) / len(values) for evaluator, values in given.items()}
    assert sorted(means) == [f"SAMPLE-EV{n}" for n in range(1, 7)]
    assert means["SAMPLE-EV1"] - means["SAMPLE-EV6"] > 0.8


@pytest.mark.parametrize("round_id", ["2025-07", "2026-01"])
def test_slips_and_conflicts_of_evaluators(scores, round_id: str) -> None:
    rows = scores[round_id]
    assert sum(row["score"] is None for row in rows) == 1
    assert sum(str(row["score"]) == "7" for row in rows) == 1
    assert sum(str(row["submission_id"]).endswith("-999") for row in rows) == 1
    conflicted = [row for row in rows if row["conflict"] == "yes"]
    assert len({row["submission_id"] for row in conflicted}) >= 3
    assert {str(row["score"]) for row in conflicted} == {"5"}


PANELS = [
    (FIRST_CALL, "Thessaloníki GR", "none"),
    (FIRST_CALL, "George Town MY", "disputed"),
    (SECOND_CALL, "Davao PH", "disputed"),
]


@pytest.mark.parametrize(("call", "handle", "panel"), PANELS, ids=[case[1] for case in PANELS])
def test_missing_and_disputed_panels(scores, call, handle: str, panel: str) -> None:
    given = [
        int(str(row["score"]))
        for row in scores[call.round_id]
        if row["submission_id"] == call.submission_id(handle)
    ]
    assert (not given) if panel == "none" else (max(given) - min(given) >= 4)


DECISIONS = {
    "2025-07": {"link", "accept_late", "withdraw", "rule", "pin", "forbid"},
    "2026-01": {"no_link", "accept_late", "link", "withdraw", "merge", "forbid"},
}


@pytest.mark.parametrize("round_id", DECISIONS)
def test_decisions_of_several_kinds_name_what_exists(forms, cohort, gcom, ledger, round_id: str) -> None:
    rows = ledger[round_id]["decisions"]
    known = set(forms[round_id]) | set(cohort[round_id]) | {row["gcom_id"] for row in gcom}
    assert {row["kind"] for row in rows} == DECISIONS[round_id]
    for row in rows:
        assert str(row["subject"]).split(":")[0] in known
        assert row["kind"] not in ("pin", "forbid", "merge") or row["object"] in known
        assert row["kind"] != "link" or row["value"] in known
        assert str(row["decided_by"]).startswith("Sample Officer-")


FUNDED = [
    ("2025-07", "Accra", "Kumasi", "waste-to-energy"),
    ("2026-01", "Lusaka", "Kampala", "waste-to-energy"),
    ("2025-07", "Helsinki", "Tallinn", "buildings"),
]


@pytest.mark.parametrize(
    ("round_id", "one", "other", "topic"), FUNDED, ids=[f"{case[1]}-{case[2]}" for case in FUNDED]
)
def test_pairs_funded_before(ledger, round_id: str, one: str, other: str, topic: str) -> None:
    row = next(
        row for row in ledger[round_id]["collaborations"] if (row["city_a"], row["city_b"]) == (one, other)
    )
    assert row["funded"] == "yes"
    assert topic.split("-", maxsplit=1)[0] in str(row["topic"]).lower()
