"""How a warehouse database gets its tables: Alembic's environment and one file a step in `versions/`.

`warehouse.database.open_database` runs them when needed. A new step: `.venv/bin/alembic -c
warehouse/migrations/alembic.ini revision --autogenerate -m WHY`, then set `HEAD` in `warehouse/database.py`
(a test compares it).
"""
