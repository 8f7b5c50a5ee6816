"""Columns that a suite looks at and no single column of its table holds.

Comes in: the stage's tables. Goes out: the frame of one suite, with one row for each row of the suite's
table, and a row of nothing but its id for each application that should be there and is not. Each computed
column needs another table, a list, a personal column, or two columns that are compared with two others; every
other rule is an expectation about the columns as they are. What is expected is said in `expectations/suites`.

Order of the files: `common.py` (which rows are missing, which status an application has), `inputs.py`,
`results.py`.

Where do I go to ...?
- compute a column for a suite over a source: `inputs.py`
- compute a column for a suite over what a step made: `results.py`
"""
