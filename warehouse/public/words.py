"""What changed since the edition before, in words for people who follow: `CHANGES.md` and an Atom feed.

Belongs here: comparing two editions, and the sentences. Must stay out: anybody who is not selected now. A
city that left is not named, and neither is its twinning but by its id: who was selected before is told by the
earlier edition, which stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from programme.public import PublicRules
from programme.rounds import Round
from warehouse.escapes import markdown, one_line, xml_text

Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Edition:
    """Which edition it is: of which round, which version, and when it was approved (zone-aware)."""

    round: Round
    version: int
    approved_at: datetime

    @property
    def title(self) -> str:
        """What it is called."""
        return f"{self.round.title}: edition {self.version}"

    @property
    def day(self) -> str:
        """The day of the approval, in UTC."""
        return f"{self.approved_at.astimezone(UTC):%-d %B %Y}"


def what_changed(tables: Tables, before: Tables | None) -> list[str]:
    """Plain sentences of what the tables have that those of the edition before (None: there is none) have
    not.
    """
    cities, labels = _cities(tables), dict(tables["topics"].select("topic", "label").iter_rows())
    topics = dict(tables["twinnings"].select("twinning_id", "topic").iter_rows())
    earlier = {} if before is None else _cities(before)
    said = []
    for twinning, names in sorted(cities.items()):
        label = labels.get(topics[twinning], topics[twinning])
        if twinning not in earlier:
            said.append(f"New: {_and([name for _, name in names])} work together on {label}.")
        elif joined := [
            name for city, name in names if city not in {known for known, _ in earlier[twinning]}
        ]:
            said.append(f"{_and(joined)} joined the twinning {twinning} on {label}.")
    gone = sorted(set(earlier) - set(cities))
    said += [f"The twinning {twinning} is no longer part of the selection." for twinning in gone]
    if before is not None:
        said += _of_the_same(tables, before, cities, earlier)
    return said or ["Nothing changed in the twinnings and their cities."]


def _of_the_same(
    tables: Tables,
    before: Tables,
    cities: Mapping[str, list[tuple[str, str]]],
    earlier: Mapping[str, list[tuple[str, str]]],
) -> Iterator[str]:
    """What changed in twinnings that both editions have."""
    conditional = [
        dict(one["twinnings"].select("twinning_id", "conditional").iter_rows()) for one in (tables, before)
    ]
    for twinning in sorted(set(cities) & set(earlier)):
        left = len({city for city, _ in earlier[twinning]} - {city for city, _ in cities[twinning]})
        if left:
            yield f"{_number(left)} left the twinning {twinning}."
        if conditional[0][twinning] != conditional[1][twinning]:
            now = (
                "on condition: a city still has something to bring"
                if conditional[0][twinning]
                else "without condition"
            )
            yield f"The twinning {twinning} is now selected {now}."


def _number(n: int) -> str:
    return "One city" if n == 1 else f"{n} cities"


def _cities(tables: Tables) -> dict[str, list[tuple[str, str]]]:
    """Twinning to its cities, each by id and name, in order of the names."""
    found: dict[str, list[tuple[str, str]]] = {}
    rows = tables["cities"].sort("twinning_id", "city_name", "city_id")
    for twinning, city, name in rows.select("twinning_id", "city_id", "city_name").iter_rows():
        found.setdefault(twinning, []).append((city, one_line(name)))
    return found


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def summary(tables: Tables) -> str:
    """How much the edition holds, in one sentence."""
    n_twinnings, n_cities = tables["twinnings"].height, tables["cities"].height
    if n_twinnings == 0:
        return "No twinning is selected."
    twinnings = "1 twinning" if n_twinnings == 1 else f"{n_twinnings} twinnings"
    return f"{twinnings} with {n_cities} cities {'is' if n_twinnings == 1 else 'are'} selected."


def changes_page(
    edition: Edition, tables: Tables, before: tuple[Edition, Tables] | None, rules: PublicRules
) -> bytes:
    """`CHANGES.md`."""
    since = "This is the first edition." if before is None else (
        f"What changed since edition {before[0].version}, of {before[0].day}:"
    )  # fmt: skip
    lines = [
        f"# {markdown(edition.title)}",
        "",
        f"{markdown(rules.title)}. Approved on {edition.day}. {summary(tables)}",
        "",
        since,
        "",
        *(f"- {markdown(text)}" for text in what_changed(tables, None if before is None else before[1])),
        "",
        f"Licence: {markdown(rules.licence.title)}. Questions: {rules.contact}.",
        "",
    ]
    return "\n".join(lines).encode()


def feed(
    edition: Edition, tables: Tables, earlier: Sequence[tuple[Edition, Tables]], rules: PublicRules
) -> bytes:
    """The Atom feed (RFC 4287): this edition with what changed, and earlier ones by their names."""
    base = f"tag:{rules.feed_authority}:city2city/{edition.round.id}"
    before = earlier[-1][1] if earlier else None
    entries = [_entry(edition, base, " ".join([summary(tables), *what_changed(tables, before)]))]
    entries += [
        _entry(one, base, "This edition was followed by a later one.") for one, _ in reversed(earlier)
    ]
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<id>{xml_text(base)}</id>",
        f"<title>{xml_text(f'{rules.title}: {edition.round.title}')}</title>",
        f"<updated>{_moment(edition)}</updated>",
        f"<author><name>{xml_text(rules.publisher)}</name><email>{xml_text(rules.contact)}</email></author>",
        f'<link rel="alternate" href="{xml_text(rules.homepage)}"/>',
        f"<rights>{xml_text(rules.licence.title)}</rights>",
        *entries,
        "</feed>",
        "",
    ]
    return "\n".join(lines).encode()


def _entry(edition: Edition, base: str, text: str) -> str:
    return "\n".join(
        [
            "<entry>",
            f"<id>{xml_text(f'{base}/{edition.version}')}</id>",
            f"<title>{xml_text(edition.title)}</title>",
            f"<updated>{_moment(edition)}</updated>",
            f'<content type="text">{xml_text(text)}</content>',
            "</entry>",
        ]
    )


def _moment(edition: Edition) -> str:
    return f"{edition.approved_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
