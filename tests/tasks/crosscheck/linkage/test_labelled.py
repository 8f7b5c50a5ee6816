"""Our own labelled names (`labelled_README.md`): none is linked wrongly and hardly any missed, on every
machine.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.linkage.index import build_index
from tasks.crosscheck.linkage.linker import link_names
from tasks.crosscheck.linkage.lists import read_queries, read_register

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def answers(gazetteer: Gazetteer, rules: LinkingRules) -> pl.DataFrame:
    names = pl.read_csv(HERE / "labelled_names.csv", infer_schema=False)
    register = read_register(
        pl.read_csv(HERE / "labelled_register.csv", infer_schema=False), "labelled_register.csv"
    )
    return pl.concat(
        [
            names,
            link_names(
                read_queries(names, "labelled_names.csv"), build_index(register, gazetteer, rules), rules
            ),
        ],
        how="horizontal",
    )


def test_there_are_enough_names_each_with_its_source(answers: pl.DataFrame) -> None:
    assert answers.height >= 300
    assert answers["source"].null_count() == 0


def test_no_name_is_linked_wrongly(answers: pl.DataFrame) -> None:
    wrong = answers.filter(
        (pl.col("outcome") == "linked") & (pl.col("register_id") != pl.col("expected")).fill_null(value=True)
    )
    assert wrong.select("name", "country", "evidence").rows() == []


def test_hardly_a_name_that_means_a_row_is_missed(answers: pl.DataFrame) -> None:
    meant = answers.filter(pl.col("expected").is_not_null())
    missed = meant.filter(pl.col("outcome") != "linked")
    assert missed.height <= 0.01 * meant.height, missed.select("name", "country", "evidence").rows()


def test_hardly_any_goes_to_a_person(answers: pl.DataFrame) -> None:
    assert (answers["outcome"] == "review").sum() <= 0.02 * answers.height
