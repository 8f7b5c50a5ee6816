"""Forms that were set aside: what their senders are asked, and that a copy asks nothing."""

from __future__ import annotations

import polars as pl
import pytest

from programme.programme import Programme
from tasks.eligibility.unused_forms import unused_form_points, unused_forms
from warehouse.dictionary.inputs import SUBMISSIONS
from warehouse.dictionary.published import APPLICATIONS
from warehouse.dictionary.working import SET_ASIDE

WHOLE = {
    "row": 7,
    "submission_id": "S7",
    "city_name": "Melbourne",
    "country": "Australia",
    "applicant_type": "city",
    "topic_1": "data",
    "contact_email": "a@example.org",
}
NO_CITY = "Your form cannot be used yet: it does not say the name of the city that applies."
CASES = [
    (
        "a city named as the organisation",
        {"city_name": None, "organisation": "City of Melbourne"},
        f"{NO_CITY} It names “City of Melbourne” as the organisation; please tell us whether that is the "
        "city that applies, or which city it is.",
    ),
    ("no city at all", {"city_name": None}, f"{NO_CITY} Please tell us, or send the form again."),
    (
        "several answers",
        {"country": None, "topic_1": None, "organisation": "City of Melbourne"},
        "Your form cannot be used yet: it does not say the country and your first topic. Please tell us, "
        "or send the form again.",
    ),
    ("nothing that its sender could answer", {}, None),
]


def set_aside(*rows: tuple[int, str]) -> pl.DataFrame:
    about = {"table": "submissions", "column": "city_name", "reason": "city_name is blank"}
    return SET_ASIDE.frame([about | {"row": row, "row_key": key} for row, key in rows])


def applications(**states: str) -> pl.DataFrame:
    return APPLICATIONS.frame([{"application_id": key, "state": state} for key, state in states.items()])


@pytest.mark.parametrize(("cells", "sentence"), [pytest.param(*each[1:], id=each[0]) for each in CASES])
def test_what_the_sender_is_asked(
    cells: dict[str, object], sentence: str | None, programme: Programme
) -> None:
    forms = unused_forms(
        SUBMISSIONS.frame([WHOLE | cells]), set_aside((7, "S7")), applications(S7="set_aside")
    )
    points = unused_form_points(forms, programme.letters.answers)
    assert [point.message for point in points] == ([sentence] if sentence else [])
    assert all((point.application_id, point.clause, point.final) == ("S7", "3.1", False) for point in points)


def test_a_form_without_a_number_goes_by_its_row() -> None:
    unused = SUBMISSIONS.frame([WHOLE | {"submission_id": None, "city_name": None}])
    forms = unused_forms(unused, set_aside((7, "row-0007")), applications(**{"row-0007": "set_aside"}))
    assert forms["submission_id"].to_list() == ["row-0007"]
    assert forms["contact_email"].to_list() == ["a@example.org"]


def test_a_copy_of_a_form_that_counts_asks_nothing() -> None:
    found = applications(**{"S7": "accepted", "S7 (row 7)": "set_aside"})
    assert unused_forms(SUBMISSIONS.frame([WHOLE]), set_aside((7, "S7")), found).is_empty()
