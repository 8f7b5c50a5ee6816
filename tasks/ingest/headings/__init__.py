"""Headings: which column of a file is which canonical column.

In comes a `Grid`; out come its `SheetLayout` (where the headings are, which form tool wrote the file, which
position is which canonical column) and the raw columns cut from it.

The files, lowest first:
- `repeated.py`: several questions under one heading
- `heading_index.py`: matching single headings to canonical columns; the closest heading to a missing one
- `split_columns.py`: one question in several columns
- `layout.py`: the layout of one grid
- `settle_encoding.py`: which encoding a file is in that does not say it
- `tool_rows.py`: rows that a tool writes about its questions
- `raw_columns.py`: the cells below the headings, one column of text per canonical column
- `repeat_groups.py`: members of a consortium in a sheet of their own
- `shown_headings.py`: how a heading that means nothing is named to a person
- `missing_columns.py`, `coded_answers.py`: what makes a file unusable
- `layout_findings.py`: what a person should look at

Where do I go to ...?
- make a heading or a form tool known: `programme/form.toml`
- change how wordings are compared: `heading_index.py`
- change how the row of headings or the form tool is found: `layout.py`
- change how several columns of one question become one cell: `split_columns.py`, `raw_columns.py`
"""
