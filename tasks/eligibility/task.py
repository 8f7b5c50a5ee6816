"""The door of the step eligibility."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.eligibility import judge

eligibility = task(name="eligibility", task_run_name="eligibility", cache_policy=NO_CACHE)(judge.judge)
"""Not retried: the same frames give the same answer."""
