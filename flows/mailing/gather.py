"""What the letters of a round are made from: the approved version, its forms, and what was decided since.

Belongs here: reading. Must stay out: what follows from it (`tasks/letters`). Names and addresses come from
the database alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from flows.approval_state import stale_reasons
from flows.context import AppContext
from flows.mailing.contacts import changed_contacts
from flows.published_versions import PublishedVersion, read_version
from programme.countries.names import country_names
from programme.letters import LetterWording
from programme.problems import problem
from programme.rounds import Round
from tasks.decisions.effective import effective_decisions, shared_contacts
from tasks.eligibility.conditions import conditions
from tasks.letters.frame import Frame, NextCall
from tasks.letters.message import header_text, usable_address
from tasks.letters.sources import Consents, Contact, Sources
from warehouse.snapshots import newest_whole, read_package
from warehouse.snapshots.approved import Approved, read_approved

Rows = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class ApprovedRound:
    """A round with its approved version: what letters are made from, and the decisions in force."""

    round: Round
    approved: Approved
    sources: Sources
    decisions: pl.DataFrame


def gather_letters(context: AppContext, round_id: str) -> ApprovedRound:
    """Read everything; raises `ProblemsError` where no version is approved, or it was changed since."""
    round_ = context.round(round_id)
    approved = read_approved(context.storage, round_.id)
    if approved is None:
        raise problem(
            found="no approved version",
            expected="one that was approved: letters tell nothing else",
            where=f"round {round_.id}",
            remedy=f"Approve one first: city2city approve {round_.id} VERSION --by NAME.",
        )
    version = read_version(context, round_.id, approved.version)
    decisions = effective_decisions(context.ledger.decisions(round_.id))
    return ApprovedRound(round_, approved, _sources(context, round_, version, decisions), decisions)


def refuse_stale(context: AppContext, approved: Approved) -> None:
    """Raise `ProblemsError` where inputs, rules or decisions changed since the version was approved."""
    if reasons := stale_reasons(context, approved):
        raise problem(
            found=f"a stale approval of version {approved.version}. {' '.join(reasons)}",
            expected="an approval of what there is now",
            where=f"round {approved.round_id}",
            remedy=f"Run the round and approve the new version, or insist with --stale: "
            f"city2city run {approved.round_id}, city2city approve {approved.round_id} VERSION --by NAME.",
        )


def frame_of(context: AppContext, round_: Round, now: datetime) -> Frame:
    """What the letters of a round say beside their news, on this day."""
    wording, today = context.programme.letters, now.astimezone(round_.zone).date()
    later = [item for item in context.rounds.after(round_.id) if item.closes >= today]
    next_call = (
        NextCall(later[0].title, later[0].opens if later[0].opens > today else None, later[0].closes)
        if later
        else None
    )
    return Frame(
        round=round_.title,
        signature=wording.signature,
        contact=wording.contact,
        twinning_contact=wording.results.twinning_contact.model_dump(),
        answer_until=context.rounds.answer_until(round_, today),
        starts=round_.twinnings_start if round_.twinnings_start >= today else None,
        next_call=next_call,
        today=today,
    )


def _sources(
    context: AppContext, round_: Round, version: PublishedVersion, decisions: pl.DataFrame
) -> Sources:
    source = str(dict(version.package["inputs"]).get("submissions", ""))
    forms = _forms(context, round_.id, source, version)
    if not forms and (version.tables["applications"]["state"] != "set_aside").any():
        raise problem(
            found=f"none of the forms of version {version.version}",
            expected="the forms that the version was made from, with who sent them",
            where="the warehouse database",
            remedy=f"Run the round once more, so that the database has them: city2city run {round_.id}.",
        )
    aside = _forms_aside(context, round_.id, source)
    payloads = {name: row["payload"] or {} for name, row in {**aside, **forms}.items()}
    changed = changed_contacts(decisions, context.outbox.contacts(round_.id))
    programme = context.programme
    return Sources(
        round=round_,
        tables=version.tables,
        wording=programme.letters,
        labels=programme.topics.labels,
        countries={one.iso3: one.usual[0] for one in country_names()},
        contacts={name: _contact(payload) for name, payload in payloads.items()} | changed,
        typed_cities={name: str(payload.get("city_name") or "") for name, payload in payloads.items()},
        consents=_consents(payloads, decisions, programme.letters),
        due={
            (one.application_id, one.rule): one.due
            for one in conditions(version.tables, round_, programme.eligibility, round_.closes)
        },
        lacking={
            name: _columns(str(row["reason"]), programme.letters.answers) for name, row in aside.items()
        },
        declined=frozenset(decisions.filter(pl.col("kind") == "decline_place")["subject"]),
    )


def _consents(
    payloads: Mapping[str, Mapping[str, Any]], decisions: pl.DataFrame, wording: LetterWording
) -> Consents:
    return Consents(
        frozenset(name for name, payload in payloads.items() if payload.get("data_consent") is True),
        frozenset(shared_contacts(decisions)),
        wording.results.contacts_without_consent,
    )


def _forms_aside(context: AppContext, round_id: str, source: str) -> Rows:
    """The forms that could not be used, by application."""
    rows = context.ledger.set_aside(round_id, source)
    return {row["row_key"]: row for row in rows if row["table"] == "submissions"}


def _forms(context: AppContext, round_id: str, source: str, version: PublishedVersion) -> Rows:
    """The forms of a version by application, those of earlier rounds that were carried over among them."""
    rows = context.ledger.submissions(round_id, source)
    for earlier in version.tables["applications"]["carried_from"].drop_nulls().unique().sort():
        read = newest_whole(context.storage, earlier)
        if read is not None:
            before = read_package(context.storage, earlier, read)["inputs"]["submissions"]
            rows = [*context.ledger.submissions(earlier, before), *rows]
    return {row["submission_id"]: row for row in rows}


def _contact(payload: Mapping[str, Any]) -> Contact:
    return Contact(
        header_text(payload.get("contact_name")),
        usable_address(payload.get("contact_email")),
        header_text(payload.get("contact_role")),
    )


def _columns(reason: str, asked: Mapping[str, str]) -> tuple[str, ...]:
    """The columns that a reason names, of those that an applicant is asked about."""
    return tuple(name for name in asked if re.search(rf"\b{re.escape(name)}\b", reason))
