"""The files that come in for a round: found in their folder by name, and kept as they came.

In comes a storage and a round; out come the bytes of each input, and later the same bytes by their sha256, so
that a version can be made again from them. The order of the files:

1. `find.py`: which file is which table, and what is wrong with the folder as a whole;
2. `kept.py`: the inputs of published versions, under the name of their own hash; personal data.

Where do I go to…?
- accept another file ending or a larger file: `find.py`
- change where inputs are kept or who may read them: `kept.py`
- change how a file's content is read: not here, `tasks/ingest`
"""
