"""One decision of a person: looked at, recorded, and answered with what follows.

Belongs here: what is asked before a decision of the terminal, the desk or a workbook is recorded, and what is
told at once. Must stay out: reading the command and printing (`commands/decide.py`), what a name may be
(`decision_check.py`, `register_check.py`), and what a decision does (the step that it is about).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from flows.carried import check_carry_over
from flows.confirming import Prepared, prepared
from flows.context import AppContext
from flows.decision_check import known_names, latest_tables
from flows.evaluation.returned import with_workbooks
from flows.ledger import record_decisions
from flows.mailing.contacts import keep_contact, new_contact
from flows.pin_check import check_pin
from flows.register_check import unknown_evaluator, unknown_register_row
from programme.problems import ProblemsError, problem
from programme.rounds import Round
from tasks.decisions.confirmations import decisions_in_force
from tasks.decisions.effective import undone_by
from tasks.decisions.effects import effect_of
from tasks.decisions.kinds import make_decision
from tasks.decisions.known import KnownNames, unknown_names
from tasks.decisions.standing import contradictions, standings
from tasks.ingest.personal.masks import reference_without_addresses
from tasks.letters.sources import Contact
from warehouse.dictionary.inputs import DECISIONS

Row = dict[str, Any]
NOTHING_KNOWN = "This round has no version yet, so what will change cannot be said."


@dataclass(frozen=True)
class Wish:
    """A decision that somebody wants to record.

    `conditional_ok` lets a twinning be confirmed although something is outstanding. `contact` is the new one
    of a `change_contact`, as it was typed.
    """

    kind: str
    subject: str
    object: str | None = None
    value: str | None = None
    conditional_ok: bool = False
    contact: str = ""

    def asked(self, reason: str, by: str, at: datetime) -> Row:
        """The arguments of `make_decision`."""
        said = {"kind": self.kind, "subject": self.subject, "object_": self.object, "value": self.value}
        return said | {"reason": reason, "decided_by": by, "decided_at": at}


@dataclass(frozen=True)
class Answer:
    """What became of a decision: its id, whether it was recorded now, what it is about, what follows."""

    decision_id: str
    new: bool
    about: list[str]
    effect: str
    notes: list[str]


def decide_wish(
    context: AppContext, round_: Round, wish: Wish, *, reason: str, by: str, now: datetime
) -> Answer:
    """Record what the desk or a workbook asks for; raises `ProblemsError` as `decide_once` does."""
    contact = new_contact(wish.contact, "the new contact") if wish.kind == "change_contact" else None
    asked = wish.asked(reason, by, now) | ({"value": contact.changed} if contact else {})
    return decide_once(context, round_, asked, now, conditional_ok=wish.conditional_ok, contact=contact)


def decide_once(
    context: AppContext,
    round_: Round,
    asked: Row,
    now: datetime,
    *,
    conditional_ok: bool = False,
    contact: Contact | None = None,
) -> Answer:
    """Record a decision and answer what follows; one that is in force already is not recorded again.

    `asked` are the arguments of `make_decision`; `contact` is the new one of a `change_contact`. Raises
    `ProblemsError` where nobody knows what it is about, and where the decision must not be made.
    """
    asked = _as_tables_have_it(asked)
    row = make_decision(**asked)
    _refuse_the_future(row, now, round_)
    recorded = context.ledger.decisions(round_.id)
    tables = latest_tables(context, round_.id)
    known = known_names(context, round_, tables)
    if row["kind"] == "choose":
        known = with_workbooks(context, round_.id, known)
    _refuse_the_unknown(context, round_, row, known, read_before=tables is not None)
    about = _in_words_of(row, known)
    if contact is None and (already := _already(recorded, row, round_)):
        return Answer(already[0], new=False, about=about, effect="Nothing changes.", notes=[already[1]])
    row = _of_its_own(recorded, row, asked)
    if row["kind"] == "carry_over":
        check_carry_over(context, round_.id, str(row["subject"]))
    notes = check_pin(context, round_.id, row)
    checked = prepared(context, round_, row, conditional_ok=conditional_ok, now=now)
    rows = [checked.row, *_releases(context, round_, checked, now)]
    notes = [*_about_the_record(recorded, checked.row), *notes, *checked.notes]
    if contact is not None:
        keep_contact(context, round_, str(row["subject"]), contact, now)
    record_decisions(context, round_, DECISIONS.frame(rows), "cli", now)
    effect = _effect(recorded, row, tables)
    return Answer(str(row["decision_id"]), new=True, about=about, effect=effect, notes=notes)


def _as_tables_have_it(asked: Row) -> Row:
    """What is asked, with ids that are addresses as the tables have them: masked."""
    names = ("subject", "object_", "value")
    return {**asked, **{name: reference_without_addresses(asked.get(name)) for name in names}}


def _refuse_the_unknown(
    context: AppContext, round_: Round, row: Row, known: KnownNames, *, read_before: bool
) -> None:
    # Before a round was read at all, no id can be known. A confirmed twinning is known by any id it ever had.
    something_known = read_before or known.applications or row["kind"] in ("undo", "choose")
    looked_up = something_known and row["kind"] != "release"
    problems = unknown_names(row, known, round_.id) if looked_up else []
    problems += [*unknown_register_row(context, round_, row), *unknown_evaluator(context, round_, row, known)]
    if problems:
        raise ProblemsError(problems)


def _refuse_the_future(row: Row, now: datetime, round_: Round) -> None:
    if row["decided_at"] > now:
        claimed = row["decided_at"].astimezone(round_.zone)
        raise problem(
            found=f"{claimed.isoformat(timespec='seconds')}, which is still to come",
            expected="a moment that has passed",
            where="decision, decided_at",
            remedy="Correct --at, or leave it out: then it is now.",
        )


def _already(recorded: pl.DataFrame, row: Row, round_: Round) -> tuple[str, str] | None:
    """The decision that says the same and is in force, with a sentence about it; None where there is none."""
    if row["kind"] == "undo":
        undo = undone_by(recorded).get(row["subject"])
        return (
            None if undo is None else (undo, f"Decision {row['subject']} was taken back already, by {undo}.")
        )
    for one in decisions_in_force(recorded).iter_rows(named=True):
        if all(one[name] == row[name] for name in ("kind", "subject", "object", "value")):
            when = f"{one['decided_at'].astimezone(round_.zone):%-d %B %Y}"
            return one["decision_id"], f"The same was decided on {when} and is in force already."
    return None


def _of_its_own(recorded: pl.DataFrame, row: Row, asked: Row) -> Row:
    """The decision under an id that is not recorded: made again after an undo, it is another one."""
    known, repeat = set(recorded["decision_id"]), 0
    while row["decision_id"] in known:
        repeat += 1
        row = make_decision(**asked, repeat=repeat)
    return row


def _after(recorded: pl.DataFrame, row: Row) -> pl.DataFrame:
    return pl.concat([recorded, DECISIONS.frame([row])])


def _effect(recorded: pl.DataFrame, row: Row, tables: Mapping[str, pl.DataFrame] | None) -> str:
    """What the decision changes; of an `undo` only the record tells it."""
    if row["kind"] != "undo":
        return NOTHING_KNOWN if tables is None else effect_of(row, tables)
    before, after = decisions_in_force(recorded), decisions_in_force(_after(recorded, row))
    back = after.filter(~pl.col("decision_id").is_in(before["decision_id"].to_list()))
    target = recorded.filter(decision_id=row["subject"]).row(0, named=True)
    counts_again = [f"Decision {_in_words(one)} counts again." for one in back.iter_rows(named=True)]
    if target["kind"] != "undo" and row["subject"] not in set(before["decision_id"]):
        standing = standings(recorded)[row["subject"]]
        return " ".join([f"Nothing changes now: decision {row['subject']} was {standing}.", *counts_again])
    return " ".join([f"Decision {_in_words(target)} counts no longer.", *counts_again])


def _about_the_record(recorded: pl.DataFrame, row: Row) -> list[str]:
    """The decisions that this one takes the place of, and whether it claims to be older than they are."""
    if row["kind"] == "undo":
        return []
    together = _after(recorded, row)
    before, after = decisions_in_force(recorded), decisions_in_force(together)
    gone = before.filter(~pl.col("decision_id").is_in(after["decision_id"].to_list()))
    taken = [f"It takes the place of decision {_in_words(one)}." for one in gone.iter_rows(named=True)]
    odd = [one.message for one in contradictions(together) if one.row_key == row["decision_id"]]
    return [*taken, *odd]


def _in_words(one: Row) -> str:
    said = " ".join(str(one[name]) for name in ("kind", "subject", "object", "value") if one[name])
    return f"{one['decision_id']}: {said}"


def _releases(context: AppContext, round_: Round, checked: Prepared, now: datetime) -> list[Row]:
    """The releases that go with a confirmation: its city's claim from an earlier twinning is fulfilled."""
    said = {name: checked.row[name] for name in ("reason", "decided_by", "decided_at")}
    made = [make_decision(kind="release", subject=name, **said) for name in checked.released]
    return [prepared(context, round_, one, conditional_ok=True, now=now).row for one in made]


def _in_words_of(row: Row, known: KnownNames) -> list[str]:
    """The ids that a decision names, each with what is known by it."""
    names = [str(name) for name in (row["subject"], row["object"]) if name]
    return [f"{name}: {words}" for name in names if (words := known.in_words(name))]
