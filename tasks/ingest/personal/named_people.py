"""Whom the inputs of a round name, and which words of theirs are those of a city or of a program instead.

Belongs here: where in the tables names, cities and ids stand. Must stay out: how a name is found in a text
(`people.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from programme.countries.names import country_names
from programme.linking import Words
from programme.programme import Programme
from tasks.ingest.inputs import Inputs, ReadTable
from tasks.ingest.personal.names import words_of
from tasks.ingest.personal.people import People, people_of

REGISTERS = ("cohort", "gcom")
"""Tables whose names and ids are those of cities; no person is looked for there."""
ROW_IDS = frozenset({"submission_id", "evaluator_id", "utm_id", "gcom_id"})
_NAMES = {"submissions": ("contact_name",), "decisions": ("decided_by",), "corrections": ("decided_by",)}
"""Table to its columns that hold names of persons."""
_SEVERAL = 4
"""So many ids of a table with numbers behind one word were numbered by a program."""


def people_of_tables(tables: Iterable[ReadTable], programme: Programme) -> People:
    """The persons that tables name, and the cities that their registers know."""
    names: list[str | None] = []
    places: list[str | None] = []
    ids: list[tuple[str, str | None]] = []
    for read in tables:
        table = read.passport.table
        for column in _NAMES.get(table, ()):
            names += [*read.frame[column].unique(), *read.unused[column].unique()]
        if table in REGISTERS:
            places += read.frame["name"].to_list()
        for column in ROW_IDS.intersection(read.frame.columns):
            ids += [(table, one) for one in (*read.frame[column].unique(), *read.unused[column].unique())]
    form, words = programme.form, programme.linking.words
    return people_of(
        names, places, form.titles, [*_administrative(words), *_countries()], _numbered_stems(ids)
    )


def people_in(inputs: Inputs, programme: Programme) -> People:
    """The persons that a round's inputs name."""
    frames = [(inputs.submissions, "contact_name"), (inputs.unused_forms, "contact_name")]
    frames += [(inputs.decisions, "decided_by"), (inputs.corrections, "decided_by")]
    names = [name for frame, column in frames for name in frame[column].unique(maintain_order=True)]
    places = [*inputs.cohort["name"], *inputs.gcom["name"]]
    words = [*_administrative(programme.linking.words), *_countries()]
    return people_of(names, places, programme.form.titles, words)


def _administrative(words: Words) -> Iterator[str]:
    """Words that stand beside the name of a city."""
    lists = (words.connectors, words.larger_bodies, words.parts_of_cities, words.office_units)
    yield from ("city", "town", *chain(*lists, words.office_topics, words.office_links))
    for language in words.languages.values():
        yield from (*language.before, *language.after, *language.upper_before, *language.upper_after)


def _countries() -> Iterator[str]:
    for country in country_names():
        yield from (country.iso3, *country.usual, *country.own)


def _numbered_stems(ids: Iterable[tuple[str, str | None]]) -> set[str]:
    """What stands before the numbers of ids: in a register, or in several ids of a table.

    A contact's name that is such a word would hide every id, and with them what decisions refer to.
    """
    stems: dict[str, set[str]] = {}
    for table, text in ids:
        if text and any(character.isdigit() for character in text):
            stems.setdefault("".join(words_of(text)), set()).add(f"{table}:{text}")
    return {
        stem
        for stem, found in stems.items()
        if len(found) >= _SEVERAL or any(one.startswith(REGISTERS) for one in found)
    }
