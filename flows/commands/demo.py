"""`city2city demo`: both rounds on invented inputs, from nothing to published versions."""

from __future__ import annotations

from flows.commands.run import process
from flows.console import print_table, say
from flows.context import open_context


def demo() -> None:
    """Write the sample inputs if they are missing, run both rounds on them, say where the results are."""
    from programme.problems import problem  # noqa: PLC0415
    from samples.bundle import copy_inputs  # noqa: PLC0415
    from warehouse.snapshots import version_path  # noqa: PLC0415

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
    say(f"The sample inputs (invented applications about real cities) are in {folder / 'inputs'}.")
    for round_ in context.rounds.rounds:
        summary = process(round_.id, None, "demo")
        print_table(summary["funnel"], title=f"\n{round_.title}")
        print_table(
            [{**row, "value": f"{row['value']:.1f}"} for row in summary["twinnings"]],
            ["topic", "cities", "value", "conditional"],
            title="Twinnings",
        )
        say(summary["headline"])
        say(f"Tables: {folder / version_path(round_.id, summary['version'])}")
    say("\nNext: city2city status, city2city review 2026-01, city2city verify 2026-01")
