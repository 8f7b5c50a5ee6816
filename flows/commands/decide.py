"""`city2city decide`: records one human decision, append-only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from flows.carried import check_carry_over
from flows.commands.options import AsJson, RoundId
from flows.confirming import prepared
from flows.console import print_error, print_json, print_text
from flows.context import AppContext, open_context
from programme.problems import problem
from programme.rounds import Round
from programme.vocabulary import DECISION_KINDS
from tasks.decisions.kinds import make_decision
from warehouse.dictionary.inputs import DECISIONS
from warehouse.snapshots import latest_version, read_tables

KIND_HELP = (
    f"{', '.join(DECISION_KINDS)}. For no_conflict OBJECT is the evaluator; "
    "for undo SUBJECT is the decision's id."
)
SUBJECT_HELP = "The submission, city or twinning it is about (ID:member name for one member)."
OBJECT_HELP = "The register, the rule, or the other party, by kind."
VALUE_HELP = "The register's id, the outcome, or the topic, by kind."
At = Annotated[
    datetime | None,
    typer.Option("--at", metavar="TIME", help="When it was decided (ISO 8601).", show_default="now"),
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
    as_json: AsJson = False,
) -> None:
    """Record one human decision: who, when, why.

    It takes effect when the round is run again.
    """
    context = open_context()
    round_ = context.round(round_id)
    now = datetime.now(UTC)
    decided_at = now if at is None else (at if at.tzinfo else at.replace(tzinfo=round_.zone))
    row = make_decision(
        kind=kind,
        subject=subject,
        object_=object_,
        value=value,
        reason=reason,
        decided_by=by,
        decided_at=decided_at.astimezone(UTC),
    )
    checked = prepared(context, round_, row, conditional_ok=conditional_ok, now=now)
    unknown = _unknown_names(context, round_id, row)
    context.ledger.record_round(round_.id, round_.title, round_.deadline)
    rows = [checked.row, *(_release(context, round_, row, name, now) for name in checked.released)]
    new = context.ledger.add_decisions(round_id, DECISIONS.frame(rows), "cli", recorded_at=now)
    _print_recorded(round_id, row["decision_id"], unknown, new=bool(new), as_json=as_json)
    for note in () if as_json else checked.notes:
        print_text(note)


def _release(
    context: AppContext, round_: Round, row: dict[str, Any], twinning_id: str, now: datetime
) -> dict[str, Any]:
    """The release that goes with a confirmation: its city's claim from an earlier twinning is fulfilled."""
    made = make_decision(
        kind="release",
        subject=twinning_id,
        reason=row["reason"],
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
    )
    return prepared(context, round_, made, conditional_ok=True, now=now).row


def _print_recorded(
    round_id: str, decision_id: object, unknown: list[str], *, new: bool, as_json: bool
) -> None:
    if as_json:
        print_json({"decision_id": decision_id, "new": new})
    elif new:
        print_text(f"Recorded decision {decision_id}. It takes effect with: city2city run {round_id}")
    else:
        print_text(f"Decision {decision_id} is recorded already; nothing changed.")
    for name in unknown:
        print_error(
            f"Note: the latest version of round {round_id} knows no {name!r}; "
            f"if that is a slip, take the decision back: undo {decision_id}"
        )


def _unknown_names(context: AppContext, round_id: str, row: dict[str, Any]) -> list[str]:
    """What the decision names and the latest version does not know; it may become known with the next inputs.

    Raises `ProblemsError` for an undo of a decision that is not recorded, and for
    an application that cannot be carried over.
    """
    kind, subject = str(row["kind"]), str(row["subject"])
    if kind == "carry_over":
        check_carry_over(context, round_id, subject)
        return []
    if kind in ("confirm", "release"):
        return []
    if kind == "undo":
        _check_is_recorded(context, round_id, subject)
        return []
    version = latest_version(context.storage, round_id)
    if version is None:
        return []
    tables = read_tables(context.storage, round_id, version)
    known = {
        *tables["applications"]["application_id"],
        *tables["applications"]["city_id"],
        *tables["twinnings"]["twinning_id"],
    }
    named = [subject, str(row["object"])] if kind in ("merge", "pin", "forbid") else [subject]
    return [name for name in named if name not in known and name.split(":")[0] not in known]


def _check_is_recorded(context: AppContext, round_id: str, decision_id: str) -> None:
    recorded = context.ledger.decisions(round_id)["decision_id"].to_list()
    if decision_id not in recorded:
        raise problem(
            found=f"decision {decision_id!r}",
            expected="the id of a recorded decision",
            where=f"round {round_id}",
            remedy=f"`city2city decide` printed the id; there are {len(recorded)} decisions of this round.",
        )
