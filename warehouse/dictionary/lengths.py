"""How long a text of an input may be, and why.

Belongs here: one `Length` for each kind of text; the columns of the input tables name them. Must stay out:
what becomes of a longer text (`tasks/ingest/cells/columns.py`).
"""

from __future__ import annotations

from warehouse.dictionary.model import Length

ID = Length(
    128,
    "an id of a form tool or register has up to 40 characters; longer ones are no ids. An index of the "
    "database holds 128 letters of four bytes beside the other columns, but not 4,000",
)
NAME = Length(
    500,
    "the longest official name of a city, Bangkok's, has 168 letters, and the longest of a group in the "
    "list of signatories, which names its 17 municipalities, has 227; a longer text is an answer, no name",
)
COUNTRY = Length(100, "the longest official name of a state has 56 letters; other spellings add a few words")
LINE = Length(
    1_000,
    "one line about one thing: a person, a body, a programme; more is a text",
)
ADDRESS = Length(254, "an e-mail address has at most 254 characters (RFC 5321)")
LINK = Length(2_000, "browsers and servers agree on links of up to some 2,000 characters")
LISTED = Length(
    2_000, "the wordings of all choices of a list, some of which have 100 letters, each named once"
)
RECORDS = Length(20_000, "200 municipalities or cooperations with 100 letters each")
TEXT = Length(
    500_000,
    "a spreadsheet's cell holds 32,767 letters and a form tool's answer some 65,000; many times as much is a "
    "file that was pasted by mistake",
)
