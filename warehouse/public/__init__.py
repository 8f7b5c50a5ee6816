"""The public edition of an approved version: what leaves the house, written once and in one step.

In: the tables of a version, the rules, the moment of the approval, a public report where there is one. Out:
`public/round=<ROUND>/version=<NNNN>/` with tables as Parquet and CSV, `datapackage.json`, `CHANGES.md`, an
Atom feed and `open.sql`. Nothing is in it about who was not selected but counts that are large enough. The
files, in their order:

    counts.py    which counts may be told, so that none can be worked out that may not
    tables.py    the public tables and their columns, made from those of a version
    words.py     what changed since the edition before: `CHANGES.md` and the feed
    package.py   `datapackage.json`, CSV and `open.sql`
    edition.py   writing it: `write_public_edition`

Where do I go to ...?

    publish one more column          `tables.py`; a test holds the list of what may be there
    change licence or citation       `programme/public.toml`
    change when a count is told      `counts.py`, and `least_count` in `programme/public.toml`
    change the words of the feed     `words.py`
"""
