"""Names as text: what makes two spellings the same name, without any list of places.

In go names as typed (with the country where it is known); out come names taken apart, keys to search by, and
edit distances. Nothing here knows the gazetteer or a register.

The order of the files: `repair` (damage of encoding), `folding` (letters), `affixes` (administrative words,
skeletons), `parsing` (a name taken apart), `keys` (what a parsed name is searched by), `city_key` (the one
key of a city without a register's id). `fuzzy` (edit distances) and `exonyms` (names in other languages)
stand by themselves.

Where do I go to ...?
- have an administrative word of some language recognised: `programme/linking.toml`, not here
- accept a new kind of damage, such as an escape of another program: `repair.py`
- make two spellings of a letter equal: `folding.py`
- change what counts as an abbreviation, an article, a skeleton: `affixes.py`
- change how brackets, commas and hyphens are read: `parsing.py`
- search names by one more key: `keys.py`
- change how many typing errors a search allows: `fuzzy.py` (the share itself is in `programme/linking.toml`)
"""
