"""The tables of a snapshot, together: one Parquet file each.

Belongs here: which tables a version has, and `changes`, which compares two versions. Must stay out: the
tables about applications (`applications.py`), about the selection (`selection.py`), its proof
(`certificate.py`), and `findings` (`findings.py`). Other packages import any published table from here.
"""

from __future__ import annotations

import polars as pl

from warehouse.dictionary.applications import (
    APPLICATION_ID,
    APPLICATIONS,
    CROSSCHECK,
    ELIGIBILITY,
    ELIGIBILITY_CHECKS,
)
from warehouse.dictionary.certificate import CERTIFICATE, MATCHING_FACTS
from warehouse.dictionary.findings import FINDINGS
from warehouse.dictionary.model import Column, Table
from warehouse.dictionary.selection import (
    PREFERENCES,
    RANKING,
    SCORES,
    TWINNING_MEMBERS,
    TWINNINGS,
    UNPLACED,
)

CHANGES = Table(
    "changes",
    "one change against the parent version",
    ("subject", "what", "before", "after"),
    (
        Column("subject", pl.String(), "application or twinning", nullable=False),
        Column("what", pl.String(), "what changed of it", nullable=False),
        Column("before", pl.String(), "the parent's value; null where there was none"),
        Column("after", pl.String(), "this version's value; null where there is none"),
        Column("cause", pl.String(), "which input, decision, rule or program made it change", nullable=False),
    ),
)

PUBLISHED_TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        APPLICATIONS,
        CROSSCHECK,
        ELIGIBILITY_CHECKS,
        ELIGIBILITY,
        SCORES,
        RANKING,
        TWINNINGS,
        TWINNING_MEMBERS,
        UNPLACED,
        PREFERENCES,
        MATCHING_FACTS,
        CERTIFICATE,
        FINDINGS,
        CHANGES,
    )
}

LATER_TABLES = (MATCHING_FACTS.name, CERTIFICATE.name)
"""Tables that versions of an older program do not have; each version has all of them or none."""
LATER_COLUMNS = {UNPLACED.name: ("sufficient_change",)}
"""Columns by table that versions of an older program do not have."""

__all__ = [
    "APPLICATIONS",
    "APPLICATION_ID",
    "CERTIFICATE",
    "CHANGES",
    "CROSSCHECK",
    "ELIGIBILITY",
    "ELIGIBILITY_CHECKS",
    "FINDINGS",
    "LATER_COLUMNS",
    "LATER_TABLES",
    "MATCHING_FACTS",
    "PREFERENCES",
    "PUBLISHED_TABLES",
    "RANKING",
    "SCORES",
    "TWINNINGS",
    "TWINNING_MEMBERS",
    "UNPLACED",
]
