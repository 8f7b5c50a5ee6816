"""The map of a report and the legend beside it.

Belongs here: which cities and twinnings are drawn, in which colours. Must stay out: the drawing itself
(`pages/components/map`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pages.components.colours import topic_classes
from pages.components.map.world_map import MapCity, MapTwinning, WorldMap, world_map
from pages.views.cities import City
from pages.views.twinnings import Twinning
from programme.programme import Programme


@dataclass(frozen=True)
class LegendEntry:
    """A topic of the map: its classes, its name and the numbers of its twinnings."""

    classes: str
    topic: str
    numbers: str


@dataclass(frozen=True)
class Drawing:
    """The map, its legend, and the classes of every topic by its id."""

    map: WorldMap
    legend: tuple[LegendEntry, ...]
    classes: Mapping[str, str]


def drawing(
    found: Sequence[Twinning],
    programme: Programme,
    others: Sequence[City] = (),
    numbers: Mapping[str, int] | None = None,
) -> Drawing:
    """The map of twinnings; `others` are cities without one, which the public edition leaves out.

    `numbers` are other numbers than those of the list, by twinning.
    """
    classes, numbers = topic_classes(programme.topics.ids), numbers or {one.id: one.number for one in found}
    found = sorted(found, key=lambda one: numbers[one.id])
    drawn = [
        MapTwinning(
            number=numbers[one.id],
            anchor=one.id,
            topic=one.topic,
            classes=classes.get(one.topic_id, "hue-6 solid"),
            names=tuple(one.names),
            cities=tuple(_map_city(member.city) for member in one.members if member.city.position),
        )
        for one in found
    ]
    missing = [member.city.name for one in found for member in one.members if not member.city.position]
    legend = tuple(
        LegendEntry(
            classes[topic], label, ", ".join(str(numbers[one.id]) for one in found if one.topic_id == topic)
        )
        for topic, label in programme.topics.labels.items()
        if any(one.topic_id == topic for one in found)
    )
    return Drawing(
        world_map(drawn, [_map_city(city) for city in others if city.position], missing), legend, classes
    )


def _map_city(city: City) -> MapCity:
    return MapCity(city.name, city.position or (0.0, 0.0))
