"""The door of the step eligibility."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.eligibility import judge

eligibility = task(judge.judge, name="eligibility", task_run_name="eligibility", cache_policy=NO_CACHE)
"""Not retried: the same frames give the same answer."""
