"""How long what is personal is kept: each kind once, counted from a day of the round."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

import programme
from programme.problems import ProblemsError
from programme.retention import read_retention
from programme.rounds import read_rounds

RULES = Path(programme.__file__).parent / "retention.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(RULES, tmp_path)
    return tmp_path


def test_each_kind_says_why_and_from_where() -> None:
    for kind in read_retention().kinds:
        assert kind.why
        assert kind.source.startswith(("assumed", "FAQ"))


def test_a_period_is_counted_from_a_day_of_the_round() -> None:
    round_ = read_rounds().rounds[0]
    kind = read_retention().of("unused")
    assert kind.until(round_) == round_.twinnings_start + timedelta(days=kind.days)
    counted = kind.model_copy(update={"after": "closes", "days": 1})
    assert counted.until(round_) == round_.closes + timedelta(days=1)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param('kind = "letters"', 'kind = "unused"', "once", id="twice"),
        pytest.param('kind = "letters"', 'kind = "photos"', "photos", id="unknown"),
        pytest.param("days = 180", "days = -1", "-1", id="negative"),
        pytest.param("days = 180", "dayz = 180", "dayz", id="unknown-key"),
    ],
)
def test_a_mistake_is_told(old: str, new: str, says: str, folder: Path) -> None:
    text = (folder / "retention.toml").read_text("utf-8")
    (folder / "retention.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ProblemsError) as caught:
        read_retention(folder)
    assert says in str([vars(one) for one in caught.value.problems])


def test_older_rules_have_the_periods_of_the_program(tmp_path: Path) -> None:
    assert read_retention(tmp_path) == read_retention()
