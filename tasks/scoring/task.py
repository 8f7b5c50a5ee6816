"""The door of the step scoring."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.scoring import step

scoring = task(name="scoring", task_run_name="scoring", cache_policy=NO_CACHE)(step.score)
"""Not retried: the same frames give the same answer."""
