"""The step publish: whether a version may be published, what changed, and why.

In: the published tables of two versions and what each was made from. Out: the closed gates, and the table
`changes`; and from the tables of one version what waits for a person.

The files, in the order in which they build on each other:

    gates.py        what must hold before a version is published
    origin.py       what a version was made from
    differences.py  what differs between two origins: the possible causes
    facts.py        a version as plain facts, one value a row
    attribution.py  which possible causes a fact needs: what it would be without each of them
    relations.py    what belongs together: forms of one city, members of one twinning
    causes.py       why a fact changed
    changes.py      the table `changes`
    announcement.py what the approval of a version would announce, in words
    open_points.py  what waits for a person, counted the same everywhere

Where do I go to ...?

    tell a further fact when it changes     `facts.py`
    see why a change names some cause       `causes.py`
    add a gate                              `programme/vocabulary.py`, `programme/rounds.py`, `gates.py`
    see what makes up a version's origin    `origin.py`
    add a kind of open point                `open_points.py`
    write a version                         `flows/publishing.py`, `warehouse/snapshots`
"""
