"""Erasing: an input file without what is personal of the forms that are forgotten.

In come a file as it is read (`OpenedFile`) and what is to be forgotten (`Erasure`); out come the bytes that
are kept in its place. Nothing here knows where a file lies or when somebody asked.

The files, lowest first:
- `placeholders.py`: what stands in the place of an answer
- `rows.py`: which cells of which rows are erased

Where do I go to ...?
- erase another column: mark it as personal in `warehouse/dictionary/submissions.py`
- keep another fact of a free text: `placeholders.py`
"""
