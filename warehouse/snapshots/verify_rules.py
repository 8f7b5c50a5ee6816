"""What must hold between the tables of a version, whoever made them.

Belongs here: the programme's rules that published tables show (FAQ 1.1, 3.2, 3.6), and the references between
tables; each is a small function that returns the keys of the rows that break it. Must stay out: files
(`verify.py`), limits of one column (`warehouse/dictionary`), and any step or solver, because this checks
them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from programme.vocabulary import ASPECTS, RULES, SELECTABLE, STATUS_OF_OUTCOME, STATUSES
from warehouse.snapshots.descriptor import REFERENCES

Frames = Mapping[str, pl.DataFrame]
TOLERANCE = 1e-6
"""How far a sum may be off: the parts are rounded to more digits than that."""
SHOWN = 5
"""Keys that one message names; the rest is counted."""
UNKNOWN = 99
"""Rank of an outcome that the programme does not know: it is worse than any status."""


def broken_rules(frames: Frames) -> list[str]:
    """Every rule between the tables that does not hold, with the keys that break it.

    `frames` are all published tables by name, each with the schema of the dictionary.
    """
    problems = _broken_references(frames)
    for sentence, check in CHECKS.items():
        if keys := sorted({str(key) for key in check(frames)}):
            more = f" and {len(keys) - SHOWN} more" if len(keys) > SHOWN else ""
            problems.append(f"{sentence}; not so: {', '.join(keys[:SHOWN])}{more}")
    return problems


def _broken_references(frames: Frames) -> list[str]:
    problems = []
    for table, references in REFERENCES.items():
        for column, other, key in references:
            lost = (
                frames[table]
                .join(frames[other], left_on=column, right_on=key, how="anti")[column]
                .unique()
                .sort()
                .to_list()
            )
            if lost:
                problems.append(
                    f"{table}.{column}: {len(lost)} name no row of {other}: "
                    f"{', '.join(map(str, lost[:SHOWN]))}"
                )
    return problems


def _judged_accepted(frames: Frames) -> list[str]:
    accepted = frames["applications"].filter(pl.col("state") == "accepted").select("application_id")
    judged = frames["eligibility"].select("application_id")
    return [*_without(accepted, judged), *_without(judged, accepted)]


def _all_rules_checked(frames: Frames) -> list[str]:
    counts = frames["eligibility_checks"].group_by("application_id").agg(pl.col("rule").n_unique().alias("n"))
    counted = frames["eligibility"].join(counts, on="application_id", how="left")
    return _ids(counted.filter(pl.col("n").fill_null(0) != len(RULES)))


def _status_follows(frames: Frames) -> list[str]:
    """The status is the worst that any of the application's outcomes allows.

    What one outcome allows is the programme's word (`STATUS_OF_OUTCOME`); the worst of them is found here
    again over the published rows, without the function that judged them.
    """
    rank = {status: number for number, status in enumerate(STATUSES)}
    of_outcome = {outcome: rank[status] for outcome, status in STATUS_OF_OUTCOME.items()}
    outcome = pl.col("outcome").replace_strict(of_outcome, default=UNKNOWN, return_dtype=pl.Int64)
    worst = frames["eligibility_checks"].group_by("application_id").agg(outcome.max().alias("worst"))
    followed = frames["eligibility"].join(worst, on="application_id")
    status = pl.col("status").replace_strict(rank, default=-UNKNOWN, return_dtype=pl.Int64)
    return _ids(followed.filter(pl.col("worst") != status))


def _members_selectable(frames: Frames) -> list[str]:
    """Members are selectable; in a confirmed twinning one may also need review, but not be ineligible."""
    states = frames["twinnings"].select("twinning_id", "state")
    status = frames["eligibility"].select("application_id", "status")
    members = (
        frames["twinning_members"]
        .join(states, on="twinning_id")
        .join(status, on="application_id", how="left")
    )
    doubted = (pl.col("state") == "confirmed") & (pl.col("status") == "needs_review")
    return _ids(members.filter(~(pl.col("status").is_in(SELECTABLE) | doubted).fill_null(value=False)))


def _ranked_selectable(frames: Frames) -> list[str]:
    selectable = frames["eligibility"].filter(pl.col("status").is_in(SELECTABLE))
    return _without(frames["ranking"], selectable)


def _size_right(frames: Frames) -> list[str]:
    counts = (
        frames["twinning_members"].group_by("twinning_id").agg(pl.col("city_id").n_unique().alias("members"))
    )
    sized = frames["twinnings"].join(counts, on="twinning_id", how="left")
    wrong = (pl.col("members").fill_null(0) != pl.col("n_cities")) | ~pl.col("n_cities").is_between(2, 3)
    return sized.filter(wrong)["twinning_id"].to_list()


def _one_twinning_a_city(frames: Frames) -> list[str]:
    members = frames["twinning_members"]
    return [str(city) for city in members.filter(pl.col("city_id").is_duplicated())["city_id"]]


def _value_is_sum(frames: Frames) -> list[str]:
    total = pl.sum_horizontal(f"aspect_{name}" for name in ASPECTS)
    return frames["twinnings"].filter((pl.col("value") - total).abs() > TOLERANCE)["twinning_id"].to_list()


def _same_city(frames: Frames) -> list[str]:
    applications = frames["applications"].select("application_id", pl.col("city_id").alias("applied"))
    named = pl.concat(
        [frames[table].select("application_id", "city_id") for table in ("eligibility", "twinning_members")]
    )
    return _ids(
        named.join(applications, on="application_id").filter(pl.col("city_id").ne_missing(pl.col("applied")))
    )


def _common_topic(frames: Frames) -> list[str]:
    """A confirmed twinning keeps its topic, whatever a member's form says since."""
    wanted = frames["applications"].select(
        "application_id", pl.concat_list("topic_1", "topic_2", "topic_3").alias("topics")
    )
    members = (
        frames["twinning_members"]
        .join(frames["twinnings"].filter(pl.col("state") != "confirmed"), on="twinning_id")
        .join(wanted, on="application_id")
    )
    return _ids(members.filter(~pl.col("topics").list.contains(pl.col("topic"))))


def _conditional_told(frames: Frames) -> list[str]:
    status = frames["eligibility"].select("application_id", "status")
    members = frames["twinning_members"].join(status, on="application_id", how="left")
    tentative = members.group_by("twinning_id").agg(
        (pl.col("status") == "tentative").any().alias("tentative")
    )
    return (
        frames["twinnings"]
        .join(tentative, on="twinning_id")
        .filter(pl.col("tentative") != pl.col("conditional"))["twinning_id"]
        .to_list()
    )


def _points_within(frames: Frames) -> list[str]:
    return _ids(frames["scores"].filter(pl.col("points") > pl.col("max_points") + TOLERANCE))


def _placed_once(frames: Frames) -> list[str]:
    return _ids(frames["unplaced"].join(frames["twinning_members"], on="application_id", how="semi"))


def _nothing_stopped(frames: Frames) -> list[str]:
    return [str(name) for name in frames["findings"].filter(pl.col("severity") == "stop")["expectation"]]


CHECKS: dict[str, Callable[[Frames], list[str]]] = {
    "every accepted application is judged, and no other": _judged_accepted,
    "every judged application has every rule checked once": _all_rules_checked,
    "the status of an application follows from its rules": _status_follows,
    "only eligible and tentative applications are in a twinning": _members_selectable,
    "only eligible and tentative applications are ranked": _ranked_selectable,
    "a twinning has two or three cities, as many as it says": _size_right,
    "a city is in one twinning": _one_twinning_a_city,
    "the value of a twinning is the sum of its aspects": _value_is_sum,
    "an application stands for the same city in every table": _same_city,
    "the topic of a twinning is one of each member's topics": _common_topic,
    "a twinning is conditional exactly if a member is tentative": _conditional_told,
    "points are at most what the criterion can give": _points_within,
    "an application is placed or unplaced, not both": _placed_once,
    "a version with a stop finding is not published": _nothing_stopped,
}
"""Each rule as a sentence, with the function that names what breaks it."""


def _ids(frame: pl.DataFrame) -> list[str]:
    return [str(key) for key in frame["application_id"]]


def _without(frame: pl.DataFrame, others: pl.DataFrame) -> list[str]:
    return _ids(frame.join(others, on="application_id", how="anti"))
