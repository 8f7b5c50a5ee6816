"""`city2city decide`: records one human decision, append-only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from flows.console import complain, print_json, say

if TYPE_CHECKING:
    from flows.context import AppContext

_KINDS = "link, no_link, rule, accept_late, withdraw, merge, pin, forbid, confirm, release, no_conflict (object: the evaluator), or undo (subject: the decision's id)"


def decide(
    round_id: Annotated[str, typer.Argument(metavar="ROUND", help="Id of the round.")],
    kind: Annotated[str, typer.Argument(metavar="KIND", help=_KINDS + ".")],
    subject: Annotated[
        str,
        typer.Argument(
            metavar="SUBJECT",
            help="The submission, city or twinning it is about (ID:member name for one member).",
        ),
    ],
    object_: Annotated[
        str | None,
        typer.Argument(metavar="[OBJECT]", help="The register, the rule, or the other party, by kind."),
    ] = None,
    value: Annotated[
        str | None,
        typer.Argument(metavar="[VALUE]", help="The register's id, the outcome, or the topic, by kind."),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")] = ...,  # type: ignore[assignment]
    by: Annotated[str, typer.Option("--by", metavar="WHO", help="Who decides.")] = ...,  # type: ignore[assignment]
    at: Annotated[
        datetime | None,
        typer.Option("--at", metavar="TIME", help="When it was decided (ISO 8601) [default: now]."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Record one human decision: who, when, why. It takes effect when the round is run again."""
    from flows.context import open_context  # noqa: PLC0415
    from tasks.decisions.kinds import make_decision  # noqa: PLC0415  (polars)
    from warehouse.dictionary.inputs import DECISIONS  # noqa: PLC0415

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
    unknown = _unknown(context, round_id, row)
    context.ledger.record_round(round_.id, round_.title, round_.deadline)
    new = context.ledger.add_decisions(round_id, DECISIONS.frame([dict(row)]), "cli", recorded_at=now)
    if as_json:
        print_json({"decision_id": row["decision_id"], "new": bool(new)})
    elif new:
        say(f"Recorded decision {row['decision_id']}. It takes effect with: city2city run {round_id}")
    else:
        say(f"Decision {row['decision_id']} is recorded already; nothing changed.")
    for name in unknown:
        complain(
            f"Note: the latest version of round {round_id} knows no {name!r}; if that is a slip, take the decision back: undo {row['decision_id']}"
        )


def _unknown(context: AppContext, round_id: str, row: dict[str, object]) -> list[str]:
    """What the decision names and the round does not know; an undo of nothing is refused, the rest may become
    known with the next inputs.
    """
    from programme.problems import problem  # noqa: PLC0415
    from warehouse.snapshots import latest_version, read_tables  # noqa: PLC0415

    kind, subject = str(row["kind"]), str(row["subject"])
    if kind == "undo":
        recorded = context.ledger.decisions(round_id)["decision_id"].to_list()
        if subject not in recorded:
            raise problem(
                found=f"decision {subject!r}",
                expected="the id of a recorded decision",
                where=f"round {round_id}",
                remedy=f"`city2city decide` printed the id; there are {len(recorded)} decisions of this round.",
            )
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
