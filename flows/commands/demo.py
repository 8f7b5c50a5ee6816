"""`city2city demo`: both rounds on invented inputs, from nothing to published versions."""

from __future__ import annotations

from flows.console import print_table, print_text
from flows.context import open_context
from flows.prefect_start import process_with_prefect
from flows.settling import confirm_proposed
from programme.problems import problem
from samples.bundle import copy_inputs
from warehouse.snapshots import version_path

MEETING, COMMITTEE = "The selection committee agreed.", "Sample Committee"
"""Why the demo confirms twinnings, and who does it."""


def demo() -> None:
    """Run both rounds on the sample inputs.

    The samples are written where they are missing. Between the rounds, the twinnings of the first are
    confirmed, as an office does once its committee has met. Says where the results are.
    """
    context = open_context()
    folder = context.settings.data_folder
    if folder is None:
        raise problem(
            found=f"the data are in {context.settings.data}",
            expected="a folder",
            where="CITY2CITY_DATA",
            remedy="Run the demo with CITY2CITY_DATA unset or naming a folder.",
        )
    copy_inputs(folder / "inputs")
    print_text(f"The sample inputs (invented applications about real cities) are in {folder / 'inputs'}.")
    *earlier, _ = context.rounds.rounds
    for round_ in context.rounds.rounds:
        summary = process_with_prefect(context, round_.id, None, "demo")
        if round_ in earlier and (confirmed := confirm_proposed(context, round_, MEETING, COMMITTEE)):
            print_text(f"\nThe committee confirms {confirmed} twinnings of {round_.title}.")
            summary = process_with_prefect(context, round_.id, None, "twinnings confirmed")
        print_table(summary["funnel"], title=f"\n{round_.title}")
        print_table(
            [{**row, "value": f"{row['value']:.1f}"} for row in summary["twinnings"]],
            ["topic", "cities", "value", "conditional"],
            title="Twinnings",
            show_all=True,
        )
        print_text(summary["headline"])
        print_text(f"Tables: {folder / version_path(round_.id, summary['version'])}")
        print_text(f"Report: {summary['report']}")
    print_text("\nNext: city2city status, city2city review 2026-01, city2city verify 2026-01")
