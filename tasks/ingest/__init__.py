"""Ingest: from files of any usual kind to typed, counted rows.

In come a round's files as bytes (`SourceFile`), the programme's rules, and a function that opens workbooks
and Parquet files. Out come `Inputs`: one frame per input table of the data dictionary. Every row of every
file is used or set aside with its reason; every cell that was not taken as it stood is in `readings`, by the
rule that read it; `findings` say what a person should look at.

The order, lowest first; nothing imports upward:
- `files`: from bytes to rows of text (`Grid`)
- `cells`: from raw text to typed values
- `headings`: which column of a file is which canonical column
- `tables`: from raw columns to a table of the dictionary
- `inputs.py`: what comes in and goes out
- `personal`: what looks personal in a public column is masked
- `step.py`: the whole procedure
- `lost_shares.py`: how much was lost on the way in, against the limits
- `mapping.py`: proposals for a form nobody knows
- `erasing`: a file without what is personal of forms that are forgotten
- `describe.py`: one file explained to a person

Where do I go to ...?
- follow the procedure: `step.py`
- make a heading, a wording, a word for yes or a form tool known: `programme/form.toml`
- make a spelling of a country known: `programme/countries/other_names.toml`
- read another file format: `files/read_grid.py`
- change how a number, a date, a choice or a list of records is read: `cells`
- see which kind of column is read how: `cells/column_readers.py`
- see what is masked, and why: `personal`
- change what makes a row unusable, or which of several forms stands: `tables`
- make a form tool's word against a response known: `[[doubts]]` in `programme/form.toml`
- change how much an input may lose: `programme/expectations.toml`
- change how a form tool's export is recognised: `headings/layout.py`
- add a column to the form: `programme/form.toml` and `warehouse/dictionary/inputs.py`
"""
