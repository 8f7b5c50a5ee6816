"""From positions to points of the drawing: the Natural Earth projection, cut where no land is.

Belongs here: the projection, the drawing's size, and in which order longitudes lie. Must stay out: what is
drawn. The shapes of `world.json` were projected with these functions, so a change here needs `make_map.py`.

Source: B. Savric, B. Jenny, T. Patterson, D. Petrovic, L. Hurni (2011), A polynomial equation for the Natural
Earth projection, Cartography and Geographic Information Science 38, 363-372.
"""

from __future__ import annotations

from math import radians

WIDTH, HEIGHT = 1000.0, 452.0
"""The drawing's size in its own units."""
CENTRE = 11.0
"""The longitude in the middle, in degrees east. The edge is then at 169 degrees west, in the Bering Strait,
where it cuts no land.
"""
_TOP = 83.7
"""The latitude at the upper edge; Antarctica, where no city is, lies below the lower one."""
_SCALE = WIDTH / 5.4708
"""Units of the drawing per unit of the projection, whose equator is 5.4708 long."""

Point = tuple[float, float]
"""A point of the drawing: to the right, and downward."""


def project(latitude: float, longitude: float) -> Point:
    """The point of a position in degrees north and east."""
    x, y = _raw(latitude, from_centre(longitude))
    return WIDTH / 2 + x * _SCALE, (_raw(_TOP, 0)[1] - y) * _SCALE


def from_centre(longitude: float) -> float:
    """Degrees east of the drawing's middle, from -180 up to 180."""
    return (longitude - CENTRE + 180) % 360 - 180


def _raw(latitude: float, east: float) -> Point:
    """The projection itself, for latitude and longitude in degrees."""
    phi = radians(latitude)
    p2 = phi * phi
    p4 = p2 * p2
    x = 0.8707 - 0.131979 * p2 + p4 * (-0.013791 + p4 * (0.003971 * p2 - 0.001529 * p4))
    y = 1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4))
    return radians(east) * x, phi * y
