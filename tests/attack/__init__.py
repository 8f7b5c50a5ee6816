"""Attacks on the program, each a small module: killed processes, failing disks, races, damaged files.

In comes nothing but this machine; out comes a table of how often each attack was tried and what it broke. The
order of the files:

1. `tally.py`: what an attack is, and what it counts;
2. `processes.py`: doing something in a child that may be killed;
3. `steps.py`, `buckets.py`, `office.py`: the office under attack and its story; `aftermath.py`: what must
   hold afterwards; `preparing.py`: both made once; `stories.py`: what every story has; `mending.py`: the
   stories of a rollback and of a repair;
4. `calls.py`, `power.py`: the calls that change the world, and a disk that forgets what was not flushed;
5. `crash_states.py`, `failing_calls.py`, `system_calls.py`, `full_disks.py`: the attacks on a story;
6. `bit_flips.py`, `races.py`: damaged files, and many at once;
7. `__main__.py`: all attacks, and the table.

Where do I go to…?
- add an attack: a module of its own with an `Attack`, named in `ATTACKS` of `__main__.py`
- make the story longer: `take` in `office.py`; compare more afterwards: `left` in `aftermath.py`
- disturb another command: a `Story` as in `mending.py`
- count another call that changes the world: `calls.py`
"""

import os

# A thread of OpenBLAS does not survive a fork: the child may wait for it for ever.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
