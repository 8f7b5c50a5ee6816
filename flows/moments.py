"""Moments that a person names: whatever their zone, the program goes on with UTC.

Belongs here: bringing one to UTC. Must stay out: reading its text (`commands/options.py`, Prefect's
parameters), and what is done at it.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from programme.problems import problem


def in_utc(moment: datetime, zone: tzinfo = UTC) -> datetime:
    """The moment in UTC; one without an offset is meant in `zone`.

    Raises `ProblemsError` for one at the very edge of the calendar, which UTC cannot hold.
    """
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError as error:
        raise problem(
            found=f"the moment {moment.isoformat()}",
            expected="a moment between the years 2 and 9998",
            where="the time that was named",
            remedy="Correct it (ISO 8601, such as 2026-01-09T05:00:00+01:00).",
        ) from error
