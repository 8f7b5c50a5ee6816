"""What the feedback teaches: means of groups of cities, and aspects that went with good twinnings.

A twinning is as good as the mean of its cities, a city's the mean of its sessions, a session's the mean of
its scores. An aspect is compared by its points for each city, because a group of three has more of all. No
group of fewer than three cities is shown, and none from which such a group could be found by subtraction.

Belongs here: groups and words. Must stay out: the arithmetic of a correlation (`correlation.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from programme.vocabulary import ASPECTS
from tasks.feedback.answers import that_count
from tasks.feedback.correlation import correlation, needed
from warehouse.dictionary.feedback import FEEDBACK_ASPECTS, SCORES

FEWEST_CITIES = 3
"""A group of fewer cities is not shown: two of them could tell what the other one said."""
DECIMALS = 4


@dataclass(frozen=True)
class RoundAnswers:
    """The answers to one round (dictionary FEEDBACK_ANSWERS) and the table `twinnings` of its version."""

    round_id: str
    answers: pl.DataFrame
    twinnings: pl.DataFrame


def answers_that_count(rounds: Sequence[RoundAnswers], sessions: int) -> pl.DataFrame:
    """The answers that count, with the topic of their twinning and their score (0-5, the mean of three)."""
    score = pl.mean_horizontal(*SCORES)
    parts = [
        that_count(one.answers, sessions)
        .join(one.twinnings.select("twinning_id", "topic"), on="twinning_id", how="inner")
        .with_columns(score=score, city=pl.lit(f"{one.round_id} ") + pl.col("application_id"))
        for one in rounds
    ]
    return pl.concat(parts) if parts else pl.DataFrame()


def groups_table(answers: pl.DataFrame) -> list[dict[str, object]]:
    """What all cities said, and those of each session and each topic; small groups are left out."""
    rows = [_group("all", "all", answers)] if answers["city"].n_unique() >= FEWEST_CITIES else []
    for kind in ("session", "topic"):
        parts = {name: part for (name,), part in answers.group_by(kind, maintain_order=True)}
        shown = _shown({name: set(part["city"]) for name, part in parts.items()})
        rows += [_group(kind, str(name), parts[name]) for name in sorted(shown, key=str)]
    return rows


def _shown(cities: dict[object, set[str]]) -> set[object]:
    """The groups of at least three cities; what is left out together is none or at least three cities too.

    Otherwise the mean of all, less the groups shown, would be that of one or two cities.
    """
    order = sorted(cities, key=lambda name: (len(cities[name]), str(name)))
    hidden = [name for name in order if len(cities[name]) < FEWEST_CITIES]
    left = [name for name in order if name not in hidden]
    while hidden and left and len(set().union(*(cities[name] for name in hidden))) < FEWEST_CITIES:
        hidden.append(left.pop(0))
    return set(left)


def _group(kind: str, name: str, part: pl.DataFrame) -> dict[str, object]:
    said = {column: _mean(part, column) for column in (*SCORES, "would_do_again")}
    return {"group": kind, "of": name, "cities": part["city"].n_unique(), "answers": part.height, **said}


def _mean(part: pl.DataFrame, column: str) -> float | None:
    """The mean of a column; None where fewer than three cities said anything in it."""
    given = part.drop_nulls(column)
    return _rounded(given[column].mean()) if given["city"].n_unique() >= FEWEST_CITIES else None


def _rounded(value: object) -> float | None:
    return None if value is None else round(float(str(value)), 2)


def aspects_table(rounds: Sequence[RoundAnswers], answers: pl.DataFrame) -> pl.DataFrame:
    """Dictionary FEEDBACK_ASPECTS: for each aspect whether better twinnings have more points of it."""
    good = (
        answers.drop_nulls("score")
        .group_by("twinning_id", "city")
        .agg(pl.col("score").mean())
        .group_by("twinning_id")
        .agg(good=pl.col("score").mean())
    )
    columns = [f"aspect_{name}" for name in ASPECTS]
    twinnings = [one.twinnings.select("twinning_id", "n_cities", *columns) for one in rounds]
    compared = good.join(pl.concat(twinnings), on="twinning_id", how="inner").sort("twinning_id")
    return FEEDBACK_ASPECTS.frame([_aspect(name, compared) for name in ASPECTS])


def _aspect(name: str, compared: pl.DataFrame) -> dict[str, object]:
    row: dict[str, object] = {"aspect": name, "twinnings": compared.height}
    if compared.height < needed():
        return row | {"words": f"too few to tell: {compared.height} of the {needed()} twinnings needed"}
    of_city = (compared[f"aspect_{name}"] / compared["n_cities"]).round(DECIMALS).to_list()
    found = correlation(of_city, compared["good"].round(DECIMALS).to_list())
    if found is None:
        return row | {"words": "nothing to compare: all twinnings are equal in it"}
    words = "no relation is shown"
    if found.low > 0:
        words = "better twinnings had more of it"
    elif found.high < 0:
        words = "better twinnings had less of it"
    return row | {"tau": found.tau, "low": found.low, "high": found.high, "words": words}
