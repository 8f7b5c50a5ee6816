"""Rows of the evaluations that declare a conflict of interest: they need no score, and nothing takes them
back.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tasks.scoring.reviews.selected_reviews import select_reviews

SCORE = {"evaluator_id": "E1", "submission_id": "S1", "criterion": "impact", "score": "4", "conflict": "no"}
ROWS = [
    ("without criterion and score", {"criterion": "", "score": "", "conflict": "yes"}, [(None, None, True)]),
    ("without a score", {"score": "", "conflict": "Oui"}, [("impact", None, True)]),
    ("a score that is none", {"score": "conflict", "conflict": "x"}, [("impact", None, True)]),
    ("with a score", {"conflict": "yes"}, [("impact", 4.0, True)]),
    ("neither yes nor no", {"score": "", "conflict": "I worked there"}, [("impact", None, True)]),
    ("no conflict and no score", {"score": ""}, []),
    ("nothing said of a conflict and no score", {"score": "", "conflict": ""}, []),
]


@pytest.mark.parametrize(("cells", "kept"), [pytest.param(*each[1:], id=each[0]) for each in ROWS])
def test_a_declaration_needs_neither_criterion_nor_score(cells, kept, read, as_csv):
    table = read(as_csv([SCORE | cells]), "evaluations")
    assert table.frame.select("criterion", "score", "conflict").rows() == kept
    assert table.set_aside.height == 1 - len(kept)


def test_a_cell_that_says_neither_yes_nor_no_is_told(read, as_csv):
    findings = read(as_csv([SCORE | {"conflict": "I worked there"}]), "evaluations").findings
    assert findings["expectation"].to_list() == ["cell_readable"]
    assert "counts as a declared conflict" in findings["message"].item()


LATER = [
    ("a later score", {"evaluated_at": "2025-10-02", "conflict": "no"}),
    ("the same score again", {"evaluated_at": "2025-10-01", "conflict": ""}),
]


@pytest.mark.parametrize("later", [pytest.param(cells, id=id_) for id_, cells in LATER])
def test_no_later_row_takes_a_declaration_back(later, read, as_csv):
    declared = SCORE | {"evaluated_at": "2025-10-01", "conflict": "yes"}
    frame = read(as_csv([declared, SCORE | later]), "evaluations").frame
    assert frame["conflict"].to_list().count(True) == 1


DATED = "2025-10-01"
TWICE = [
    ("no date: neither gives way", [{"score": "1"}, {"score": "5"}], [1.0, 5.0]),
    ("the same day: neither", [{"score": "1", "evaluated_at": DATED}, {"evaluated_at": DATED}], [1.0, 4.0]),
    ("one date is missing: neither", [{"score": "1", "evaluated_at": DATED}, {"score": "5"}], [1.0, 5.0]),
    ("the later day stands", [{"score": "1", "evaluated_at": "2025-10-02"}, {"evaluated_at": DATED}], [1.0]),
    ("the same score is one", [{"comment": "a"}, {"comment": "b"}], [4.0]),
]


@pytest.mark.parametrize(("cells", "kept"), [pytest.param(*each[1:], id=each[0]) for each in TWICE])
@pytest.mark.parametrize("order", [1, -1], ids=["as written", "turned"])
def test_of_scores_that_differ_the_order_in_the_file_chooses_none(cells, kept, order, read, as_csv):
    rows = [SCORE | {"comment": "", "evaluated_at": ""} | each for each in cells][::order]
    frame = read(as_csv(rows), "evaluations").frame
    assert sorted(frame["score"].to_list()) == kept
    sent = pl.Series(["S1"])
    counted = select_reviews(frame, applications=sent, sent=sent).counted
    assert counted["score"].to_list() == (kept if len(kept) == 1 else [])


def test_every_declaration_of_the_realistic_first_round_counts(shared_data: Path, read):
    content = (shared_data / "rounds" / "2025-07" / "evaluations.xlsx").read_bytes()
    table = read(content, "evaluations", "evaluations.xlsx")
    declared = table.frame.filter(pl.col("conflict"))
    assert declared.filter(pl.col("score").is_null()).height == 40
    assert table.set_aside.is_empty()
    pairs = declared.select("evaluator_id", application_id="submission_id").unique()
    sent = table.frame["submission_id"].unique()
    counted = select_reviews(table.frame, applications=sent, sent=sent).counted
    assert counted.height > 1000
    assert counted.join(pairs, on=("evaluator_id", "application_id")).is_empty()
