"""The step ingest as a Prefect task.

Belongs here: its name, retries and cache. Must stay out: the step itself (`step.py`). It is not retried: the
bytes are in memory already, and a file that cannot be read today cannot be read in a second.
"""

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.ingest.step import read_all

ingest = task(name="ingest", task_run_name="ingest", cache_policy=NO_CACHE)(read_all)
