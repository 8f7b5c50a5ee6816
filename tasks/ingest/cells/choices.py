"""Choices, yes or no, topics: which entry of a list a cell means.

Belongs here: matching a cell to one or several ids by id, wording or close spelling. Must stay out: the lists
(`programme/form.toml`, `topics.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from tasks.ingest.cells.column_reading import PARTLY_READ, UNREADABLE, CellReading
from tasks.ingest.cells.comparison import comparison_key

_CLEAR_LEAD = 4.0
"""By how many points of similarity (0-100) the best id must lead the next.

Below that, a spelling could stand for either.
"""
_SHORTEST = 5
"""Letters a spelling must have to be taken for a close one.

Shorter words that differ in one letter mean something else.
"""
_LONGEST = 200
"""Letters (of a spelling) or words (of a list) beyond which a text is an answer of its own, no wording."""
_LIST_NUMBER = re.compile(r"^\s*(?:\d{1,2}|[a-z])[.)]\s+")


@dataclass(frozen=True)
class Choices:
    """A list of choices.

    `ids`: in order. `words`: the comparison key of every wording, and the id it stands for. `close_spelling`:
    how alike (0-100) a spelling must be to a wording to be taken for it.
    """

    ids: tuple[str, ...]
    words: Mapping[str, str]
    close_spelling: float

    def find(self, text: str) -> CellReading:
        """The id a text means and the rule: none for the id itself, `wording`, `close-spelling`.

        The rule is `UNREADABLE` where the text means no id or leaves open which.
        """
        if text in self.ids:
            return text, None
        key = comparison_key(text)
        if found := self.words.get(key) or self.words.get(
            comparison_key(_LIST_NUMBER.sub("", text.casefold()))
        ):
            return found, "wording"
        return self._close_to(key)

    def _close_to(self, key: str) -> CellReading:
        if not _SHORTEST <= len(key) <= _LONGEST:
            return None, UNREADABLE
        least = self.close_spelling - _CLEAR_LEAD
        best: dict[str, float] = {}
        for word, score, _ in process.extract(
            key, list(self.words), scorer=fuzz.ratio, score_cutoff=least, limit=None
        ):
            best[self.words[word]] = max(score, best.get(self.words[word], 0.0))
        ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))
        if not ranked or ranked[0][1] < self.close_spelling:
            return None, UNREADABLE
        if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _CLEAR_LEAD:
            return None, UNREADABLE
        return ranked[0][0], "close-spelling"

    def find_all(self, text: str) -> CellReading:
        """Every id of a cell that lists several, in the list's order; `split_list` says what parts them."""
        whole, rule = self.find(text)
        if whole:
            return [whole], rule
        readings = [self.find(part) for part in split_list(text)]
        if all(rule == UNREADABLE for _, rule in readings):
            readings = self._blank_separated(comparison_key(text).split()[:_LONGEST])
        found = [item for item in self.ids if item in {value for value, _ in readings}]
        if not found:
            return None, UNREADABLE
        rules = {rule for _, rule in readings}
        return found, PARTLY_READ if UNREADABLE in rules else "list-wording" if rules != {None} else None

    def _blank_separated(self, tokens: list[str]) -> list[CellReading]:
        """Entries that nothing but blanks parts, as KoboToolbox writes them: "technical regulatory".

        The longest wording counts first. Unless every word belongs to an entry, nothing is understood.
        """
        found: list[CellReading] = []
        longest = max(word.count(" ") + 1 for word in self.words)
        while tokens:
            lengths = range(min(longest, len(tokens)), 0, -1)
            length = next((n for n in lengths if " ".join(tokens[:n]) in self.words), 0)
            if not length:
                return [(None, UNREADABLE)]
            found.append((self.words[" ".join(tokens[:length])], "wording"))
            tokens = tokens[length:]
        return found


def choices_of(wordings: Mapping[str, Iterable[str]], close_spelling: float) -> Choices:
    """A list from ids and their wordings.

    An id is a wording of itself. Of two ids with the same wording, the first has it.
    """
    words: dict[str, str] = {comparison_key(item): item for item in wordings}
    for item, texts in wordings.items():
        for text in texts:
            words.setdefault(comparison_key(text), item)
    return Choices(tuple(wordings), words, close_spelling)


def split_list(text: str) -> list[str]:
    """The entries of a cell that are not blank, parted by line ends or `;`, else by `|`, else by `,`."""
    for mark in (r"[;\n]", r"\|", r","):
        parts = [part.strip() for part in re.split(mark, text)]
        if len(parts) > 1:
            return [part for part in parts if part]
    return [text.strip()]


_MARK = re.compile(r"(?<=^[01])[.,]0+$")
"""What a spreadsheet writes behind the marks 1 and 0."""


@dataclass(frozen=True)
class YesNo:
    """The words that mean yes (True) and no (False), as written in lower case and as comparison keys."""

    words: Mapping[str, bool]

    def find(self, text: str) -> CellReading:
        """True or False and the rule `yes-no`, or `UNREADABLE`; the first word decides ("Yes, we do")."""
        key = _MARK.sub("", text.strip().casefold())
        if key in ("yes", "no", "true", "false"):
            return key in ("yes", "true"), None
        value = self.words.get(key)
        if value is None:
            value = self.words.get(comparison_key(text))
        if value is None and (first := re.match(r"([^\W\d_]{2,})\s*[,;:.!–-]", key)):
            value = self.words.get(comparison_key(first[1]))
        return (None, UNREADABLE) if value is None else (value, "yes-no")


def yes_no_of(yes: Iterable[str], no: Iterable[str]) -> YesNo:
    """The two lists as one; a word in both means no."""
    words = {key: True for word in yes for key in (word.casefold(), comparison_key(word)) if key}
    words.update({key: False for word in no for key in (word.casefold(), comparison_key(word)) if key})
    return YesNo(words)
