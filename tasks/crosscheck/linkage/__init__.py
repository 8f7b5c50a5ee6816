"""Linkage: names are linked to the rows of one register, with the evidence for each answer.

In go a register (indexed once) and names with their country, perhaps with inhabitants, a state and a
position; out comes for each name an outcome (`linked`, `review`, `none`), the row, a confidence, the evidence
in words and the candidates. Nothing here knows rounds, consortia or human decisions.

The order of the files: `index` (a register made searchable), `encoding` (the index as bytes), `evidence`,
`other_places`, `inhabitants` and `pieces` (points for and against a candidate, and what makes a person
decide), `explain` (the evidence in words), `candidates`, `damage`, `fragments` and `same_figure` (which rows
a name may mean), `duplicates` (rows that are one city), `decide` (the outcome), `linker` (all of it in
order). `lists` reads registers and names from any file.

Where do I go to ...?
- change a threshold or the points of a piece of evidence: `programme/linking.toml`, then `make
  bench-crosscheck` and `make bench-namesakes`
- add a piece of evidence: `evidence.py` (a function and its column in `DELTAS`), `explain.py` (its words),
  and `linker.py` (its call)
- have a person decide in one more case: a column in `HOLDS` of `explain.py`, and the function that makes it
- find more candidates: `candidates.py`, `fragments.py` for names inside longer texts, `damage.py` for
  damaged ones
- change when a name goes to a person by its points: `decide.py`; which of several rows of one city is taken:
  `duplicates.py`
- accept another heading of a file: `lists.py`
- change the frames of an index: `index.py`; count `FORM` of `encoding.py` up
"""
