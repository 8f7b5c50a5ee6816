"""Commands that only read versions load neither the database nor the server nor the bucket.

They have 0.8 s for everything.
"""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "sqlmodel",
    "sqlalchemy",
    "alembic",
    "obstore",
    "psycopg",
    "prefect",
    "great_expectations",
    "pandas",
    "pyarrow",
)
LIGHT = (
    "dictionary",
    "snapshots.versions",
    "snapshots.verify",
    "inputs.find",
    "inputs.kept",
    "lock",
    "storage.folder",
    "database.last_run",
)
MODULES = (*LIGHT, "storage.bucket", "database.connection", "database.ledger")
PROGRAM = f"""
import sys, importlib
for name in {MODULES!r}:
    importlib.import_module(f"warehouse.{{name}}")
    print(name, *[heavy for heavy in {HEAVY!r} if heavy in sys.modules])
"""


def test_a_module_loads_no_more_than_it_needs() -> None:
    said = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout
    # Each module, with what was loaded by then.
    loaded = {line.split()[0]: set(line.split()[1:]) for line in said.splitlines()}
    assert list(loaded) == list(MODULES)
    assert all(not loaded[name] for name in LIGHT)
    assert loaded["storage.bucket"] == {"obstore"}
    assert loaded["database.connection"] == {"obstore", "sqlalchemy"}
    assert loaded["database.ledger"] == {"obstore", "sqlalchemy", "sqlmodel"}
