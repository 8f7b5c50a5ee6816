"""How much of the inputs was lost on the way in, against the limits of `programme/expectations.toml`.

Belongs here: measuring the shares, one result for each gate. Must stay out: what follows from a share that is
too large (the flows), and the limits themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from programme.counts import counted
from programme.expectations import ExpectedCounts, LargestShare
from programme.vocabulary import GateName, Severity
from tasks.ingest.inputs import Inputs, Passport
from warehouse.dictionary.findings import Finding

FIRST_REASONS = 3
"""Reasons for setting rows aside that a message names."""


@dataclass(frozen=True)
class LostShare:
    """What one gate measured.

    `gate`: its name. `exceeded`: whether more was lost than the limit allows, of any file. `severity`: what
    then happens by the rules. `message`: what was found, what was expected, where, and what to do. `table`:
    the input that the message is about.
    """

    gate: GateName
    exceeded: bool
    severity: Severity
    message: str
    table: str

    def finding(self) -> Finding:
        """The finding where the limit is exceeded."""
        return Finding(self.table, self.gate, self.message, severity=self.severity)


def lost_shares(inputs: Inputs, limits: ExpectedCounts) -> tuple[LostShare, ...]:
    """The shares of rows set aside, of rows superseded and of unreadable time stamps, a result a gate."""
    return (
        _worst("share_set_aside", "could not be used", list(_set_aside(inputs)), limits.share_set_aside),
        _worst(
            "share_superseded",
            "gave way to a later row of the same id",
            [(one, one.n_superseded, one.n_rows, "") for one in inputs.passports],
            limits.share_superseded,
        ),
        _worst(
            "unreadable_times",
            "have a time stamp that could not be read",
            list(_unreadable(inputs)),
            limits.unreadable_times,
        ),
    )


def exceeded_shares(inputs: Inputs, limits: ExpectedCounts) -> list[Finding]:
    """The findings of the limits that are exceeded."""
    return [share.finding() for share in lost_shares(inputs, limits) if share.exceeded]


Counts = tuple[Passport, int, int, str]
"""A file, the rows concerned, all rows, and why in words."""


def _set_aside(inputs: Inputs) -> Iterator[Counts]:
    for passport in inputs.passports:
        n_lost = passport.n_set_aside - passport.n_superseded
        yield passport, n_lost, passport.n_rows, reasons_set_aside(inputs.set_aside, passport.table)


def reasons_set_aside(set_aside: pl.DataFrame, table: str) -> str:
    """The commonest reasons why rows of a table were set aside, with their counts, in one line.

    `set_aside` is the dictionary table SET_ASIDE. The row that stands in place of another is not named.
    """
    short = pl.col("reason").str.replace(r" (?:is )?in row \d+$", " is in another row")
    counted = (
        set_aside.filter(pl.col("table") == table)
        .group_by(short.alias("reason"))
        .len()
        .sort("len", "reason", descending=[True, False])
        .head(FIRST_REASONS)
    )
    return "; ".join(f"{row['len']} x {row['reason']}" for row in counted.iter_rows(named=True))


def _unreadable(inputs: Inputs) -> Iterator[Counts]:
    for passport in inputs.passports:
        if passport.table == "submissions":
            frame = inputs.submissions
            yield passport, frame["submitted_at"].null_count(), frame.height, ""


def _worst(gate: GateName, what: str, counts: Sequence[Counts], limit: LargestShare) -> LostShare:
    """The result for the file that lost the largest share of those beyond the limit, else of all."""
    if not counts:
        return LostShare(
            gate, exceeded=False, severity=limit.severity, message="no file", table="submissions"
        )
    passport, n_rows, n_all, why = max(
        counts, key=lambda one: (limit.is_exceeded(one[1], one[2]), one[1] / max(1, one[2]))
    )
    share = n_rows / n_all if n_all else 0.0
    message = (
        f"{passport.name}: {n_rows} of {counted(n_all, 'row')} ({share:.0%}) {what}; "
        f"expected at most {limit.maximum:.0%}."
        + (f" {why}." if why else "")
        + f" Look at them with `city2city check {passport.name}`, and export the file again or correct it."
    )
    return LostShare(gate, limit.is_exceeded(n_rows, n_all), limit.severity, message, passport.table)
