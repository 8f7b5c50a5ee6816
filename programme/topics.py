"""The topics of the programme (FAQ 1.2): ids and the FAQ's wording, from `topics.toml`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from programme.rules import Rules


class Topic(Rules):
    """One topic."""

    id: str = Field(pattern=r"^[a-z][a-z-]*$")
    label: str = Field(min_length=1)


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
