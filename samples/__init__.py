"""Two rounds of invented applications about real cities, and the seeded program that makes them.

Where do I go to…?
- use the samples: `samples.copy_inputs(folder)` (`bundle.py`); the files lie in `inputs/<round>/`
- see which application shows which trouble: the table in `README.md`
- add or change an application: `first_call.py`, `second_call.py`; then `python -m samples.make`
- change who is in the cohort or in the signatory list: `cohort.py`, `signatories.py`
- change evaluations, cooperation or decisions: `evaluations.py`, `ledger.py`
"""

from samples.bundle import INPUTS, copy_inputs, sample_rounds

__all__ = ["INPUTS", "copy_inputs", "sample_rounds"]
