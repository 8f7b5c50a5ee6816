"""`city2city decide`: records one human decision, append-only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import polars as pl
import typer

from flows.carried import check_carry_over
from flows.commands.options import AsJson, RoundId
from flows.confirming import Prepared, prepared
from flows.console import print_json, print_text
from flows.context import AppContext, open_context
from flows.decision_check import known_names, latest_tables
from flows.evaluation.returned import with_workbooks
from flows.ledger import record_decisions
from flows.pin_check import check_pin, insisted_value
from flows.register_check import unknown_register_row
from programme.problems import ProblemsError, problem
from programme.rounds import Round
from programme.vocabulary import DECISION_KINDS, OVERRIDABLE_RULES
from tasks.decisions.effective import effective_decisions
from tasks.decisions.effects import effect_of
from tasks.decisions.kinds import make_decision
from tasks.decisions.known import unknown_names
from warehouse.dictionary.inputs import DECISIONS

KIND_HELP = (
    f"{', '.join(DECISION_KINDS)}. For no_conflict SUBJECT is the evaluator and OBJECT the application; "
    "for choose OBJECT is the hash of the evaluator's workbook; for undo SUBJECT is the decision's id."
)
NOTHING_KNOWN = "This round has no version yet, so what will change cannot be said."
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
    if kind == "accept":
        raise _accept_with_the_run(round_id, object_)
    now = datetime.now(UTC)
    decided_at = now if at is None else (at if at.tzinfo else at.replace(tzinfo=round_.zone))
    row = make_decision(
        kind=kind,
        subject=subject,
        object_=object_,
        value=insisted_value(kind, value, override or ()),
        reason=reason,
        decided_by=by,
        decided_at=decided_at.astimezone(UTC),
    )
    _print_recorded(
        round_id, _record(context, round_, row, now, conditional_ok=conditional_ok), as_json=as_json
    )


def _record(
    context: AppContext, round_: Round, row: dict[str, Any], now: datetime, *, conditional_ok: bool
) -> dict[str, Any]:
    """Record a decision and answer what it is about.

    Raises `ProblemsError` where nobody knows that, and where the decision must not be made.
    """
    tables = latest_tables(context, round_.id)
    known = known_names(context, round_, tables)
    if row["kind"] == "choose":
        known = with_workbooks(context, round_.id, known)
    # Before a round was read at all, no id can be known. A confirmed twinning is known by any id it ever had.
    something_known = tables is not None or known.applications or row["kind"] in ("undo", "choose")
    looked_up = something_known and row["kind"] != "release"
    problems = unknown_names(row, known, round_.id) if looked_up else []
    if problems := [*problems, *unknown_register_row(context, round_, row)]:
        raise ProblemsError(problems)
    if row["kind"] == "carry_over":
        check_carry_over(context, round_.id, str(row["subject"]))
    about_pin = check_pin(context, round_.id, row)
    checked = prepared(context, round_, row, conditional_ok=conditional_ok, now=now)
    rows = [checked.row, *_releases(context, round_, checked, now)]
    replaced = _replaced(context, round_, checked.row)
    new = record_decisions(context, round_, DECISIONS.frame(rows), "cli", now)
    return {
        "decision_id": row["decision_id"],
        "new": bool(new),
        "about": [f"{name}: {words}" for name in _named(row) if (words := known.in_words(name))],
        "effect": NOTHING_KNOWN if tables is None else effect_of(row, tables),
        "notes": [*replaced, *about_pin, *checked.notes],
    }


def _replaced(context: AppContext, round_: Round, row: dict[str, Any]) -> list[str]:
    """The decisions in force that this one takes the place of; an `undo` says itself what it takes back."""
    recorded = context.ledger.decisions(round_.id)
    if row["kind"] == "undo" or row["decision_id"] in set(recorded["decision_id"]):
        return []
    before = effective_decisions(recorded)
    after = effective_decisions(pl.concat([recorded.select(DECISIONS.names), DECISIONS.frame([row])]))
    gone = before.filter(~pl.col("decision_id").is_in(after["decision_id"].to_list()))
    return [
        f"It takes the place of decision {one['decision_id']}: "
        + " ".join(str(one[name]) for name in ("kind", "subject", "object", "value") if one[name])
        + "."
        for one in gone.iter_rows(named=True)
    ]


def _releases(context: AppContext, round_: Round, checked: Prepared, now: datetime) -> list[dict[str, Any]]:
    """The releases that go with a confirmation: its city's claim from an earlier twinning is fulfilled."""
    said = {name: checked.row[name] for name in ("reason", "decided_by", "decided_at")}
    made = [make_decision(kind="release", subject=name, **said) for name in checked.released]
    return [prepared(context, round_, one, conditional_ok=True, now=now).row for one in made]


def _named(row: dict[str, Any]) -> list[str]:
    """The ids that a decision names."""
    return [str(name) for name in (row["subject"], row["object"]) if name]


def _print_recorded(round_id: str, answer: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(answer)
        return
    if not answer["new"]:
        print_text(f"Decision {answer['decision_id']} is recorded already; nothing changed.")
        return
    print_text(f"Recorded decision {answer['decision_id']}. It takes effect with: city2city run {round_id}")
    for text in (*answer["about"], *answer["notes"]):
        print_text(text)
    print_text(f"At the next run: {answer['effect']}")


def _accept_with_the_run(round_id: str, gate: str | None) -> ProblemsError:
    """A gate is accepted for one run, so the decision is recorded by that run."""
    return problem(
        found="an acceptance without a run",
        expected="the acceptance with the run that it is for",
        where="KIND",
        remedy=f"Give it there: city2city run {round_id} --accept {gate} --reason TEXT --by WHO.",
    )
