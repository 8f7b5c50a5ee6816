"""Headings: which column of a file is which canonical column.

In comes a `Grid`; out come its `SheetLayout` (where the headings are, which form tool wrote the file, which
position is which canonical column) and the raw columns cut from it.

The files, lowest first:
- `heading_index.py`: matching single headings to canonical columns; the closest heading to a missing one
- `layout.py`: the layout of one grid
- `raw_columns.py`: the cells below the headings, one column of text per canonical column

Where do I go to ...?
- make a heading or a form tool known: `programme/form.toml`
- change how wordings are compared: `heading_index.py`
- change how the row of headings or the form tool is found: `layout.py`
- change how several columns of one question become one cell: `raw_columns.py`
"""
