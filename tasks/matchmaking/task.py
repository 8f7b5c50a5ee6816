"""The door of the step matchmaking."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.matchmaking import step

matchmaking = task(name="matchmaking", task_run_name="matchmaking", cache_policy=NO_CACHE)(step.match)
"""Not retried: the same frames give the same answer."""
