"""Whether what runs the rounds is in order, and whether anything is missing: the doctor and the watch.

In: an installation as it is. Out: lines, each fine, look or broken, with what to do. Facts are collected
apart from what they mean, so what is broken is a question of pure functions.

Files, from what a line is up to the whole:

1. `line.py`: a line, and a fact that could not be had;
2. `prefect_health.py`, `house_health.py`, `machine_health.py`, `expected.py`: what facts mean (pure; the
   moment is an argument);
3. `web.py`, `asking.py`: asking with patience that ends;
4. `prefect_facts.py`, `house_facts.py`, `machine_facts.py`, `watch_facts.py`: looking;
5. `doctor.py`: every question at once; `watch.py`: every round at once; `telling.py`: who is told;
6. `attention.py`: what is due, failed or overdue; `alerts.py`: what Prefect tells by itself.

Where do I go to ...?

- add something that the doctor looks at: its facts and its line in a `*_health.py`, the looking in a
  `*_facts.py`, the question in `doctor.py`
- change by when a version is due, or how old an input may be: `programme/watch.toml`
- change why a round counts as missing its version: `expected.py`
- change how an alarm is told: `telling.py`
"""
