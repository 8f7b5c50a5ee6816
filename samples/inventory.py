"""Which application shows which trouble: the table of the README.

Belongs here: the table and how it gets into the README. Must stay out: the cases.
"""

from __future__ import annotations

from pathlib import Path

from samples.calls import FIRST_CALL, SECOND_CALL
from samples.case import Call

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- inventory: written by samples.make -->", "<!-- end of inventory -->"


def inventory() -> str:
    """Markdown, one table per round, one row per application that is there to show something."""
    return "\n".join(_table(call) for call in (FIRST_CALL, SECOND_CALL))


def _table(call: Call) -> str:
    shown = [case for case in call.cases if case.shows]
    rows = "".join(
        f"| `{call.submission_id(case.handle)}` | {case.real_city.name} | {case.shows} | {case.why} |\n"
        for case in shown
    )
    plain = len(call.cases) - len(shown)
    heading = f"### {call.round_id}\n\n| application | city | shows | because |\n|---|---|---|---|\n"
    return f"{heading}{rows}\nThe other {plain} of {len(call.cases)} are plain.\n"


def with_inventory(readme: str) -> str:
    """The README's text with its tables replaced; raises `ValueError` where the markers are missing."""
    before, marker, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (marker and end):
        raise ValueError(f"samples/README.md has lost its markers {BEGIN!r} and {END!r}")
    return f"{before}{BEGIN}\n\n{inventory()}\n{END}{after}"
