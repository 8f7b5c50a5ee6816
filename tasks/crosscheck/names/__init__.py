"""Names as text: what makes two spellings the same name, without any list of places.

In go names as typed (with the country where it is known); out come names taken apart, keys to search by, and
edit distances. Nothing here knows the gazetteer or a register.

The order of the files: `repair` (damage of encoding), `folding` (letters), `languages` (which language is
used where), `stripping` and `affixes` (administrative words, skeletons), `bodies` (kinds of bodies),
`offices` (departments beside a city), `asides` and `parts` (texts beside and inside a name), `parsing` (a
name taken apart), `keys` (what a parsed name is searched by), `city_key` (the one key of a city without a
register's id). `fuzzy` (edit distances), `pages` (code pages) and `exonyms` (names in other languages) stand
by themselves.

Where do I go to ...?
- have an administrative word of some language, or an office, recognised: `programme/linking.toml`, not here
- change in which countries a language counts as used: `languages.py`
- accept a new kind of damage, such as an escape of another program: `repair.py`; another code page:
  `pages.py`
- make two spellings of a letter equal: `folding.py`
- change what counts as an abbreviation, an article, a skeleton: `affixes.py`
- change how brackets, commas and hyphens are read: `parsing.py`; what stands behind them: `asides.py`
- search names by one more key: `keys.py`
- change how many typing errors a search allows: `fuzzy.py` (the share itself is in `programme/linking.toml`)
"""
