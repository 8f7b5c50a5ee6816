"""Recording one human decision, for every door: the terminal, the desk, a review workbook.

Belongs here: what is checked before a decision is recorded, and what is answered then. Must stay out: asking
for it and showing the answer (`commands/decide.py`, `desk/`), and the single checks (`decision_check.py`,
`register_check.py`, `pin_check.py`, `confirming.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl

from flows.carried import check_carry_over
from flows.confirming import Prepared, prepared
from flows.context import AppContext
from flows.decision_check import known_names, latest_tables
from flows.ledger import record_decisions
from flows.pin_check import check_pin, insisted_value
from flows.register_check import unknown_register_row
from programme.problems import ProblemsError, problem
from programme.rounds import Round
from tasks.decisions.effective import effective_decisions
from tasks.decisions.effects import effect_of
from tasks.decisions.kinds import make_decision
from tasks.decisions.known import unknown_names
from warehouse.dictionary.inputs import DECISIONS

NOTHING_KNOWN = "This round has no version yet, so what will change cannot be said."


@dataclass(frozen=True)
class Wish:
    """A decision that somebody wants to record: what it says, before anything is checked.

    `overrides` are hard rules that a pin is insisted on against; `conditional_ok` lets a twinning be
    confirmed although something is outstanding.
    """

    kind: str
    subject: str
    object: str | None = None
    value: str | None = None
    overrides: Sequence[str] = ()
    conditional_ok: bool = False


@dataclass(frozen=True)
class Recorded:
    """What became of a decision: its id, whether it is new, whom it is about, what it will change at the next
    run, and what else is to be told.
    """

    decision_id: str
    new: bool
    about: list[str]
    effect: str
    notes: list[str]


def decide_for(
    context: AppContext, round_: Round, wish: Wish, *, reason: str, by: str, now: datetime, at: datetime
) -> Recorded:
    """Record a decision that was made at `at`, as of `now` (both zone-aware).

    Raises `ProblemsError` where it is no valid decision, where nobody knows what it is about, and where it
    must not be made.
    """
    if wish.kind == "accept":
        raise _accept_with_the_run(round_.id, wish.object)
    row = make_decision(
        kind=wish.kind,
        subject=wish.subject,
        object_=wish.object,
        value=insisted_value(wish.kind, wish.value, wish.overrides),
        reason=reason,
        decided_by=by,
        decided_at=at.astimezone(UTC),
    )
    return _record(context, round_, row, now, conditional_ok=wish.conditional_ok)


def _record(
    context: AppContext, round_: Round, row: dict[str, Any], now: datetime, *, conditional_ok: bool
) -> Recorded:
    tables = latest_tables(context, round_.id)
    known = known_names(context, round_, tables)
    # Before a round was read at all, no id can be known. A confirmed twinning is known by any id it ever had.
    something_known = tables is not None or known.applications or row["kind"] == "undo"
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
    return Recorded(
        decision_id=row["decision_id"],
        new=bool(new),
        about=[f"{name}: {words}" for name in _named(row) if (words := known.in_words(name))],
        effect=NOTHING_KNOWN if tables is None else effect_of(row, tables),
        notes=[*replaced, *about_pin, *checked.notes],
    )


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


def _accept_with_the_run(round_id: str, gate: str | None) -> ProblemsError:
    """A gate is accepted for one run, so the decision is recorded by that run."""
    return problem(
        found="an acceptance without a run",
        expected="the acceptance with the run that it is for",
        where="KIND",
        remedy=f"Give it there: city2city run {round_id} --accept {gate} --reason TEXT --by WHO.",
    )
