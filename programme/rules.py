"""How a rules file (TOML) becomes a frozen, checked model.

Belongs here: the base of every rules model, and the function that reads a file into it. Must stay out: any
rule itself; each subject has its own pair of files.
"""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator

from programme.problems import Problem, ProblemsError, problem

HERE = Path(__file__).parent
"""The rules the program ships with; `CITY2CITY_PROGRAMME` names another folder."""


class Rules(BaseModel):
    """Base of every rules model: frozen, and an unknown key is refused, so that no typing error passes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _numbers_are_numbers(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse a quoted number, or true and false, where a number is expected: TOML has numbers."""
        if cls.model_fields[str(info.field_name)].annotation in (int, float) and isinstance(
            value, bool | str
        ):
            raise ValueError("a number, without quotes")
        return value


R = TypeVar("R", bound=Rules)


def read_rules(folder: Path, name: str, model: type[R]) -> R:
    """Read `folder/name` (TOML) into `model`.

    Raises `ProblemsError` where the file is absent, is not TOML, has an unknown key, lacks one, or holds an
    impossible value. It names file, key, what was found and what is expected, for all keys at once.
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
        raise problem(
            found=str(error), expected="valid TOML in UTF-8", where=where, remedy="Correct the line named."
        ) from error
    return validate_rules(data, model, where)


def validate_rules(data: dict[str, Any], model: type[R], where: str) -> R:
    """Check parsed TOML against `model`; `where` names its source in the messages.

    Raises `ProblemsError`, as `read_rules` does.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False)
        # Where entries of a list are wrong, pydantic adds that the list is too short; the entries say enough.
        inside = {item["loc"][:n] for item in found for n in range(len(item["loc"]))}
        items = [item for item in found if item["type"] != "too_short" or item["loc"] not in inside]
        raise ProblemsError(_as_problem(item, model, where) for item in items) from error


def _as_problem(item: Any, model: type[Rules], where: str) -> Problem:
    key = ".".join(str(part) for part in item["loc"]) or "(whole file)"
    if item["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(item["loc"][-1]), _keys_at(model, item["loc"][:-1]), n=1)
        return Problem(
            "an unknown key",
            "only the keys of the model",
            f"{where}, key {key}",
            f"Did you mean {near[0]!r}?" if near else "Remove it.",
        )
    if item["type"] == "missing":
        return Problem("nothing", "a value", f"{where}, key {key}", "Add the key.")
    # A table is not repeated in the message: what contradicts what in it is in the text of the check.
    found = "values that do not go together" if isinstance(item["input"], dict) else repr(item["input"])[:120]
    return Problem(
        found, item["msg"].removeprefix("Value error, "), f"{where}, key {key}", "Correct the value."
    )


def _keys_at(model: type[Rules], path: tuple[str | int, ...]) -> list[str]:
    """The keys that a table of the file may have, by its path; empty where no model is at that path."""
    models: set[type[Rules]] = {model}
    for part in path:
        fields = [
            found.model_fields[str(part)].annotation for found in models if str(part) in found.model_fields
        ]
        # A list's index and a free key (a language, a criterion) lead nowhere new: the models inside are
        # those of the field itself.
        models = {inner for annotation in fields for inner in _models_in(annotation)} or models
    return sorted(name for found in models for name in found.model_fields)


def _models_in(annotation: Any) -> set[type[Rules]]:
    if isinstance(annotation, type) and issubclass(annotation, Rules):
        return {annotation}
    return {inner for part in get_args(annotation) for inner in _models_in(part)}
