"""The climate of known places."""

from __future__ import annotations

import pytest

from programme.climate.grid import climate_map

PLACES = [
    ("Brussels", 50.85, 4.35, "Cfb"),
    ("Singapore", 1.29, 103.85, "Af"),
    ("Dubai", 25.2, 55.27, "BWh"),
    ("Moscow", 55.75, 37.6, "Dfb"),
    ("Lisbon", 38.72, -9.14, "Csa"),
    ("open sea", 0.0, -140.0, None),
]


@pytest.mark.parametrize(
    ("latitude", "longitude", "koeppen"), [pytest.param(*rest, id=name) for name, *rest in PLACES]
)
def test_climate_of_known_places(latitude: float, longitude: float, koeppen: str | None) -> None:
    assert climate_map().at(latitude, longitude).koeppen == koeppen
