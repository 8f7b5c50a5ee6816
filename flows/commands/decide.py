"""`city2city decide`: records one human decision, append-only."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from flows.commands.options import AsJson, RoundId, read_moment
from flows.console import print_json, print_text
from flows.context import open_context
from flows.deciding import Answer, decide_once
from flows.mailing.contacts import new_contact
from flows.moments import in_utc
from flows.pin_check import insisted_value
from programme.problems import ProblemsError, problem
from programme.vocabulary import DECISION_KINDS, OVERRIDABLE_RULES
from tasks.decisions.kinds import AT_ONCE, KINDS
from tasks.letters.sources import Contact

KIND_HELP = (
    f"{', '.join(DECISION_KINDS)}. For no_conflict SUBJECT is the evaluator and OBJECT the application; "
    "for choose OBJECT is the hash of the evaluator's workbook; for undo SUBJECT is the decision's id."
)
OF_VERSIONS = {"approve": "approve", "revoke_approval": "revoke-approval", "rollback": "rollback"}
"""Kinds of decisions that have a command of their own."""
SUBJECT_HELP = "The submission, city or twinning it is about (ID:member name for one member)."
OBJECT_HELP = "The register, the rule, or the other party, by kind."
VALUE_HELP = "The register's id, the outcome, or the topic, by kind."
At = Annotated[
    datetime | None,
    typer.Option(
        "--at",
        metavar="TIME",
        parser=read_moment,
        help="When it was decided (ISO 8601; without offset: the round's time zone).",
        show_default="now",
    ),
]
NewContact = Annotated[
    str | None, typer.Option("--contact", metavar='"NAME <ADDRESS>"', help="For change_contact: who.")
]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--override",
        metavar="RULE",
        help=f"Insist on a pin against a hard rule ({', '.join(OVERRIDABLE_RULES)}); repeatable.",
    ),
]


def decide(
    round_id: RoundId,
    kind: Annotated[str, typer.Argument(metavar="KIND", help=KIND_HELP)],
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help=SUBJECT_HELP)],
    object_: Annotated[str | None, typer.Argument(metavar="OBJECT", help=OBJECT_HELP)] = None,
    value: Annotated[str | None, typer.Argument(metavar="VALUE", help=VALUE_HELP)] = None,
    *,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")],
    by: Annotated[str, typer.Option("--by", metavar="WHO", help="Who decides.")],
    at: At = None,
    conditional_ok: Annotated[
        bool, typer.Option("--conditional-ok", help="Confirm a twinning although something is outstanding.")
    ] = False,
    override: Overrides = None,
    contact: NewContact = None,
    as_json: AsJson = False,
) -> None:
    """Record one human decision: who, when, why.

    It takes effect when the round is run again. An id that nobody knows is refused, with the nearest one. A
    pin that breaks a hard rule is refused, unless that rule is overridden.
    """
    context = open_context()
    round_ = context.round(round_id)
    _refuse_what_has_a_command(kind, round_id, subject, object_)
    changed = _new_contact(kind, contact)
    object_, value = _in_place(kind, object_, value)
    now = datetime.now(UTC)
    asked = {
        "kind": kind,
        "subject": subject,
        "object_": object_,
        "value": changed.changed if changed else insisted_value(kind, value, override or ()),
        "reason": reason,
        "decided_by": by,
        "decided_at": now if at is None else in_utc(at, round_.zone),
    }
    answer = decide_once(context, round_, asked, now, conditional_ok=conditional_ok, contact=changed)
    _print_answer(round_id, kind, answer, as_json=as_json)


def _in_place(kind: str, object_: str | None, value: str | None) -> tuple[str | None, str | None]:
    """Object and value; of a kind without an object, what follows the subject is the value."""
    rules = next((rules for name, rules in KINDS.items() if name == kind), None)
    only_value = rules is not None and rules.object == "none" and rules.value != "none"
    return (None, object_) if only_value and value is None else (object_, value)


def _new_contact(kind: str, contact: str | None) -> Contact | None:
    """The contact of a decision `change_contact`; raises `ProblemsError` where it lacks or has no place."""
    if (kind == "change_contact") == (contact is not None):
        return None if contact is None else new_contact(contact)
    raise problem(
        found="a contact" if contact else "no contact",
        expected="a contact for change_contact" if contact is None else "one for change_contact alone",
        where="--contact",
        remedy='Give it such as: --contact "Ama Example <ama@example.org>".'
        if contact is None
        else "Leave it out.",
    )


def _print_answer(round_id: str, kind: str, answer: Answer, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(answer))
        return
    at_once = kind in AT_ONCE
    if answer.new:
        takes = "at once" if at_once else f"with: city2city {_command(kind, round_id)}"
        print_text(f"Recorded decision {answer.decision_id}. It takes effect {takes}")
    else:
        print_text(f"Nothing was recorded: see decision {answer.decision_id}.")
    for text in (*answer.about, *answer.notes):
        print_text(text)
    print_text(f"At the next run: {answer.effect}" if answer.new and not at_once else answer.effect)


def _refuse_what_has_a_command(kind: str, round_id: str, subject: str, object_: str | None) -> None:
    if kind == "accept":
        raise _accept_with_the_run(round_id, object_)
    if kind in OF_VERSIONS:
        raise _with_its_command(kind, round_id, subject)


def _with_its_command(kind: str, round_id: str, subject: str) -> ProblemsError:
    """What leaves the house, or goes back, is looked at before; so it has a command of its own."""
    version = subject.rpartition(":")[2] or "VERSION"
    return problem(
        found=kind,
        expected="the command that looks at the version first",
        where="KIND",
        remedy=f"Give it there: city2city {OF_VERSIONS[kind]} {round_id} {version} --by WHO --reason TEXT.",
    )


def _command(kind: str, round_id: str) -> str:
    """The command with which a decision takes effect."""
    return f"assign {round_id} --collect DIR" if kind == "choose" else f"run {round_id}"


def _accept_with_the_run(round_id: str, gate: str | None) -> ProblemsError:
    """A gate is accepted for one run, so the decision is recorded by that run."""
    return problem(
        found="an acceptance without a run",
        expected="the acceptance with the run that it is for",
        where="KIND",
        remedy=f"Give it there: city2city run {round_id} --accept {gate} --reason TEXT --by WHO.",
    )
