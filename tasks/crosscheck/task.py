"""The door of the step crosscheck."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.crosscheck import step

crosscheck = task(name="crosscheck", task_run_name="crosscheck", cache_policy=NO_CACHE)(step.crosscheck)
"""Not retried: the same frames give the same answer."""
