"""`city2city weights`: how far each weight can move before the selection changes, and who comes and goes."""

from __future__ import annotations

from typing import Any

import polars as pl

from flows.commands.options import AsJson, RoundId, ShowAll
from flows.console import print_json, print_table, print_text
from flows.context import open_context
from flows.near_selection import near_selection
from programme.counts import counted
from warehouse.snapshots import read_table

Row = dict[str, Any]


def weights(round_id: RoundId, show_all: ShowAll = False, as_json: AsJson = False) -> None:
    """Show how far each weight can move, and who comes and goes.

    Each is moved from nothing to twice as much, and the selection is made again. Shown are the nearest
    percent at which it is another one, who comes in and who goes out there, and which weights and pairs of
    weights hardly matter. Nothing is recorded.
    """
    context = open_context()
    context.round(round_id)
    version, moved = near_selection(context, round_id, "weights")
    _, pairs = near_selection(context, round_id, "weight_pairs")
    if as_json:
        about = {"round": round_id, "version": version}
        print_json(about | {"weights": moved.to_dicts(), "pairs": pairs.to_dicts()})
        return
    if moved.is_empty():
        print_text(
            f"Round {round_id}, version {version}: there is no selection whose weights could be moved."
        )
        return
    hardly = context.programme.matchmaking.weights.hardly
    names = dict(
        read_table(context.storage, round_id, version, "applications")
        .select("application_id", "city_name")
        .iter_rows()
    )
    print_table(
        [_row(name, rows, names) for (name,), rows in moved.group_by("weight", maintain_order=True)],
        title=f"Round {round_id}, version {version}: how far each weight can move",
        show_all=show_all,
    )
    _print_what_hardly_matters(moved, pairs, hardly)


def _row(weight: object, rows: pl.DataFrame, names: dict[str, str]) -> Row:
    """One weight: the nearest changes on both sides, and the least share of places kept on the whole way."""
    row: Row = {"weight": weight, "of": rows["kind"][0]}
    for side, here in (("less", pl.col("percent") < 0), ("more", pl.col("percent") > 0)):
        found = rows.filter(here & pl.col("is_nearest_change")).to_dicts()
        row[side] = _told(found[0], names) if found else "no change"
    return row | {"places_kept_at_least": round(float(str(rows["kept"].min())), 2)}


def _told(change: Row, names: dict[str, str]) -> str:
    who = [f"{sign} {names.get(one, one)}" for sign, one in _moves(change)]
    return f"{change['percent']:+d} %: {', '.join(who) or 'the same cities in other twinnings'}"


def _moves(change: Row) -> list[tuple[str, str]]:
    joins, leaves = ([one for one in str(change[name]).split(", ") if one] for name in ("joins", "leaves"))
    return [*(("+", one) for one in joins), *(("-", one) for one in leaves)]


def _print_what_hardly_matters(moved: pl.DataFrame, pairs: pl.DataFrame, hardly: float) -> None:
    least = moved.group_by("weight", maintain_order=True).agg(pl.col("kept").min())
    few = least.filter(pl.col("kept") >= 1 - hardly)["weight"].to_list()
    if few:
        print_text(
            f"Without one of these, or with twice as much of it, at most {hardly:.0%} of the places change: "
            f"{', '.join(few)}."
        )
    trades = pairs.filter("hardly_matters")
    matter = "matters" if trades.height == 1 else "matter"
    told = f"{trades.height} of {counted(pairs.height, 'pair')} hardly {matter}, one traded for the other."
    print_text(told)
    for row in pairs.filter(~pl.col("hardly_matters")).sort("kept").iter_rows(named=True):
        print_text(
            f"{row['one']} against {row['other']} matters: {1 - row['kept']:.0%} of the places change."
        )
