"""Topics against places: a topic such as ports asks for water, and some cities that chose it lie inland.

Belongs here: which topics of which application do not suit the city's place, who agreed to them all the same,
and what is told and asked about the others. Must stay out: the distances (`programme/water`), how near a
topic wants its cities (`programme/topics.toml`), and what such a topic is worth (step `matchmaking`:
nothing).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from programme.topics import PlaceRule, Topics
from programme.vocabulary import TOPIC_PLACE
from programme.water.water_map import WaterDistance, water_near
from tasks.decisions.findings import without_effect
from tasks.eligibility.scan_letters import OpenPoint
from warehouse.dictionary.findings import Finding
from warehouse.dictionary.working import CANDIDATES, TOPIC_PLACES

EXPECTATION = "topic_suits_the_place"
UNPLACED_CITY = "at a place that we do not know"
_COLUMNS = ("topic_1", "topic_2", "topic_3")


@dataclass(frozen=True)
class TopicPlaces:
    """The topics that do not suit the place (dictionary TOPIC_PLACES), and what is told about them."""

    table: pl.DataFrame
    findings: list[Finding]


def suits(water: WaterDistance, rule: PlaceRule) -> bool:
    """Whether a city at these distances lies where the topic asks for."""
    near_sea = water.sea_km is not None and water.sea_km <= rule.sea_km
    return near_sea or (water.navigable_km is not None and water.navigable_km <= rule.navigable_km)


@dataclass(frozen=True)
class _Doubt:
    """One row of TOPIC_PLACES, and the column of the form that holds the topic."""

    application_id: str
    topic: str
    column: str
    distances: str
    agreed_by: str | None


def topic_places(applications: pl.DataFrame, decisions: pl.DataFrame, topics: Topics) -> TopicPlaces:
    """Look at the place of every accepted application.

    `applications` is dictionary APPLICATIONS; `decisions` holds those in force. A city whose place is not
    known is asked too. A decision `waive` of the application and `topic_place` agrees to all its topics.
    """
    waived = decisions.filter((pl.col("kind") == "waive") & (pl.col("object") == TOPIC_PLACE))
    agreed: dict[str, str] = dict(waived.select("subject", "decision_id").iter_rows())
    accepted = applications.filter(pl.col("state") == "accepted").sort("application_id")
    doubts = [
        doubt
        for form in accepted.iter_rows(named=True)
        for doubt in _doubts(form, topics.places, agreed.get(form["application_id"]))
    ]
    findings = [_asked(one, topics.places[one.topic]) for one in doubts if one.agreed_by is None]
    needless = agreed.keys() - {one.application_id for one in doubts}
    findings += [
        without_effect(agreed[subject], f"agrees to the place of {subject}, which needs no agreement")
        for subject in sorted(needless)
    ]
    rows: list[dict[str, object]] = [
        {name: getattr(one, name) for name in TOPIC_PLACES.names} for one in doubts
    ]
    return TopicPlaces(TOPIC_PLACES.frame(rows), findings)


def _doubts(
    form: Mapping[str, object], places: Mapping[str, PlaceRule], agreed_by: str | None
) -> Iterator[_Doubt]:
    """The topics of one form that do not suit its place."""
    chosen: dict[str, str] = {}
    for column in _COLUMNS:
        chosen.setdefault(str(form[column]), column)
    asking = sorted(places.keys() & chosen.keys())
    latitude, longitude = form["latitude"], form["longitude"]
    known = asking and isinstance(latitude, float) and isinstance(longitude, float)
    water = water_near(float(str(latitude)), float(str(longitude))) if known else None
    for topic in asking:
        if water is None or not suits(water, places[topic]):
            distances = UNPLACED_CITY if water is None else water.in_words
            yield _Doubt(str(form["application_id"]), topic, chosen[topic], distances, agreed_by)


def _asked(doubt: _Doubt, rule: PlaceRule) -> Finding:
    message = (
        f"The topic {doubt.topic} asks for a city within {rule.sea_km:g} km of the sea or "
        f"{rule.navigable_km:g} km of a great river or lake. This one lies {doubt.distances}. "
        "It takes no part on this topic until a person agrees: "
        f"decide waive {doubt.application_id} {TOPIC_PLACE}."
    )
    return Finding("applications", EXPECTATION, message, row_key=doubt.application_id, column=doubt.column)


def _told(distances: str) -> str:
    """Where the city lies, in a sentence to the applicant."""
    if distances == UNPLACED_CITY:
        return "We could not find your city on our map."
    return f"We believe that your city lies {distances}."


def topic_place_points(places: pl.DataFrame, topics: Topics, clause: str) -> list[OpenPoint]:
    """What the applicants are asked about their topics: `places` is dictionary TOPIC_PLACES."""
    waiting = places.filter(pl.col("agreed_by").is_null())
    return [
        OpenPoint(
            row["application_id"],
            TOPIC_PLACE,
            "unclear",
            f"You chose the topic “{topics.labels[row['topic']]}”. {_told(row['distances'])} "
            f"{topics.places[row['topic']].question}",
            clause,
        )
        for row in waiting.iter_rows(named=True)
    ]


def with_topics_out_of_place(candidates: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """The candidates (dictionary CANDIDATES), each with the topics that it takes no part on."""
    waiting = places.filter(pl.col("agreed_by").is_null())
    topics = waiting.group_by("application_id").agg(pl.col("topic").sort().alias("topics_out_of_place"))
    bare = candidates.drop("topics_out_of_place")
    return CANDIDATES.conform(bare.join(topics, on="application_id", how="left", maintain_order="left"))
