"""Ids of forms where the form tool gives none.

Belongs here: making an id that is the same in every export of the same response, and still recognised after
the response was edited. Must stay out: ids of the tool (`row_identity.py`) and who decides on an edited
answer (`tasks/decisions`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

import polars as pl

from tasks.ingest.cells.column_context import ColumnContext
from tasks.ingest.cells.columns import read_columns
from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.cells.countries import to_iso3

_CITY_DIGITS, _SENDER_DIGITS, _MOMENT_DIGITS = 8, 2, 6
"""Hexadecimal digits of each part of an id.

Two for the sender tell the departments of a city apart and are too few to find out an address.
"""


def with_made_ids(raw: pl.DataFrame, contexts: Mapping[str, ColumnContext]) -> pl.DataFrame:
    """Raw columns with the column `submission_id`, made of the city, its sender and the moment it was sent.

    The moment and the country are taken as read, not as written, so that every format and language of the
    tool gives the same id. It is cut to the minute, because some exports leave out the seconds. An edited
    answer keeps all parts but the last. Null where city and moment are both blank.
    """
    names = [name for name in ("submitted_at", "city_name", "country", "contact_email", "organisation")
             if name in raw.columns]  # fmt: skip
    read = read_columns(raw.select(names), {name: contexts[name] for name in names})
    cells = {name: reading.values.to_list() for name, reading in read.items()}
    blank = [None] * raw.height
    columns = [cells.get(name, blank) for name in ("submitted_at", "city_name", "country", "contact_email")]
    written = raw["submitted_at"].to_list() if "submitted_at" in raw.columns else blank
    ids = [
        _made_id(moment, text, city, country, address or department)
        for moment, text, city, country, address, department in zip(
            columns[0],
            written,
            columns[1],
            columns[2],
            columns[3],
            cells.get("organisation", blank),
            strict=True,
        )
    ]
    return raw.with_columns(pl.Series("submission_id", ids, dtype=pl.String))


def _made_id(
    moment: datetime | None, written: str | None, city: str | None, country: str | None, sender: str | None
) -> str | None:
    if not city and not (written or "").strip():
        return None
    when = _minute(moment) if moment else comparison_key(written or "")
    place = f"{comparison_key(city or '')}\x1f{to_iso3(country) or comparison_key(country or '')}"
    by = f"{place}\x1f{' '.join((sender or '').casefold().split())}"
    parts = ((place, _CITY_DIGITS), (by, _SENDER_DIGITS), (when, _MOMENT_DIGITS))
    return "-".join(hashlib.sha256(text.encode()).hexdigest()[:digits] for text, digits in parts)


def _minute(moment: datetime) -> str:
    """The minute of a moment; a spreadsheet's moment may be some microseconds short of a whole second."""
    return (moment + timedelta(milliseconds=500)).strftime("%Y-%m-%dT%H:%M")
