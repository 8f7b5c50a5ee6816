"""`city2city decide`: records one human decision, append-only."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from flows.commands.options import AsJson, RoundId
from flows.console import print_json, print_text
from flows.context import open_context
from flows.deciding import Recorded, Wish, decide_for
from programme.vocabulary import DECISION_KINDS, OVERRIDABLE_RULES

KIND_HELP = (
    f"{', '.join(DECISION_KINDS)}. For no_conflict SUBJECT is the evaluator and OBJECT the application; "
    "for undo SUBJECT is the decision's id."
)
SUBJECT_HELP = "The submission, city or twinning it is about (ID:member name for one member)."
OBJECT_HELP = "The register, the rule, or the other party, by kind."
VALUE_HELP = "The register's id, the outcome, or the topic, by kind."
At = Annotated[
    datetime | None,
    typer.Option("--at", metavar="TIME", help="When it was decided (ISO 8601).", show_default="now"),
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
    as_json: AsJson = False,
) -> None:
    """Record one human decision: who, when, why.

    It takes effect when the round is run again. An id that nobody knows is refused, with the nearest one. A
    pin that breaks a hard rule is refused, unless that rule is overridden.
    """
    context = open_context()
    round_ = context.round(round_id)
    now = datetime.now(UTC)
    wish = Wish(kind, subject, object_, value, tuple(override or ()), conditional_ok)
    decided_at = now if at is None else (at if at.tzinfo else at.replace(tzinfo=round_.zone))
    recorded = decide_for(context, round_, wish, reason=reason, by=by, now=now, at=decided_at)
    _print_recorded(round_id, recorded, as_json=as_json)


def _print_recorded(round_id: str, answer: Recorded, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(answer))
        return
    if not answer.new:
        print_text(f"Decision {answer.decision_id} is recorded already; nothing changed.")
        return
    print_text(f"Recorded decision {answer.decision_id}. It takes effect with: city2city run {round_id}")
    for text in (*answer.about, *answer.notes):
        print_text(text)
    print_text(f"At the next run: {answer.effect}")
