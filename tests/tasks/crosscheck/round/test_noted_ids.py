"""The GCoM id that the cohort register notes for a city, against what the names say."""

from __future__ import annotations

import polars as pl
import pytest

from programme.linking import LinkingRules
from tasks.crosscheck.linkage.index import RegisterIndex, build_index
from tasks.crosscheck.round.registers import NOTED_CONFIDENCE, apply_noted_ids
from tests.tasks.crosscheck.making import small_gazetteer

GCOM = [
    ("G1", "Torino"),
    ("G2", "Turin"),
    ("G3", "Comune di Savigliano"),
    ("G4", "Savigliano"),
    ("G5", "Alba"),
]


@pytest.fixture(scope="module")
def index(rules: LinkingRules) -> RegisterIndex:
    rows = [(id_, name, "ITA") for id_, name in GCOM]
    register = pl.DataFrame(rows, schema=["register_id", "name", "country_iso3"], orient="row")
    return build_index(register, small_gazetteer(), rules)


Answer = tuple[str, str | None]
CASES: dict[str, tuple[Answer, str | None, Answer, str]] = {
    "the same row": (("linked", "G1"), "G1", ("linked", "G1"), "names G1 as this city's row"),
    "another row of the place": (("linked", "G1"), "G2", ("linked", "G2"), "names G2 as"),
    "another row of the name": (("linked", "G3"), "G4", ("linked", "G4"), "names G4 as"),
    "another city": (
        ("linked", "G5"),
        "G1",
        ("review", None),
        "names G1, the names say G5; by the names: why",
    ),
    "the names do not decide": (("review", None), "G5", ("linked", "G5"), "names G5 as"),
    "the names find nothing": (("none", None), "G5", ("linked", "G5"), "names G5 as"),
    "a row that does not exist": (("none", None), "G9", ("none", None), "why"),
    "no note": (("linked", "G5"), None, ("linked", "G5"), "why"),
}


def with_note(
    by_names: Answer, noted: str | None, index: RegisterIndex, cohort_id: str | None, consortia: list[str]
) -> dict[str, object]:
    """The GCoM link of application S1, whose cohort link is `cohort_id`; U1 has the note."""
    cohort_outcome = "linked" if cohort_id else "review"
    links = pl.DataFrame(
        [
            ("S1", "cohort", "x", cohort_outcome, cohort_id, 0.9, "why", "rules"),
            ("S1", "gcom", "x", *by_names, 0.5, "why", "rules"),
        ],
        schema=[
            "application_id",
            "register",
            "member_name",
            "outcome",
            "register_id",
            "confidence",
            "evidence",
            "decided_by",
        ],
        schema_overrides={"register_id": pl.String},
        orient="row",
    )
    cohort = pl.DataFrame({"utm_id": ["U1"], "gcom_id": [noted]}, schema_overrides={"gcom_id": pl.String})
    gcom = pl.DataFrame({"gcom_id": [id_ for id_, _ in GCOM]})
    made = apply_noted_ids(links, cohort, gcom, pl.Series(consortia, dtype=pl.String), index)
    assert made.columns == links.columns
    assert made.row(0) == links.row(0)
    return made.row(1, named=True)


@pytest.mark.parametrize(("by_names", "noted", "expected", "words"), CASES.values(), ids=CASES.keys())
def test_a_noted_id(
    by_names: Answer, noted: str | None, expected: Answer, words: str, index: RegisterIndex
) -> None:
    made = with_note(by_names, noted, index, "U1", [])
    assert (made["outcome"], made["register_id"]) == expected
    assert words in str(made["evidence"])
    if "as" in words:
        assert made["confidence"] == NOTED_CONFIDENCE


def test_the_note_of_another_row_says_nothing(index: RegisterIndex) -> None:
    assert with_note(("none", None), "G5", index, "U2", [])["outcome"] == "none"


def test_without_a_link_to_the_cohort_there_is_no_note(index: RegisterIndex) -> None:
    assert with_note(("none", None), "G5", index, None, [])["outcome"] == "none"


def test_a_note_says_nothing_of_a_consortium_s_members(index: RegisterIndex) -> None:
    assert with_note(("none", None), "G5", index, "U1", ["S1"])["outcome"] == "none"
