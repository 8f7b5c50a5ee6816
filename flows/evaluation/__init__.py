"""Handing applications out to evaluators and taking the scores back in.

In: a round's inputs with `evaluators.csv`; later, the workbooks the evaluators returned. Out: the list of who
evaluates what (`assignment.csv`), one workbook for each evaluator and one for the chair; later, the round's
`evaluations.csv`.

Files, in their order: `folder.py` (where the files are, and writing them), `key.py` (what workbooks are
signed with), `declared.py` (conflicts that were declared, kept for good), `returned.py` (the workbooks that
came back), `hand_out.py`, `collect.py`.

Where do I go to ...?

- change who evaluates what, or what is a conflict: `tasks/scoring/assignment`, `tasks/scoring/reviews`
- change what a workbook looks like: `tasks/scoring/workbooks`
- see what was declared in a round at any time: `declared.py`
- change which files are written, or when one may be replaced: `folder.py`
- change what is printed: `flows/commands/assign.py`
"""
