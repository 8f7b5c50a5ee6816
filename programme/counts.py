"""A number with its noun, in words that a person reads aloud.

Belongs here: one function, for every message. Must stay out: what is counted. It stands at the ground, so
that any package can use it; a test refuses every other plural of a message.
"""

from __future__ import annotations

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
