"""JSON records as a `Grid`.

Belongs here: which shapes of JSON hold records, and the text of their values. Must stay out: what headings
and cells mean.
"""

from __future__ import annotations

import json
import math
from typing import Any

from programme.problems import UnreadableError
from tasks.ingest.files.delimited import decode
from tasks.ingest.files.grid import Grid, check_size, frame_from_rows, grid_from_frame, number_text

_COUNTS = frozenset(
    {
        "count",
        "total",
        "totalcount",
        "total_count",
        "total_items",
        "totalitems",
        "total_results",
        "totalresults",
        "@odata.count",
        "odata.count",
        "totalsize",
        "responsecount",
        "total_responses",
    }
)
"""Names under which an interface says how many records there are in all, in small letters."""
_NEXT = frozenset(
    {
        "next",
        "nextlink",
        "next_link",
        "@odata.nextlink",
        "odata.nextlink",
        "@nextlink",
        "nextpage",
        "next_page",
        "next_url",
        "nextpagetoken",
        "next_page_token",
        "next_cursor",
        "nextcursor",
        "nextrecordsurl",
        "has_more",
        "hasmore",
        "has_next",
        "hasnext",
        "more",
    }
)
"""Names under which an interface says where the next page is, or that there is one, in small letters."""


def read_json(content: bytes) -> Grid:
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
    check_size(len(records), len(headings))
    rows: list[list[str | None]] = [
        [*headings],
        *([json_text(record.get(key)) for key in headings] for record in records),
    ]
    return grid_from_frame(frame_from_rows(rows if headings else []), "JSON", encoding=encoding)


def _records(text: str) -> list[dict[str, Any]]:
    stripped = text.strip()
    try:
        value = json.loads(stripped)
    except json.JSONDecodeError:
        if "\n" not in stripped:
            raise
        value = [json.loads(line) for line in stripped.splitlines() if line.strip()]
    if isinstance(value, dict):
        lists = [item for item in value.values() if isinstance(item, list)]
        if len(lists) == 1:
            _check_whole(value, lists[0])
        value = lists[0] if len(lists) == 1 else [value]
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError("not a list of records")
    return value


def _check_whole(page: dict[str, Any], records: list[Any]) -> None:
    """Raise `UnreadableError` where an answer of an interface says that it is not all."""
    beside = {key: item for key, item in _beside(page) if not isinstance(item, list)}
    counts = [item for key, item in beside.items() if key in _COUNTS and isinstance(item, int)]
    counts = [count for count in counts if not isinstance(count, bool) and count > len(records)]
    more = [key for key in beside if key in _NEXT and beside[key]]
    if counts or more:
        of = f" of {max(counts)}" if counts else ""
        said = f"; it says that there is more ({more[0]})" if more else ""
        raise UnreadableError(
            f"one page of answers, {len(records)}{of} records{said}",
            "all records",
            "Fetch every page, or export all answers as one file.",
        )


def _beside(page: dict[str, Any]) -> list[tuple[str, Any]]:
    """What stands beside the records, also one level deeper (`meta`, `links`); names in small letters."""
    found = []
    for key, item in page.items():
        found.append((key.lower(), item))
        if isinstance(item, dict):
            found.extend((inner.lower(), value) for inner, value in item.items())
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
