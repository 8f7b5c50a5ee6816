"""One question in several columns: one column a choice, or columns without a heading beside the question.

Belongs here: finding such columns, by their headings, by a second row of headings, or by their cells. Must
stay out: joining their cells (`raw_columns.py`), and columns without a heading that nothing explains
(`layout_findings.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from programme.form import ExportProfile, FormColumn, FormRules
from tasks.ingest.cells.choices import Choices, choices_of
from tasks.ingest.headings.heading_index import HeadingIndex, last_of_path

Row = Sequence[str | None]
Pairs = tuple[tuple[int, str], ...]
"""Positions of one question, each with the id of the choice it stands for ("": any, its cell says which)."""

_WITH_DIGITS = frozenset({"id", "moment", "day", "whole_number", "number"})
"""Kinds of columns whose answers have a digit."""


@dataclass(frozen=True)
class SplitColumns:
    """Questions in several columns.

    `options`: canonical column to the positions of its choices. `in_second_row`: whether the row below the
    headings names choices, so that it holds no answers. `numbered`: columns whose choices are only numbered,
    so that their order had to be assumed.
    """

    options: Mapping[str, Pairs]
    in_second_row: bool = False
    numbered: tuple[str, ...] = ()


def split_columns(
    headings: Sequence[str],
    below: Sequence[Row],
    positions: Mapping[str, int],
    columns: Mapping[str, FormColumn],
    index: HeadingIndex,
    form: FormRules,
    profile: ExportProfile | None,
) -> SplitColumns:
    """The questions of several choices that stand in several columns.

    `headings`: the row of headings; `below`: the first rows under it; `positions`: the columns that one
    heading means.
    """
    lists = {
        name: choices_of(form.choices[column.choices], form.close_spelling)
        for name, column in columns.items()
        if column.kind == "choices" and column.choices in form.choices
    }
    options, numbered = _by_heading(headings, set(positions.values()), index, lists, form, profile)
    in_second_row = False
    names_choices = bool(below) and not _is_an_answer(below[0], positions, columns)
    for name, listed in lists.items():
        place = positions.get(name)
        beside = _beside(headings, place) if place is not None and name not in options else []
        if place is None or not beside:
            continue
        if names_choices and (pairs := _choices_in(below[0], [place, *beside], listed)):
            options[name], in_second_row = pairs, True
        elif _hold_choices(below, [place, *beside], listed):
            options[name] = tuple((position, "") for position in [place, *beside])
    return SplitColumns(options, in_second_row, numbered)


def _is_an_answer(row: Row, positions: Mapping[str, int], columns: Mapping[str, FormColumn]) -> bool:
    """Whether a row is a response: it holds a number where the question asks for an id, a time or a number.

    A second row of headings holds nothing there, or words such as "Open-Ended Response".
    """
    asked = [place for name, place in positions.items() if columns[name].kind in _WITH_DIGITS]
    return any(re.search(r"\d", _cell(row, place)) for place in asked)


def _by_heading(
    headings: Sequence[str],
    taken: set[int],
    index: HeadingIndex,
    lists: Mapping[str, Choices],
    form: FormRules,
    profile: ExportProfile | None,
) -> tuple[dict[str, Pairs], tuple[str, ...]]:
    """Columns whose heading names a question of several choices, and one of them."""
    found: dict[str, list[tuple[int, str]]] = {}
    numbered: set[str] = set()
    own = [profile.options] if profile and profile.options else []
    for position, heading in enumerate(headings):
        if position in taken or not heading:
            continue
        for pattern in dict.fromkeys((*own, *form.option_patterns)):
            parts = re.match(pattern, heading)
            name = index.find(last_of_path(parts["question"], profile)) if parts else None
            if parts is None or name is None or name not in lists:
                continue
            option, listed = parts["option"].strip(), lists[name]
            choice = _numbered(option, listed, profile) or listed.find(option)[0]
            if not choice and re.fullmatch(r"\d{1,2}", option) and 1 <= int(option) <= len(listed.ids):
                choice = listed.ids[int(option) - 1]
                numbered.add(name)
            if choice:
                found.setdefault(name, []).append((position, choice))
                break
    return {name: tuple(pairs) for name, pairs in found.items()}, tuple(sorted(numbered))


def _numbered(option: str, listed: Choices, profile: ExportProfile | None) -> str | None:
    """The choice that a tool's own number of an option means."""
    if not profile or not profile.numbered_option:
        return None
    number = re.match(profile.numbered_option, option)
    place = int(number["number"]) if number else 0
    return listed.ids[place - 1] if 1 <= place <= len(listed.ids) else None


def _beside(headings: Sequence[str], place: int) -> list[int]:
    """Positions after a question whose heading is blank or the same: a merged one, or one for all."""
    beside = []
    for position in range(place + 1, len(headings)):
        if headings[position] and headings[position] != headings[place]:
            break
        beside.append(position)
    return beside


def _choices_in(row: Row, positions: Sequence[int], listed: Choices) -> Pairs:
    """The choices that the second row of headings names; none where it names fewer than two, or one twice."""
    named = [(position, listed.find(text)[0]) for position in positions if (text := _cell(row, position))]
    pairs = tuple((position, choice) for position, choice in named if choice)
    choices = [choice for _, choice in pairs]
    return pairs if len(choices) > 1 and len(set(choices)) == len(choices) == len(named) else ()


def _hold_choices(rows: Sequence[Row], positions: Sequence[int], listed: Choices) -> bool:
    """Whether the columns without a heading hold choices of the question, and at most one each."""
    texts = [text for row in rows for position in positions[1:] if (text := _cell(row, position))]
    return bool(texts) and all(listed.find(text)[0] for text in texts)


def _cell(row: Row, position: int) -> str:
    return (row[position] or "").strip() if position < len(row) else ""
