"""Choices, yes or no, topics: which of a list a cell means.

Belongs here: matching a cell to one or several ids by id, wording or close spelling. Must stay out: the lists
(`programme/form.toml`, `topics.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from tasks.ingest.cells.text import fold
from tasks.ingest.cells.understood import UNREADABLE, Reading

PARTLY = "partly-read"
"""The rule named where some entries of a cell were understood and others were not."""
_CLEAR_LEAD = 4.0
"""By how many points of likeness the best id must lead the next: below it a spelling could stand for
either.
"""
_SHORTEST = 5
"""Letters a spelling must have to be taken for a close one; shorter words differ in one letter and mean
something else.
"""
_LONGEST = 200
"""Letters beyond which a text is an answer of its own and no spelling of a wording."""
_LIST_NUMBER = re.compile(r"^\s*(?:\d{1,2}|[a-z])[.)]\s+")


@dataclass(frozen=True)
class Choices:
    """The ids of a list in order, and every folded wording with the id it stands for."""

    ids: tuple[str, ...]
    words: Mapping[str, str]
    close: float

    def find(self, text: str) -> Reading:
        """The id a text means and the rule (`wording`, `close-spelling`); `UNREADABLE` where it means none or
        leaves it open.
        """
        if text in self.ids:
            return text, None
        key = fold(text)
        if found := self.words.get(key) or self.words.get(fold(_LIST_NUMBER.sub("", text.casefold()))):
            return found, "wording"
        return self._close_to(key)

    def _close_to(self, key: str) -> Reading:
        if not _SHORTEST <= len(key) <= _LONGEST:
            return None, UNREADABLE
        best: dict[str, float] = {}
        for word, score, _ in process.extract(
            key, list(self.words), scorer=fuzz.ratio, score_cutoff=self.close - _CLEAR_LEAD, limit=None
        ):
            best[self.words[word]] = max(score, best.get(self.words[word], 0.0))
        ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))
        if (
            not ranked
            or ranked[0][1] < self.close
            or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _CLEAR_LEAD)
        ):
            return None, UNREADABLE
        return ranked[0][0], "close-spelling"

    def find_all(self, text: str) -> Reading:
        """Every id of a cell that lists several, in the list's order; entries by line, `;` or, where there is
        none, `,`.
        """
        whole, rule = self.find(text)
        if whole:
            return [whole], rule
        readings = [self.find(part) for part in split_list(text)]
        if all(rule == UNREADABLE for _, rule in readings):
            readings = self._segments(fold(text).split()[:_LONGEST])
        found = [item for item in self.ids if item in {value for value, _ in readings}]
        if not found:
            return None, UNREADABLE
        rules = {rule for _, rule in readings}
        return found, PARTLY if UNREADABLE in rules else "list-wording" if rules != {None} else None

    def _segments(self, tokens: list[str]) -> list[Reading]:
        """Entries that nothing but blanks sets apart ("technical regulatory", as KoboToolbox writes them):
        the longest wording first, all of it or none.
        """
        found: list[Reading] = []
        longest = max(word.count(" ") + 1 for word in self.words)
        while tokens:
            length = next(
                (n for n in range(min(longest, len(tokens)), 0, -1) if " ".join(tokens[:n]) in self.words), 0
            )
            if not length:
                return [(None, UNREADABLE)]
            found.append((self.words[" ".join(tokens[:length])], "wording"))
            tokens = tokens[length:]
        return found


def choices_of(wordings: Mapping[str, Iterable[str]], close: float) -> Choices:
    """A list from ids and their wordings; an id is a wording of itself, and what stands first wins."""
    words: dict[str, str] = {fold(item): item for item in wordings}
    for item, texts in wordings.items():
        for text in texts:
            words.setdefault(fold(text), item)
    return Choices(tuple(wordings), words, close)


def split_list(text: str) -> list[str]:
    """The entries of a cell: by line or `;`, else by `|`, else by `,`; blank ones are none."""
    for mark in (r"[;\n]", r"\|", r","):
        parts = [part.strip() for part in re.split(mark, text)]
        if len(parts) > 1:
            return [part for part in parts if part]
    return [text.strip()]


@dataclass(frozen=True)
class YesNo:
    """The words that mean yes and no."""

    words: Mapping[str, bool]

    def find(self, text: str) -> Reading:
        """True, False or `UNREADABLE`; "Yes, we do" is a yes, because its first word is."""
        key = text.strip().casefold()
        if key in ("yes", "no", "true", "false"):
            return key in ("yes", "true"), None
        value = self.words.get(key)
        if value is None:
            value = self.words.get(fold(text))
        if value is None and (first := re.match(r"([^\W\d_]{2,})\s*[,;:.!–-]", key)):
            value = self.words.get(fold(first[1]))
        return (None, UNREADABLE) if value is None else (value, "yes-no")


def yes_no_of(yes: Iterable[str], no: Iterable[str]) -> YesNo:
    """The two lists as one lookup, by the word as written and folded."""
    words = {key: True for word in yes for key in (word.casefold(), fold(word)) if key}
    words.update({key: False for word in no for key in (word.casefold(), fold(word)) if key})
    return YesNo(words)
