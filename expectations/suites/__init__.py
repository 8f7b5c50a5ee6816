"""The suites: what each table must satisfy, one module a group of tables that come about in the same step.

Comes in: the limits of a round. Goes out: an `ExpectationSuite` a table. Each expectation has a stable name
(findings are counted by it from version to version), a severity with its reason, and a plain sentence.
Numbers that the programme office may change are in `programme/expectations.toml`; columns that are computed
from several tables are in `expectations/computed_columns`.

Severity: `stop` where going on would publish something wrong; `warn` where the pipeline has a defined answer
to it (a row of evidence `unclear`, a score left out) and a person should nevertheless look.

Order of the files: `common.py` (how an expectation is written), `dictionary.py` (what the data dictionary
alone says), `forms.py`, `registers.py`, `optional_inputs.py`, `linked.py`, `eligibility.py`, `scoring.py`,
`twinnings.py`, `stages.py` (which suites a stage has).

Where do I go to ...?
- add an expectation to a table: the module of its group
- add a table: its module, and `stages.py`
- change what follows from the data dictionary: `dictionary.py`
"""
