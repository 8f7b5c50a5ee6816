"""A form that nobody knows: which column each of its headings probably means, and the profile that says so.

Belongs here: proposals with their reasons, from the wording of a heading and from what its cells look like,
and the text of a profile. Must stay out: asking a person, and writing the profile (`flows/commands/map.py`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from rapidfuzz import fuzz

from programme.form import FormColumn
from programme.programme import Programme
from programme.rounds import Round
from tasks.ingest.cells.cell_kinds import SAMPLE, CellsKind, fits_column, kind_of_cells
from tasks.ingest.cells.column_context import ColumnContext, column_contexts
from tasks.ingest.cells.column_reading import UNREADABLE_RULES
from tasks.ingest.cells.columns import read_columns
from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.cells.countries import exact_iso3
from tasks.ingest.files.grid import Grid
from tasks.ingest.headings.layout import FORM_TABLE, SheetLayout

KNOWN, SURE, POSSIBLE = 100, 80, 50
"""Points (0-100) of a heading that the form knows, of one to be taken, and of one to be asked about."""
_TELLING = ("country", "choice", "choices", "topic", "moment")
"""Kinds of columns whose cells tell them from others."""
_TELLING_SHARE = 0.8
"""Share of the different cells that must be understood for the cells to tell what the column is."""
_TELLING_POINTS = 45
_LATER_TOPIC = 8
"""Points that a later topic gives way by, so that the first column of topics is the first priority."""
_ID_FROM = ("submitted_at", "city_name", "country")


@dataclass(frozen=True)
class Proposal:
    """What one heading probably means.

    `column`: the canonical column, None for none. `points`: how sure that is (0-100). `reason`: why, in
    words. `cells`: what its cells look like, never what they hold.
    """

    position: int
    heading: str
    column: str | None
    points: int
    reason: str
    cells: CellsKind

    @property
    def is_open(self) -> bool:
        """Whether a person should be asked."""
        return self.column is not None and self.points < SURE


def propose(grid: Grid, layout: SheetLayout, programme: Programme, round_: Round) -> list[Proposal]:
    """A proposal for each heading of a file of submissions, in order of the file.

    A column is proposed once, for the heading that has most points for it.
    """
    form = programme.form
    body = grid.cells.slice(layout.first_answer, SAMPLE)
    cells = {position: body[f"c{position}"].to_list() for position in range(body.width)}
    kinds = {position: kind_of_cells(texts, form) for position, texts in cells.items()}
    known = _known(layout)
    free = [position for position, text in enumerate(layout.headings) if text and position not in known]
    lacking = {name: column for name, column in form.submissions.items() if name not in layout.columns}
    contexts = column_contexts(FORM_TABLE, lacking, programme, round_, None)
    beside = {n + step for n, texts in cells.items() if _are_countries(texts) for step in (-1, 1)}
    order = list(lacking)
    scored = []
    for position in free:
        texts, kind = cells.get(position, []), kinds.get(position, "nothing")
        for name in order:
            found = _points(
                layout.headings[position], texts, kind, contexts[name], beside_country=position in beside
            )
            if found:
                scored.append((-found[0], order.index(name), position, name, found[1]))
    chosen = dict(known)
    for points, _, position, name, reason in sorted(scored):
        if position not in chosen and name not in {column for column, _, _ in chosen.values()}:
            chosen[position] = name, -points, reason
    return [
        Proposal(
            position,
            text,
            *chosen.get(position, (None, 0, "nothing like it")),
            kinds.get(position, "nothing"),
        )
        for position, text in enumerate(layout.headings)
        if text
    ]


def _known(layout: SheetLayout) -> dict[int, tuple[str | None, int, str]]:
    """Positions whose heading is known, with what they mean."""
    known: dict[int, tuple[str | None, int, str]] = {
        position: (name, KNOWN, "the form knows this heading") for name, position in layout.positions.items()
    }
    for name, pairs in layout.options.items():
        known |= {position: (name, KNOWN, "one choice of this question") for position, _ in pairs}
    return known | dict.fromkeys(layout.of_tool, (None, KNOWN, "about the form tool"))


def _are_countries(cells: Sequence[str | None]) -> bool:
    texts = {text.strip() for text in cells if text and text.strip()}
    return bool(texts) and sum(map(bool, map(exact_iso3, texts))) >= _TELLING_SHARE * len(texts)


def _points(
    heading: str,
    cells: Sequence[str | None],
    kind: CellsKind,
    context: ColumnContext,
    *,
    beside_country: bool,
) -> tuple[int, str] | None:
    """How well a heading and its cells fit a column, and why; None where they do not.

    `beside_country`: whether the next column holds countries, as that of a city does.
    """
    name, column = context.column.name, context.form
    if not fits_column(column.kind, kind) or _is_other(name, kind):
        return None
    wordings = [comparison_key(text) for text in (name, *column.headings)]
    alike = max(fuzz.token_sort_ratio(comparison_key(heading), wording) for wording in wordings)
    telling = _is_telling(cells, column, context) or _says_kind(name, kind, cells)
    if name == "city_name" and beside_country and kind == "short texts":
        telling = True
    points = round(min(99, alike * (0.6 if telling else 0.9) + (_TELLING_POINTS if telling else 0)))
    points -= _LATER_TOPIC * (int(name[-1]) - 1) if column.kind == "topic" else 0
    if points < POSSIBLE:
        return None
    reasons = [f"the heading is {alike:.0f}% like ours"]
    if telling:
        reasons.append("its cells look like this column")
    return points, "; ".join(reasons)


def _is_other(name: str, kind: CellsKind) -> bool:
    """Whether the name of a column asks for links or addresses, and the cells are none."""
    wanted = {"_url": "links", "_email": "e-mail addresses"}
    return any(name.endswith(end) and kind not in (cells, "nothing") for end, cells in wanted.items())


def _says_kind(name: str, kind: CellsKind, cells: Sequence[str | None]) -> bool:
    """Whether the cells alone say what the column is: addresses, or ids that are all different."""
    if name == "contact_email":
        return kind == "e-mail addresses"
    texts = [text.strip() for text in cells if text and text.strip()]
    return name == "submission_id" and kind == "codes" and len(texts) == len(cells) == len(set(texts))


def _is_telling(cells: Sequence[str | None], column: FormColumn, context: ColumnContext) -> bool:
    """Whether most different cells can be read as the column, and few other columns could hold them."""
    texts = sorted({text.strip() for text in cells if text and text.strip()})
    if column.kind not in _TELLING or not texts:
        return False
    reading = read_columns(pl.DataFrame({"cells": texts}), {"cells": context})["cells"]
    good = [
        value is not None and rule not in UNREADABLE_RULES and rule != "other-topic"
        for value, rule in zip(reading.values.to_list(), reading.rules.to_list(), strict=True)
    ]
    if column.kind == "moment" and context.window:
        first, last = context.window
        good = [value is not None and first <= value.date() <= last for value in reading.values.to_list()]
    return bool(sum(good) >= _TELLING_SHARE * len(texts))


def profile_text(title: str, proposals: Sequence[Proposal]) -> str:
    """The profile (TOML) by which later runs recognise the form and read its columns."""
    mapped = {one.column: one.heading for one in proposals if one.column and one.points < KNOWN}
    named = [one for one in proposals if one.column]
    signs = [one.heading for one in named if one.points < KNOWN] or [one.heading for one in named]
    own = [one.heading for one in proposals if one.column is None]
    there = {one.column for one in named}
    lines = [
        "# How this form writes its exports; made by `city2city map`.",
        "# Every key is explained in programme/form.py, ExportProfile.",
        f"title = {_quoted(title)}",
        f"signs = {_list(signs)}",
        f"signs_needed = {max(1, (len(signs) + 1) // 2)}",
        f"own = {_list(own)}",
    ]
    if "submission_id" not in there and there.issuperset(_ID_FROM):
        lines.append(f"id_from = {_list(_ID_FROM)}")
    lines += ["", "[headings]", *(f"{name} = {_list([heading])}" for name, heading in sorted(mapped.items()))]
    return "\n".join(lines) + "\n"


def missing_after(proposals: Sequence[Proposal], columns: Mapping[str, FormColumn]) -> list[str]:
    """Required columns that no heading means; an id can be made of the moment, city and country."""
    there = {one.column for one in proposals}
    made = {"submission_id"} if there.issuperset(_ID_FROM) else set()
    return [name for name, column in columns.items() if column.required and name not in there | made]


def _quoted(text: str) -> str:
    """A text as TOML writes it; JSON writes basic strings in the same way."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(texts: Sequence[str]) -> str:
    return "[" + ", ".join(map(_quoted, texts)) + "]"
