"""Offices: departments and the like that stand beside the name of the city to which they belong.

"Department of Environment, City of X" means the city. Belongs here: telling an office from a name by its
words. Must stay out: the words themselves (`programme/linking.toml`), and words of whole bodies
(`affixes.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from programme.linking import Words

SHORTEST_BODY = 4
"""Shorter words of a city ("m", "um") begin too many names."""


@dataclass(frozen=True)
class Offices:
    """The words of offices, folded.

    `units`: "department" and the like; `words`: all words of their names; `first`: those that may begin one;
    `bodies`: words that say that a name is a city's.
    """

    units: frozenset[str]
    words: frozenset[str]
    first: frozenset[str]
    bodies: frozenset[str]

    def is_office(self, folded: str) -> bool:
        """Whether a text consists of words of an office only ("Department of Environment")."""
        tokens = folded.split(" ")
        return self.words.issuperset(tokens) and not self.units.isdisjoint(tokens)

    def without_office(self, folded: str) -> str:
        """The text without an office before the words of the city ("Climate Office City of X")."""
        start, _, _ = folded.partition(" ")
        if start not in self.first or self.is_office(folded):
            return folded
        tokens = folded.split(" ")
        end = next((at for at, token in enumerate(tokens) if token not in self.words), len(tokens))
        for cut in range(min(end, len(tokens) - 2), 0, -1):
            city = tokens[cut] in self.bodies or tokens[-1] in self.bodies
            if city and not self.units.isdisjoint(tokens[:cut]):
                return " ".join(tokens[cut:])
        return folded


@lru_cache(maxsize=8)
def offices(words: Words) -> Offices:
    """The offices of all languages: an office of a city of any country may be named in English."""
    units = frozenset(words.office_units)
    topics = frozenset(word for topic in words.office_topics for word in topic.split(" "))
    bodies = (body for language in words.languages.values() for body in (*language.before, *language.after))
    return Offices(
        units=units,
        words=units | topics | frozenset(words.office_links),
        first=units | topics,
        bodies=frozenset(body for body in bodies if " " not in body and len(body) >= SHORTEST_BODY),
    )
