"""Invented letters that use every passage of the templates, to try them before anything is sent.

Belongs here: one full and one bare piece of news of each kind. Must stay out: trying them (`wording.py`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from programme.letter_vocabulary import LETTER_KINDS
from tasks.letters.frame import Correction, Frame, NextCall
from tasks.letters.news import News, Partner, Place, Point
from tasks.letters.sources import Contact

_DAY = date(2026, 1, 9)
_CONTACT = Contact("A Name", "a@example.org", "a role")
_POINT = Point("cohort", "conditional", "A rule", "A sentence.", "3.2", _DAY, "A remedy.")
_PARTNER = Partner("B", "B city", "A country", 4, 4, conditional=True, named=True, contact=_CONTACT)
_PLACE = Place("T", "A topic", (_PARTNER, replace(_PARTNER, contact=None)), 4, 4, 210)
_FULL = News(
    "A",
    "selected",
    "A city",
    _CONTACT,
    place=_PLACE,
    points=(_POINT,),
    also_open=(_POINT, _POINT),
    waiting_place=2,
    waiting=3,
    waiting_with=1,
    reason_kind="capacity",
    reason="A reason.",
    advice=("An advice.",),
    preferences=("A preference.",),
    stands="B",
    received=datetime(2026, 1, 9, tzinfo=UTC),
    lacking=("one answer", "another one"),
    declined=True,
)
_BARE = News(
    "A",
    "selected",
    "",
    Contact(),
    place=replace(
        _PLACE, partners=(replace(_PARTNER, city="", need=None, contact=None),), shared_minutes=None
    ),
)
_FRAME = Frame("A round", "A team", "a@example.org", {"name": "A team", "address": "a@example.org"}, _DAY)
_FULL_FRAME = replace(
    _FRAME, starts=_DAY, next_call=NextCall("A call", _DAY, _DAY), correction=Correction(_DAY, "something")
)
SAMPLES: tuple[tuple[News, Frame], ...] = tuple(
    (replace(news, kind=kind), frame)
    for kind in LETTER_KINDS
    for news, frame in ((_FULL, _FULL_FRAME), (_BARE, _FRAME))
)
"""Every kind with everything that a letter can hold, and with as little as it can."""
