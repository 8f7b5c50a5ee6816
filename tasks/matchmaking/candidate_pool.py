"""The candidates of a round and the remaining capacity: the step between the ranking and the matchmaking.

Only applications that can be selected take part. A city in a confirmed twinning of another round takes no
part, and the capacity that such twinnings used is subtracted (FAQ 3.8). It does not matter which round is
processed first: where two rounds confirmed one city and neither has published it, the earlier decision holds.

Belongs here: who is a candidate, why somebody is none, and how much is left to give. Must stay out: who fits
with whom.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from programme.programme import Programme
from programme.rounds import Round
from programme.vocabulary import TOPIC_OTHER, DecisionKind
from tasks.decisions.confirmations import content_of
from tasks.decisions.effective import of_kinds
from tasks.eligibility.earlier_rounds import recognise
from tasks.matchmaking.problem import Whereabouts
from warehouse.dictionary.findings import Finding, findings_frame
from warehouse.dictionary.inputs import DECISIONS
from warehouse.dictionary.other_rounds import EARLIER
from warehouse.dictionary.working import CANDIDATES

_TOPICS = [f"topic_{n}" for n in (1, 2, 3)]
_STATES = {"late": "its form arrived late", "withdrawn": "it was withdrawn"}
_STATUSES = {"needs_review": "its application needs a review", "ineligible": "it is ineligible"}
NOWHERE = Whereabouts()
CONFIRM: tuple[DecisionKind, ...] = ("confirm",)
Row = dict[str, Any]


@dataclass(frozen=True)
class CandidatePool:
    """Who may be matched, and the remaining capacity in twinnings and cities.

    `candidates` is dictionary CANDIDATES, one row an application; `taken` and `taken_in` map applications
    whose city has a place already to the twinning and the round that hold it; `whereabouts` tells what became
    of those that are no candidates. `elsewhere` are the cities that other rounds hold (dictionary EARLIER).
    `findings` is dictionary FINDINGS.
    """

    candidates: pl.DataFrame
    max_twinnings: int
    max_cities: int
    taken: dict[str, str]
    findings: pl.DataFrame
    whereabouts: Whereabouts = NOWHERE
    taken_in: Mapping[str, str] = field(default_factory=dict)
    elsewhere: pl.DataFrame = field(default_factory=EARLIER.empty)


def candidate_pool(
    judged: tuple[pl.DataFrame, pl.DataFrame],
    ranking: pl.DataFrame,
    submissions: pl.DataFrame,
    cities: pl.DataFrame,
    earlier: pl.DataFrame,
    programme: Programme,
    round_: Round,
    decisions: pl.DataFrame | None = None,
) -> CandidatePool:
    """The candidate pool of a round.

    `judged` holds the tables applications and eligibility; `earlier` the cities that other rounds hold
    (dictionary EARLIER); `decisions` are those in force in this round. The remaining capacity is the smaller
    of what the round may give out and what the whole programme has left (FAQ 3.8).
    """
    rounds = programme.rounds
    confirmations = _confirmations(DECISIONS.empty() if decisions is None else decisions)
    ordered = earlier.sort("round", "twinning_id", "city_id")
    known = cities.join(judged[1].select("application_id"), on="application_id", how="semi")
    found = recognise(known, ordered, programme.linking)
    city_of = dict(judged[1].select("application_id", "city_id").iter_rows())
    claims = _Claims(round_.id, confirmations, ordered.rows(named=True), city_of)
    pairs = [(application, number) for application, number in found.pairs.iter_rows()]
    ours = {number for application, number in pairs if claims.ours_first(application, number)}
    taken = {application: number for application, number in pairs if number not in ours}
    theirs = [row for number, row in enumerate(claims.held) if number not in ours]
    used_twinnings = len({(row["round"], row["twinning_id"]) for row in theirs})
    waiting = ranking.filter(~pl.col("application_id").is_in(list(taken)))
    return CandidatePool(
        _candidates(waiting, judged, submissions),
        max(0, min(round_.max_twinnings, rounds.max_twinnings - used_twinnings)),
        max(0, min(round_.max_cities, rounds.max_cities - len(theirs))),
        {application: claims.held[number]["twinning_id"] for application, number in taken.items()},
        pl.concat([found.findings, findings_frame(claims.contradictions(taken))]),
        _whereabouts(judged, {name: claims.held[number] for name, number in taken.items()}),
        {application: claims.held[number]["round"] for application, number in taken.items()},
        EARLIER.frame(theirs),
    )


def _confirmations(decisions: pl.DataFrame) -> list[Row]:
    """The confirmations in force that say what they are about, with their members by name."""
    return [
        row | {"names": {name for member in content.members for name in member}}
        for row in of_kinds(decisions, CONFIRM).iter_rows(named=True)
        if (content := content_of(row["topic"], row["members"])) is not None
    ]


@dataclass(frozen=True)
class _Claims:
    """This round's confirmations beside the cities that other rounds hold (rows of EARLIER)."""

    round_id: str
    confirmations: list[Row]
    held: list[Row]
    city_of: dict[str, str]

    def ours_first(self, application: str, number: int) -> bool:
        """Whether this round confirmed the city before the other one did, and the other published nothing."""
        other = self.held[number]
        if other["published"] is not False:
            return False
        return any(not self._later(one, other) for one in self._about(application))

    def contradictions(self, taken: dict[str, int]) -> Iterator[Finding]:
        """One finding for each confirmation of a city that another round had confirmed before."""
        for application, number in sorted(taken.items()):
            other = self.held[number]
            for one in (each for each in self._about(application) if self._later(each, other)):
                what = (
                    f"Decision {one['decision_id']} confirms the twinning {one['subject']}, but its city "
                    f"{other['city_name'] or other['city_id']} ({application}) is in the confirmed twinning "
                    f"{other['twinning_id']} of round {other['round']}. A city has one twinning. "
                    f"Take one back: city2city decide {self.round_id} undo {one['decision_id']}, or "
                    f"city2city decide {other['round']} release {other['twinning_id']}."
                )
                yield Finding.stop(
                    "decisions", "one_twinning_a_city", what, row_key=one["decision_id"], column="subject"
                )

    def _about(self, application: str) -> Iterator[Row]:
        names = {application, self.city_of.get(application)}
        return (one for one in self.confirmations if one["names"] & names)

    def _later(self, one: Row, other: Row) -> bool:
        """Whether this round's confirmation is the later one; of equal times that of the later round is."""
        if other["confirmed_at"] is None:
            return True
        return bool((one["decided_at"], self.round_id) > (other["confirmed_at"], other["round"]))


def _whereabouts(judged: tuple[pl.DataFrame, pl.DataFrame], taken: dict[str, Row]) -> Whereabouts:
    """Why an application takes no part, for each that does not, and which form stands in its place."""
    applications, eligibility = judged
    found = {
        name: _STATES[state]
        for name, state in applications.select("application_id", "state").iter_rows()
        if state in _STATES
    }
    found |= {
        name: _STATUSES[status]
        for name, status in eligibility.select("application_id", "status").iter_rows()
        if status in _STATUSES
    }
    found |= {
        name: f"it is in the confirmed twinning {row['twinning_id']} of round {row['round']}"
        for name, row in taken.items()
    }
    replaced = applications.filter(pl.col("superseded_by").is_not_null())
    named = applications.filter(pl.col("city_name").is_not_null())
    return Whereabouts(
        found,
        dict(replaced.select("application_id", "superseded_by").iter_rows()),
        dict(named.select("application_id", "city_name").iter_rows()),
    )


def _candidates(
    ranking: pl.DataFrame, judged: tuple[pl.DataFrame, pl.DataFrame], submissions: pl.DataFrame
) -> pl.DataFrame:
    """The ranked applications with their forms and the registers' word on their cities (CANDIDATES)."""
    applications, eligibility = judged
    rows = (
        ranking.join(eligibility.select("application_id", "status"), on="application_id")
        .join(applications.drop(_TOPICS), on="application_id")
        .join(
            submissions.drop("population", "applicant_type", "country_iso3", "row"),
            left_on="application_id",
            right_on="submission_id",
        )
        .with_columns(
            (pl.col("status") == "tentative").alias("tentative"),
            *(pl.when(pl.col(name) != TOPIC_OTHER).then(pl.col(name)).alias(name) for name in _TOPICS),
            pl.coalesce("city_name", "city_name_right").alias("city_name"),
            pl.lit(None, dtype=pl.List(pl.String())).alias("topics_out_of_place"),
        )
    )
    return CANDIDATES.conform(rows)
