"""What a version was made from.

Belongs here: the record by which two versions' inputs are compared. Must stay out: comparing them
(`causes.py`) and where the inputs are kept (`warehouse/`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True)
class Origin:
    """What a version was made from.

    `inputs` maps each input's table name to its sha256, `rules` is the fingerprint of the programme's rules,
    `program` the version of this program, `decisions` the decisions in force (dictionary table DECISIONS).
    """

    inputs: Mapping[str, str]
    rules: str
    program: str
    decisions: pl.DataFrame = field(repr=False)
