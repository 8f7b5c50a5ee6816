"""World regions, for the balance of the selection (FAQ 3.5), from `regions.toml`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from programme.rules import Rules

Iso3 = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Regions(Rules):
    """Which countries (ISO 3166-1 alpha-3) make up which world region, and which territories a country
    has.
    """

    regions: Annotated[dict[str, tuple[Iso3, ...]], Field(min_length=1)]
    territories: dict[Iso3, tuple[Iso3, ...]]

    @model_validator(mode="after")
    def _one_region_a_country(self) -> Regions:
        seen: dict[str, str] = {}
        for region, countries in self.regions.items():
            for iso3 in countries:
                if iso3 in seen:
                    raise ValueError(f"each country in one region; {iso3} is in {seen[iso3]} and in {region}")
                seen[iso3] = region
        return self

    @property
    def by_country(self) -> dict[str, str]:
        """ISO 3166-1 alpha-3 to world region."""
        return {iso3: region for region, countries in self.regions.items() for iso3 in countries}

    def with_territories(self, iso3: str) -> frozenset[str]:
        """The country and its territories."""
        return frozenset({iso3, *self.territories.get(iso3, ())})
