"""Records are read in whatever shape of JSON a tool or an interface writes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from programme.problems import ProblemsError
from tasks.ingest.step import ReadTable
from tests.tasks.ingest.conftest import MINIMAL

FORMS: list[dict[str, Any]] = [
    MINIMAL | {"submission_id": f"S{n}", "city_name": city, "country": country}
    for n, (city, country) in enumerate([("Turku", "Finland"), ("Porto", "Portugal"), ("Łódź", "Poland")])
]
HEADINGS = list(MINIMAL)
CELLS = [[form[heading] for heading in HEADINGS] for form in FORMS]


SHAPES: dict[str, Any] = {
    "an envelope of two levels": {"data": {"page": 1, "responses": FORMS}},
    "an envelope of three levels": {"survey": {"export": {"made": "2026-01-01", "items": FORMS}}},
    "questions beside the answers": {"questions": [{"id": 1, "title": "City"}], "responses": FORMS},
    "an object with the answers": [{"id": form["submission_id"], "answers": form} for form in FORMS],
    "fields of a record (Airtable)": {"records": [{"id": "rec1", "fields": form} for form in FORMS]},
    "properties of a feature (GeoJSON)": {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": form}
            for form in FORMS
        ],
    },
    "a list of questions and answers": [
        {"answers": [{"question": key, "answer": item} for key, item in form.items()]} for form in FORMS
    ],
    "numbered questions (JotForm)": {
        "responseCode": 200,
        "content": [
            {
                "answers": {
                    str(n): {"name": key, "type": "control_textbox", "order": str(n), "answer": item}
                    for n, (key, item) in enumerate(form.items())
                }
            }
            for form in FORMS
        ],
    },
    "answers by type (Typeform)": {
        "total_items": 3,
        "page_count": 1,
        "items": [
            {
                "token": "x",
                "answers": [
                    {"type": "text", "text": item, "field": {"id": "a", "ref": key}}
                    for key, item in form.items()
                ],
            }
            for form in FORMS
        ],
    },
    "under their ids": {form["submission_id"]: form for form in FORMS},
    "under their ids in an envelope": {"submissions": {f["submission_id"]: f for f in FORMS}},
    "under their numbers": {str(n): form for n, form in enumerate(FORMS)},
    "columns": {heading: [form[heading] for form in FORMS] for heading in HEADINGS},
    "numbered columns": {
        heading: {str(n): form[heading] for n, form in enumerate(FORMS)} for heading in HEADINGS
    },
    "headings beside rows": {"columns": HEADINGS, "index": [0, 1, 2], "data": CELLS},
    "headings above rows": [HEADINGS, *CELLS],
    "a sheet (Google Sheets)": {"range": "A1:F4", "majorDimension": "ROWS", "values": [HEADINGS, *CELLS]},
    "fields beside records (CKAN)": {
        "success": True,
        "result": {"fields": [{"id": name} for name in HEADINGS], "records": FORMS, "total": 3},
    },
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_records_of_any_shape_are_read(read: Callable[..., ReadTable], shape: Any) -> None:
    table = read(json.dumps(shape), "submissions", "submissions.json")
    rows = table.frame.sort("row")
    assert rows["city_name"].to_list() == ["Turku", "Porto", "Łódź"]
    assert rows["submission_id"].to_list() == ["S0", "S1", "S2"]
    assert set(rows["topic_1"]) == {"cooling"}


NONE: dict[str, Any] = {
    "numbers": [1, 2, 3],
    "records and a word": [FORMS[0], "x"],
    "nothing but empty objects": [{}, {}],
}


@pytest.mark.parametrize("value", NONE.values(), ids=NONE)
def test_what_holds_no_records_is_told(read: Callable[..., ReadTable], value: Any) -> None:
    with pytest.raises(ProblemsError, match="JSON that cannot be read"):
        read(json.dumps(value), "submissions", "submissions.json")


SEVERAL: dict[str, Any] = {
    "two lists": {"first": FORMS[:2], "second": FORMS[2:]},
    "two lists of one name": {"a": {"items": FORMS[:2]}, "b": {"items": FORMS[2:]}},
    "lists at two levels": {"items": FORMS[:2], "archive": {"items": FORMS[2:]}},
    "two objects of records": {"a": {"S0": FORMS[0], "S1": FORMS[1]}, "b": {"S2": FORMS[2], "S3": FORMS[0]}},
    "a list and rows": {"first": FORMS[:2], "second": [HEADINGS, CELLS[2]]},
}


@pytest.mark.parametrize("value", SEVERAL.values(), ids=SEVERAL)
def test_records_in_several_places_are_told_and_none_is_lost(
    read: Callable[..., ReadTable], value: Any
) -> None:
    with pytest.raises(ProblemsError, match="records in several places"):
        read(json.dumps(value), "submissions", "submissions.json")


def test_the_same_records_twice_are_read_once(read: Callable[..., ReadTable]) -> None:
    twice = {"data": FORMS, "results": FORMS}
    assert read(json.dumps(twice), "submissions", "submissions.json").frame.height == 3


def test_a_page_that_is_not_all_is_told_in_any_envelope(read: Callable[..., ReadTable]) -> None:
    pages = {"success": True, "result": {"records": FORMS, "total": 30}}
    with pytest.raises(ProblemsError, match="3 of 30 records"):
        read(json.dumps(pages), "submissions", "submissions.json")


def test_what_the_records_say_is_nothing_about_pages(read: Callable[..., ReadTable]) -> None:
    forms = {form["submission_id"]: form | {"total": 9, "next": "a plan"} for form in FORMS}
    assert read(json.dumps(forms), "submissions", "submissions.json").frame.height == 3


def test_records_that_share_no_field_are_too_many_cells(read: Callable[..., ReadTable]) -> None:
    records = [{f"{row}-{cell}": 1 for cell in range(40)} for row in range(1000)]
    with pytest.raises(ProblemsError, match="at most"):
        read(json.dumps(records), "submissions", "submissions.json")
