"""The suites: what each table must satisfy, one module a group of tables that come about in the same step.

Belongs here: expectations, each with a stable name (findings are counted by it from version to version), a
severity with its reason, and a plain sentence. Must stay out: numbers the programme office may change
(`programme/expectations.toml`), and how anything is computed from several tables (`expectations/derived.py`).

Severity: `stop` where going on would publish something wrong; `warn` where the pipeline has a defined answer
to it (a row of evidence `unclear`, a score left out) and a person should nevertheless look.
"""
