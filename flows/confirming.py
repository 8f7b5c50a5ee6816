"""Confirming and releasing a twinning: what is checked before the decision is recorded, and what it holds.

Belongs here: looking the twinning up, refusing what would give a city two twinnings, and telling what is
still outstanding. Must stay out: asking and answering (`commands/decide.py`), and what a confirmation does to
the matching (`tasks/matchmaking`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import Any

import polars as pl

from flows.context import AppContext
from flows.known_twinnings import KnownTwinnings
from flows.published_versions import PublishedVersion, origin_of, read_latest, read_newest_whole
from flows.round_inputs import confirmed_cities, recorded_in
from programme.problems import Problem, ProblemsError, problem
from programme.rounds import Round
from programme.vocabulary import SELECTABLE
from tasks.crosscheck.names.city_key import name_keys
from tasks.decisions.confirmations import NAMING_TWINNINGS, TwinningContent, decisions_in_force, members_text
from tasks.eligibility.conditions import Condition, conditions
from tasks.eligibility.earlier_rounds import own_gcom_ids, recognise
from tasks.eligibility.taken_cities import Confirmed, confirmed_in_force, twinning_contents
from warehouse.dictionary.working import CITIES

Row = dict[str, Any]


@dataclass(frozen=True)
class Prepared:
    """A decision that may be recorded: its row, what to tell, and twinnings to release with it."""

    row: Row
    notes: list[str] = field(default_factory=list)
    released: tuple[str, ...] = ()


def prepared(
    context: AppContext, round_: Round, row: Row, *, conditional_ok: bool, now: datetime
) -> Prepared:
    """A decision with what it is about, if it may be recorded; other kinds pass as they are.

    A confirmation is refused (`ProblemsError`) where no version has the twinning, where a city of it is in
    another confirmed twinning of any round, and where something is outstanding and `conditional_ok` is false.
    """
    if row["kind"] not in NAMING_TWINNINGS:
        return Prepared(row)
    known = KnownTwinnings(context, round_.id)
    content = known.find(row["subject"])
    if content is None and row["kind"] == "waive":  # it names an application
        return Prepared(row)
    if content is None:
        raise _unknown(row["subject"], round_.id, known)
    row = {**row, "topic": content.topic, "members": members_text(content.members)}
    if row["kind"] == "waive":
        return Prepared(row)
    confirmed = confirmed_in_force(decisions_in_force(recorded_in(context, round_.id)))
    if row["kind"] == "release":
        return Prepared(row, _about_release(row["subject"], content, confirmed))
    return _confirmation(context, round_, row, content, confirmed, conditional_ok=conditional_ok, now=now)


def _unknown(subject: str, round_id: str, known: KnownTwinnings) -> ProblemsError:
    close = get_close_matches(subject, known.ids(), n=1)
    return problem(
        found=f"twinning {subject!r}",
        expected="the id of a twinning that a version of this round has",
        where=f"round {round_id}",
        remedy=f"Did you mean {close[0]}?" if close else f"See city2city run {round_id} for the ids.",
    )


def _about_release(subject: str, content: TwinningContent, confirmed: list[Confirmed]) -> list[str]:
    one = next((each for each in confirmed if each.content.covers(content)), None)
    if one is None:
        return []  # a proposed one is settled by it, which is what the answer tells
    if one.twinning_id == subject:
        return []
    return [f"{subject} is what remains of the confirmed twinning {one.twinning_id}; that is released."]


def _confirmation(
    context: AppContext,
    round_: Round,
    row: Row,
    content: TwinningContent,
    confirmed: list[Confirmed],
    *,
    conditional_ok: bool,
    now: datetime,
) -> Prepared:
    subject = str(row["subject"])
    latest = read_latest(context, round_.id)
    whole = next((one for one in confirmed if one.content.covers(content)), None)
    if whole is not None and whole.twinning_id != subject:
        raise problem(
            found=f"{subject}, which is what remains of {whole.twinning_id}",
            expected="a twinning that is not confirmed yet",
            where=f"round {round_.id}",
            remedy=f"{whole.twinning_id} is confirmed already, so nothing need be done.",
        )
    if latest is None or whole is not None:
        return Prepared(row)
    overlapping = [one for one in confirmed if _shared(one.content, content)]
    fulfilled = [one for one in overlapping if _is_a_claim(context, latest, one)]
    clashes = [*_in_this_round(subject, content, overlapping, fulfilled, round_.id)]
    clashes += _in_other_rounds(context, round_.id, subject, content, latest)
    if clashes:
        raise ProblemsError(clashes)
    notes = [
        *_accepted_conditions(
            context, round_, subject, content, latest, conditional_ok=conditional_ok, now=now
        ),
        *_not_selectable(content, latest),
        *(
            f"Its claim to a place from {one.twinning_id} is fulfilled; that is released."
            for one in fulfilled
        ),
    ]
    return Prepared(row, notes, tuple(one.twinning_id for one in fulfilled))


def _accepted_conditions(
    context: AppContext,
    round_: Round,
    subject: str,
    content: TwinningContent,
    latest: PublishedVersion,
    *,
    conditional_ok: bool,
    now: datetime,
) -> list[str]:
    """What is outstanding, in sentences; raises `ProblemsError` where that was not said to be in order."""
    outstanding = [told(one) for one in _outstanding(context, round_, content, latest, now)]
    if outstanding and not conditional_ok:
        raise problem(
            found=f"twinning {subject}, which is conditional: {' '.join(outstanding).removesuffix('.')}",
            expected="a twinning with nothing outstanding, or --conditional-ok",
            where=f"round {round_.id}",
            remedy="Confirm it with --conditional-ok if the conditions may still be met.",
        )
    return outstanding


def told(one: Condition) -> str:
    """A condition in one sentence."""
    late = ", which is past" if one.overdue else ""
    return (
        f"{one.city_name or one.application_id} ({one.application_id}) still has to bring {one.what} by "
        f"{one.due:%-d %B %Y}{late}."
    )


def _shared(one: TwinningContent, other: TwinningContent) -> list[str]:
    """Applications of `other` that are in both."""
    names = {name for member in one.members for name in member}
    return [member.application_id for member in other.members if names & set(member)]


def _is_a_claim(context: AppContext, latest: PublishedVersion, one: Confirmed) -> bool:
    """Whether a confirmed twinning was processed and no two of its cities are left together."""
    processed = origin_of(context, latest).decisions.filter(pl.col("kind") == "confirm")
    standing = twinning_contents(latest.tables, "confirmed").values()
    return one.twinning_id in processed["subject"].to_list() and not any(
        one.content.covers(each) for each in standing
    )


def _in_this_round(
    subject: str,
    content: TwinningContent,
    overlapping: list[Confirmed],
    fulfilled: list[Confirmed],
    round_id: str,
) -> Iterator[Problem]:
    for one in overlapping:
        if one not in fulfilled:
            for application in _shared(one.content, content):
                yield _clash(subject, application, one.twinning_id, round_id)


def _in_other_rounds(
    context: AppContext, round_id: str, subject: str, content: TwinningContent, latest: PublishedVersion
) -> Iterator[Problem]:
    others = [item.id for item in context.rounds.rounds if item.id != round_id]
    found = {item: read_newest_whole(context, item) for item in others}
    versions = {item: version for item, version in found.items() if version is not None}
    held = confirmed_cities(context, versions)
    ours = cities_of(context, latest).filter(
        pl.col("application_id").is_in([one.application_id for one in content.members])
    )
    for application, known in recognise(ours, held, context.programme.linking).pairs.iter_rows():
        yield _clash(subject, application, held["twinning_id"][known], held["round"][known])


def cities_of(context: AppContext, version: PublishedVersion) -> pl.DataFrame:
    """The cities of a version's applications (dictionary CITIES), to recognise them in another round."""
    applications = version.tables["applications"].filter(pl.col("city_id").is_not_null())
    names = applications.select(pl.col("city_name").fill_null("").alias("name"), "country_iso3")
    keys = name_keys(names.with_row_index("id"), context.programme.linking)
    frame = applications.with_columns(
        keys.alias("name_key"), pl.lit(None, pl.String()).alias("cohort_id"), gazetteer_population=None
    ).join(own_gcom_ids(version.tables["crosscheck"]), on="application_id", how="left")
    return CITIES.conform(frame)


def _clash(subject: str, application: str, other: str, other_round: str) -> Problem:
    return Problem(
        f"twinning {subject} with {application}, whose city is in the confirmed twinning {other} of round "
        f"{other_round}",
        "a city in one twinning at most",
        "decide confirm",
        f"Leave one of them out, or release the other first: city2city decide {other_round} release {other}",
    )


def _outstanding(
    context: AppContext, round_: Round, content: TwinningContent, latest: PublishedVersion, now: datetime
) -> list[Condition]:
    return conditions(
        latest.tables,
        round_,
        context.programme.eligibility,
        now.astimezone(round_.zone).date(),
        {member.application_id for member in content.members},
    )


def _not_selectable(content: TwinningContent, latest: PublishedVersion) -> list[str]:
    status = dict(latest.tables["eligibility"].select("application_id", "status").iter_rows())
    return [
        f"{one.application_id} cannot be selected at present; it joins when it can be."
        for one in content.members
        if status.get(one.application_id) not in SELECTABLE
    ]
