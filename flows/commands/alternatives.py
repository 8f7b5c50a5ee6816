"""`city2city alternatives`: how firmly the selection stands, and what would have been enough."""

from __future__ import annotations

import polars as pl

from flows.commands.options import AsJson, RoundId, ShowAll
from flows.console import print_json, print_table, print_text
from flows.context import open_context
from flows.near_selection import near_selection


def alternatives(round_id: RoundId, show_all: ShowAll = False, as_json: AsJson = False) -> None:
    """Show plans that are nearly as good, and what would have sufficed.

    A twinning is fixed (in all of them) or replaceable. For each application: the share of the plans that
    place it, and, if it was not placed, which single change would have been enough. Nothing is recorded.
    """
    context = open_context()
    context.round(round_id)
    version, plans = near_selection(context, round_id, "alternatives")
    _, sufficient = near_selection(context, round_id, "sufficient")
    if as_json:
        about = {"round": round_id, "version": version}
        print_json(about | {"alternatives": plans.to_dicts(), "sufficient": sufficient.to_dicts()})
        return
    if plans.is_empty():
        print_text(f"Round {round_id}, version {version}: there is no selection to compare plans with.")
        return
    many, every = plans.row(0, named=True)["plans"], plans.row(0, named=True)["every_plan"]
    basis = f"all {many} near-equal plans" if every else f"a random sample of {many} near-equal plans"
    selected = plans.filter(plan=0)
    for kind, columns in (
        ("twinning", ("subject", "status", "share", "proven", "words")),
        ("application", ("subject", "words", "there", "status", "share", "proven")),
    ):
        rows = selected.filter(kind=kind).sort(pl.col("share"), "subject", descending=[True, False])
        title = f"{kind.capitalize()}s in {basis}"
        print_table(rows.select(columns).to_dicts(), title=title, show_all=show_all)
    print_table(_shown_plans(plans), title="Plans that differ most", show_all=show_all)
    if not sufficient.is_empty():
        rows = sufficient.select("application_id", "kind", "value", "reason")
        print_table(rows.to_dicts(), title="What would have been enough", show_all=show_all)


def _shown_plans(plans: pl.DataFrame) -> list[dict[str, object]]:
    """One row a plan: what it is worth less, and what it has that the selection lacks."""
    selected = set(plans.filter(kind="twinning", plan=0, there=True)["subject"])
    rows: list[dict[str, object]] = []
    for number in sorted(set(plans["plan"]) - {0}):
        here = plans.filter(plan=number, kind="twinning", there=True)
        new = here.filter(~pl.col("subject").is_in(list(selected)))["words"].sort()
        loss = plans.filter(plan=number)["loss"][0]
        rows.append({"plan": number, "loss": round(float(loss), 2), "other_twinnings": "; ".join(new)})
    return rows
