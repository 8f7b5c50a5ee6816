"""Tables: from raw columns to a table of the data dictionary, with every row accounted for.

In come the raw columns of one input and what is known of each; out come typed rows, rows set aside with their
reason, the reading of each cell that was not taken as it stood, and findings for a person.

The files, lowest first:
- `senders.py`: who sent a form, and who may speak for the city in the place of another
- `standing.py`: which of several forms stands
- `duplicate_rows.py`: rows with one id
- `row_identity.py`, `made_ids.py`, `matched_ids.py`: ids that do not identify, are missing, lost zeros
- `other_senders.py`: rows of one id that different people sent
- `cell_findings.py`: what a person should look at in the cells
- `corrections.py`: cells of submissions mended by records
- `typed_rows.py`: all of it for one input
- `set_aside_content.py`: the cells of rows that were set aside
- `tool_marks.py`, `form_marks.py`: why forms must not be taken as they stand

Where do I go to ...?
- change what makes a row unusable: `typed_rows.py`; what makes a decision valid: `tasks/decisions`
- change which of two forms stands: `standing.py`; whose form may replace whose: `senders.py`
- change when a correction applies: `corrections.py`
- make a rule of reading a finding: `cell_findings.py`
"""
