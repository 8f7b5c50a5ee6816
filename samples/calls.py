"""The two calls of the samples, read from `cases/2025-07.toml` and `cases/2026-01.toml`.

Belongs here: how a TOML file becomes a call. Must stay out: the cases themselves (the files), the registers
(`cohort.py`, `signatories.py`), and how a case becomes a filled form (`submissions.py`).
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from samples import hostile
from samples.case import Call, SampleCase, SampleDecision

CASES = Path(__file__).parent / "cases"
_PLACEHOLDER = re.compile(r"\{([A-Z_]+)\}")


def read_call(round_id: str) -> Call:
    """The call of a round. Raises `TypeError` for an unknown key, `KeyError` for an unknown hostile text."""
    data = _with_hostile_texts(tomllib.loads((CASES / f"{round_id}.toml").read_text("utf-8")))
    return Call(
        **{
            **data,
            "cooperations": tuple(tuple(row) for row in data["cooperations"]),
            "cases": tuple(SampleCase(**_with_tuples(case)) for case in data["cases"]),
            "decisions": tuple(SampleDecision(**decision) for decision in data["decisions"]),
        }
    )


def _with_hostile_texts(value: Any) -> Any:
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda match: str(vars(hostile)[match[1]]), value)
    if isinstance(value, dict):
        return {key: _with_hostile_texts(item) for key, item in value.items()}
    return [_with_hostile_texts(item) for item in value] if isinstance(value, list) else value


def _with_tuples(case: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in case.items()}


FIRST_CALL = read_call("2025-07")
SECOND_CALL = read_call("2026-01")
