"""How a warehouse database gets its tables: Alembic's environment and one file a step in `versions/`.

`open_database` in `warehouse/database/connection.py` runs the missing ones. To add a step: run
`.venv/bin/alembic -c warehouse/database/migrations/alembic.ini revision --autogenerate -m WHY`, then set
`HEAD` in `warehouse/database/connection.py` (a test compares it).
"""
