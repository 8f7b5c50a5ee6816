"""Forgetting a submission: its personal data goes from everywhere, and every count stays.

In come the id of a submission and a reason; out comes what was erased, where, and what a person has to look
at. What is derived goes first and what it is found by goes last, so that an erasure that was cut short can be
run again to its end. The files, lowest first:

- `rows_without_id.py`: forms without an id, by their names
- `round_files.py`: the input files of a round, wherever they lie, opened
- `texts.py`: whether a file holds one of some texts, in whatever way it is written
- `group.py`: which forms are one application, and the texts by which its traces are found
- `traces.py`: the files that were made from the inputs
- `rewriting.py`: the inputs themselves, those of the round's folder and those that are kept
- `prefect_home.py`: what Prefect keeps on this machine
- `forget.py`: all of it, in order

Where do I go to ...?
- erase a new kind of file: `traces.py`; a new column: `warehouse/dictionary/submissions.py`
- change what is erased in the database: `warehouse/database/erasure.py`
- change what stands in the place of an answer: `tasks/ingest/erasing`
"""
