"""What an early scan's letter says of preferred partners that are not in the cohort (FAQ 3.7).

Belongs here: who is told what. Must stay out: the words (`programme/letters.toml`), and what becomes of a
preference in the end (`tasks/matchmaking/explain/part_f.py`).
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from programme.letters import LetterWording
from programme.vocabulary import IN_COHORT


def partners_outside_cohort(named: pl.DataFrame, cohort: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    """Application id to the partners it named, as typed, that are surely not in the cohort.

    `named` is dictionary NAMED_PARTNERS, `cohort` the register. A name that could be several cities is none.
    """
    inside = cohort.filter(pl.col("status").is_in(sorted(IN_COHORT)))["utm_id"].to_list()
    outside = (pl.col("outcome") == "none") | (
        (pl.col("outcome") == "linked") & ~pl.col("city_id").is_in(inside)
    )
    found: dict[str, tuple[str, ...]] = {}
    rows = named.filter(outside).sort("application_id", "choice")
    for application_id, name in rows.select("application_id", "city_name").iter_rows():
        found[application_id] = (*found.get(application_id, ()), name)
    return found


def partner_advice(partners: Iterable[str], wording: LetterWording) -> list[str]:
    """The lines of a postscript for each partner outside the cohort, given as one line of text."""
    added = [wording.partner_outside_cohort.format(partner=name) for name in partners]
    return ["", *added] if added else []
