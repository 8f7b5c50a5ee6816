"""A text as a person sees it, and where each of its characters stands in the text as it was typed.

Belongs here: characters that nobody sees, and other forms of a sign. Must stay out: what is personal.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
"""Characters without a shape that Unicode does not count among controls and marks of format."""
_HIDDEN = ("Cf", "Cc", "Cs")
_AS = str.maketrans(
    dict.fromkeys("‐‑‒–—―−﹣－", "-") | dict.fromkeys("。｡․﹒．", ".") | dict.fromkeys("·•∙", " ")
)


@dataclass(frozen=True)
class PlainText:
    """The text as it is searched; `places` says where each character stands in the original."""

    text: str
    places: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The piece of the original that stands for this piece."""
        if self.places is None or start >= end:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def plain(text: str) -> PlainText:
    """The text without what nobody sees; wide signs, dashes, points and digits in their usual form."""
    if text.isascii():
        return PlainText(text)
    seen: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for shown in _shown(character):
            seen.append(shown)
            places.append(place)
    return PlainText("".join(seen), tuple(places))


def _shown(character: str) -> str:
    if character.isascii():
        return character
    if (
        character in _UNSEEN
        or unicodedata.category(character) in ("Cf", "Cc", "Cs")
        or _is_selector(character)
    ):
        return ""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if character.isspace():
        return " "
    changed = character.translate(_AS)
    wide = unicodedata.normalize("NFKC", changed)
    return wide if len(wide) == 1 else changed


def _is_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
