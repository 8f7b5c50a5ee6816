"""What the public edition says of itself, from `public.toml`."""

from __future__ import annotations

from pydantic import Field

from programme.rules import Rules


class Licence(Rules):
    """The licence of the data: its SPDX name, its title and its address."""

    name: str = Field(min_length=1)
    title: str = Field(min_length=1)
    path: str = Field(pattern=r"^https://")


class Source(Rules):
    """Where data came from, and under which licence."""

    title: str = Field(min_length=1)
    path: str = Field(pattern=r"^https://")
    licence: str = Field(min_length=1)


class PublicRules(Rules):
    """Title, licence, sources and citation of what leaves the house, and the least count that may be told."""

    least_count: int = Field(ge=2)
    title: str = Field(min_length=1)
    description: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    homepage: str = Field(pattern=r"^https://")
    contact: str = Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    doi: str = Field(pattern=r"^(10\.\d{4,9}/\S+)?$")
    feed_authority: str = Field(pattern=r"^[a-z0-9.-]+,\d{4}-\d{2}-\d{2}$")
    licence: Licence
    sources: tuple[Source, ...] = Field(min_length=1)
    clauses: dict[str, str]
