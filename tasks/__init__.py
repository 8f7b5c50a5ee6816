"""What happens: one package a step, in the order of the flow: ingest, crosscheck, eligibility, scoring,
matchmaking, publish. `letters` builds what applicants are sent, `starter` what approved twinnings begin with.

Every module is pure: functions over polars frames and frozen rows, without prefect, Great Expectations, SQL,
files, environment or clock. The order of the steps is in `flows/procedure.py`; their names, retries and cache
policy under Prefect are in `flows/prefect_tasks.py`. A pure module may import `programme`,
`warehouse.dictionary` and the pure modules of an earlier step, nothing else of ours.
"""
