"""Workbooks as a person meets them (opened with openpyxl), and what comes back of them."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import UTC, datetime

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.evaluation.returned import unread_files
from programme.vocabulary import CRITERIA
from tasks.scoring.step import score
from tasks.scoring.workbooks.chair_workbook import (
    assignment_overview,
    chair_workbook,
    disputed_scores,
    evaluator_loads,
    provisional_scores,
)
from tasks.scoring.workbooks.evaluator_workbook import evaluator_workbook
from tasks.scoring.workbooks.layout import mark
from tasks.scoring.workbooks.returned import collect
from tasks.scoring.workbooks.token import Tokens, workbook_token
from tasks.scoring.workbooks.whose import same_content_once
from warehouse.dictionary.judging import ASSIGNMENT, CONFLICTS
from warehouse.sandbox import open_in_sandbox
from warehouse.storage import open_storage

YES = ("yes", "oui", "x")
ROUND = "2026-01"
APPLICATIONS = pl.DataFrame(
    {
        "application_id": ["A1", "A2", "A3"],
        "city_name": ["Kisumu", "=1+1", "Ōtsu"],
        "country_iso3": ["KEN", "FRA", None],
        "topics": ["Clean hydrogen", "Waste-to-energy; Data management", ""],
    }
)
ASSIGNED = ASSIGNMENT.frame(
    [
        {"application_id": a, "evaluator_id": e, "topic_match": 0}
        for e in ("E1", "E2")
        for a in ("A1", "A2", "A3")
    ]
)

KEY = b"k" * 32
GIVEN = {e: frozenset(("A1", "A2", "A3")) for e in ("E1", "E2")}
TOKENS = Tokens(KEY, ROUND, GIVEN)


def workbook(rubric, evaluator="E1", tokens=TOKENS):
    token = tokens.of(evaluator, GIVEN["E1"])
    return evaluator_workbook(tokens.round_id, evaluator, token, APPLICATIONS, rubric)


@pytest.fixture(scope="module")
def blank(rubric):
    return workbook(rubric)


def filled(blank: bytes, cells: dict[str, object], sheet="Scores") -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(blank))
    for cell, value in cells.items():
        book[sheet][cell] = value
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def collected(files, rubric, tokens=TOKENS, chosen=None, sent=None):
    back = same_content_once(files, sent)
    return collect(back, tokens, rubric, YES, chosen=chosen, open_binary=open_in_sandbox)


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def test_what_an_evaluator_sees(blank, rubric):
    book = openpyxl.load_workbook(io.BytesIO(blank))
    assert book.sheetnames == ["Scores", "Rubric", "Read me"]
    sheet = book["Scores"]
    assert [cell.value for cell in sheet[4]] == [
        "Application",
        "City",
        "Country",
        "Topics",
        "Mandate",
        "Impact",
        "Added value",
        "Engagement",
        "Previous experience",
        "Conflict of interest",
        "Comment",
        "Still missing",
    ]
    assert [row[0].value for row in sheet.iter_rows(min_row=5)] == ["A1", "A2", "A3"]
    assert sheet.freeze_panes == "C5"
    assert rubric.criteria.impact.question in sheet["F4"].comment.text
    assert all(step in sheet["F4"].comment.text for step in rubric.criteria.impact.scale)


def test_only_the_evaluators_cells_are_open(blank):
    sheet = openpyxl.load_workbook(io.BytesIO(blank))["Scores"]
    assert sheet.protection.sheet
    open_cells = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert open_cells == {f"{column}{row}" for column in "EFGHIJK" for row in (5, 6, 7)}


def test_drop_downs_offer_the_scale(blank):
    rules = openpyxl.load_workbook(io.BytesIO(blank))["Scores"].data_validations.dataValidation
    assert {str(rule.sqref): rule.formula1 for rule in rules} == {
        **{f"{column}5:{column}7": '"0,1,2,3,4,5"' for column in "EFGHI"},
        "J5:J7": '"no,yes"',
    }
    assert all(len(rule.prompt) < 255 for rule in rules if rule.prompt)


def test_the_rubric_is_there_in_full(blank, rubric):
    sheet = openpyxl.load_workbook(io.BytesIO(blank))["Rubric"]
    headings = ["Criterion", "Points", "Question", *(f"{step} means" for step in range(6))]
    assert [cell.value for cell in sheet[1]] == headings
    texts = {cell.value for row in sheet.iter_rows() for cell in row}
    for about in rubric.by_id.values():
        assert {about.title, about.question, *about.scale} <= texts


def test_a_city_is_text_and_never_a_formula(blank):
    assert openpyxl.load_workbook(io.BytesIO(blank))["Scores"]["B6"].data_type == "s"


def test_the_same_content_is_the_same_file(blank, rubric):
    token = TOKENS.of("E1", ["A3", "A2", "A1"])
    assert evaluator_workbook(ROUND, "E1", token, APPLICATIONS.reverse(), rubric) == blank


def test_a_filled_workbook_comes_back_whole(blank, rubric):
    cells = {
        f"{column}{row}": n % 6 for n, (column, row) in enumerate((c, r) for r in (5, 6, 7) for c in "EFGHI")
    }
    out = collected({"E1.xlsx": filled(blank, cells | {"K5": "Good figures"})}, rubric)
    assert out.findings.is_empty()
    got = {
        (row["submission_id"], row["criterion"]): row["score"]
        for row in out.evaluations.iter_rows(named=True)
    }
    assert got == {
        (f"A{r - 4}", list(rubric.by_id)[c]): float(((r - 5) * 5 + c) % 6)
        for r in (5, 6, 7)
        for c in range(5)
    }
    assert out.evaluations.filter(pl.col("comment").is_not_null()).height == 1
    assert out.progress.rows() == [("E1", "E1.xlsx", 3, 3, 0, 0), ("E2", None, 3, 0, 0, 0)]


def test_an_untouched_workbook_says_nothing(blank, rubric):
    out = collected({"E1.xlsx": blank}, rubric)
    assert out.evaluations.is_empty()
    assert out.findings.is_empty()


TYPED = [
    pytest.param("4", 4.0, id="a number as text"),
    pytest.param(" 4,5 ", 4.5, id="decimal comma"),
    pytest.param(4.5, 4.5, id="half a step"),
    pytest.param(2.125, 2.125, id="three decimals"),
    pytest.param("3/5", 3.0, id="of five"),
    pytest.param("3 out of 5", 3.0, id="in words"),
    pytest.param(0, 0.0, id="nought is a score"),
    pytest.param("four", None, id="a word"),
    pytest.param(6, None, id="above the scale"),
    pytest.param(-1, None, id="below the scale"),
    pytest.param("50", None, id="a percentage"),
    pytest.param("=1+1", None, id="a formula"),
    pytest.param("3 or 4", None, id="undecided"),
]


@pytest.mark.parametrize(("typed", "expected"), TYPED)
def test_what_people_type(typed, expected, blank, rubric):
    out = collected({"E1.xlsx": filled(blank, {"E5": typed, "F5": 2})}, rubric)
    got = dict(out.evaluations.select("criterion", "score").iter_rows())
    assert got == ({"impact": 2.0} if expected is None else {"impact": 2.0, "mandate": expected})
    # openpyxl writes no value for a formula, so its cell is blank and there is nothing to find.
    if expected is None and typed != "=1+1":
        assert out.findings["row_key"].to_list() == ["E1.xlsx, row 5"]
        assert str(typed) not in out.findings["message"].item().replace("row 5", "").replace(
            "from 0 to 5", ""
        )


def test_extra_rows_are_findings_and_the_rest_counts(blank, rubric):
    out = collected(
        {"E1.xlsx": filled(blank, {"E5": 4, "A9": "A77", "E9": 5, "A12": "notes of mine"})}, rubric
    )
    assert out.evaluations.select("submission_id", "score").rows() == [("A1", 4.0)]
    assert out.findings.select("expectation", "row_key").rows() == [
        ("assigned_application", "E1.xlsx, row 9")
    ]


def test_a_declared_conflict_is_kept_even_without_scores(blank, rubric):
    out = collected(
        {"E1.xlsx": filled(blank, {"J5": "yes", "J6": "Oui", "E6": 5, "J7": "no", "E7": 1})}, rubric
    )
    assert out.conflicts.rows() == [("A1", "E1"), ("A2", "E1")]
    assert out.evaluations.select("submission_id", "criterion", "score", "conflict").rows() == [
        ("A1", None, None, True),
        ("A2", "mandate", 5.0, True),
        ("A3", "mandate", 1.0, False),
    ]
    assert out.progress.row(0)[3:] == (0, 1, 2)


DECLARED = [
    ("beside a score that cannot be read", {"J5": "yes", "E5": "n/a"}, "score_in_scale"),
    ("in words that say neither yes nor no", {"J5": "I worked there"}, "conflict_yes_or_no"),
]


@pytest.mark.parametrize(
    ("cells", "expectation"), [pytest.param(cells, finding, id=id_) for id_, cells, finding in DECLARED]
)
def test_a_declaration_counts_whatever_stands_beside_it(cells, expectation, blank, rubric):
    out = collected({"E1.xlsx": filled(blank, cells)}, rubric)
    assert out.conflicts.rows() == [("A1", "E1")]
    assert out.evaluations.select("submission_id", "score", "conflict").rows() == [("A1", None, True)]
    assert out.findings["expectation"].to_list() == [expectation]


def test_a_declaration_counts_for_an_application_that_was_given_to_somebody_else_meanwhile(blank, rubric):
    given = Tokens(KEY, ROUND, GIVEN | {"E1": frozenset(("A2", "A3"))})
    out = collected({"E1.xlsx": filled(blank, {"J5": "yes", "E5": 4})}, rubric, given)
    assert out.conflicts.rows() == [("A1", "E1")]
    assert out.evaluations["score"].to_list() == [None]
    assert out.findings["expectation"].to_list() == ["assigned_application"]


def test_conflicts_declared_elsewhere_join_the_evaluations(blank, rubric):
    out = collected({"E1.xlsx": filled(blank, {"J6": "yes", "E5": 4})}, rubric)
    elsewhere = pl.DataFrame({"application_id": ["A3", "A2"], "evaluator_id": ["E2", "E1"]})
    joined = out.with_declared(elsewhere)
    assert joined.evaluations.select("row", "evaluator_id", "submission_id", "score", "conflict").rows() == [
        (2, "E1", "A1", 4.0, False),
        (3, "E1", "A2", None, True),
        (4, "E2", "A3", None, True),
    ]
    assert joined.conflicts.rows() == [("A2", "E1"), ("A3", "E2")]


def test_moved_columns_are_found_by_their_headings(blank, rubric):
    book = openpyxl.load_workbook(io.BytesIO(filled(blank, {"E5": 4, "F5": 1})))
    book["Scores"].delete_cols(2, 2)
    book["Scores"].insert_cols(1)
    content = io.BytesIO()
    book.save(content)
    out = collected({"E1.xlsx": content.getvalue()}, rubric)
    assert dict(out.evaluations.select("criterion", "score").iter_rows()) == {"mandate": 4.0, "impact": 1.0}


def changed(blank: bytes, change) -> bytes:
    """A filled workbook after `change`, a function of the opened book, its sheet and its columns."""
    book = openpyxl.load_workbook(io.BytesIO(filled(blank, {"E5": 4})))
    change(book, book["Scores"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def copy_sheet(book, sheet):
    book.copy_worksheet(sheet)["E5"] = 0


def rename_heading(_book, sheet):
    sheet["F4"] = "Auswirkung"


def repeat_heading(_book, sheet):
    sheet["Z4"], sheet["Z5"] = sheet["E4"].value, 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(copy_sheet, "1 sheet that we did not write", id="a copy of the sheet"),
        pytest.param(rename_heading, "no column is headed Impact", id="a heading that was changed"),
        pytest.param(repeat_heading, "several columns are headed Mandate", id="a heading twice"),
    ],
)
def test_what_is_not_read_of_a_workbook_is_told(change, says, blank, rubric):
    found = collected({"scores-E1.xlsx": changed(blank, change)}, rubric)
    assert found.evaluations["score"].to_list() == [4.0]
    (message,) = found.findings["message"]
    assert says in message


def test_files_that_are_not_read_are_told(tmp_path):
    for name in (
        "a.xlsx",
        "b.ods",
        "c/d.xlsx",
        "~$a.xlsx",
        "assignment.csv",
        "chair.xlsx",
        ".x.csv",
        "e.txt",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert unread_files(open_storage(str(tmp_path), {})) == ["b.ods", "c/d.xlsx"]


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", '<c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c>')
    return content.getvalue()


FOREIGN = [
    pytest.param(
        lambda blank: filled(blank, {"A1": mark("2025-07", "E1", "0" * 64)}),
        "another round",
        id="another round's",
    ),
    pytest.param(lambda blank: filled(blank, {"A4": "Dossier"}), "headings", id="without its headings"),
    pytest.param(
        lambda blank: filled(blank, {"A1": "mine", "A4": "Dossier"}),
        "no workbook of ours",
        id="another table",
    ),
    pytest.param(lambda _: b"%PDF-1.7", "PDF", id="a PDF"),
    pytest.param(lambda _: b"", "empty", id="empty"),
    pytest.param(lambda blank: blank[:2000], "damaged", id="cut off"),
    pytest.param(lambda _: bomb(), "spans 1048576 rows", id="a sheet that would fill the memory"),
]


@pytest.mark.parametrize(("spoil", "message"), FOREIGN)
def test_a_foreign_file_costs_only_itself(spoil, message, blank, rubric):
    out = collected({"a.xlsx": spoil(blank), "b.xlsx": filled(blank, {"E5": 4})}, rubric)
    assert out.evaluations.height == 1
    assert out.findings["expectation"].to_list() == ["own_workbook"]
    assert message in out.findings["message"].item()


def own_mark(evaluator, token):
    return lambda blank: filled(blank, {"A1": mark(ROUND, evaluator, token), "E5": 0, "J6": "yes"})


FORGED = [
    pytest.param(lambda blank: filled(blank, {"A1": "mine", "E5": 0, "J6": "yes"}), id="without a mark"),
    pytest.param(
        lambda blank: filled(blank, {"A1": f"city2city-scores-1 | {ROUND} | E2", "E5": 0}),
        id="of the shape without a token",
    ),
    pytest.param(own_mark("E2", ""), id="a blank token"),
    pytest.param(own_mark("E2", "0" * 64), id="an invented token"),
    pytest.param(own_mark("E2", Tokens(b"x" * 32, ROUND, GIVEN).of("E2", GIVEN["E2"])), id="of another key"),
    pytest.param(own_mark("E2", TOKENS.of("E2", ["A1"])), id="of other applications"),
    pytest.param(own_mark("E2", Tokens(KEY, "2025-07", GIVEN).of("E2", GIVEN["E2"])), id="of another round"),
    pytest.param(own_mark("E9", TOKENS.of("E9", GIVEN["E1"])), id="of somebody who was given nothing"),
    pytest.param(own_mark("E2", "\u0660" * 64), id="of other digits"),
]


@pytest.mark.parametrize("forge", FORGED)
def test_what_proves_nobody_counts_only_if_a_person_chooses_it(forge, blank, rubric):
    forged = forge(blank)
    files = {"a.xlsx": forged, "b.xlsx": filled(blank, {"E5": 4})}
    out = collected(files, rubric)
    assert out.evaluations.select("evaluator_id", "score").rows() == [("E1", 4.0)]
    assert out.conflicts.is_empty()
    assert out.findings["expectation"].to_list() == ["proven_workbook"]
    assert f"choose EVALUATOR {sha256(forged)}" in out.findings["message"].item()
    chosen = collected(files, rubric, chosen={"E2": sha256(forged)})
    assert set(chosen.evaluations["evaluator_id"]) == {"E1", "E2"}
    assert chosen.findings.is_empty()


def test_the_token_says_whose_it_is_and_not_the_name_in_it(blank, rubric):
    named = filled(blank, {"A1": mark(ROUND, "E2", TOKENS.of("E1", GIVEN["E1"])), "E5": 4})
    out = collected({"scores-E2.xlsx": named}, rubric)
    assert out.evaluations["evaluator_id"].to_list() == ["E1"]
    assert out.findings["expectation"].to_list() == ["named_as_proven"]


def test_a_workbook_handed_out_before_applications_were_given_anew_proves_its_evaluator(blank, rubric):
    anew = Tokens(KEY, ROUND, GIVEN | {"E1": frozenset(("A1", "A9"))})
    out = collected({"a.xlsx": filled(blank, {"E5": 4, "E6": 5})}, rubric, anew)
    assert out.evaluations.select("submission_id", "score").rows() == [("A1", 4.0)]
    assert out.findings["expectation"].to_list() == ["assigned_application"]


NAMES = [
    ("scores-E1 (1).xlsx", "scores-E1.xlsx"),
    ("scores-E1.xlsx", "scores-E1 (1).xlsx"),
    ("z.xlsx", "A.XLSX"),
]


@pytest.mark.parametrize("names", NAMES)
def test_two_workbooks_that_differ_count_neither_until_one_is_chosen(names, blank, rubric):
    low, high = filled(blank, {"E5": 1}), filled(blank, {"E5": 5, "F5": 1, "J6": "yes"})
    other = filled(workbook(rubric, "E2"), {"E5": 3})
    files = dict(zip(names, (low, high), strict=True)) | {"other.xlsx": other}
    moment = datetime(2026, 1, 20, 9, tzinfo=UTC)
    out = collected(files, rubric, sent={names[0]: moment})
    scores = out.evaluations.filter(pl.col("score").is_not_null())
    assert scores.select("evaluator_id", "score").rows() == [("E2", 3.0)]
    # What was declared is declared, in whichever of them.
    assert out.conflicts.rows() == [("A2", "E1")]
    assert out.findings["expectation"].to_list() == ["one_workbook_each"] * 2
    waiting = {row["sha256"]: row for row in out.returned.filter(standing="waits").iter_rows(named=True)}
    assert set(waiting) == {sha256(low), sha256(high)}
    assert waiting[sha256(low)]["sent_at"] == "2026-01-20T09:00:00Z"
    assert waiting[sha256(low)]["differences"] == (
        "A1, Impact: blank; A1, Mandate: 1; A2, Conflict of interest: blank"
    )
    for content, points in ((low, 1.0), (high, 5.0)):
        chosen = collected(files, rubric, chosen={"E1": sha256(content)})
        of_mandate = chosen.evaluations.filter(evaluator_id="E1", criterion="mandate")
        assert of_mandate["score"].to_list() == [points]
        assert chosen.findings["expectation"].to_list() == ["chosen_workbook"]


@pytest.mark.parametrize(
    "copies",
    [
        pytest.param(lambda book, _: {"a.xlsx": book, "a (1).xlsx": book}, id="copies"),
        pytest.param(lambda book, _: {"a.xlsx": book, "b.xlsx": filled(book, {})}, id="saved again"),
        pytest.param(lambda book, blank: {"a.xlsx": book, "b.xlsx": blank}, id="one never filled in"),
        pytest.param(lambda book, _: {"a.xlsx": book, "b.xlsx": filled(book, {"J6": "no"})}, id="a said no"),
    ],
)
def test_workbooks_that_say_the_same_are_one(copies, blank, rubric):
    out = collected(copies(filled(blank, {"E5": 4}), blank), rubric)
    assert out.evaluations.select("evaluator_id", "score").rows() == [("E1", 4.0)]
    assert out.findings.is_empty()


def test_a_chosen_workbook_that_is_not_there_is_told(blank, rubric):
    out = collected({"a.xlsx": filled(blank, {"E5": 4})}, rubric, chosen={"E1": "0" * 64, "E7": "1" * 64})
    assert out.evaluations.is_empty()
    assert out.findings["row_key"].to_list() == ["a.xlsx", "evaluator E7", "workbook 000000000000"]


@given(st.lists(st.sampled_from(["E1", "E2", "A1", "A2"]), max_size=3), st.text(max_size=8))
def test_a_token_is_of_one_evaluator_round_and_list(applications, evaluator):
    own = workbook_token(KEY, ROUND, evaluator, applications)
    assert own == workbook_token(KEY, ROUND, evaluator, applications[::-1])
    assert own != workbook_token(KEY, ROUND, evaluator + "x", applications)
    assert own != workbook_token(KEY, ROUND, evaluator, [*applications, "A9"])
    assert own != workbook_token(KEY, "2025-07", evaluator, applications)


def test_the_chairs_workbook(forms, judged_eligible, reviews, rubric):
    rows = [("E1", "A1", "impact", 5), ("E2", "A1", "impact", 1), *(("E1", "A2", c, 3) for c in CRITERIA)]
    out = score(forms({}, {}), judged_eligible("A1", "A2"), reviews(*rows), rubric)
    conflicts = CONFLICTS.frame(
        [{"application_id": "A3", "evaluator_id": "E2", "kind": "employer", "dismissed": False}]
    )
    tables = {
        "Assignment": assignment_overview(ASSIGNED, APPLICATIONS.with_columns(status=pl.lit("eligible"))),
        "Loads": evaluator_loads(ASSIGNED, conflicts, pl.DataFrame({"evaluator_id": ["E1", "E2", "E3"]})),
        "Conflicts": conflicts,
        "Disputed": disputed_scores(out.calibrated, out.scores, out.counted, rubric),
        "Too few reviews": provisional_scores(out.scores, rubric),
    }
    content = chair_workbook(ROUND, tables, rubric)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == [*tables, "Rubric"]
    assert [cell.value for cell in book["Assignment"][2]] == [
        "A1",
        "Kisumu",
        "KEN",
        "Clean hydrogen",
        "eligible",
        "E1, E2",
        0,
    ]
    assert book["Assignment"]["B3"].data_type == "s"
    assert [[cell.value for cell in row] for row in book["Loads"].iter_rows(min_row=2)] == [
        ["E1", 3, 0, 0],
        ["E2", 3, 0, 1],
        ["E3", 0, 0, 0],
    ]
    assert [cell.value for cell in book["Disputed"][2]][:4] == ["A1", "impact", 4, "E1: 5.0; E2: 1.0"]
    assert book["Too few reviews"].max_row == 1 + 9
    assert chair_workbook(ROUND, tables, rubric) == content
