"""The commands of `city2city`, one function a command; `flows/cli.py` puts them together.

A command imports what is slow (polars, SQL, Prefect) inside its function, so that `--help` and `status`
answer at once.
"""
