"""How a rules file (TOML) becomes a frozen, checked model.

Belongs here: the base of every rules model and the one function that reads a file into it. Must stay out: any rule itself; each
has its own pair of files, `NAME.toml` (the values, each with why and whence) and `NAME.py` (the model).
"""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from programme.problems import Problem, ProblemsError, problem

HERE = Path(__file__).parent
"""The rules the program ships with; `CITY2CITY_PROGRAMME` names another folder."""


class Rules(BaseModel):
    """Base of every rules model: frozen, and an unknown key is refused rather than ignored (a typing error must not pass for a rule)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)


R = TypeVar("R", bound=Rules)


def read_rules(folder: Path, name: str, model: type[R]) -> R:
    """Read `folder/name` (TOML) into `model`.

    Raises `ProblemsError` naming file, key, what was found and what is expected, for every key at once: when the file is absent,
    is not TOML, has an unknown key, lacks one, or holds an impossible value.
    """
    path = folder / name
    where = f"programme/{name}"
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise problem(
            found="no such file" if isinstance(error, FileNotFoundError) else str(error.strerror),
            expected="a readable TOML file",
            where=where,
            remedy="Restore the file, or point CITY2CITY_PROGRAMME at a complete folder of rules.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise problem(found=str(error), expected="valid TOML in UTF-8", where=where, remedy="Correct the line named.") from error
    return validate_rules(data, model, where)


def validate_rules(data: dict[str, Any], model: type[R], where: str) -> R:
    """Check already parsed TOML against `model`; separate from reading so that tests and other sources share the messages."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise ProblemsError(_as_problem(item, model, where) for item in error.errors(include_url=False)) from error


def _as_problem(item: Any, model: type[Rules], where: str) -> Problem:
    key = ".".join(str(part) for part in item["loc"]) or "(whole file)"
    if item["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(item["loc"][-1]), list(model.model_fields), n=1)
        return Problem("an unknown key", "only the keys of the model", f"{where}, key {key}", f"Did you mean {near[0]!r}?" if near else "Remove it.")
    if item["type"] == "missing":
        return Problem("nothing", "a value", f"{where}, key {key}", "Add the key.")
    return Problem(repr(item["input"])[:120], item["msg"].removeprefix("Value error, "), f"{where}, key {key}", "Correct the value.")
