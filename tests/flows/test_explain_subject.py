"""What `explain` takes for its subject: names and ids, superseded forms, mistakes."""

from __future__ import annotations

import pytest

from flows.commands.explain_subject import Subject, find_subject
from programme.problems import ProblemsError
from tests.tasks.publish.test_open_points import twinning, world

APPLICATIONS = [
    ("S1", "UTM1", "Yaoundé 3", "CMR", "superseded", "S2"),
    ("S2", "UTM1", "Yaoundé 3", "CMR", "accepted", None),
    ("S3", "USA:arlington", "Arlington", "USA", "accepted", None),
    ("S4", "G4", "Arlington", "USA", "accepted", None),
    ("S5", "UTM5", "Delhi", "IND", "accepted", None),
]
TABLES = world(
    applications=[
        dict(
            zip(
                ("application_id", "city_id", "city_name", "country_iso3", "state", "superseded_by"),
                row,
                strict=True,
            )
        )
        for row in APPLICATIONS
    ],
    crosscheck=[
        {
            "application_id": "S5",
            "register": "gcom",
            "member_name": "Delhi",
            "outcome": "linked",
            "register_id": "G5",
            "evidence": "same name",
            "decided_by": "decision 3f2a9c",
        }
    ],
    **twinning("proposed"),
)
FOUND = [
    ("a twinning", "T1", Subject("twinning_id", "T1")),
    ("an application", "S5", Subject("application_id", "S5")),
    ("blanks around", " S5 ", Subject("application_id", "S5")),
    (
        "a city's name, whatever its case and accents",
        "yaounde 3",
        Subject("application_id", "S2", None, ("S1",)),
    ),
    ("a city's id", "UTM1", Subject("application_id", "S2", None, ("S1",))),
    ("a superseded form", "S1", Subject("application_id", "S2", "S1")),
    ("the id of a register", "G5", Subject("application_id", "S5")),
    ("the id of a decision", "3f2a9c", Subject("application_id", "S5")),
    ("one of two cities of a name, by id", "S4", Subject("application_id", "S4")),
]


@pytest.mark.parametrize(("typed", "subject"), [pytest.param(*each[1:], id=each[0]) for each in FOUND])
def test_what_is_meant(typed: str, subject: Subject) -> None:
    assert find_subject(TABLES, typed, "here") == subject


MISTAKES = [
    ("two cities of one name", "Arlington", "S3 (Arlington, USA); S4 (Arlington, USA)"),
    ("nearly a name", "Dehli", "Near to it: Delhi."),
    ("nothing like it", "zzzz", "The table applications has all names and ids."),
    ("nothing", "", "expected the name of a city"),
]


@pytest.mark.parametrize(("typed", "said"), [pytest.param(*each[1:], id=each[0]) for each in MISTAKES])
def test_a_mistake_names_what_could_be_meant(typed: str, said: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        find_subject(TABLES, typed, "here")
    assert said in str(caught.value)
