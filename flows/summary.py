"""What a run tells people, in numbers and sentences, without personal data.

The terminal, the Prefect UI and JSON show the same. Belongs here: what the inputs of a run came to, and the
capacity. Must stay out: what a version alone says (`pages/views`), and how it is shown (`console.py`,
`artifacts.py`).
"""

from __future__ import annotations

from typing import Any

import polars as pl

from flows.round_inputs import RoundInputs
from flows.round_results import AssessedRound, RoundResult
from tasks.eligibility.earlier_rounds import earlier_applications
from tasks.ingest.lost_shares import reasons_set_aside
from tasks.ingest.step import Inputs
from tasks.matchmaking.capacity import capacity_line, given_out, given_out_elsewhere, what_keeps_out
from tasks.publish.gates import GateAnswer
from warehouse.dictionary.published import TWINNINGS


def applied_before(round_inputs: RoundInputs, assessed: AssessedRound) -> list[dict[str, Any]]:
    """Applications of this round whose city applied before, and what became of that."""
    before = {name: version.tables for name, version in round_inputs.earlier_versions.items()}
    return earlier_applications(assessed.linked.cities, before, round_inputs.programme.linking).rows(
        named=True
    )


def capacity(round_inputs: RoundInputs, result: RoundResult) -> list[str]:
    """How much of the programme is given out, and what keeps cities out where there is room."""
    rounds = round_inputs.programme.rounds
    others = [version.tables["twinnings"] for version in round_inputs.other_versions.values()]
    twinnings = pl.concat([TWINNINGS.empty(), *others])
    elsewhere = given_out_elsewhere(round_inputs.confirmed_cities, twinnings)
    given = given_out(result.tables["twinnings"]) + elsewhere
    pool, ranked = result.pool, result.scored.ranking["application_id"].to_list()
    taken = sum(application in ranked for application in pool.taken)
    line = capacity_line(rounds.max_twinnings, rounds.max_cities, given)
    return [line, *what_keeps_out(result.tables, pool.max_twinnings, pool.max_cities, taken)]


def files_read(inputs: Inputs) -> list[dict[str, Any]]:
    """How each file was understood: its table, kind, the form tool it came from where one was recognised, and
    what became of its rows: read, used, set aside and why.
    """
    rows = []
    for passport in inputs.passports:
        kind = " ".join(
            part
            for part in (passport.format, passport.encoding, passport.sheet and f"sheet {passport.sheet}")
            if part
        )
        counts = {
            "rows": passport.n_rows,
            "used": passport.n_used,
            "set_aside": passport.n_set_aside,
            "why": reasons_set_aside(inputs.set_aside, passport.table),
        }
        unknown = ", ".join(passport.unknown)
        rows.append(
            {
                "table": passport.table,
                "file": passport.name,
                "kind": kind,
                "profile": passport.profile,
                **counts,
                "columns_left_out": unknown,
            }
        )
    return rows


def rows_set_aside(inputs: Inputs) -> list[dict[str, Any]]:
    """Rows that could not be used, by table and reason: how many, and the first of them by their row in the
    file.
    """
    grouped = (
        inputs.set_aside.sort("row")
        .group_by("table", "reason")
        .agg(pl.len().alias("rows"), pl.col("row").head(5).alias("first_rows"))
    )
    shown = grouped.with_columns(pl.col("first_rows").cast(pl.List(pl.String())).list.join(", ")).sort(
        "table", "rows", "reason"
    )
    return shown.select("table", "rows", "reason", "first_rows").rows(named=True)


def about_gates(gates: GateAnswer) -> list[str]:
    """What the gates said of a run that was not stopped, in sentences."""
    said = [f"Warning, gate {one.expectation}: {one.message}" for one in gates.warnings]
    said += [f"Gate {name} was accepted this once, and the decision is recorded." for name in gates.let_pass]
    return said + [f"--accept {name} was not needed: the gate stopped nothing." for name in gates.not_needed]
