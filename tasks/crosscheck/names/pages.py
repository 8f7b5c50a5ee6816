"""Code pages: what a text says if it was written in one page and read in another.

Unlike UTF-8 that was misread (`repair.py`), such a text cannot be told from a sound one by itself. Belongs
here: the possible readings. Must stay out: which of them is the name of a place (`linkage/damage.py`).
"""

from __future__ import annotations

import re

PAGES = ("cp1252", "cp1250", "mac_roman", "cp1254", "cp1257", "cp850", "mac_latin2")
"""The pages of Latin letters that office programs write and read, the most frequent first."""
READABLE = re.compile(r"^[^\W\d_](?:[^\W\d_]|[ .,'’()/-])*$")
"""Letters and what stands between them in names."""


def other_readings(text: str, usual: frozenset[str]) -> list[str]:
    """What `text` says in another page, if it holds a letter that is not `usual` in the country, or a sign.

    Only readings that consist of letters of Latin script which are all usual are returned, each once.
    """
    if all(letter in usual and letter.isalpha() for letter in text if letter > "\x7f"):
        return []
    found: dict[str, None] = {}
    for read in PAGES:
        try:
            data = text.encode(read)
        except UnicodeError:
            continue
        for written in PAGES:
            try:
                reading = data.decode(written)
            except UnicodeError:
                continue
            strange = {letter for letter in reading if letter > "\x7f"}
            if reading != text and strange and strange <= usual and READABLE.match(reading):
                found[reading] = None
    return list(found)
