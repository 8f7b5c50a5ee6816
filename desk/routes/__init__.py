"""Which address does what: a route reads (`desk/work`), computes what is shown (`desk/views`), fills a
template.

`sign_in.py`, `season.py`, `queue.py`, `applications.py`, `board.py`, `runs.py` (runs, versions, comparing),
`approval.py`,
`tables.py` (downloads), `decisions.py` (the list, undo, and any other decision), `workbook.py`, `static.py`.

A route that changes something takes its form from `posted`, which refuses a form of another site, and its
session from `needs`, which refuses a role that does not suffice.
"""
