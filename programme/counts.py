"""A number with its noun, and several things in one sentence, in words that a person reads aloud.

Belongs here: what every message needs. Must stay out: what is counted or listed. It stands at the ground, so
that any package can use it; tests refuse every other plural and every other list of a message.
"""

from __future__ import annotations

from collections.abc import Iterable

IRREGULAR = {"person": "people", "city": "cities"}


def counted(count: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 city", "2 open points", "1,200 cities".

    `one` is the noun with what stands before it; `many` is its plural where that does not end in `s`.
    """
    if count == 1:
        return f"1 {one}"
    head, _, noun = one.rpartition(" ")
    plural = many or f"{head} {IRREGULAR.get(noun, f'{noun}s')}".strip()
    return f"{count:,} {plural}"


def listed(parts: Iterable[str]) -> str:
    """Several things as a sentence names them: `a`, `a and b`, `a, b and c`; empty where there are none."""
    *before, last = list(parts) or [""]
    return f"{', '.join(before)} and {last}" if before else last
