"""`city2city repair`: a damaged version rebuilt from what is kept, and proved the same."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from flows.commands.options import AsJson, RoundId
from flows.console import print_error, print_json, print_text
from flows.context import open_context
from flows.repair_edition import repair_edition
from flows.repairing import repair as repair_version
from flows.repairing import repair_beside
from flows.run_record import hold_round
from flows.settings import quiet_libraries
from warehouse.snapshots.verify import verify_version


def repair(
    round_id: RoundId,
    version: Annotated[int, typer.Argument(metavar="VERSION", help="The version to rebuild.")],
    as_json: AsJson = False,
) -> None:
    """Rebuild a damaged version, and prove it the same.

    Each file that is missing or was changed is made again from the kept inputs and the kept rules. It is put
    in its place only if it has the hash that was published; otherwise nothing is changed. The damaged bytes
    are kept in restricted/damaged. The exit status is 1 where the version does not verify afterwards.
    """
    context = open_context()
    round_ = context.round(round_id)
    quiet_libraries(context.settings)
    with hold_round(context, round_.id, f"repair of version {version}"):
        done = repair_version(context, round_, version)
        edition = repair_edition(context, round_, version)
        beside = [*edition, *repair_beside(context, round_)]
    problems = verify_version(context.storage, round_.id, version)
    if as_json:
        print_json({**asdict(done), "beside": beside, "problems": problems})
    else:
        unharmed = f"Version {version} of round {round_.id} is as it was published: nothing to rebuild."
        print_text(str(done) if done.damaged else unharmed)
        for path in beside:
            print_text(f"{path} was written again.")
        for found in problems:
            print_error(f"Round {round_.id}, version {version}: {found}")
    if problems:
        raise typer.Exit(1)
