"""What feedback teaches: whose answer a row is, groups that give nobody away, and rank correlations."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau

from programme.vocabulary import ASPECTS
from tasks.feedback.answers import answers_of, that_count
from tasks.feedback.correlation import correlation, needed, tau_b
from tasks.feedback.learned import RoundAnswers, answers_that_count, aspects_table, groups_table
from tests.examples import examples
from warehouse.dictionary.feedback import FEEDBACK, FEEDBACK_ANSWERS, SCORES
from warehouse.dictionary.published import APPLICATIONS, TWINNING_MEMBERS, TWINNINGS

SESSIONS = 4
MEMBERS = TWINNING_MEMBERS.frame(
    [
        {"twinning_id": name, "application_id": f"S{n}", "city_id": f"C{n}"}
        for name, cities in {"T1": (1, 2), "T2": (3, 4, 5), "T3": (6, 7)}.items()
        for n in cities
    ]
)
NAMES = {1: "Lima", 2: "Accra", 3: "San José", 4: "Pune", 5: "Quito", 6: "Springfield", 7: "Springfield"}
APPLICATIONS_ = pl.DataFrame([{"application_id": f"S{n}", "city_name": name} for n, name in NAMES.items()])


def told(*rows: dict[str, object]) -> pl.DataFrame:
    base = {"twinning_id": "T1", "city": "Lima", "session": 1}
    return FEEDBACK.frame([base | row | {"row": n} for n, row in enumerate(rows, 2)])


@pytest.mark.parametrize(
    ("twinning", "city", "application"),
    [
        pytest.param("T1", "Lima", "S1", id="by name"),
        pytest.param("T1", " LIMA ", "S1", id="another case"),
        pytest.param("T2", "San Jose", "S3", id="without accents"),
        pytest.param("T1", "C2", "S2", id="by the id of the city"),
        pytest.param("T1", "s2", "S2", id="by the id of the application"),
        pytest.param("T1", "Pune", None, id="a city of another twinning"),
        pytest.param("T3", "Springfield", None, id="two cities of one name"),
        pytest.param("T9", "Lima", None, id="a twinning that is not known"),
        pytest.param("T1", "???", None, id="no letters"),
    ],
)
def test_a_city_is_found_in_its_twinning(twinning: str, city: str, application: str | None) -> None:
    found = answers_of(told({"twinning_id": twinning, "city": city}), MEMBERS, APPLICATIONS_)
    assert found["application_id"].to_list() == [application]


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        pytest.param([{"usefulness": 4}], 1, id="one answer"),
        pytest.param([{"usefulness": 4}, {"usefulness": 4}], 1, id="the same twice"),
        pytest.param([{"usefulness": 4}, {"usefulness": 5}], 0, id="two that differ"),
        pytest.param([{"usefulness": 4}, {"usefulness": 5, "session": 2}], 2, id="two sessions"),
        pytest.param([{"would_do_again": False}], 1, id="no score, but whether again"),
        pytest.param([{}], 0, id="says nothing"),
        pytest.param([{"usefulness": 4, "session": 5}], 0, id="no such session"),
        pytest.param([{"usefulness": 4, "session": 0}], 0, id="session nought"),
        pytest.param([{"usefulness": 4, "city": "Nowhere"}], 0, id="nobody"),
    ],
)
def test_what_counts(rows: list[dict[str, object]], count: int) -> None:
    assert that_count(answers_of(told(*rows), MEMBERS, APPLICATIONS_), SESSIONS).height == count


def twinnings(points: list[float], topics: list[str] | None = None) -> pl.DataFrame:
    return TWINNINGS.frame(
        [
            {"twinning_id": f"T{n}", "topic": (topics or ["cooling"] * len(points))[n], "n_cities": 2}
            | {"value": value * 2, "state": "proposed", "conditional": False}
            | {f"aspect_{name}": value * 2 if name == "topical" else 0.0 for name in ASPECTS}
            for n, value in enumerate(points)
        ]
    )


def round_answers(points: list[float], good: list[float], topics: list[str] | None = None) -> RoundAnswers:
    rows = [
        {"row": 2 * n + city, "twinning_id": f"T{n}", "application_id": f"S{n}-{city}", "session": 1}
        | {"usefulness": round(value)}
        for n, value in enumerate(good)
        for city in range(2)
    ]
    return RoundAnswers("2025-07", FEEDBACK_ANSWERS.frame(rows), twinnings(points, topics))


def test_a_group_of_fewer_than_three_cities_is_never_shown_nor_found_by_subtraction() -> None:
    topics = ["cooling"] * 4 + ["data"] * 2 + ["ports"]
    answers = answers_that_count([round_answers([1.0] * 7, [3] * 7, topics)], SESSIONS)
    rows = groups_table(answers)
    assert [(row["group"], row["of"], row["cities"]) for row in rows] == [
        ("all", "all", 14),
        ("session", "1", 14),
        ("topic", "cooling", 8),
    ]
    few = answers_that_count([round_answers([1.0], [3])], SESSIONS)
    assert groups_table(few) == []


def test_a_figure_that_one_or_two_cities_gave_is_not_shown() -> None:
    base = {"topic": "data", "session": 1, "score": 3.0, "usefulness": 3, "exchange": None}
    rows = [
        base | {"city": f"c{n}", "progress": 1 if n < 2 else None, "would_do_again": n > 2} for n in range(4)
    ]
    row = groups_table(pl.DataFrame(rows))[0]
    assert (row["usefulness"], row["exchange"], row["progress"]) == (3.0, None, None)
    assert row["would_do_again"] == 0.25


@settings(max_examples=examples(60))
@given(sizes=st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 6), min_size=1))
def test_what_is_hidden_is_never_one_or_two_cities(sizes: dict[str, int]) -> None:
    rows = [
        {"city": f"{topic}{n}", "topic": topic, "session": 1, "score": 3.0, "would_do_again": None}
        | dict.fromkeys(SCORES, 3)
        for topic, many in sizes.items()
        for n in range(many)
    ]
    shown = [row for row in groups_table(pl.DataFrame(rows)) if row["group"] == "topic"]
    assert all(row["cities"] >= 3 for row in shown)
    hidden = sum(sizes.values()) - sum(int(row["cities"]) for row in shown)
    assert hidden == 0 or hidden >= 3 or not shown


def test_too_few_twinnings_are_said_with_the_number_needed() -> None:
    one = round_answers([1.0, 2.0, 3.0], [1, 2, 3])
    table = aspects_table([one], answers_that_count([one], SESSIONS))
    assert set(table["words"]) == {"too few to tell: 3 of the 14 twinnings needed"}
    assert table["tau"].null_count() == len(ASPECTS)


@pytest.mark.parametrize(
    ("good", "words"),
    [
        (list(range(5)) * 4, "no relation is shown"),
        ([n // 4 for n in range(20)], "better twinnings had more of it"),
        ([4 - n // 4 for n in range(20)], "better twinnings had less of it"),
    ],
)
def test_an_aspect_that_went_with_good_twinnings_is_named(good: list[float], words: str) -> None:
    one = round_answers([float(n) for n in range(20)], good)
    table = aspects_table([one], answers_that_count([one], SESSIONS))
    row = table.row(by_predicate=pl.col("aspect") == "topical", named=True)
    assert row["words"] == words
    assert row["low"] <= row["tau"] <= row["high"]
    others = table.filter(pl.col("aspect") != "topical")
    assert set(others["words"]) == {"nothing to compare: all twinnings are equal in it"}


def test_the_example_of_the_docs() -> None:
    found = correlation([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])
    assert found is not None
    assert found.tau == pytest.approx(0.6)
    assert (round(found.low, 2), round(found.high, 2)) == (-0.54, 0.96)
    assert 4 + 0.437 * (1.96 / math.atanh(0.4)) ** 2 == pytest.approx(13.4, abs=0.05)
    assert needed() == 14


@settings(max_examples=examples(100))
@given(
    pairs=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=25),
)
def test_tau_is_that_of_scipy(pairs: list[tuple[int, int]]) -> None:
    one, other = zip(*pairs, strict=True)
    ours, theirs = tau_b(one, other), kendalltau(one, other).statistic
    assert ours is None if np.isnan(theirs) else ours == pytest.approx(theirs)


def test_the_interval_covers_as_often_as_it_says() -> None:
    """Of pairs of independent lists, the interval of about 95 in 100 covers nought."""
    draw = np.random.default_rng(1)
    covered = 0
    for _ in range(600):
        found = correlation(draw.random(16).tolist(), draw.random(16).tolist())
        assert found is not None
        covered += found.low <= 0 <= found.high
    assert 0.93 <= covered / 600 <= 0.98


def test_an_order_that_is_the_same_has_an_interval_below_one() -> None:
    found = correlation(range(14), range(14))
    assert found is not None
    assert 0 < found.low < found.tau == found.high == pytest.approx(1.0)


def test_applications_have_the_columns_that_are_used() -> None:
    assert set(APPLICATIONS_.columns) <= set(APPLICATIONS.names)
