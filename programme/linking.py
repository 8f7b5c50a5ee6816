"""The rules by which a name is linked to a register, from `programme/linking.toml`.

Belongs here: the models of the thresholds, points, limits and administrative words. Must stay out: how they
are applied (`tasks/crosscheck`).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from programme.regions import Iso3
from programme.rules import Rules

Word = Annotated[str, Field(pattern=r"^\S+( \S+)*$")]


class Points(Rules):
    """What each piece of evidence is worth; 100 is the same name with nothing against it."""

    exact: float
    folded: float
    stripped: float
    alias: float
    shared: float
    skeleton: float
    first: float
    part: float
    half: float
    within: float
    aside_unknown: float
    lost: float
    fuzzy: float
    fuzzy_penalty: float = Field(gt=0)
    other_near: float = Field(le=0)
    both_names: float = Field(ge=0)
    same_place: float = Field(ge=0)
    other_place: float = Field(le=0)
    known_word: float = Field(le=0)
    region_agrees: float = Field(ge=0)
    region_differs: float = Field(le=0)
    population_agrees: float = Field(ge=0)
    population_differs: float = Field(le=0)
    population_elsewhere: float = Field(le=0)
    level_differs: float = Field(le=0)


class Limits(Rules):
    """From which value on a measured quantity (errors, factor, kilometres) is evidence."""

    population_factor: float = Field(ge=1)
    population_far_factor: float = Field(ge=1)
    population_doubt_factor: float = Field(ge=1)
    village_factor: float = Field(ge=1)
    population_same_factor: float = Field(ge=1)
    population_better: float = Field(gt=0, lt=1)
    namesake_factor: float = Field(ge=1)
    fuzzy_errors_share: float = Field(gt=0, lt=1)
    fuzzy_sure_points: float
    fuzzy_min_length: int = Field(ge=2)
    near_km: float = Field(gt=0)
    far_km: float = Field(gt=0)
    province_km: float = Field(gt=0)


class Language(Rules):
    """Administrative and legal words of one language, folded.

    `before` and `after`: words before and after a name; `upper_before` and `upper_after`: the same for a
    level above the city; `endings`: the ending of a case that a word after the name requires, to the endings
    without it; `cases_after`: the words before a name that require such a case too.
    """

    before: tuple[Word, ...]
    after: tuple[Word, ...]
    upper_before: tuple[Word, ...] = ()
    upper_after: tuple[Word, ...] = ()
    cases_after: tuple[Word, ...] = ()
    endings: dict[Word, str | tuple[str, ...]] = Field(default_factory=dict)


class Words(Rules):
    """The words around names.

    `languages`: administrative words by language (BCP 47); `connectors`: words between such a word and the
    name; `articles`; `conjunctions`: words between two names; `no_names`: what stands where there is no name;
    `attached`: administrative words that follow a name without a space; `abbreviations`: a word to its short
    forms; `larger_bodies` and `parts_of_cities`: words that say that a body is larger than a city, or a part
    of one; `office_units`, `office_topics` and `office_links`: words of which the name of an office of a
    city consists ("Department" "of Environment"); `other_bodies`: words of bodies that merely have their seat
    in a city.
    """

    connectors: tuple[Word, ...]
    articles: tuple[Word, ...]
    conjunctions: tuple[Word, ...]
    no_names: tuple[Word, ...]
    attached: tuple[Word, ...]
    abbreviations: dict[Word, tuple[Word, ...]]
    larger_bodies: tuple[Word, ...]
    parts_of_cities: tuple[Word, ...]
    office_units: tuple[Word, ...]
    office_topics: tuple[Word, ...]
    office_links: tuple[Word, ...]
    other_bodies: tuple[Word, ...]
    languages: Annotated[dict[str, Language], Field(min_length=1)]

    def __hash__(self) -> int:
        """A hash of the content, so that the patterns made from the words are made once."""
        return hash(self.model_dump_json())


class LinkingRules(Rules):
    """All rules of linking.

    `divisions`: country (ISO3) to the codes of its divisions to their names; `everyday`: country to everyday
    names of cities to the names that are searched.
    """

    link_points: float
    review_points: float
    margin_points: float = Field(ge=0)
    max_candidates: int = Field(ge=1)
    max_name_length: int = Field(ge=20)
    points: Points
    limits: Limits
    words: Words
    divisions: dict[Iso3, dict[str, tuple[str, ...]]]
    everyday: dict[Iso3, dict[Word, Word]]

    @model_validator(mode="after")
    def _in_order(self) -> LinkingRules:
        if not self.review_points <= self.link_points:
            raise ValueError("review_points <= link_points")
        return self
