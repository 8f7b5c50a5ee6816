"""What is being approved, on one page: for `approve --show` and for the artifact of a run.

Belongs here: finding the version that was approved last, and the lines of the page. Must stay out: the
wording of a difference (`tasks/publish/announcement.py`), and approving (`approving.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from flows.context import AppContext
from flows.published_versions import PublishedVersion, approved_version, origin_of, read_version
from flows.replay import changes_between
from programme.problems import ProblemsError
from programme.rounds import Round
from tasks.decisions.confirmations import decisions_in_force
from tasks.publish.announcement import announced
from tasks.publish.changes import changes
from warehouse.dictionary.published import CHANGES


@dataclass(frozen=True)
class Announcement:
    """What an approval would announce.

    `since` is the version that was approved last (None: none yet), `lines` are the difference in words, and
    `changes` every changed fact with its cause (dictionary table CHANGES).
    """

    round_id: str
    version: int
    content: str
    since: int | None
    needed: int
    lines: list[str]
    changes: pl.DataFrame

    def headline(self) -> str:
        """What is approved, in one sentence."""
        against = (
            f"against version {self.since}, approved last"
            if self.since
            else "no version was approved before it"
        )
        return f"Round {self.round_id}, version {self.version} (content {self.content[:12]}...): {against}."

    def as_json(self) -> dict[str, Any]:
        """The page for programs."""
        return {
            "round": self.round_id,
            "version": self.version,
            "content": self.content,
            "since": self.since,
            "approvals_needed": self.needed,
            "announced": self.lines,
            "changes": self.changes.rows(named=True),
        }


def announcement(context: AppContext, round_: Round, version: int, *, traced: bool) -> Announcement:
    """What the approval of a version would announce.

    `traced` finds the causes of changes between versions that do not follow each other, which processes the
    round again; without it, they are read off.
    """
    newer = read_version(context, round_.id, version)
    in_force = decisions_in_force(context.ledger.decisions(round_.id))
    since = approved_version(context, round_.id, in_force)
    if since == version:
        since = None if newer.package["parent"] is None else _approved_before(context, round_, version)
    older = None if since is None else read_version(context, round_.id, since)
    return Announcement(
        round_.id,
        version,
        str(newer.package["content"]),
        since,
        context.rounds.approvals_needed(round_),
        announced(older.tables if older else None, newer.tables),
        CHANGES.empty() if older is None else _changes(context, round_.id, older, newer, traced=traced),
    )


def _approved_before(context: AppContext, round_: Round, version: int) -> int | None:
    """The version that was approved before this one, which is approved itself."""
    recorded = context.ledger.decisions(round_.id)
    others = recorded.filter(pl.col("subject") != f"{round_.id}:{version}")
    return approved_version(context, round_.id, decisions_in_force(others))


def _changes(
    context: AppContext, round_id: str, older: PublishedVersion, newer: PublishedVersion, *, traced: bool
) -> pl.DataFrame:
    if traced:
        try:
            return changes_between(context, round_id, older, newer)
        except ProblemsError:  # an input is no longer kept
            pass
    return changes(older.tables, newer.tables, origin_of(context, older), origin_of(context, newer))
