"""JSON records as a `Grid`.

Belongs here: which of the tables in a JSON value is read, whether it is all, and the text of its values. Must
stay out: the shapes in which tables stand (`json_shapes.py`), and what headings and cells mean.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any

from programme.expectations import FileLimits
from programme.problems import UnreadableError
from tasks.ingest.files.delimited import decode
from tasks.ingest.files.grid import (
    N_FIRST_ROWS,
    USUAL,
    Grid,
    check_size,
    frame_from_rows,
    grid_from_frame,
    number_text,
)
from tasks.ingest.files.json_shapes import Table, tables
from tasks.ingest.files.sheet_fit import JudgeFit, knows_nothing

_COUNTS = frozenset(
    [
        *("count", "total", "totalcount", "totalitems", "totalresults", "totalrecords", "totalelements"),
        *("totalentries", "totalrows", "totalhits", "totalitemcount", "totalsize", "totalresponses"),
        *("odatacount", "responsecount", "recordcount", "itemcount", "resultcount", "numresults", "numfound"),
    ]
)
"""Names under which an interface says how many records there are in all: small letters and digits alone."""
_NEXT = frozenset(
    [
        *(
            "next",
            "nextlink",
            "odatanextlink",
            "nextpage",
            "nexturl",
            "nextpageurl",
            "nextpageuri",
            "nexttoken",
        ),
        *("nextpagetoken", "nextcursor", "nextrecordsurl", "nextmarker", "nextoffset", "more", "moreresults"),
        *("hasmore", "hasnext", "hasnextpage", "hasmoreitems", "hasmoreresults", "istruncated", "truncated"),
        *("previous", "prev", "previouspage", "previouslink", "previousurl", "prevpage", "prevpageurl"),
        *("hasprevious", "haspreviouspage"),
    ]
)
"""Names under which an interface says that there are records after these or before them, likewise."""
_ON_TOP = frozenset(["offset", "skip"])
"""Names that say so only directly beside the records; deeper they may be of a time zone or a question."""
_LAST = frozenset(["last", "islast", "islastpage", "done"])
"""Names under which it says, by no, that there is more."""
_PAGES = frozenset(["totalpages", "numpages", "npages", "lastpage"])
"""Names under which it says how many pages there are; `pages` alone may be those of the form."""
_FULL = frozenset(["limit", "perpage", "pagesize", "itemsperpage", "maxresults"])
"""Names under which it says how many records a page holds at most."""
_MOST_DIGITS = 300
"""Digits of a whole number; a longer one is a text, which costs nothing to keep."""
_DEPTH = 3
"""How many levels beside the records are looked at (`meta`, `meta.pagination`)."""


def read_json(content: bytes, judge: JudgeFit = knows_nothing, limits: FileLimits = USUAL) -> Grid:
    """Read records: a list, in an object round it, one record a line, or another shape of `json_shapes.py`.

    `judge` says how well the headings of each table that is found fit the input; of equal ones the first
    counts. Raises `UnreadableError`, also where records that have all that is required stand in several
    places: one of them would be read, and the others lost.
    """
    text, encoding = decode(content)
    try:
        found = tables(_value(text), limits.cells)
    except (json.JSONDecodeError, RecursionError, ValueError) as error:
        raise _not_records(f"({error})") from error
    if not found:
        return _empty(text, encoding)
    ranks = [judge(_as_texts(table.rows(N_FIRST_ROWS))).rank for _, table in found]
    around, table = found[ranks.index(max(ranks))]
    _check_alone(table, [one for (_, one), (complete, _) in zip(found, ranks, strict=True) if complete])
    _check_whole(around, len(table.records))
    check_size(len(table.records), table.width, limits)
    return grid_from_frame(frame_from_rows(_as_texts(table.rows()), limits), "JSON", encoding=encoding)


def _empty(text: str, encoding: str) -> Grid:
    """No records: an empty list is none, anything else was not meant as records."""
    value = _value(text)
    lists = (
        [item for item in value.values() if isinstance(item, list)] if isinstance(value, dict) else [value]
    )
    if len(lists) != 1 or lists[0]:
        raise _not_records("(not a list of records)")
    if isinstance(value, dict):
        _check_whole(value, 0)
    return grid_from_frame(frame_from_rows([]), "JSON", encoding=encoding)


def _not_records(why: str) -> UnreadableError:
    return UnreadableError(f"JSON that cannot be read {why}", "a list of records", "Export the file again.")


def _as_texts(rows: Sequence[Sequence[Any]]) -> list[list[str | None]]:
    return [[json_text(item) for item in row] for row in rows]


def _value(text: str) -> Any:
    stripped = text.strip()
    try:
        return _loads(stripped)
    except json.JSONDecodeError:
        if "\n" not in stripped:
            raise
        return [_loads(line) for line in stripped.splitlines() if line.strip()]


def _loads(text: str) -> Any:
    """A JSON text; a number nobody counts with (1e400, 5,000 digits) stays text, for its column to judge."""
    return json.loads(text, parse_int=_whole, parse_float=_fraction)


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


def _fraction(digits: str) -> float | str:
    value = float(digits)
    return value if math.isfinite(value) else digits


def _check_alone(table: Table, complete: Sequence[Table]) -> None:
    """Raise `UnreadableError` where other records than those that are read have all that is required too."""
    others = {
        one.place
        for one in complete
        if None not in (one.place, table.place) and one.place != table.place and one.records != table.records
    }
    if others:
        places = ", ".join(sorted(repr(place[:60]) for place in {table.place, *others} if place))
        raise UnreadableError(
            f"records in several places ({places})",
            "all records in one list",
            "Put them into one list, or leave only the list that counts.",
        )


def _check_whole(page: dict[str, Any], n_records: int) -> None:
    """Raise `UnreadableError` where an answer of an interface says that it is not all."""
    beside = _beside(page)
    total = max((item for key, item in beside if key in _COUNTS and _is_number(item)), default=0)
    more = [key for key, item in beside if _says_more(key, item)]
    more += [key for key in map(_plain, page) if key in _ON_TOP and dict(beside)[key]]
    if not {key for key, _ in beside} & (_COUNTS - {"count"} | _NEXT | _LAST):
        more += [key for key, item in beside if key in _FULL and _is_number(item) and item == n_records > 0]
    if more or total > n_records:
        of = f" of {total}" if total > n_records else ""
        said = f"; it says that there is more ({more[0]})" if more else ""
        raise UnreadableError(
            f"one page of answers, {n_records}{of} records{said}",
            "all records",
            "Fetch every page, or export all answers as one file.",
        )


def _says_more(key: str, item: Any) -> bool:
    """Whether one field beside the records says that there are others."""
    if key in _PAGES and _is_number(item):
        return bool(item > 1)
    return bool(item) if key in _NEXT else key in _LAST and item is False


def _is_number(item: Any) -> bool:
    return isinstance(item, int) and not isinstance(item, bool)


def _plain(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key.lower())


def _beside(page: dict[str, Any], depth: int = _DEPTH) -> list[tuple[str, Any]]:
    """What stands beside the records, the deeper (`meta`, `links`) first, under plain names."""
    found = []
    for item in page.values():
        if isinstance(item, dict) and depth > 1:
            found.extend(_beside(item, depth - 1))
    found.extend((_plain(key), item) for key, item in page.items() if not isinstance(item, list))
    return found


def json_text(value: Any) -> str | None:
    """One JSON value as the text a cell would hold.

    Words of a list are joined by `;`; each record of a list is a line `a | b | c`.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value) if math.isfinite(value) else None
    if isinstance(value, list):
        mark = "\n" if any(isinstance(item, dict | list) for item in value) else "; "
        return mark.join(json_text(item) or "" for item in value)
    if isinstance(value, dict):
        return " | ".join(json_text(item) or "" for item in value.values())
    return str(value)
