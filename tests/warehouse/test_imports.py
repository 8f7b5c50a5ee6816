"""Commands that only read versions must not load the database, the server or the bucket: they have 0.8 s for
everything.
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
LIGHT = ("snapshots", "verify", "inputs", "restricted", "lock", "storage_folder")
MODULES = (*LIGHT, "storage_s3", "database", "ledger")
PROGRAM = f"""
import sys, importlib
for name in {MODULES!r}:
    importlib.import_module(f"warehouse.{{name}}")
    print(name, *[heavy for heavy in {HEAVY!r} if heavy in sys.modules])
"""


def test_a_module_loads_no_more_than_it_needs() -> None:
    said = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout
    loaded = {
        line.split()[0]: set(line.split()[1:]) for line in said.splitlines()
    }  # each module, with what was loaded by then
    assert list(loaded) == list(MODULES)
    assert all(not loaded[name] for name in LIGHT)
    assert loaded["storage_s3"] == {"obstore"}
    assert loaded["database"] == {"obstore", "sqlalchemy"}
    assert loaded["ledger"] == {"obstore", "sqlalchemy", "sqlmodel"}
