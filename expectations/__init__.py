"""What data must look like before the next step may use it: suites of Great Expectations in, findings out.

`check.check(stage, tables, limits)` is the one entrance. Comes in: the tables of a stage and of all earlier
ones, as polars frames, and the limits of the round. Goes out: rows of the table `findings`; one of severity
`stop` forbids to publish.

A suite is an `ExpectationSuite` of native expectations about one table. What no single column of the table
holds is computed in polars first and expected to be true. Personal columns reach Great Expectations as yes/no
columns only. Great Expectations says which rows fail, and the messages are made from the polars frame
afterwards.

Order of the files: `limits.py` and `table_suite.py` (shapes), `computed_columns/`, `suites/` (what is
expected), `adapter.py` (Great Expectations is asked), `messages.py` (words), `check.py` (the procedure),
`show.py` (a suite as JSON). Great Expectations takes seconds to import, so only `suites/` imports it at the
top, and `check.py` imports `suites/` when it first checks.

Where do I go to ...?
- add an expectation to a table: the table's module in `suites/`
- change a number or an expected count: `programme/expectations.toml`
- add a column that needs another table to be computed: `computed_columns/`
- see which suites a stage has, and on which frame: `suites/stages.py`
- change how a failure is worded or cut: `messages.py`
- follow a new release of Great Expectations: `adapter.py`
- show a suite to an auditor: `python -m expectations.show cohort`
"""
