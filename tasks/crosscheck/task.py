"""The door of the step crosscheck."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.crosscheck import step

crosscheck = task(step.crosscheck, name="crosscheck", task_run_name="crosscheck", cache_policy=NO_CACHE)
"""Not retried: the same frames give the same answer."""
