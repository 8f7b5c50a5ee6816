"""The key with which the office signs workbooks, so that each proves whose it is.

Belongs here: making the key once, and reading it. Must stay out: what is signed
(`tasks/scoring/workbooks/token.py`). Whoever has the key can make a workbook in any evaluator's name: it is
kept in the restricted area, readable by its owner alone, or given by the environment.
"""

from __future__ import annotations

import re
import secrets

from flows.context import AppContext
from programme.problems import problem

KEY_FILE = "restricted/keys/workbooks.key"
N_BYTES = 32
_KEY = re.compile(rf"[0-9a-f]{{{2 * N_BYTES}}}")


def workbook_key(context: AppContext) -> bytes:
    """The office's key: that of the environment, else the one in the restricted area, made where there is
    none.

    Raises `ProblemsError` where it cannot be used: another key would prove nobody's workbooks.
    """
    if given := context.settings.workbook_key:
        return _as_bytes(given, "CITY2CITY_WORKBOOK_KEY")
    storage = context.storage
    if not storage.exists(KEY_FILE):
        # Several that make one at once each add a line; the first line is the key of all of them.
        storage.append(KEY_FILE, f"{secrets.token_hex(N_BYTES)}\n".encode())
    return _as_bytes(storage.read(KEY_FILE).decode("ascii", "replace").partition("\n")[0], KEY_FILE)


def _as_bytes(text: str, where: str) -> bytes:
    key = text.strip().lower()
    if not _KEY.fullmatch(key):
        raise problem(
            found="a key that cannot be used",
            expected=f"{2 * N_BYTES} hexadecimal digits",
            where=where,
            remedy="Restore it from a copy: with another key, no workbook proves whose it is.",
        )
    return bytes.fromhex(key)
