"""The topics of the programme (FAQ 1.2): ids and the FAQ's wording, from `topics.toml`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from programme.rules import Rules
from programme.water.water_map import SEARCHED_KM

Kilometres = Annotated[float, Field(ge=0, le=SEARCHED_KM)]


class PlaceRule(Rules):
    """Where a city must lie to work on a topic: near the sea, or near a great river or lake.

    `question` is what a city that lies elsewhere is asked.
    """

    sea_km: Kilometres
    navigable_km: Kilometres
    question: str = Field(min_length=1)


class Topic(Rules):
    """One topic; `place` is None where a city may lie anywhere."""

    id: str = Field(pattern=r"^[a-z][a-z-]*$")
    label: str = Field(min_length=1)
    place: PlaceRule | None = None


class Topics(Rules):
    """All topics, in the FAQ's order."""

    topics: Annotated[tuple[Topic, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _distinct(self) -> Topics:
        if len({topic.id for topic in self.topics}) < len(self.topics):
            raise ValueError("distinct topic ids")
        return self

    @property
    def ids(self) -> tuple[str, ...]:
        """Topic ids, in order."""
        return tuple(topic.id for topic in self.topics)

    @property
    def labels(self) -> dict[str, str]:
        """Topic id to the FAQ's wording."""
        return {topic.id: topic.label for topic in self.topics}

    @property
    def places(self) -> dict[str, PlaceRule]:
        """Topic id to where its cities must lie, for the topics that ask for it."""
        return {topic.id: topic.place for topic in self.topics if topic.place is not None}
