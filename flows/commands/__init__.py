"""The commands of `city2city`, one function a command.

In: arguments and options, read by Typer from the function's signature. Out: lines, tables or JSON on the
screen, and the exit status (0 done, 1 failed or stopped, 2 the command or an input is wrong). A command
parses, calls what does the work, and prints; it computes nothing itself. A module is imported only when its
command is invoked or its help is shown (`flows/cli.py`), so modules import at their top.

Files, in the order of a round: `demo.py`, `run.py` (run, scan), `status.py`, `review.py`, `explain.py`
(what is meant: `explain_subject.py`), `decide.py`, `approve.py`, `rollback.py`, `decisions.py`,
`ledger.py`, `check.py`, `map.py`,
`link.py` (a list: `link_list.py`; for OpenRefine: `link_serve.py` and `reconciliation.py`), `assign.py`,
`what_if.py`, `diff.py`, `verify.py`, `replay.py`. Options that several commands share are in `options.py`.

Where do I go to ...?

- add a command: a function here, and its line in `COMMANDS` of `flows/cli.py`
- change an option that several commands have: `options.py`
- change how tables and messages look, or how long a list may be: `flows/console.py`
- change an exit status or how mistakes are told: `main` in `flows/cli.py`
- change how Prefect is started by `run`, `scan` and `demo`: `flows/prefect_start.py`
"""
