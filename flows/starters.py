"""Where the starters of an approved version are written: beside the other working papers of the office.

Belongs here: reading the version and writing the files, also after an approval. Must stay out: what a starter
says (`tasks/starter`). A starter holds no personal data; but it tells how much each city needs, and days that
nobody has agreed on yet, so it is for the facilitators and lies in the restricted area, not in the public
edition.
"""

from __future__ import annotations

from dataclasses import dataclass

from flows.context import AppContext
from programme.problems import problem
from tasks.starter.step import starters
from warehouse.snapshots import read_table
from warehouse.snapshots.approved import Approved, read_approved

_TABLES = ("applications", "twinnings", "twinning_members")


@dataclass(frozen=True)
class WrittenStarters:
    """The folder that the starters of a version are in, and the names of their files."""

    version: int
    folder: str
    files: tuple[str, ...]


def write_starters(context: AppContext, approved: Approved) -> WrittenStarters:
    """Write a sheet and a calendar for each twinning of an approved version; the same again, if again."""
    storage, round_id = context.storage, approved.round_id
    tables = {name: read_table(storage, round_id, approved.version, name) for name in _TABLES}
    made = starters(
        tables,
        programme=context.programme,
        round_=context.round(round_id),
        version=approved.version,
        approved_at=approved.approved_at,
    )
    folder = f"restricted/starters/{round_id}/version={approved.version:04d}"
    for name, content in made.items():
        storage.write(f"{folder}/{name}", content, private=True)
    return WrittenStarters(approved.version, f"{storage.address.rstrip('/')}/{folder}", tuple(sorted(made)))


def starters_of_approved(context: AppContext, round_id: str) -> WrittenStarters:
    """Write the starters of the round's approved version; raises `ProblemsError` where none is approved."""
    approved = read_approved(context.storage, context.round(round_id).id)
    if approved is None:
        raise problem(
            found="no approved version",
            expected="a version that was approved",
            where=f"round {round_id}",
            remedy=f"Look at the versions (city2city status {round_id}) and approve the one that counts.",
        )
    return write_starters(context, approved)
