"""The map of the world with the twinnings on it.

`projection.py` turns positions into points, `arcs.py` joins two cities over the edge of the map if that is
the shortest way, `world_map.py` places numbers and names. The shapes of land and borders are `world.json`,
which `make_map.py` made from Natural Earth (public domain) as the npm package world-atlas 2.0.2 ships it (ISC
licence).

Where do I go to ...?
- change what is drawn, or where a number may stand: `world_map.py`
- show other borders or a finer coast: `make_map.py`
- change colours and widths of lines: `pages/components/style.css`
"""
