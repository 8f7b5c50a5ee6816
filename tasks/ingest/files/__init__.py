"""File formats: from the bytes of one file to rows of text.

In comes a content (bytes) and its name; out comes a `Grid`: every filled row as text, with the number a
person sees beside it, or an `UnreadableError`. Nothing here knows what a column means.

The files, lowest first:
- `grid.py`: the `Grid`, its limits, and how rows of text become one
- `sheet_fit.py`: how well rows fit an input; like sheets as one table
- `encodings.py`: encodings of one byte a letter
- `outer_quotes.py`: quotation marks round whole rows or round every cell
- `split_text.py`: quotation marks, also those that keep no rule
- `delimited.py`: CSV, semicolons, tabs
- `json_shapes.py`: the tables in a JSON value, in whatever shape a tool writes records
- `json_records.py`: which of them is read
- `kept_rows.py`: an input from which somebody was erased, as the rows that were read from it
- `sheets.py`: what opens a workbook or Parquet file (the function is passed in; nothing here starts a
  process)
- `read_grid.py`: which format a content is in; reads any of them

Where do I go to ...?
- let a larger file, a wider table or another format through: `read_grid.py`, `grid.py`
- cope with another encoding: `encodings.py`; separator: `delimited.py`; way of quoting: `split_text.py`
- find records in another shape of JSON: `json_shapes.py`
- change how workbooks and Parquet are opened: `warehouse/sandbox`
"""
