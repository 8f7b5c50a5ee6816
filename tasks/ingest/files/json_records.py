"""JSON records as a `Grid`.

Belongs here: which shapes of JSON hold records, and the text of their values. Must stay out: what headings
and cells mean.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from programme.expectations import FileLimits
from programme.problems import UnreadableError
from tasks.ingest.files.delimited import decode
from tasks.ingest.files.grid import USUAL, Grid, check_size, frame_from_rows, grid_from_frame, number_text

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


def read_json(content: bytes, limits: FileLimits = USUAL) -> Grid:
    """Read a list of records: bare, as the only list of an object, or one record a line.

    Raises `UnreadableError`.
    """
    text, encoding = decode(content)
    try:
        records = _records(text)
    except (json.JSONDecodeError, RecursionError, ValueError) as error:
        found = f"JSON that cannot be read ({error})"
        raise UnreadableError(found, "a list of records", "Export the file again.") from error
    headings = list(dict.fromkeys(key for record in records for key in record))
    check_size(len(records), len(headings), limits)
    rows: list[list[str | None]] = [
        [*headings],
        *([json_text(record.get(key)) for key in headings] for record in records),
    ]
    return grid_from_frame(frame_from_rows(rows if headings else [], limits), "JSON", encoding=encoding)


def _records(text: str) -> list[dict[str, Any]]:
    stripped = text.strip()
    try:
        value = _loads(stripped)
    except json.JSONDecodeError:
        if "\n" not in stripped:
            raise
        value = [_loads(line) for line in stripped.splitlines() if line.strip()]
    if isinstance(value, dict):
        lists = [item for item in value.values() if isinstance(item, list)]
        lists = [item for item in lists if item] if len(lists) > 1 else lists
        if len(lists) == 1:
            _check_whole(value, lists[0])
        value = lists[0] if len(lists) == 1 else [value]
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError("not a list of records")
    return value


def _loads(text: str) -> Any:
    """A JSON text; a number nobody counts with (1e400, 5,000 digits) stays text, for its column to judge."""
    return json.loads(text, parse_int=_whole, parse_float=_fraction)


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


def _fraction(digits: str) -> float | str:
    value = float(digits)
    return value if math.isfinite(value) else digits


def _check_whole(page: dict[str, Any], records: list[Any]) -> None:
    """Raise `UnreadableError` where an answer of an interface says that it is not all."""
    beside, n_records = _beside(page), len(records)
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
