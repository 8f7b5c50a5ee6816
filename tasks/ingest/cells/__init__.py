"""Cells: from raw text to typed values, each with the rule by which it was read.

In come columns of raw text, one per canonical column, and what is known of each (`ColumnContext`); out comes
a `ColumnReading` per column: typed values, the rule of each cell that was not taken as it stood, and a note
where something was settled for the column as a whole. No cell raises: what cannot be understood is null by
the rule `unreadable`.

The files, lowest first:
- `comparison.py`: the key by which texts are compared, and cleaning
- `column_reading.py`: the result of a reader, the rules of unreadable cells, reading each spelling once
- `day_order.py`, `spelled_dates.py`: the order of day and month; dates in the languages of tools
- `names.py`: names that a spreadsheet made something else of
- `numbers.py`, `dates.py`, `choices.py`, `countries.py`: one subject each, one cell at a time
- `records_in_cells.py`: cells that hold several records
- `column_context.py`: what a reader may need beside the cells
- `column_readers.py`: one reader a kind of column
- `cell_kinds.py`: what cells look like, without saying what they hold
- `columns.py`: `read_columns`, all columns of a table

Where do I go to ...?
- make a word for yes, for blank or for a month known, or a wording of a choice: `programme/form.toml`
- make a spelling of a country known: `programme/countries/other_names.toml`
- change how a number, a date, a choice, a country, a list of records is read: the file of that name
- see which kind of column is read how: `column_readers.py`
"""
