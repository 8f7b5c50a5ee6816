"""The same three answers as five form tools export them are understood the same."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest

from programme.programme import Programme
from tasks.ingest.headings.layout import recognise_profile
from tasks.ingest.step import ReadTable

Q = {
    "city_name": "A1. Name of your city or consortium", "country": "A2. Country",
    "applicant_type": "A3. Type of applicant", "population": "A4. Number of inhabitants",
    "cohort_status": "B1. Is your city part of the UTM City Cohort?",
    "plan_covers_whole_city": "B6. Does the plan cover the whole city?",
    "topic_1": "D1. First priority", "topic_1_need": "D1a. Need (0-5)",
    "action_aspects": "D9. Aspects considered so far", "stakeholders": "E1. Stakeholders involved",
    "preferred_city_1": "F1. Preferred partner city 1", "preferred_country_1": "F1. Country",
    "preferred_country_2": "F2. Country",
}  # fmt: skip
SAME = [
    (
        "Turku",
        "FIN",
        "city",
        195000,
        "member",
        True,
        "cooling",
        4,
        ["technical", "social"],
        ["businesses", "research"],
        "Malmö",
        "Sweden",
        None,
    ),
    (
        "Extrema",
        "BRA",
        "town",
        36000,
        "applied",
        False,
        "data",
        None,
        None,
        ["civil_society"],
        None,
        None,
        "Peru",
    ),
]
MOMENTS = ["2025-08-03 10:15:22+00:00", "2025-08-26 20:05:00+00:00"]


def delimited(rows: list[list[str]], separator: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def eusurvey() -> bytes:
    return delimited([
        ["Alias: City2City-2025"], ["Export date: 05-09-2025 09:00"], [],
        ["Contribution ID", "Creation date", "Last update", "User name", "Languages", *Q.values()],
        ["a1b2", "03/08/2025 12:15:22", "03/08/2025 12:15:22", "", "EN", "Turku", "Finland",
         "Municipality / city", "195 000", "Yes, member", "Yes",
         "Cooling planning, measures & technologies", "4", "Technical; Social", "Businesses; Research",
         "Malmö", "Sweden", ""],
        ["c3d4", "26/08/2025 22:05:00", "26/08/2025 22:05:00", "", "PT", "Extrema", "Brasil", "Town",
         "36.000", "Application pending", "No",
         "Data management", "", "", "Civil society", "", "", "Peru"],
    ], ";")  # fmt: skip


def microsoft() -> bytes:
    return delimited([
        ["ID", "Start time", "Completion time", "Email", "Name", "Last modified time", *Q.values()],
        ["1", "8/3/25 12:01:00", "8/3/25 12:15:22", "anonymous", "", "", "Turku", "Finland", "City",
         "195,000", "Yes, member", "Yes",
         "Cooling planning, measures & technologies", "4", "Technical;Social;", "Businesses;Research;",
         "Malmö", "Sweden", ""],
        ["2", "8/26/25 21:50:00", "8/26/25 22:05:00", "anonymous", "", "", "Extrema", "Brazil", "Town",
         "36000", "Application pending", "No", "Data management",
         "", "", "Civil society;", "", "", "Peru"],
    ])  # fmt: skip


def google() -> bytes:
    return delimited([
        ["Timestamp", "Email Address", *Q.values()],
        ["2025/08/03 12:15:22 PM GMT+2", "x@example.org", "Turku", "Finland", "City", "195000",
         "Yes, member", "Yes", "Cooling planning, measures & technologies",
         "4", "Technical, Social", "Businesses, Research", "Malmö", "Sweden", ""],
        ["2025/08/26 10:05:00 PM GMT+2", "y@example.org", "Extrema", "Brazil", "Town", "36000",
         "Application pending", "No", "Data management", "", "",
         "Civil society", "", "", "Peru"],
    ])  # fmt: skip


LIME_OPTIONS = [
    *(f"D9[SQ00{n}]" for n in range(1, 6)),
    *(f"E1[{name}]" for name in ("public authorities", "Businesses", "finance", "research", "civil society")),
]


def limesurvey_codes() -> bytes:
    single = [
        "A1",
        "A2",
        "A3",
        "A4",
        "B1",
        "B6",
        "D1",
        "D1a",
        "F1. Preferred partner city 1",
        "F1. Country",
        "F2. Country",
    ]
    return delimited([
        ["id", "submitdate", "lastpage", "startlanguage", "seed", *single, *LIME_OPTIONS],
        ["7", "2025-08-03 12:15:22", "6", "en", "123", "Turku", "Finland", "city", "195000", "member", "Y",
         "cooling", "4", "Malmö", "Sweden", "",
         "Y", "", "", "Y", "", "", "Y", "", "Y", ""],
        ["8", "2025-08-26 22:05:00", "6", "pt", "124", "Extrema", "Brazil", "town", "36000", "applied", "N",
         "data", "", "", "", "Peru",
         "", "", "", "", "", "", "", "", "", "Y"],
        ["9", "", "3", "en", "125", "Nowhere", *[""] * 20],
    ])  # fmt: skip


def limesurvey_texts() -> bytes:
    single = {name: text for name, text in Q.items() if name not in ("action_aspects", "stakeholders")}
    aspects = ["Technical", "Regulatory", "Financial", "Social", "Environmental"]
    kinds = ["Public authorities", "Businesses", "Finance sector", "Research", "Civil society"]
    heads = [
        *(f"<p>{Q['action_aspects']}</p> [{text}]" for text in aspects),
        *(f"{Q['stakeholders']} [{text}]" for text in kinds),
    ]
    yes = ["No", "Yes"]
    return delimited([
        ["Response ID", "Date submitted", "Last page", "Start language", *single.values(), *heads],
        ["7", "2025-08-03 12:15:22", "6", "en", "Turku", "Finland", "City", "195000", "Yes, member", "Yes",
         "Cooling planning, measures & technologies", "4",
         "Malmö", "Sweden", "", *(yes[text in ("Technical", "Social")] for text in aspects),
         *(yes[text in ("Businesses", "Research")] for text in kinds)],
        ["8", "2025-08-26 22:05:00", "6", "pt", "Extrema", "Brazil", "Town", "36000", "Application pending",
         "No", "Data management", "", "", "", "Peru",
         *["No"] * 5, *(yes[text == "Civil society"] for text in kinds)],
    ])  # fmt: skip


def kobo() -> bytes:
    names = ["group_a/city_name", "group_a/country", "group_a/applicant_type", "group_a/population",
    "group_b/cohort_status", "group_b/plan_covers_whole_city",
             "group_d/topic_1", "group_d/topic_1_need", "group_d/action_aspects"]  # fmt: skip
    split = [
        f"group_d/action_aspects/{name}"
        for name in ("technical", "regulatory", "financial", "social", "environmental")
    ]
    rest = [
        "group_e/stakeholders",
        "group_f/preferred_city_1",
        "group_f/preferred_country_1",
        "group_f/preferred_country_2",
    ]
    meta = [
        "_id",
        "_uuid",
        "_submission_time",
        "_validation_status",
        "_notes",
        "_status",
        "_submitted_by",
        "__version__",
        "_tags",
        "_index",
    ]
    return delimited([
        ["start", "end", *names, *split, *rest, *meta],
        ["2025-08-03T12:01:00.000+02:00", "2025-08-03T12:15:00.000+02:00", "Turku", "finland", "city",
         "195000", "member", "yes", "cooling", "4",
         "technical social", "1", "0", "0", "1", "0", "businesses research", "Malmö", "Sweden", "", "101",
         "u-1", "2025-08-03T10:15:22", "", "", "submitted_via_web", "", "v1", "", "1"],
        ["2025-08-26T21:50:00.000+02:00", "2025-08-26T22:04:00.000+02:00", "Extrema", "brazil", "town",
         "36000", "applied", "no", "data", "",
         "", "0", "0", "0", "0", "0", "civil_society", "", "", "Peru", "102", "u-2", "2025-08-26T20:05:00",
         "", "", "submitted_via_web", "", "v1", "", "2"],
    ], ";")  # fmt: skip


def kobo_api() -> bytes:
    meta = {
        "_uuid": "u",
        "_validation_status": {},
        "_submitted_by": None,
        "__version__": "v1",
        "_attachments": [],
    }
    return json.dumps({"count": 2, "next": None, "results": [
        {"_id": 101, "_submission_time": "2025-08-03T10:15:22", "a/city_name": "Turku",
         "a/country": "Finland", "a/applicant_type": "city", "a/population": 195000,
         "b/cohort_status": "member", "b/plan_covers_whole_city": "yes", "d/topic_1": "cooling",
         "d/topic_1_need": "4", "d/action_aspects": "technical social",
         "e/stakeholders": "businesses research", "f/preferred_city_1": "Malmö",
         "f/preferred_country_1": "Sweden", **meta},
        {"_id": 102, "_submission_time": "2025-08-26T20:05:00", "a/city_name": "Extrema",
         "a/country": "Brazil", "a/applicant_type": "town", "a/population": 36000,
         "b/cohort_status": "applied", "b/plan_covers_whole_city": "no", "d/topic_1": "data",
         "e/stakeholders": "civil_society", "f/preferred_country_2": "Peru", **meta},
    ]}).encode()  # fmt: skip


EXPORTS = [
    ("eusurvey", eusurvey), ("microsoft-forms", microsoft), ("google-forms", google), ("limesurvey",
     limesurvey_codes), ("limesurvey", limesurvey_texts),
    ("kobotoolbox", kobo), ("kobotoolbox", kobo_api),
]  # fmt: skip


@pytest.mark.parametrize(("profile", "export"), EXPORTS, ids=[export.__name__ for _, export in EXPORTS])
def test_exports(read: Callable[..., ReadTable], profile: str, export: Callable[[], bytes]) -> None:
    table = read(export())
    columns = ["country_iso3" if name == "country" else name for name in Q]
    assert table.frame.select(columns).rows() == [tuple(row) for row in SAME]
    assert [str(moment) for moment in table.frame["submitted_at"]] == MOMENTS
    assert table.passport.profile == profile
    assert table.passport.unknown == ()
    assert table.passport.n_rows == table.passport.n_used + table.passport.n_set_aside


def test_a_form_begun_and_never_sent_is_set_aside(read: Callable[..., ReadTable]) -> None:
    table = read(limesurvey_codes())
    assert table.set_aside.select("row_key", "column").rows()[0] == ("9", "submitted_at")


def test_a_tool_that_keeps_no_time_stamps_leaves_the_time_to_a_person(read: Callable[..., ReadTable]) -> None:
    table = read(limesurvey_codes().replace(b"2025-08-03 12:15:22", b"1980-01-01 00:00:00"))
    assert table.frame["submitted_at"].is_null().to_list() == [True, False]
    assert table.findings.is_empty()


def test_a_response_without_an_id_has_the_same_one_in_every_export(read: Callable[..., ReadTable]) -> None:
    lines = google().decode("utf-8-sig").splitlines()
    turned = read("\n".join([lines[0], lines[2], lines[1]]))
    ids = read(google()).frame.select("city_name", "submission_id").sort("city_name").rows()
    assert turned.frame.select("city_name", "submission_id").sort("city_name").rows() == ids
    assert len({made for _, made in ids}) == 2


def test_several_columns_of_one_question_are_named_in_the_passport(read: Callable[..., ReadTable]) -> None:
    mapped = dict(read(limesurvey_codes()).passport.mapped)
    assert mapped["action_aspects"] == "D9[SQ001] + D9[SQ002] + D9[SQ003] + D9[SQ004] + D9[SQ005]"


def test_canonical_names_and_one_sign_alone_are_no_tool(programme: Programme) -> None:
    assert recognise_profile(list(programme.form.submissions), programme.form) is None
    assert recognise_profile(["Start time", "city_name"], programme.form) is None
