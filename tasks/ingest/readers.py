"""One reader a kind of column: raw text in, typed values and the rule of each cell out.

Belongs here: the table from kind to reader. Must stay out: the rules themselves (`numbers.py`, `dates.py`, `choices.py`, ...) and which column is of
which kind (`programme/form.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import polars as pl

from programme.form import FormColumn
from programme.programme import Programme
from programme.rounds import Round
from tasks.ingest import countries, dates
from tasks.ingest.choices import Choices, choices_of, yes_no_of
from tasks.ingest.fold import clean_line, clean_text
from tasks.ingest.numbers import read_number, read_whole_number
from tasks.ingest.records_in_cells import read_cooperations, read_members
from tasks.ingest.understood import UNREADABLE, Reading, Understood, as_it_stood, by_distinct, plain_or
from warehouse.dictionary.inputs import TOPIC_OTHER
from warehouse.dictionary.model import MOMENT, Column

BLANK_WORD = "blank-word"
"""The rule named where a word such as "n/a" was taken for a blank cell."""


@dataclass(frozen=True)
class Context:
    """What a reader may need beside the cells: the column in the form and in the dictionary, the rules, the round."""

    form: FormColumn
    column: Column
    programme: Programme
    round: Round

    @property
    def listed(self) -> Choices:
        """The column's list of choices."""
        return choices_of(self.programme.form.choices[self.form.choices], self.programme.form.close_spelling)

    @property
    def topics(self) -> Choices:
        """The programme's topics by id, label and other wordings."""
        more = self.programme.form.topic_wordings
        wordings = {topic.id: (topic.label, *more.get(topic.id, ())) for topic in self.programme.topics.topics}
        return choices_of(wordings, self.programme.form.close_spelling)


Reader = Callable[[pl.Series, Context], Understood]


def read_column(raw: pl.Series, context: Context) -> Understood:
    """Understand a column (String) by its kind: values of the dictionary's type, and the rule of each cell not taken as it stood.

    Markup and formulas stay text. A word for blank ("n/a", "-") becomes null by the rule `blank-word`; a text that was cleaned of hidden
    characters is named `cleaned`. What cannot be understood is null by the rule `unreadable`, never an exception.
    """
    clean = clean_text(raw) if context.form.kind in ("text", "members", "cooperation") else clean_line(raw)
    kept, blanked = _without_blank_words(clean, context)
    understood = READERS[context.form.kind](kept, context)
    if context.form.default:
        filled = understood.values.fill_null(context.form.default) if clean.null_count() else understood.values
        understood = Understood(filled, understood.rules)
    frame = pl.DataFrame({"blanked": blanked, "raw": raw, "clean": clean, "rule": understood.rules})
    rules = frame.select(
        pl.when(pl.col("blanked")).then(pl.lit(BLANK_WORD)).when(pl.col("rule").is_not_null()).then(pl.col("rule"))
        .when(pl.col("clean").is_not_null() & (pl.col("clean") != pl.col("raw").str.strip_chars())).then(pl.lit("cleaned"))
    ).to_series()  # fmt: skip
    return Understood(understood.values, rules)


def _without_blank_words(clean: pl.Series, context: Context) -> tuple[pl.Series, pl.Series]:
    """Cells that hold a word for blank become null; words that could be a name or a code ("NA", Nan) only where nothing else can be meant."""
    form = context.programme.form
    words = set(form.blank)
    if context.form.kind not in ("id", "name", "country", "choice", "choices", "yes_no", "criterion"):
        words |= set(form.blank_words)
    blanked = clean.str.to_lowercase().is_in(sorted(words)).fill_null(value=False)
    if context.form.kind == "id":
        blanked = pl.Series([False]).new_from_index(0, len(clean))
    return pl.select(pl.when(~blanked).then(clean)).to_series(), blanked


def _as_text(texts: pl.Series, _: Context) -> Understood:
    return as_it_stood(texts)


def _country(texts: pl.Series, _: Context) -> Understood:
    def rule(text: str) -> Reading:
        return text, None if countries.is_plain(text) else "country-name" if countries.to_iso3(text) else UNREADABLE

    return by_distinct(texts, rule, pl.String())


def _or_blank(read: Callable[[str], Reading], context: Context) -> Callable[[str], Reading]:
    """Try a word as a choice first; if it is none, it may still be a word for blank."""

    def tried(text: str) -> Reading:
        value, rule = read(text)
        return (None, BLANK_WORD) if rule == UNREADABLE and text.lower() in context.programme.form.blank_words else (value, rule)

    return tried


def _choice(texts: pl.Series, context: Context) -> Understood:
    listed = context.listed

    def read(text: str) -> Reading:
        value, rule = listed.find(text)
        return (text, "kept-as-written") if rule == UNREADABLE and context.form.open else (value, rule)

    return by_distinct(texts, _or_blank(read, context), pl.String())


def _choices(texts: pl.Series, context: Context) -> Understood:
    return by_distinct(texts, _or_blank(context.listed.find_all, context), pl.List(pl.String()))


def _yes_no(texts: pl.Series, context: Context) -> Understood:
    words = yes_no_of(context.programme.form.yes, context.programme.form.no)
    return by_distinct(texts, _or_blank(words.find, context), pl.Boolean())


def _topic(texts: pl.Series, context: Context) -> Understood:
    topics = context.topics

    def read(text: str) -> Reading:
        value, rule = topics.find(text)
        return (value, rule) if value else (TOPIC_OTHER, None if text == TOPIC_OTHER else "other-topic")

    return by_distinct(texts, read, pl.String())


def _criterion(texts: pl.Series, context: Context) -> Understood:
    wordings = {name: (criterion.title,) for name, criterion in context.programme.rubric.by_id.items()}
    listed = choices_of(wordings, context.programme.form.close_spelling)

    def read(text: str) -> Reading:
        value, rule = listed.find(text)
        return (value, rule) if value else (text, "unknown-criterion")

    return by_distinct(texts, read, pl.String())


def _whole_number(texts: pl.Series, _: Context) -> Understood:
    def parse(plain: pl.Series) -> pl.Series:
        return plain.str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)

    return plain_or(texts, r"^\d{1,15}(?:\.0{1,2})?$", parse, lambda rest: by_distinct(rest, read_whole_number, pl.Int64()))


def _number(texts: pl.Series, _: Context) -> Understood:
    def parse(plain: pl.Series) -> pl.Series:
        return plain.cast(pl.Float64, strict=False)

    return plain_or(texts, r"^-?\d{1,15}(?:\.\d{1,20})?$", parse, lambda rest: by_distinct(rest, _score_or_number, pl.Float64()))


_OUT_OF = re.compile(r"^(\d(?:[.,]\d+)?)\s*(?:/|out of|of|sur|von|de)\s*5$", re.IGNORECASE)
_LED = re.compile(r"^([0-5])\s*(?:[-–—:=.(]|\s)\s*[^\d\s].*$", re.DOTALL)


def _score_or_number(text: str) -> Reading:
    if found := _OUT_OF.match(text):
        return read_number(found[1])[0], "out-of-five"
    return read_number(text)


def _points(texts: pl.Series, _: Context) -> Understood:
    def read(text: str) -> Reading:
        led = _OUT_OF.match(text) or _LED.match(text)
        value, rule = read_number(led[1] if led else text)
        if value is None or value != int(value) or not 0 <= value <= 5:
            return None, UNREADABLE
        return int(value), "points" if led else rule if text != str(int(value)) else None

    return by_distinct(texts, read, pl.Int64())


def _order(texts: pl.Series, context: Context) -> dates.DayOrder:
    different = texts.drop_nulls().unique(maintain_order=True).to_list()
    return dates.settle_order(different, day_first=context.programme.form.day_first)


def _moment(texts: pl.Series, context: Context) -> Understood:
    return by_distinct(texts, partial(dates.read_moment, zone=context.round.zone, order=_order(texts, context)), MOMENT)


def _day(texts: pl.Series, context: Context) -> Understood:
    def parse(plain: pl.Series) -> pl.Series:
        return plain.str.to_date("%Y-%m-%d", strict=False)

    read = partial(dates.read_day, order=_order(texts, context))
    return plain_or(texts, r"^(?:19|20)\d\d-\d\d-\d\d$", parse, lambda rest: by_distinct(rest, read, pl.Date()))


def _members(texts: pl.Series, context: Context) -> Understood:
    statuses = choices_of(context.programme.form.choices["plan_status"], context.programme.form.close_spelling)
    return by_distinct(texts, partial(read_members, statuses=statuses), context.column.dtype)


def _cooperation(texts: pl.Series, context: Context) -> Understood:
    return by_distinct(texts, partial(read_cooperations, topics=context.topics), context.column.dtype)


READERS: dict[str, Reader] = {
    "id": _as_text, "name": _as_text, "line": _as_text, "text": _as_text, "country": _country, "choice": _choice, "choices": _choices,
    "yes_no": _yes_no, "whole_number": _whole_number, "number": _number, "points": _points, "moment": _moment, "day": _day, "topic": _topic,
    "criterion": _criterion, "members": _members, "cooperation": _cooperation,
}  # fmt: skip
