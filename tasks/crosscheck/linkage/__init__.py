"""Linkage: names are linked to the rows of one register, with the evidence for each answer.

In go a register (indexed once) and names with their country, perhaps with inhabitants and a state; out comes
for each name an outcome (`linked`, `review`, `none`), the row, a confidence, the evidence in words and the
candidates. Nothing here knows rounds, consortia or human decisions.

The order of the files: `index` (a register made searchable), `encoding` (the index as bytes), `evidence`
(points for and against a candidate), `explain` (the evidence in words), `candidates` and `fragments` (which
rows a name may mean), `decide` (the outcome), `linker` (all of it in order). `lists` reads registers and
names from any file.

Where do I go to ...?
- change a threshold or the points of a piece of evidence: `programme/linking.toml`, then `make
  bench-crosscheck`
- add a piece of evidence: `evidence.py` (a function and its column in `DELTAS`), `explain.py` (its words),
  and `linker.py` (its call)
- find more candidates: `candidates.py`, or `fragments.py` for names inside longer texts
- change when a person decides, or which of several rows of one city is taken: `decide.py`
- accept another heading of a file: `lists.py`
- change the frames of an index: `index.py`; count `FORM` of `encoding.py` up
"""
