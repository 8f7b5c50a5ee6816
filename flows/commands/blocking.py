"""`city2city blocking`: groups that would rather be together, and the price of a selection without any."""

from __future__ import annotations

from typing import Any

import polars as pl

from flows.commands.options import AsJson, RoundId, ShowAll
from flows.console import print_json, print_table, print_text
from flows.context import open_context
from flows.near_selection import near_selection

COLUMNS = ("twinning_id", "least_gain", "words")


def blocking(round_id: RoundId, show_all: ShowAll = False, as_json: AsJson = False) -> None:
    """Show groups that would rather be together.

    All members of such a group would have more own points in it than they got. Told is also what the best
    selection without any such group costs. Nothing is recorded, and nothing of it is a promise.
    """
    context = open_context()
    context.round(round_id)
    version, groups = near_selection(context, round_id, "blocking_groups")
    _, found = near_selection(context, round_id, "stable_selection")
    if as_json:
        about = {"round": round_id, "version": version}
        print_json(about | {"groups": groups.to_dicts(), "without_any": found.to_dicts()})
        return
    rows = groups.filter("fits").with_columns(pl.col("least_gain").round(2)).select(COLUMNS)
    title = f"Round {round_id}, version {version}: groups that would rather be together"
    if rows.height:
        print_table(rows.to_dicts(), title=title, show_all=show_all)
    print_text(in_words(found.row(0, named=True), groups))


def in_words(found: dict[str, Any], groups: pl.DataFrame) -> str:
    """What the search came to, and how many groups there are."""
    blocking = groups.filter("fits").height
    others = groups.height - blocking
    said = {0: "No group blocks the selection.", 1: "1 group blocks the selection."}.get(
        blocking, f"{blocking} groups block the selection."
    )
    if others == 1:
        said += " 1 more would rather be together, but there is no place for it."
    elif others:
        said += f" {others} more would rather be together, but there is no place for them."
    match found["outcome"]:
        case "not_worked_out":
            return "There is no selection, or it has too many possible groups to look for blocking ones."
        case "is_stable":
            return said
        case "none":
            return f"{said} Every selection has a group that blocks it. This is proven."
        case "bounded":
            return (
                f"{said} A selection without any would be worth at least {found['price_at_least']:.2f} "
                "points less, if there is one. The search ended at its limit."
            )
    proof = "This is proven." if found["proven"] else f"At least {found['price_at_least']:.2f} is proven."
    changes = f"In come {found['joins'] or 'none'}; out go {found['leaves'] or 'none'}."
    return (
        f"{said} The best selection without any is worth {found['price']:.2f} points less. {proof} {changes}"
    )
