"""The step publish: what changed against the version before, and why.

In: the published tables of two versions and what each was made from. Out: the table `changes`.

The files, in the order in which they build on each other:

    origin.py     what a version was made from
    facts.py      a version as plain facts, one value a row
    relations.py  what belongs together: forms of one city, members of one twinning
    causes.py     why a fact changed
    changes.py    the table `changes`

Where do I go to ...?

    tell a further fact when it changes     `facts.py`
    see why a change names some cause       `causes.py`
    see what makes up a version's origin    `origin.py`
    write a version                         `flows/publishing.py`, `warehouse/snapshots`
"""
