"""From a file of any usual kind to typed, counted rows.

Every row of every file is used or set aside with its reason; every cell that was not taken as it stood is in
`readings`, by the rule that read it.

Where do I go to…?
- make a heading, a wording, a word for yes or a form tool known: `programme/form.toml`; a spelling of a
  country: `countries.py`
- change how a number, a date, a choice, a list of records is understood: `numbers.py`, `dates.py`,
  `choices.py`, `records_in_cells.py`
- see which kind of column is read how: `readers.py`; what makes a row unusable: `canonical.py`; which of two
  equal ids stands: `repeated.py`
- change what a form tool's export looks like: `layout.py` (which column is which), `headings.py` (which
  wording is which)
- read another file format: `formats.py` and beside it `delimited.py`, `records.py`, `isolated.py` (workbooks
  and Parquet, in a process of their own)
- mend a cell: `corrections.py`; what a human decision must hold: `decisions.py`; which decisions still stand:
  `standing.py`
- explain a file to a person: `describe.py`; what a person should look at: `findings.py`
- follow the whole procedure: `step.py`
"""
