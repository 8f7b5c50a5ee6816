"""Numbers as people write them.

Belongs here: whole numbers with any thousands mark, decimals with point or comma, words for thousand and
million, "approx." and its like. Must stay out: whether a number is believable.
"""

from __future__ import annotations

import re
import unicodedata

from tasks.ingest.cells.column_reading import UNREADABLE, CellReading

LONGEST = 100
"""Letters beyond which a text is no number; it also bounds the work spent on a hostile one."""
_APPROXIMATE = re.compile(
    r"^(?:approx(?:imately|imativement|\.)?|aprox(?:imadamente|\.)?|about|around|circa|ca\.?|c\.|environ|env\."
    r"|cerca de|unos|etwa|ungef[äa]hr|rund|~|≈|±|\+/-|>|<|over|more than|almost|nearly)\s*",
    re.IGNORECASE,
)
_UNIT_BEHIND = re.compile(
    r"\s*\(?(?:inhabitants?|inhab\.?|people|persons?|pers\.?|residents?|citizens|habitants?|hab\.?|habitantes"
    r"|einwohner(?:innen)?|ew|pessoas|personas|abitanti|pop\.?)\)?\.?$",
    re.IGNORECASE,
)
_UNIT_BEFORE = re.compile(r"^(?:population|pop\.?|inhabitants)\s*[:=]?\s*", re.IGNORECASE)
_REMARK = re.compile(
    r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|,?\s(?:in|en|as of|au|am|al|em)\s[^\d]{0,20}(?:\d{1,2}[./])*\d{4}|\+)$",
    re.IGNORECASE,
)
"""What people add behind a figure: a source or a year in brackets, "in 2023", a plus."""
_POWERS = {
    3: "thousand thousands k mille mil tausend tsd mila",
    5: "lakh lakhs",
    6: "million millions mio mln m mn millones millon millionen milhoes milhao milioni milione",
    7: "crore crores",
    9: "billion bn",
}
"""Powers of ten and the words for them, without accents."""
_POWER_OF = {word: power for power, words in _POWERS.items() for word in words.split()}
_WITH_POWER = re.compile(r"^(.*?\d)\s*([^\W\d_]+)\.?$")
_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009\u2007'’`´_]")


def read_whole_number(text: str) -> CellReading:
    """A count: "250.000", "1 234 567", "approx. 301,048", "2.7 million", "12,34,567".

    It is not below zero and not above 10^15. A fraction is rounded from 1,000 on; below, it is no count.
    """
    value, rule = read_number(text, grouped=True)
    if value is None or value < 0 or value > 1e15:
        return None, UNREADABLE
    whole = round(value)
    if whole != value and value < 1000:
        return None, UNREADABLE
    return whole, rule if whole == value else "rounded"


def read_number(text: str, *, grouped: bool = False) -> CellReading:
    """A number.

    With `grouped`, a single mark followed by exactly three digits separates thousands; otherwise it is the
    decimal point.
    """
    if len(text) > LONGEST:
        return None, UNREADABLE
    plain = text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()
    bare = plain
    for part in (_REMARK, _UNIT_BEFORE, _APPROXIMATE, _UNIT_BEHIND, _REMARK, _UNIT_BEHIND):
        bare = part.sub("", bare).strip()
    rule = "number" if bare == plain else "approximate"
    power = 0
    if scale := _WITH_POWER.match(bare):
        word = unicodedata.normalize("NFKD", scale[2].casefold()).encode("ascii", "ignore").decode()
        if word not in _POWER_OF:
            return None, UNREADABLE
        bare, power, rule = scale[1], _POWER_OF[word], "number-word"
    value = _digits(bare, grouped=grouped and not power)
    if value is None:
        return None, UNREADABLE
    return (round(value * 10**power, 6) if power else value), rule


def _digits(text: str, *, grouped: bool) -> float | None:
    """The value of digits with thousands and decimal marks; None where they are no one number."""
    if not text.isascii():
        text = "".join(str(unicodedata.digit(character, character)) for character in text).replace("−", "-")
    text = text.strip().removesuffix(".")
    if _BLANKS.search(text):
        if not _grouped_well(_BLANKS.split(re.split(r"[.,]", text)[0].lstrip("+-"))):
            return None
        text, grouped = _BLANKS.sub("", text), False
    if re.fullmatch(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d{1,2}", text):
        return float(text)
    if not re.fullmatch(r"[+-]?\d+(?:[.,]\d+)*", text) or len(text) > 40:
        return None
    return _marked_digits(text, grouped=grouped)


def _marked_digits(text: str, *, grouped: bool) -> float | None:
    """The value of digits between which points and commas stand; the marks tell which is the decimal one."""
    marks = re.findall(r"[.,]", text)
    last = text.rpartition(marks[-1])[2] if marks else ""
    decimal = ""
    if len(set(marks)) == 2:
        if marks.count(marks[-1]) > 1 or len(set(marks[:-1])) > 1:
            return None
        decimal = marks[-1]
    elif len(marks) == 1 and not (grouped and len(last) == 3):
        decimal = marks[0]
    whole = text.rpartition(decimal)[0] if decimal else text
    if marks and not _grouped_well(re.split(r"[.,]", whole.lstrip("+-"))):
        return None
    joined = re.sub(r"[.,]", "", whole)
    return float(f"{joined}.{last}") if decimal else float(joined)


def _grouped_well(groups: list[str]) -> bool:
    """Whether groups are of three digits, or the Indian way: the last of three, those before of two."""
    if len(groups) == 1:
        return True
    middle = {len(group) for group in groups[1:-1]}
    return (
        len(groups[-1]) == 3
        and 1 <= len(groups[0]) <= 3
        and (middle <= {3} or (middle <= {2} and len(groups[0]) <= 2))
    )
