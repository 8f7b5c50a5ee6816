"""The members of a consortium among themselves: a row of the register is one city, and so one member.

Belongs here: linking the other members without the rows that one is linked to. Must stay out: linking one
name (`linkage/`), and decisions that name a row (`link_overrides.py`), which come first here as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import polars as pl

from tasks.crosscheck.linkage.index import RegisterIndex
from tasks.crosscheck.names.fuzzy import NameTable

Link = dict[str, object]
LinkAgain = Callable[[Link, RegisterIndex], Link]
"""Looks a member's name up again, in an index with fewer rows: its new `outcome`, `register_id`,
`confidence`, `evidence` and `candidates`.
"""


def one_row_a_member(
    links: pl.DataFrame, decided: pl.DataFrame, index: RegisterIndex, link_again: LinkAgain
) -> pl.DataFrame:
    """The links of members, so that no row of the register is linked to two of them or proposed for a second.

    `links`: table CROSSCHECK of one register with `candidates`, of several applications; those with one name
    stay as they are. `decided`: see `LinkOverrides`. Of two members that mean the same row, the surer one
    keeps it.
    """
    groups = links.with_row_index("at").filter(pl.len().over("application_id") > 1)
    chosen: dict[str, dict[str, str | None]] = {}
    for application, member, row in decided.select("application_id", "member_name", "chosen_id").iter_rows():
        chosen.setdefault(application, {})[member] = row
    changed: dict[int, Link] = {}
    for (application,), group in groups.group_by("application_id", maintain_order=True):
        rows = group.sort("confidence", "member_name", descending=[True, False]).rows(named=True)
        changed |= _settled(rows, chosen.get(str(application), {}), index, link_again)
    if not changed:
        return links
    every = [row | changed.get(at, {}) for at, row in enumerate(links.iter_rows(named=True))]
    return pl.DataFrame(every, schema=links.schema, orient="row")


def _settled(
    rows: list[Link], by_person: dict[str, str | None], index: RegisterIndex, link_again: LinkAgain
) -> dict[int, Link]:
    """What changes among the members of one consortium: place in the table to new cells."""
    holders = {row: member for member, row in by_person.items() if row is not None}
    waiting = [row for row in rows if row["member_name"] not in by_person]
    changed: dict[int, Link] = {}
    for row in sorted(waiting, key=lambda row: row["outcome"] != "linked"):
        new = row
        if _wanted(row) & holders.keys():
            new = row | link_again(row, without_rows(index, holders))
            if row["register_id"] in holders and new["outcome"] == "none":
                new |= _same_city(row, holders)
            changed[int(str(row["at"]))] = {name: new[name] for name in new if name != "at"}
        if new["outcome"] == "linked":
            holders[str(new["register_id"])] = str(row["member_name"])
    return changed


def _wanted(row: Link) -> set[str]:
    """The rows of the register that a name is linked to or may mean."""
    candidates = row["candidates"]
    ids = [str(one["register_id"]) for one in candidates] if isinstance(candidates, list) else []
    return {*ids, str(row["register_id"])}


def _same_city(row: Link, holders: dict[str, str]) -> Link:
    """A member whose only row is that of another: a person says whether the two are one city."""
    taken = str(row["register_id"])
    evidence = f"{taken} is the row of the member {holders[taken]}: are the two one city? {row['evidence']}"
    return {"outcome": "review", "register_id": None, "confidence": row["confidence"], "evidence": evidence}


def without_rows(index: RegisterIndex, register_ids: Iterable[str]) -> RegisterIndex:
    """The index without some rows of the register."""
    gone = index.rows.filter(pl.col("register_id").is_in(list(register_ids)))["id"].implode()
    names = index.names.frame
    return replace(
        index,
        keys=index.keys.filter(~pl.col("id").is_in(gone)),
        names=NameTable(names.filter(~pl.col("id").is_in(gone))),
    )
