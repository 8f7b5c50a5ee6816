"""Numbers as people write them.

Belongs here: whole numbers with any thousands mark, decimals with point or comma, words for thousand and
million, "approx." and its like. Must stay out: whether a number is believable.
"""

from __future__ import annotations

import re
import unicodedata

from tasks.ingest.cells.understood import UNREADABLE, Reading

LONGEST = 100
"""Letters beyond which a text is no number, whatever it begins with; it also bounds the work spent on a
hostile one.
"""
_APPROX = re.compile(
    r"^(?:approx(?:imately|imativement|\.)?|aprox(?:imadamente|\.)?|about|around|circa|ca\.?|c\.|environ|env\.|cerca de|unos|etwa|ungef[äa]hr|rund|~|≈|±|\+/-|>|<|over|more than|almost|nearly)\s*",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\s*\(?(?:inhabitants?|inhab\.?|people|persons?|pers\.?|residents?|citizens|habitants?|hab\.?|habitantes|einwohner(?:innen)?|ew|pessoas|personas|abitanti|pop\.?)\)?\.?$",
    re.IGNORECASE,
)
_LEAD_UNIT = re.compile(r"^(?:population|pop\.?|inhabitants)\s*[:=]?\s*", re.IGNORECASE)
_ASIDE = re.compile(
    r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|,?\s(?:in|en|as of|au|am|al|em)\s[^\d]{0,20}(?:\d{1,2}[./])*\d{4}|\+)$",
    re.IGNORECASE,
)
"""What people add behind a figure: a source or a year in brackets, "in 2023", a plus."""
_SCALES = {
    "thousand": 3, "thousands": 3, "k": 3, "mille": 3, "mil": 3, "tausend": 3, "tsd": 3, "mila": 3, "million": 6, "millions": 6, "mio": 6, "mln": 6,
    "m": 6, "mn": 6, "millones": 6, "millon": 6, "millionen": 6, "milhoes": 6, "milhao": 6, "milioni": 6, "milione": 6, "lakh": 5, "lakhs": 5,
    "crore": 7, "crores": 7, "billion": 9, "bn": 9,
}  # fmt: skip
_SCALE = re.compile(r"^(.*?\d)\s*([^\W\d_]+)\.?$")
_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009\u2007'’`´_]")


def read_whole_number(text: str) -> Reading:
    """A count: "250.000", "1 234 567", "approx. 301,048", "2.7 million", "12,34,567". Not below zero;
    fractions below 1,000 are no count.
    """
    reading = read_number(text, grouped=True)
    value, rule = reading
    if value is None or value < 0 or value > 1e15:
        return None, UNREADABLE
    whole = round(value)
    if whole != value and value < 1000:
        return None, UNREADABLE
    return whole, rule if whole == value else "rounded"


def read_number(text: str, *, grouped: bool = False) -> Reading:
    """A number; with `grouped`, a single mark followed by exactly three digits separates thousands, otherwise
    it is the decimal point.
    """
    if len(text) > LONGEST:
        return None, UNREADABLE
    plain = text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()
    bare = plain
    for part in (_ASIDE, _LEAD_UNIT, _APPROX, _UNIT, _ASIDE, _UNIT):
        bare = part.sub("", bare).strip()
    rule = "number" if bare == plain else "approximate"
    power = 0
    if scale := _SCALE.match(bare):
        word = unicodedata.normalize("NFKD", scale[2].casefold()).encode("ascii", "ignore").decode()
        if word not in _SCALES:
            return None, UNREADABLE
        bare, power, rule = scale[1], _SCALES[word], "number-word"
    value = _digits(bare, grouped=grouped and not power)
    return (None, UNREADABLE) if value is None else (round(value * 10**power, 6) if power else value, rule)


def _digits(text: str, *, grouped: bool) -> float | None:
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
    """Groups of three, or the Indian way: the last of three, those before of two."""
    if len(groups) == 1:
        return True
    middle = {len(group) for group in groups[1:-1]}
    return (
        len(groups[-1]) == 3
        and 1 <= len(groups[0]) <= 3
        and (middle <= {3} or (middle <= {2} and len(groups[0]) <= 2))
    )
