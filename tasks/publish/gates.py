"""The gates: what must hold before a version is published, judged from facts.

Belongs here: when each gate is closed, what is said then, and what an acceptance lets pass. Must stay out:
gathering the facts (`flows/gates.py`), and what a closed gate does, which is data (`programme/rounds.toml`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from programme.counts import counted
from programme.problems import Problem, ProblemsError
from programme.rounds import Gates, Round
from programme.vocabulary import GATES, GateName
from warehouse.dictionary.findings import Finding

TABLE = "gates"
"""What stands in the column `table` of a finding about a gate."""
NEVER_ACCEPTED: tuple[GateName, ...] = ("ledger_incomplete",)


@dataclass(frozen=True)
class Unsettled:
    """A twinning of an earlier round that is neither confirmed nor released; `cities` in words."""

    round: str
    twinning_id: str
    cities: str


@dataclass(frozen=True)
class GateFacts:
    """What the gates are judged from.

    `now` is the moment of the run (zone-aware). `evaluations` and `evaluations_before` are rows of the file
    now and for the last version; `evaluations_expected` says why some are expected (None: they are not).
    `applications` and `applications_before` are ids, `twinnings` and `twinnings_before` numbers. What was
    `before` is None where there is no version yet. `lost` says of each gate about a share of the
    inputs whose limit is exceeded what was lost (`tasks/ingest/lost_shares.py`).
    `ledger_gaps` says in sentences what the database lacks.
    """

    round: Round
    now: datetime
    evaluations: int = 0
    evaluations_before: int | None = None
    evaluations_expected: str | None = None
    unsettled: tuple[Unsettled, ...] = ()
    applications: frozenset[str] = frozenset()
    applications_before: frozenset[str] | None = None
    twinnings: int = 0
    twinnings_before: int | None = None
    lost: Mapping[GateName, str] = field(default_factory=dict)
    ledger_gaps: tuple[str, ...] = ()


@dataclass(frozen=True)
class GateAnswer:
    """What the gates say of a run.

    `stops` and `warnings` are findings whose expectation is the gate's name; `let_pass` the gates that would
    have stopped the run and were accepted; `not_needed` those that were accepted and would not have.
    """

    stops: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    let_pass: tuple[str, ...] = ()
    not_needed: tuple[str, ...] = ()


def check_accepted(accepted: Collection[str], reason: str | None) -> None:
    """Refuse what cannot be accepted, and an acceptance without a reason of its own.

    Raises `ProblemsError` with every mistake.
    """
    possible = [name for name in GATES if name not in NEVER_ACCEPTED]
    problems = []
    for name in dict.fromkeys(accepted):
        if name in NEVER_ACCEPTED:
            remedy = "Restore what is missing: city2city ledger restore ROUND."
            problems.append(Problem(f"{name}, which nobody can accept", "another gate", "--accept", remedy))
        elif name not in possible:
            remedy = "Correct the name; the message of the run names the gate."
            problems.append(Problem(repr(name[:40]), f"one of {', '.join(possible)}", "--accept", remedy))
    if accepted and not (reason or "").strip():
        remedy = "Say why the gate may be passed this once: --reason TEXT."
        problems.append(Problem("no reason", "a reason of its own for --accept", "--reason", remedy))
    if problems:
        raise ProblemsError(problems)


def judge_gates(facts: GateFacts, rules: Gates, accepted: Collection[str]) -> GateAnswer:
    """Which gates are closed, and what follows for a run that was told to accept some of them."""
    closed = dict(_closed(facts, rules))
    stops, warnings, let_pass = [], [], []
    for gate in GATES:
        if gate not in closed:
            continue
        severity = rules.severity(gate)
        if severity == "stop" and gate in accepted and gate not in NEVER_ACCEPTED:
            let_pass.append(gate)
        elif severity == "stop":
            stops.append(Finding.stop(TABLE, gate, f"{closed[gate]} {_way_out(gate, facts.round.id)}"))
        else:
            warnings.append(Finding(TABLE, gate, closed[gate]))
    not_needed = tuple(gate for gate in GATES if gate in accepted and gate not in let_pass)
    return GateAnswer(tuple(stops), tuple(warnings), tuple(let_pass), not_needed)


def _way_out(gate: GateName, round_id: str) -> str:
    if gate in NEVER_ACCEPTED:
        return "Nobody can let this gate pass."
    return f"If this is right, let it pass once: city2city run {round_id} --accept {gate} --reason TEXT."


def _closed(facts: GateFacts, rules: Gates) -> Iterator[tuple[GateName, str]]:
    """Every closed gate, with what is said about it."""
    if facts.now < facts.round.accepted_until:
        yield "call_open", _call_open(facts)
    if text := _evaluations(facts):
        yield "evaluations_missing", text
    if facts.unsettled:
        yield "earlier_round_unsettled", _unsettled(facts.unsettled)
    if text := _applications(facts, rules.most_applications_gone):
        yield "applications_fell", text
    yield from facts.lost.items()
    if facts.twinnings_before and not facts.twinnings:
        yield "no_twinnings", f"Nothing was matched; the last version has {facts.twinnings_before} twinnings."
    if facts.ledger_gaps:
        yield "ledger_incomplete", " ".join(facts.ledger_gaps)


def _call_open(facts: GateFacts) -> str:
    return (
        f"The call is still open: its deadline is {facts.round.deadline:%-d %B %Y, %H:%M} "
        f"({facts.round.timezone}). The early scan looks at what has come in so far: "
        f"city2city scan {facts.round.id}."
    )


def _evaluations(facts: GateFacts) -> str | None:
    why, now, before = facts.evaluations_expected, facts.evaluations, facts.evaluations_before
    if why is None or (now and now >= (before or 0)):
        return None
    found = f"there are only {now}; the last version had {before}" if now else "there are none"
    return f"Scores of evaluators are expected, because {why}, and {found}."


def _unsettled(twinnings: tuple[Unsettled, ...]) -> str:
    names = "; ".join(f"{one.twinning_id} of {one.round} ({one.cities})" for one in twinnings)
    rounds = sorted({one.round for one in twinnings})
    ways = " ".join(
        f"Settle each with: city2city decide {name} confirm TWINNING --reason TEXT --by WHO, "
        f"or: city2city decide {name} release TWINNING --reason TEXT --by WHO."
        for name in rounds
    )
    return f"Only proposed: {counted(len(twinnings), 'twinning')} of an earlier round: {names}. {ways}"


def _applications(facts: GateFacts, most: float) -> str | None:
    before = facts.applications_before
    gone = len(before - facts.applications) if before else 0
    if not before or gone / len(before) <= most:
        return None
    return (
        f"{gone} of {counted(len(before), 'application')} of the last version "
        f"{'is' if gone == 1 else 'are'} no longer in the file; "
        f"at most {most:.0%} are expected to go."
    )
