"""Distance on the sphere."""

from __future__ import annotations

import polars as pl

EARTH_RADIUS_KM = 6371.0088
"""Mean radius (IUGG)."""


def distance_km(
    latitude: pl.Expr, longitude: pl.Expr, other_latitude: pl.Expr, other_longitude: pl.Expr
) -> pl.Expr:
    """Great-circle distance in kilometres between two positions in degrees, by the haversine formula.

    It is null where a position is unknown.
    """
    half_lat = (other_latitude - latitude).radians() / 2
    half_lon = (other_longitude - longitude).radians() / 2
    square = half_lat.sin().pow(
        2
    ) + latitude.radians().cos() * other_latitude.radians().cos() * half_lon.sin().pow(2)
    return 2 * EARTH_RADIUS_KM * square.clip(0, 1).sqrt().arcsin()
