"""Names that a spreadsheet made something else of: a number, a date, its own yes or no.

Belongs here: telling such a text from a name. Must stay out: what a name means (`tasks/crosscheck`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tasks.ingest.cells.comparison import comparison_key

LONGEST = 40
"""Letters beyond which a text is nothing that a spreadsheet made."""
_ISO_DAY = re.compile(r"^\d{4}-\d\d-\d\d(?:[T ]|$)")
_DAY_MONTH = re.compile(r"^\d{1,2}[-/. ]+([^\W\d_]{3,12})\.?(?:[-/. ]+\d{2,4})?$")
_MONTH_DAY = re.compile(
    r"^([^\W\d_]{3,12})\.?[-/. ]+\d{1,2}(?:,? ?\d{2,4})?$|^([^\W\d_]{3,12})\.?[-/. ]+\d{4}$"
)
"""How spreadsheets show a day ("1-May", "May 12"); a city is named "9 de Julio", with a word between."""


@dataclass(frozen=True)
class SpreadsheetWords:
    """The names of the months, and the words for yes and no, as comparison keys."""

    months: Mapping[str, int]
    yes_no: Collection[str]


def is_no_name(text: str, words: SpreadsheetWords) -> bool:
    """Whether a text is a number, a date or a yes or no, and so no name of a place."""
    text = text.strip()
    if len(text) > LONGEST:
        return False
    if not any(character.isalpha() for character in text):
        return any(character.isdigit() for character in text)
    if _ISO_DAY.match(text) or comparison_key(text) in words.yes_no:
        return True
    found = _DAY_MONTH.match(text) or _MONTH_DAY.match(text)
    if not found:
        return False
    return comparison_key(next(filter(None, found.groups()))) in words.months
