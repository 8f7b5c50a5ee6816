"""An input without what is personal of a form: gone is what a person wrote, and every figure stays."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.programme import Programme
from programme.rounds import Round
from samples.files import as_xlsx
from tasks.ingest.erasing.placeholders import Group, numbered_texts
from tasks.ingest.erasing.rows import Erasure, erased_file, opened_file
from tasks.ingest.files.kept_rows import is_kept_rows
from tasks.ingest.personal.people import people_of
from tasks.ingest.step import ReadTable, SourceFile
from tasks.scoring.form_evidence import n_words, shared_words
from warehouse.sandbox import open_in_sandbox

TEXT = st.text(st.sampled_from("aB é-;.\n\t1ß_Ж"), max_size=60)
FORM = {
    "submission_id": "S1",
    "submitted_at": "2025-08-01T10:00:00+02:00",
    "city_name": "Turku",
    "country": "Finland",
    "applicant_type": "city",
    "topic_1": "cooling",
    "contact_name": "Aino Virtanen",
    "contact_email": "aino@turku.example",
    "organisation": "City office",
    "motivation": "We want to learn\nand to share",
    "lessons": "",
    "Remark": "ask for Aino",
}
OTHER = {
    **FORM,
    "submission_id": "S10",
    "city_name": "Oulu (Virtanen Aino)",
    "contact_name": "Eero Laine",
    "contact_email": "eero@oulu.example",
    "organisation": "Oulu office",
    "motivation": "Ours",
    "Remark": "none",
}


@given(one=TEXT, other=TEXT)
def test_what_is_counted_in_texts_stays(one: str, other: str) -> None:
    texts = {"one": one, "other": other}
    erased = numbered_texts(texts)
    frames = [pl.DataFrame([row], schema={"one": pl.String, "other": pl.String}) for row in (texts, erased)]
    counted = [frame.select(n_words("one"), n_words("other").alias("n")).row(0) for frame in frames]
    assert counted[0] == counted[1]
    shared = [frame.select(shared_words("one", "other")).item() for frame in frames]
    assert shared[0] == pytest.approx(shared[1])
    assert numbered_texts(erased) == erased


@given(st.text(st.characters(categories=["L"]), min_size=4, max_size=12))
def test_no_word_is_left(word: str) -> None:
    erased = numbered_texts({"a": f"{word} is here", "b": f"also {word}"})
    assert word.casefold() not in str(erased).casefold().replace("erased", "")


def test_nothing_can_be_tried_out() -> None:
    """Two addresses have one place holder: it rests on their order, not on their letters."""
    assert Group("S1").address("a@one.example", ()) == Group("S1").address("b@other.example", ())
    assert Group("S1").organisation("A", ()) == Group("S1").organisation("B", ())


@pytest.fixture
def erase(programme: Programme, round_: Round) -> Callable[..., bytes | None]:
    """Erases S1 from a content."""

    def erased(content: bytes, table: str = "submissions", **more: object) -> bytes | None:
        source = SourceFile(table, f"{table}.csv", content)
        opened = opened_file(source, programme, round_, open_in_sandbox)
        people = people_of(["Aino Virtanen"], [])
        return erased_file(opened, Erasure(("S1",), people, **more), programme.form)  # type: ignore[arg-type]

    return erased


def as_csv(rows: list[dict[str, str]], separator: str = ",") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


CONTENTS = {
    "csv": as_csv([FORM, OTHER]),
    "semicolons": as_csv([FORM, OTHER], ";"),
    "json": json.dumps([FORM, OTHER]).encode(),
    "xlsx": as_xlsx([FORM, OTHER], "submissions"),
}


@pytest.mark.parametrize("kind", CONTENTS)
def test_only_what_is_personal_of_the_form_is_gone(
    kind: str, erase: Callable[..., bytes | None], read: Callable[..., ReadTable]
) -> None:
    new = erase(CONTENTS[kind])
    assert new is not None
    assert is_kept_rows(new)
    for gone in ("Aino", "Virtanen", "aino", "turku.example", "City office", "learn", "ask for"):
        assert gone not in new.decode()
    before, after = (read(content).frame.rows(named=True) for content in (CONTENTS[kind], new))
    names = ("submission_id", "row", "city_name", "country_iso3", "submitted_at", "topic_1")
    assert [before[0][name] for name in names] == [after[0][name] for name in names]
    assert after[0]["contact_name"] == "[erased]"
    assert len(before[0]["motivation"].split()) == len(after[0]["motivation"].split())
    assert after[0]["lessons"] is None
    assert before[1] | {"city_name": after[1]["city_name"]} == after[1]
    assert after[1]["city_name"] == "Oulu ([masked])"
    assert erase(new) is None, "erasing again changes nothing"


def test_what_others_have_too_stays(
    erase: Callable[..., bytes | None], read: Callable[..., ReadTable]
) -> None:
    more = {"domains": frozenset({"turku.example"}), "organisations": frozenset({"city office"})}
    new = erase(CONTENTS["csv"], **more)
    assert new is not None
    form = read(new).frame.rows(named=True)[0]
    assert form["contact_email"].endswith("@turku.example")
    assert form["organisation"] == "City office"


@pytest.mark.parametrize(
    ("table", "rows", "cell", "expected"),
    [
        pytest.param(
            "evaluations",
            [
                {
                    "evaluator_id": "E",
                    "submission_id": one,
                    "criterion": "impact",
                    "score": "3",
                    "comment": "good",
                }
                for one in ("S1", "S10")
            ],
            "comment",
            ["[erased]", "good"],
            id="comments",
        ),
        pytest.param(
            "decisions",
            [
                {"kind": "rule", "subject": one, "object": "mandate", "value": "met", "reason": text}
                | {"decided_by": "ops", "decided_at": "2025-08-01T10:00:00+02:00"}
                for one, text in (
                    ("S1", "x"),
                    ("S1:Gdynia", "y"),
                    ("S10", "z"),
                    ("S3", "Aino Virtanen called"),
                )
            ],
            "reason",
            ["[erased]", "[erased]", "z", "[masked] called"],
            id="reasons",
        ),
        pytest.param(
            "corrections",
            [
                {"submission_id": "S1", "column": name, "expected": "one two", "value": value, "reason": "r"}
                | {"decided_by": "ops", "decided_at": "2025-08-01T10:00:00+02:00"}
                for name, value in (("motivation", "three"), ("population", "5"))
            ],
            "value",
            ["erased1", "5"],
            id="corrections",
        ),
    ],
)
def test_what_is_said_about_the_form(
    table: str,
    rows: list[dict[str, str]],
    cell: str,
    expected: list[str],
    erase: Callable[..., bytes | None],
    read: Callable[..., ReadTable],
) -> None:
    new = erase(as_csv(rows), table)
    assert new is not None
    assert read(new, table).frame[cell].to_list() == expected


def test_a_recorded_line_of_decisions_is_not_decided_again(erase: Callable[..., bytes | None]) -> None:
    row = {"kind": "withdraw", "subject": "S1", "object": "", "value": "", "reason": "they called"}
    row |= {"decided_by": "ops", "decided_at": "2025-08-01T10:00:00+02:00"}
    recorded = frozenset({("withdraw", "S1", "", "")})
    new = erase(as_csv([row, {**row, "subject": "S2"}]), "decisions", decided=recorded)
    assert new is not None
    assert b"S1" not in new
    assert b"S2" in new


def test_a_file_without_the_form_is_left_alone(erase: Callable[..., bytes | None]) -> None:
    assert erase(as_csv([{**OTHER, "city_name": "Oulu"}])) is None
