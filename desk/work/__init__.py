"""What the routes call: a round as it stands, its registers and forms, runs under way, tables as files.

`office.py` (versions that are read once, open points and their answers), `evidence.py` (registers and forms
behind an application), `answering.py` (an answer that is not stale), `runs.py` (runs started here),
`exports.py` (tables as XLSX, CSV, Parquet).
"""
