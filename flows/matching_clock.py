"""The clock and the progress of the matchmaking: what its pure steps are given to ask and to tell.

Belongs here: the wall clock, and lines on the terminal and in Prefect. Must stay out: what is done when time
has run out (`tasks/matchmaking`).
"""

from __future__ import annotations

from time import monotonic

import polars as pl

from flows.console import report_step
from tasks.matchmaking.choice import Watch
from tasks.matchmaking.explain.losses import stopped_after

LINE_EVERY = 1.0
"""Seconds between two lines of progress; a matching that is faster shows none."""


def watch_for(seconds: float, repeated: pl.DataFrame | None = None) -> Watch:
    """A watch over a matching that starts now and may take some seconds.

    `repeated` are the findings of the version that is made again, if one is: then no clock is asked. The
    matching stops where that version stopped, or not at all.
    """
    started = shown = monotonic()

    def tell(bound: float, best: float) -> None:
        nonlocal shown
        now = monotonic()
        if now - shown >= LINE_EVERY:
            shown = now
            report_step(f"Matching: best {best:.2f}, bound {bound:.2f} points, {now - started:.0f} s")

    if repeated is not None:
        return Watch(stop_after=stopped_after(repeated), progress=tell)
    return Watch(out_of_time=lambda: monotonic() - started > seconds, progress=tell)
