"""One reader a kind of column: raw text in, typed values and the rule of each cell out.

Belongs here: the table from kind to reader. Must stay out: the rules themselves (`numbers.py`, `dates.py`,
`choices.py`, ...) and which column is of which kind (`programme/form.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, tzinfo
from functools import partial

import polars as pl

from programme.form import ExportProfile, FormColumn
from programme.programme import Programme
from programme.rounds import Round
from programme.vocabulary import TOPIC_OTHER
from tasks.ingest.cells import countries, dates
from tasks.ingest.cells.choices import Choices, choices_of, yes_no_of
from tasks.ingest.cells.numbers import read_number, read_whole_number
from tasks.ingest.cells.records_in_cells import read_cooperations, read_members
from tasks.ingest.cells.text import clean_line, clean_text
from tasks.ingest.cells.understood import UNREADABLE, Reading, Understood, as_it_stood, by_distinct, plain_or
from warehouse.dictionary.inputs import INPUT_TABLES
from warehouse.dictionary.model import MOMENT, Column

BLANK_WORD = "blank-word"
"""The rule named where a word such as "n/a" was taken for a blank cell."""


@dataclass(frozen=True)
class Context:
    """What a reader may need beside the cells: the column in the form and in the dictionary, the rules, the
    round, the tool that wrote the file.
    """

    form: FormColumn
    column: Column
    programme: Programme
    round: Round
    profile: ExportProfile | None = None

    @property
    def zone(self) -> tzinfo:
        """The zone of a time stamp that names none: the round's, unless the tool that wrote it is known to
        mean UTC.
        """
        utc = (
            self.profile is not None
            and self.profile.naive_times == "UTC"
            and self.column.name == "submitted_at"
        )
        return UTC if utc else self.round.zone

    @property
    def day_first(self) -> bool:
        """How a date is read that the column leaves open."""
        given = self.profile.day_first if self.profile else None
        return self.programme.form.day_first if given is None else given

    @property
    def listed(self) -> Choices:
        """The column's list of choices."""
        return choices_of(self.programme.form.choices[self.form.choices], self.programme.form.close_spelling)

    @property
    def topics(self) -> Choices:
        """The programme's topics by id, label and other wordings."""
        more = self.programme.form.topic_wordings
        wordings = {
            topic.id: (topic.label, *more.get(topic.id, ())) for topic in self.programme.topics.topics
        }
        return choices_of(wordings, self.programme.form.close_spelling)


def contexts_of(
    table: str, columns: Iterable[str], programme: Programme, round_: Round, profile: str | None
) -> dict[str, Context]:
    """What is known of each column of a table that is there, in order of the form."""
    there, form = set(columns), programme.form.tables[table]
    tool = programme.form.profiles[profile] if profile else None
    return {
        name: Context(column, INPUT_TABLES[table][name], programme, round_, tool)
        for name, column in form.items()
        if name in there
    }


Reader = Callable[[pl.Series, Context], Understood]


def read_columns(raw: pl.DataFrame, contexts: Mapping[str, Context]) -> dict[str, Understood]:
    """Understand columns (String) by their kinds: values of the dictionary's types, and the rule of each cell
    not taken as it stood.

    Markup and formulas stay text. A word for blank ("n/a", "-") becomes null by the rule `blank-word`; a text
    that was cleaned of hidden characters is named `cleaned`. What cannot be understood is null by the rule
    `unreadable`, never an exception.
    """
    clean = raw.select(_clean(name, context) for name, context in contexts.items())
    kept = clean.select(
        pl.when(~_is_blank_word(name, context)).then(pl.col(name)).alias(name)
        for name, context in contexts.items()
    )
    read = {name: READERS[context.form.kind](kept[name], context) for name, context in contexts.items()}
    stages = pl.concat(
        [
            raw.select(pl.col(contexts.keys()).name.suffix("/raw")),
            clean.select(pl.all().name.suffix("/clean")),
            kept.select(pl.all().name.suffix("/kept")),
            pl.DataFrame({f"{name}/rule": item.rules for name, item in read.items()}),
        ],
        how="horizontal",
    )
    rules = stages.select(_rule(name).alias(name) for name in contexts)
    return {
        name: Understood(_with_default(item.values, contexts[name]), rules[name], item.note)
        for name, item in read.items()
    }


def _clean(name: str, context: Context) -> pl.Expr:
    clean = clean_text if context.form.kind in ("text", "verbatim", "members", "cooperation") else clean_line
    return clean(pl.col(name)).alias(name)


def _is_blank_word(name: str, context: Context) -> pl.Expr:
    """Whether a cell holds a word for blank; words that could be a name or a code ("NA", Nan) only where
    nothing else can be meant.
    """
    form, kind = context.programme.form, context.form.kind
    if kind in ("id", "verbatim"):
        return pl.lit(value=False)
    words = set(form.blank) | (
        set()
        if kind in ("name", "country", "choice", "choices", "yes_no", "criterion")
        else set(form.blank_words)
    )
    return pl.col(name).str.to_lowercase().is_in(sorted(words)).fill_null(value=False)


def _rule(name: str) -> pl.Expr:
    raw, clean, kept, rule = (pl.col(f"{name}/{stage}") for stage in ("raw", "clean", "kept", "rule"))
    return (
        pl.when(clean.is_not_null() & kept.is_null()).then(pl.lit(BLANK_WORD)).when(rule.is_not_null()).then(rule)
        .when(clean.is_not_null() & (clean != raw.str.strip_chars())).then(pl.lit("cleaned"))
    )  # fmt: skip


def _with_default(values: pl.Series, context: Context) -> pl.Series:
    return values.fill_null(context.form.default) if context.form.default else values


def _as_text(texts: pl.Series, _: Context) -> Understood:
    return as_it_stood(texts)


def _country(texts: pl.Series, _: Context) -> Understood:
    def rule(text: str) -> Reading:
        if countries.is_plain(text):
            return text, None
        return text, "country-name" if countries.exactly(text) else "close-spelling" if countries.to_iso3(
            text
        ) else UNREADABLE

    return by_distinct(texts, rule, pl.String())


def _or_blank(read: Callable[[str], Reading], context: Context) -> Callable[[str], Reading]:
    """Try a word as a choice first; if it is none, it may still be a word for blank."""

    def tried(text: str) -> Reading:
        value, rule = read(text)
        return (
            (None, BLANK_WORD)
            if rule == UNREADABLE and text.lower() in context.programme.form.blank_words
            else (value, rule)
        )

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
    def parse(plain: pl.Expr) -> pl.Expr:
        return plain.str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)

    return plain_or(texts, r"^\d{1,15}(?:\.0{1,2})?$", parse, read_whole_number, pl.Int64())


def _number(texts: pl.Series, _: Context) -> Understood:
    def parse(plain: pl.Expr) -> pl.Expr:
        return plain.cast(pl.Float64, strict=False)

    return plain_or(texts, r"^-?\d{1,15}(?:\.\d{1,20})?$", parse, _score_or_number, pl.Float64())


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
    return dates.settle_order(different, day_first=context.day_first, window=_window(context))


def _window(context: Context) -> tuple[date, date] | None:
    """The days on which a form can have been sent; a day order that puts more of them there is the likelier
    one.
    """
    return (context.round.opens, context.round.closes) if context.column.name == "submitted_at" else None


def _moment(texts: pl.Series, context: Context) -> Understood:
    order = _order(texts, context)
    no_moment = context.profile.no_moment if context.profile else ()

    def read(text: str) -> Reading:
        return (None, UNREADABLE) if text in no_moment else dates.read_moment(text, context.zone, order)

    return replace(by_distinct(texts, read, MOMENT), note=dates.note_of(order))


def _day(texts: pl.Series, context: Context) -> Understood:
    def parse(plain: pl.Expr) -> pl.Expr:
        return plain.str.to_date("%Y-%m-%d", strict=False)

    order = _order(texts, context)
    read = plain_or(
        texts, r"^(?:19|20)\d\d-\d\d-\d\d$", parse, partial(dates.read_day, order=order), pl.Date()
    )
    return replace(read, note=dates.note_of(order))


def _members(texts: pl.Series, context: Context) -> Understood:
    statuses = choices_of(
        context.programme.form.choices["plan_status"], context.programme.form.close_spelling
    )
    return by_distinct(texts, partial(read_members, statuses=statuses), context.column.dtype)


def _cooperation(texts: pl.Series, context: Context) -> Understood:
    return by_distinct(texts, partial(read_cooperations, topics=context.topics), context.column.dtype)


READERS: dict[str, Reader] = {
    "id": _as_text, "name": _as_text, "line": _as_text, "text": _as_text, "verbatim": _as_text, "country": _country, "choice": _choice, "choices": _choices,
    "yes_no": _yes_no, "whole_number": _whole_number, "number": _number, "points": _points, "moment": _moment, "day": _day, "topic": _topic,
    "criterion": _criterion, "members": _members, "cooperation": _cooperation,
}  # fmt: skip
