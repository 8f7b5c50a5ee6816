"""What data must look like before the next step may use it: suites in, findings out.

`check.check(stage, tables, limits)` is the one door. A suite says in code what one table must satisfy, each
expectation with its name, its severity and the reason for it; polars turns it into a yes or no per row, Great
Expectations judges those and says which rows fail, and the failures become `findings`. Only `adapter.py`
knows Great Expectations, and it sees no cell of any table but yes, no and a row number: no personal value can
reach its results.

Where do I go to…?
- add an expectation to a table: the table's module in `suites/`
- change a number or an expected count: `programme/expectations.toml`
- add a column that needs another table to be computed: `derived.py`
- change how a failure is worded or cut: `wording.py`
- follow a new release of Great Expectations: `adapter.py`
"""
