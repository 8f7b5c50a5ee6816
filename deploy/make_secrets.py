"""Make the secrets that `deploy/compose.yaml` hands to its containers, one file each.

    python deploy/make_secrets.py deploy/secrets

The folder can be entered by its owner alone. The files in it can be read by all, because compose hands each
to an account that this machine need not know. Nothing that is there is changed, so the call may be
repeated.
"""

from __future__ import annotations

import json
import secrets
import sys
from pathlib import Path

PREFECT = "postgresql+asyncpg://prefect:{password}@prefect-database:5432/prefect"
WAREHOUSE = "postgresql://city2city:{password}@warehouse-database:5432/city2city"
ACTIONS = ["Admin", "Read", "Write", "List", "Tagging"]


def make_secrets(folder: Path) -> list[str]:
    """Write what is missing, and return the names of the files that were written."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    written: list[str] = []

    def kept(name: str, content: str) -> str:
        path = folder / name
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(content, "utf-8")
            path.chmod(0o444)
            written.append(name)
        return path.read_text("utf-8")

    kept("prefect_url", PREFECT.format(password=kept("prefect_password", secrets.token_hex(24))))
    kept("warehouse_url", WAREHOUSE.format(password=kept("warehouse_password", secrets.token_hex(24))))
    kept("prefect_login", f"city2city:{secrets.token_hex(24)}")
    keys = {
        "accessKey": kept("store_key_id", secrets.token_hex(10)),
        "secretKey": kept("store_key", secrets.token_hex(24)),
    }
    identity = {"name": "city2city", "credentials": [keys], "actions": ACTIONS}
    kept("store_identities.json", json.dumps({"identities": [identity]}))
    kept("smtp_password", "")
    return written


if __name__ == "__main__":
    made = make_secrets(Path(sys.argv[1]))
    sys.stdout.write(f"Made {', '.join(made) or 'nothing: every file is there'}.\n")
