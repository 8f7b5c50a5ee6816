"""`city2city starter`: a sheet and a calendar for each twinning of the approved version."""

from __future__ import annotations

from dataclasses import asdict

from flows.commands.options import AsJson, RoundId
from flows.console import print_json, print_text
from flows.context import open_context
from flows.starters import starters_of_approved
from programme.counts import counted


def starter(round_id: RoundId, as_json: AsJson = False) -> None:
    """Write the starter of each approved twinning.

    It is a sheet for the facilitator (Markdown) and a calendar (.ics): the cities, what they need and bring,
    the office hours they share through the year, and four proposed sessions on days that are working days for
    all. An approval writes them too.
    """
    written = starters_of_approved(open_context(), round_id)
    if as_json:
        print_json(asdict(written))
        return
    n = len([name for name in written.files if name.endswith(".md")])
    print_text(
        f"Version {written.version}: {counted(n, 'twinning')}, a sheet and a calendar each, "
        f"in {written.folder}"
    )
