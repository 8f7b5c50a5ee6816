"""Where it is kept: the data dictionary, the SQL tables, the snapshots and the storage under them.

Where do I go to…?
- add a column to any table: `dictionary.py` (schemas, datapackage and docs follow from it)
- change an SQL table: `models.py`, then a migration in `migrations/`
- change how a version is written, read or verified: `snapshots.py`
- change where bytes live (a folder, S3): `storage.py`
- change how workbooks and Parquet files are opened: `sandbox`
"""
