"""The data dictionary: every table, column, type, unit and meaning, said once.

Polars schemas, `datapackage.json`, the expectations and the page `docs/data-dictionary.md` follow from it.
Pure modules of any step may import it; it imports polars and the programme's vocabulary, nothing else of
ours. The order of the files:

1. `model.py`: what a table and a column are;
2. `submissions.py`, `inputs.py`: the tables that come in;
3. `applications.py`, `selection.py`, `certificate.py`, `findings.py`, `published.py`: the tables of a
   snapshot;
4. `judging.py`, `matching.py`, `near_selection.py`, `other_rounds.py`, `working.py`: the tables that pass
   between the steps or explain them;
5. `decision_ids.py`: what a decision is called, and how a recorded one is proved to be unchanged.

Where do I go to…?
- add a column: the table in one of these files; then `python -m warehouse.docs`
- mark a column as personal: `personal=True` on its `Column`; it then may not be published
- report a finding: `Finding` in `findings.py`
- import a table: from `inputs.py`, `published.py` or `working.py`; each has all tables of its kind
"""

from warehouse.dictionary.inputs import INPUT_TABLES, REQUIRED_INPUTS, RUN_INPUTS
from warehouse.dictionary.model import MOMENT, Column, Table
from warehouse.dictionary.published import PUBLISHED_TABLES
from warehouse.dictionary.working import WORKING_TABLES

__all__ = [
    "INPUT_TABLES",
    "MOMENT",
    "PUBLISHED_TABLES",
    "REQUIRED_INPUTS",
    "RUN_INPUTS",
    "WORKING_TABLES",
    "Column",
    "Table",
]
