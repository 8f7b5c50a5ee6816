"""Which values of the rules differ between two versions: file, key, the old and the new value.

Belongs here: comparing the texts of rules files by their values. Must stay out: where they are kept
(`warehouse/kept_rules.py`), and what a value moved (`flows/rules_moved.py`). A comment is no rule.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NAMES_AN_ENTRY = ("id", "name", "key")
"""Keys by which an entry of a list is known; one without is known by its place."""


@dataclass(frozen=True)
class RuleChange:
    """One value of the rules that changed; None where it was not there, or is not there any more."""

    file: str
    key: str
    before: str | None
    after: str | None


def rule_changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[RuleChange]:
    """Every value that differs, in order of file and key; `before` and `after` are texts by file."""
    found = []
    for file in sorted(before.keys() | after.keys()):
        old, new = (_values(texts.get(file, "")) for texts in (before, after))
        found += [
            RuleChange(file, key, old.get(key), new.get(key))
            for key in sorted(old.keys() | new.keys())
            if old.get(key) != new.get(key)
        ]
    return found


def _values(text: str) -> dict[str, str]:
    """The values of a file by their dotted key; the whole text where it is no TOML."""
    try:
        return dict(_leaves(tomllib.loads(text), ""))
    except tomllib.TOMLDecodeError:
        return {"(the whole file)": text}


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        for place, one in enumerate(value, 1):
            name = next((str(one[key]) for key in NAMES_AN_ENTRY if key in one), str(place))
            yield from _leaves(one, f"{path}[{name}]")
    else:
        yield path, _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
