"""Several questions under one heading: which is which, by the place each has after another question.

Belongs here: headings such as "Country" or "Need (0-5)" that stand for several columns, also numbered by a
tool ("Country2"). Must stay out: headings that mean one column (`heading_index.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

_NUMBERED = re.compile(r"(?<!^)[ _.]?\d{1,2}$")
"""The number by which some tools tell equal headings apart."""


def repeated_positions(
    keys: Sequence[str], exact: Mapping[str, str], shared: Mapping[str, tuple[str, ...]]
) -> dict[int, str]:
    """Positions whose heading stands for several columns, and that heading's key among `shared`.

    A heading that stands alone and is the exact wording of a column means that column.
    """
    found = {position: base for position, key in enumerate(keys) if (base := _shared_key(key, exact, shared))}
    counts = Counter(found.values())
    return {
        position: base for position, base in found.items() if counts[base] > 1 or keys[position] not in exact
    }


def _shared_key(key: str, exact: Mapping[str, str], shared: Mapping[str, tuple[str, ...]]) -> str | None:
    if key in shared:
        return key
    base = _NUMBERED.sub("", key)
    return base if base in shared and key not in exact else None


def by_place(
    repeated: Mapping[int, str], positions: Mapping[str, int], shared: Mapping[str, tuple[str, ...]]
) -> dict[str, int]:
    """The columns that repeated headings mean.

    A question that repeats belongs to the question before it: the country after the city is the city's, the
    one after a preferred partner is the partner's. `positions`: columns found by their own headings. Where
    the place leaves open which column is meant, there is none.
    """
    anchors = _anchors(shared)
    known = {position: name for name, position in positions.items()}
    found: dict[str, int] = {}
    for position, key in sorted(repeated.items()):
        before = max((place for place in known if place < position), default=None)
        anchor = known[before] if before is not None else ""
        meant = [name for name in shared[key] if anchors[name] == anchor and name not in positions]
        if len(meant) == 1 and meant[0] not in found:
            found[meant[0]] = position
    return found


def _anchors(shared: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Each column that shares its wording, and the question it belongs to.

    The names of columns say it: `topic_1_need` belongs to `topic_1`, `preferred_country_1` to
    `preferred_city_1`, `country` to `city_name`.
    """
    names = {name for columns in shared.values() for name in columns}
    return {name: _anchor(name) for name in names}


def _anchor(name: str) -> str:
    if found := re.match(r"(topic_\d)_", name):
        return found[1]
    if name == "country":
        return "city_name"
    return name.replace("country", "city")
