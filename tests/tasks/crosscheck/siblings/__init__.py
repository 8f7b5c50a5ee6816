"""Siblings: names of each kind that a linker is easily wrong about, made from the gazetteer itself.

In go a register and the places that its rows are; out come queries of one kind each, with the row that is
meant (null where no row may be linked). The tests ask a few of each kind, `make bench-namesakes` many.

The order of the files: `drawing` (a register drawn from the gazetteer, and what all kinds share),
`namesakes` (places of one name, twins), `mixed` (several names or other words in one cell), `damaged`
(lost letters, other code pages, typing errors), `kinds` (all kinds with what is wanted of each).

Where do I go to ...?
- add a kind: a function that makes its queries, and its line in `kinds.py`
- change what is wanted of a kind: `kinds.py`
"""
