"""What happens: one package a step, in the order of the flow: ingest, crosscheck, eligibility, scoring,
matchmaking, publish.

In each, `task.py` is the step's door (the only file that imports prefect); every other module is pure:
functions over polars frames and frozen rows, without prefect, Great Expectations, SQL, files, environment or
clock. A pure module may import `programme`, `warehouse.dictionary` and the pure modules of an earlier step,
nothing else of ours.
"""
