"""Where in a JSON value the records are, and the ways to write one as a row.

Tools and interfaces wrap records differently: in an envelope of one or more levels, under their ids, as
columns, as rows of cells, with the answers in an object or a list of their own. Belongs here: finding every
such table. Must stay out: which of them is the input (its headings decide that, `json_records.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from tasks.ingest.files.grid import USUAL

Record = dict[str, Any]

_DEPTH = 5
"""Levels of objects round the records."""
_MOST_TABLES = 40
"""Tables of one value that are looked at."""
_LABELS = ("question", "label", "title", "heading", "name", "field", "key", "ref", "text")
_ANSWERS = ("answer", "value", "response", "answers", "prettyFormat", "text")
"""Names under which a list of answers has the question, and the answer; the first that is there counts."""
_NAMES = ("name", "label", "title", "labels", "ref", "id", "key")
"""Names under which an object has the text that stands for it."""
_HEADINGS = ("columns", "headers", "header", "headings", "fields")
"""Names under which the headings of rows of cells stand."""
_LEVEL = "."
"""Between the names that lead to records."""
_SEPARATOR = "/"
"""Between the names of an answer inside an object, where its own name is taken."""


@dataclass(frozen=True)
class Table:
    """Records under headings; each an object, or a row of cells as wide as there are headings or not.

    `place`: the names that lead to the records; None for an object taken as the only record, which may be
    part of another table.
    """

    headings: Sequence[Any]
    records: Sequence[Record | list[Any]]
    place: str | None = None

    @property
    def width(self) -> int:
        """Cells of the widest row."""
        return max(len(self.headings), *(len(one) for one in self.records if isinstance(one, list)), 0)

    def rows(self, most: int | None = None) -> list[list[Any]]:
        """The headings, then one row a record; no more than `most` rows."""
        records = self.records[: most and most - 1]
        return [list(self.headings), *(self._cells(record) for record in records)]

    def _cells(self, record: Record | list[Any]) -> list[Any]:
        return record if isinstance(record, list) else [record.get(key) for key in self.headings]


def tables(value: Any, most_cells: int = USUAL.cells) -> list[tuple[Record, Table]]:
    """The tables that a value holds, those least deep first, each with what stands beside its records.

    What stands beside them may say that they are only one page. An object that would be the only record of
    its table comes last: it may hold all the others. A table of more than `most_cells` is not laid out anew.
    """
    found = islice(_tables(value, most_cells), _MOST_TABLES)
    return [(around, table) for around, table in found if table.headings and table.records]


def _tables(value: Any, most_cells: int) -> Iterator[tuple[Record, Table]]:
    if not isinstance(value, dict):
        for table in _of_list(value, None) if isinstance(value, list) else ():
            yield {}, replace(table, place="")
        return
    objects = list(_objects(value))
    for place, item in objects:
        headings = next((item[name] for name in _HEADINGS if isinstance(item.get(name), list)), None)
        for key, one in item.items():
            if isinstance(one, list) and one:
                for table in _of_list(one, headings):
                    yield value, replace(table, place=f"{place}{key}")
        for table in _of_object(item, most_cells):
            # Beside records that stand in an object are the fields round it, not those of the records.
            beside = {} if item is value else {k: v for k, v in value.items() if not isinstance(v, dict)}
            yield beside, replace(table, place=place.rstrip(_LEVEL))
    for _, item in objects:
        for table in _written([item]):
            yield {}, table


def _objects(value: Record) -> Iterator[tuple[str, Record]]:
    """An object and those inside it, level by level, each with the names that lead into it."""
    level = [("", value)]
    for _ in range(_DEPTH + 1):
        yield from level
        inner = ((f"{place}{key}{_LEVEL}", one) for place, item in level for key, one in item.items()
                 if isinstance(one, dict))  # fmt: skip
        level = list(islice(inner, _MOST_TABLES))


def _of_list(items: list[Any], headings: list[Any] | None) -> Iterator[Table]:
    if all(isinstance(item, dict) for item in items):
        yield from _written(items)
    elif all(isinstance(item, list) for item in items):
        named = headings is not None and headings is not items
        yield Table([_name(item) for item in headings or ()], items) if named else Table(items[0], items[1:])


def _of_object(value: Record, most_cells: int) -> Iterator[Table]:
    """Records under their ids or numbers, and columns of cells."""
    inner = list(value.values())
    if len(inner) > 1 and all(isinstance(item, list) and _is_flat(item) for item in inner):
        height = max(map(len, inner))
        if all(len(item) == height for item in inner):
            yield Table(list(value), [list(row) for row in zip(*inner, strict=True)])
    if inner and all(isinstance(item, dict) and item for item in inner):
        if all(key.isdigit() for item in inner for key in item):
            keys = list(dict.fromkeys(key for item in inner for key in item))
            if len(keys) * len(inner) <= most_cells:
                yield Table(list(value), [[item.get(key) for item in inner] for key in keys])
        numbered = all(key.isdigit() for key in value)
        yield from _written([item if numbered else {"id": key} | item for key, item in value.items()])


def _is_flat(items: list[Any]) -> bool:
    return bool(items) and not any(isinstance(item, dict | list) for item in items)


def _name(item: Any) -> Any:
    """A heading: a text, or an object that holds one."""
    if isinstance(item, dict):
        return next((item[key] for key in _NAMES if key in item), None)
    return item


def _written(records: Sequence[Record]) -> Iterator[Table]:
    """The records as they are; with the fields of inner objects; with the answers of inner lists."""
    yield _table(records)
    if any(isinstance(item, dict) for record in records for item in record.values()):
        opened = [_opened(record) for record in records]
        if not any(map(_is_several, opened)):
            yield _table(opened)
    answered = [_answered(record) for record in records]
    if any(found is not None for found in answered):
        pairs = zip(answered, records, strict=True)
        yield _table([_opened(record if found is None else found) for found, record in pairs])


def _table(records: Sequence[Record]) -> Table:
    return Table(list(dict.fromkeys(key for record in records for key in record)), records)


def _opened(record: Record, depth: int = _DEPTH) -> Record:
    """A record with the fields of its inner objects, under the object's name too where their own is taken."""
    flat = {key: item for key, item in record.items() if not isinstance(item, dict)}
    for key, item in record.items():
        if isinstance(item, dict) and depth:
            for name, value in _opened(item, depth - 1).items():
                flat[f"{key}{_SEPARATOR}{name}" if name in flat else name] = value
        elif isinstance(item, dict):
            flat[key] = item
    return flat


def _is_several(opened: Record) -> bool:
    """Whether inner objects had largely the same fields: they are records, not parts of one."""
    taken = sum(_SEPARATOR in key and key.rpartition(_SEPARATOR)[2] in opened for key in opened)
    return 3 * taken >= len(opened)


def _answered(record: Record) -> Record | None:
    """A record whose lists of questions and answers are fields; None where it has none."""
    found: Record = {}
    n_lists = 0
    for key, item in record.items():
        items = list(item.values()) if isinstance(item, dict) else item
        pairs = [_pair(one) for one in items] if isinstance(items, list) else []
        if pairs and all(pair is not None for pair in pairs):
            n_lists += 1
            for label, answer in filter(None, pairs):
                found[f"{key}{_SEPARATOR}{label}" if label in found else label] = answer
        else:
            found[key] = item
    return found if n_lists else None


def _pair(item: Any) -> tuple[str, Any] | None:
    """The question and the answer that one item of such a list holds."""
    if not isinstance(item, dict):
        return None
    label = next((name for name in _LABELS if name in item), None)
    if label is None:
        return None
    asked = _name(item[label])
    typed = item.get("type")
    names = ((typed,) if isinstance(typed, str) else ()) + _ANSWERS
    answer = next((item[name] for name in names if name in item and name != label), None)
    if not isinstance(asked, str) or not (set(names) & set(item) - {label}):
        return None
    return asked, _name(answer) if isinstance(answer, dict) else answer
