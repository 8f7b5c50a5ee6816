"""The published table of preferences: what became of every partner named in part F of a form (FAQ 3.7).

Belongs here: preferences that did not come to a pair of candidates, and the advice on them. Must stay out:
pairs of candidates (`preferred_partners.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from programme.vocabulary import IN_COHORT, SELECTABLE
from tasks.matchmaking.explain.preferred_partners import Answer
from warehouse.dictionary.published import PREFERENCES

JOIN_COHORT = (
    " It is not a member of the UTM City Cohort. You may tell it that it has to join the cohort to take part "
    "(FAQ 3.7)."
)
PLACES = {1: "first", 2: "second"}


@dataclass(frozen=True)
class KnownCities:
    """What a preference is looked up in.

    `status_of` maps the applications that were judged to their status, `applied` the city ids of all who
    applied in time to their application, `taken` the applications with a place in an earlier round to its
    twinning; `members` are the city ids of the cohort, those still to be accepted too, and `names` the
    cities' names by id.
    """

    status_of: Mapping[str, str]
    applied: Mapping[str, str]
    own_city: Mapping[str, str]
    taken: Mapping[str, str]
    members: frozenset[str]
    names: Mapping[str, str]


def known_cities(
    eligibility: pl.DataFrame, applications: pl.DataFrame, cohort: pl.DataFrame, taken: Mapping[str, str]
) -> KnownCities:
    """What a round's tables say of its cities (eligibility, applications, cohort)."""
    names = dict(cohort.select("utm_id", "name").iter_rows())
    names |= dict(applications.drop_nulls("city_id").select("city_id", "city_name").iter_rows())
    own = dict(eligibility.select("application_id", "city_id").iter_rows())
    return KnownCities(
        status_of=dict(eligibility.select("application_id", "status").iter_rows()),
        applied={city: application for application, city in own.items()},
        own_city=own,
        taken=taken,
        members=frozenset(cohort.filter(pl.col("status").is_in(sorted(IN_COHORT)))["utm_id"]),
        names=names,
    )


def preferences_table(named: pl.DataFrame, pairs: pl.DataFrame, known: KnownCities) -> pl.DataFrame:
    """Dictionary PREFERENCES: every preference of an application that was judged.

    `named` is dictionary NAMED_PARTNERS, `pairs` what `preferred_partners` answered.
    """
    answered = {(row["application_id"], row["choice"]): row for row in pairs.iter_rows(named=True)}
    rows: list[dict[str, object]] = []
    for application_id, choice, city, outcome in named.select(
        "application_id", "choice", "city_id", "outcome"
    ).iter_rows():
        if application_id not in known.status_of:
            continue
        linked = city if outcome == "linked" else None
        answer = _answer(application_id, choice, linked, outcome, known)
        row: dict[str, object] = {"application_id": application_id, "choice": choice, "city_id": linked}
        row |= {"outcome": answer.outcome, "reason": answer.reason, "message": answer.message}
        rows.append(answered.get((application_id, choice), row))
    return PREFERENCES.frame(rows)


def _answer(application_id: str, choice: int, city: str | None, outcome: str, known: KnownCities) -> Answer:
    """The outcome of a preference that is not one of a candidate for a candidate."""
    if city is None:
        return _unknown(choice, outcome)
    name = known.names.get(city, "The city")
    if city == known.own_city[application_id]:
        return Answer("unknown_city", "It named itself.", "You named your own city as a partner.")
    other = known.applied.get(city)
    if other is None:
        advice = "" if city in known.members else JOIN_COHORT
        return Answer(
            "not_applied", f"{name} did not apply in this round.{advice}", f"{name} did not apply.{advice}"
        )
    return _of_applicants(application_id, other, name, city in known.members, known)


def _unknown(choice: int, outcome: str) -> Answer:
    """The outcome where the name was not linked; the name as typed stays out, because it is free text."""
    if outcome == "review":
        return Answer(
            "unknown_city",
            f"The city named as {PLACES[choice]} choice could be several.",
            f"The city you named as {PLACES[choice]} choice could be several. Please tell us its name and "
            "country as the UTM City Cohort or the GCoM knows it (FAQ 3.7).",
        )
    return Answer(
        "unknown_city",
        f"The city named as {PLACES[choice]} choice is neither an applicant nor in a register.{JOIN_COHORT}",
        f"The city you named as {PLACES[choice]} choice did not apply, as far as we can see.{JOIN_COHORT}",
    )


def _of_applicants(application_id: str, other: str, name: str, is_member: bool, known: KnownCities) -> Answer:
    """The outcome where the preferred city applied, but one of the two cannot be selected."""
    for who, whose, city in ((other, name, name), (application_id, "It", "Your city")):
        if who in known.taken:
            return Answer(
                "already_confirmed",
                f"{whose} has a place in twinning {known.taken[who]} of an earlier round.",
                f"{city} already has a place in a twinning of an earlier round.",
            )
        if known.status_of[who] not in SELECTABLE:
            advice = JOIN_COHORT if who == other and not is_member else ""
            # Why another city is not selected is told to that city alone.
            told = "has no place" if who == other else "cannot be selected"
            return Answer(
                "not_eligible",
                f"{whose} cannot be selected (status {known.status_of[who]}).{advice}",
                f"{city} {told} in this round.{advice}",
            )
    return Answer("not_eligible", f"{name} was not ranked.", f"{name} has no place in this round.")
