"""Approving a version, taking that back, and what follows from it.

Belongs here: the order of what follows from an approval, and who may approve. Must stay out: what speaks
against a version (`approval_state.py`), and asking and answering (`commands/approve.py`, `approve_round.py`).

An approval is a decision, bound to the content hash of the version. When there are enough, `STEPS` are done
in order, and `approved.json` comes last: whoever announces something reads it first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flows.approval_state import involved_in, objections
from flows.console import report_step
from flows.context import AppContext
from flows.ledger import record_decisions
from flows.public_edition import publish_edition
from flows.publishing import Publication
from flows.report import keep_report, make_report
from flows.signing import sign_approved
from flows.starters import write_starters
from programme.counts import counted, listed
from programme.problems import Problem, ProblemsError, problem
from programme.rounds import Round
from tasks.decisions.approvals import ApprovalState, approvals, is_enough
from tasks.decisions.confirmations import decisions_in_force
from tasks.decisions.kinds import make_decision
from tasks.decisions.people import person, same_person
from warehouse.dictionary.inputs import DECISIONS
from warehouse.snapshots import Approved, list_versions, read_package, remove_approved, write_approved
from warehouse.snapshots.approved import changed_files, read_note

PUBLISHING = "publishing (approvals = 0)"
"""Who approves where the office asks for no approval."""
Step = Callable[[AppContext, Round, Approved], None]


def _note_approved(context: AppContext, _round: Round, approved: Approved) -> None:
    write_approved(context.storage, approved)


def _keep_report(context: AppContext, round_: Round, approved: Approved) -> None:
    keep_report(context, round_.id, approved.version, approved=approved)


def _publish_edition(context: AppContext, round_: Round, approved: Approved) -> None:
    report = make_report(context, round_.id, approved.version, public=True, approved=approved)
    publish_edition(context, round_, approved, report.encode())


def _write_starters(context: AppContext, _round: Round, approved: Approved) -> None:
    write_starters(context, approved)


STEPS: tuple[Step, ...] = (
    _keep_report,
    _publish_edition,
    _write_starters,
    sign_approved,
    _note_approved,
)
"""What follows from an approval, in order; done again, each changes nothing. `approved.json` is the last."""


@dataclass(frozen=True)
class Answer:
    """What became of an approval or a revocation.

    `people` approve the version now, and `needed` of them are needed; `approved` is the version that may
    leave the house now; `note` says what is still missing, or what was there already.
    """

    version: int
    people: tuple[str, ...]
    needed: int
    approved: Approved | None
    note: str


def approve(
    context: AppContext, round_: Round, version: int, *, by: str, reason: str, older: bool = False
) -> Answer:
    """Record that a person approves a version; with enough of them, do what follows.

    Raises `ProblemsError` with everything that speaks against it.
    """
    package = read_package(context.storage, round_.id, version)
    content = str(package["content"])
    problems = objections(context, round_, version, older=older)
    before = _people(context, round_, version, content)
    already = any(same_person(by, one) for one in before)
    people = before if already else (*before, by)
    needed = context.rounds.approvals_needed(round_)
    involved = involved_in(context, round_.id, version) if not problems else ()
    problems += _four_eyes(people, needed, involved, f"round {round_.id}, version {version}")
    if problems:
        raise ProblemsError(problems)
    now = datetime.now(UTC)
    if not already:
        row = make_decision(
            kind="approve",
            subject=f"{round_.id}:{version}",
            object_=content,
            reason=reason,
            decided_by=by,
            decided_at=now,
        )
        record_decisions(context, round_, DECISIONS.frame([row]), "cli", now)
    approved = settle(context, round_)
    note = f"{by} approved it already." if already else ""
    if not is_enough(people, needed, involved):
        note = f"{note} {_missing(people, needed, involved)}".strip()
    return Answer(version, people, needed, approved, note)


def revoke(context: AppContext, round_: Round, version: int | None, *, by: str, reason: str) -> Answer:
    """Take the approvals of a version back (None: of the approved one).

    Raises `ProblemsError` where nobody approved it.
    """
    standing = _approvals(context, round_)
    chosen = max(standing, default=None) if version is None else version
    if chosen is None or chosen not in standing:
        there = ", ".join(str(one) for one in sorted(standing)) or "none"
        raise problem(
            found="no version" if chosen is None else f"version {chosen}, which nobody approved",
            expected=f"a version that somebody approved (there are: {there})",
            where=f"round {round_.id}",
            remedy=f"See: city2city decisions {round_.id}",
        )
    now = datetime.now(UTC)
    row = make_decision(
        kind="revoke_approval",
        subject=f"{round_.id}:{chosen}",
        object_=standing[chosen].content,
        reason=reason,
        decided_by=by,
        decided_at=now,
    )
    record_decisions(context, round_, DECISIONS.frame([row]), "cli", now)
    return Answer(chosen, (), context.rounds.approvals_needed(round_), settle(context, round_), "")


def after_publishing(context: AppContext, round_: Round, publication: Publication) -> None:
    """Approve a version that was just published, where the office asks for no approval; make good the rest.

    Why a version is not approved by being published is told.
    """
    if publication.new and not context.rounds.approvals_needed(round_):
        try:
            approve(context, round_, publication.version, by=PUBLISHING, reason="no approval is asked for")
        except ProblemsError as error:
            report_step(" ".join(["It is not approved by being published.", *map(str, error.problems)]))
    settle(context, round_)


def settle(context: AppContext, round_: Round) -> Approved | None:
    """Make `approved.json` agree with the decisions in force, and return what may leave the house.

    A crash between an approval and what follows from it is made good here. Where the approved version was
    changed since, everything stays as it is: nothing may leave the house, and no older version takes its
    place.
    """
    needed = context.rounds.approvals_needed(round_)
    there = set(list_versions(context.storage, round_.id))
    for version, state in sorted(_approvals(context, round_).items(), reverse=True):
        if version not in there:
            continue
        try:
            approved = _approved(context, round_, state)
            enough = is_enough(state.people, needed, involved_in(context, round_.id, version))
        except ProblemsError:  # it was damaged: whoever reads what is approved is told
            return None
        if approved is None or not enough:
            continue
        if changed_files(context.storage, approved):
            return None
        if _noted(context, round_.id) != approved:
            # An approval may come from a decisions file, where nobody looked at the version first.
            if objections(context, round_, version, older=True):
                continue
            for step in STEPS:
                step(context, round_, approved)
        return approved
    remove_approved(context.storage, round_.id)
    return None


def _noted(context: AppContext, round_id: str) -> Approved | None:
    try:
        return read_note(context.storage, round_id)
    except ProblemsError:  # a changed byte: it is written again
        return None


def _approved(context: AppContext, round_: Round, state: ApprovalState) -> Approved | None:
    package = read_package(context.storage, round_.id, state.version)
    if package["content"] != state.content:
        return None
    seal, people = str(package["seal"]), len(state.people)
    return Approved(round_.id, state.version, seal, state.content, state.at, people)


def _approvals(context: AppContext, round_: Round) -> dict[int, ApprovalState]:
    return approvals(decisions_in_force(context.ledger.decisions(round_.id)), round_.id)


def _people(context: AppContext, round_: Round, version: int, content: str) -> tuple[str, ...]:
    state = _approvals(context, round_).get(version)
    return state.people if state is not None and state.content == content else ()


def _four_eyes(people: tuple[str, ...], needed: int, involved: tuple[str, ...], where: str) -> list[Problem]:
    """What is wrong with those who approve: as many as are needed, but all of them involved."""
    if len(people) < needed or is_enough(people, needed, involved):
        return []
    known = {person(name) for name in involved}
    names = listed(name for name in people if person(name) in known)
    return [
        Problem(
            f"an approval by {names} alone, who started the run or decided something that is in the version",
            "one person at least who did neither (four eyes)",
            where,
            "Let somebody else approve it. How many approve stands in programme/rounds.toml (approvals).",
        )
    ]


def _missing(people: tuple[str, ...], needed: int, involved: tuple[str, ...]) -> str:
    known = {person(name) for name in involved}
    more = max(needed - len(people), 1)
    other = "" if any(person(name) not in known for name in people) else ", who was not part of it"
    return f"{counted(more, 'more person')} must approve it{other}."
