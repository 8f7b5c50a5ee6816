"""Which application or twinning is meant by what a person typed.

Belongs here: finding it by any id or by the name of its city. Must stay out: what is told of it
(`explain.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import polars as pl

from programme.problems import problem
from programme.vocabulary import STATES
from tasks.crosscheck.names.folding import fold_name

Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Subject:
    """What is explained: the column that names it (`application_id` or `twinning_id`), and its id.

    `asked` is the superseded form that was asked for, where `id` is the one that stands in its place.
    `others` are further applications that go by the same name.
    """

    key: str
    id: str
    asked: str | None = None
    others: tuple[str, ...] = ()


def find_subject(tables: Tables, typed: str, where: str) -> Subject:
    """The application or twinning meant by an id or a city's name.

    An id may be an application's, a twinning's, a city's, a register's or a decision's. Raises
    `ProblemsError`, with the nearest names, where nothing is meant or two cities could be.
    """
    text = typed.strip()
    if text in tables["twinnings"]["twinning_id"]:
        return Subject("twinning_id", text)
    applications = tables["applications"]
    meant = _by_id(tables, text) or _by_name(applications, text)
    rows = applications.filter(pl.col("application_id").is_in(meant))
    if rows.is_empty():
        raise _unknown(applications, text, where)
    if text not in meant and rows["city_id"].n_unique() > 1:
        raise _several(rows, text, where)
    return _standing(rows, text)


def _standing(rows: pl.DataFrame, text: str) -> Subject:
    """The form that stands, of those of one city."""
    order = pl.col("state").replace_strict(
        {state: n for n, state in enumerate(STATES)}, return_dtype=pl.Int64
    )
    exact = rows.filter(pl.col("application_id") == text)
    first = (exact if exact.height else rows.sort(order, "application_id")).row(0, named=True)
    others = tuple(name for name in rows["application_id"].sort() if name != first["application_id"])
    if first["superseded_by"]:
        return Subject("application_id", first["superseded_by"], first["application_id"], others)
    return Subject("application_id", first["application_id"], None, others)


def _by_id(tables: Tables, text: str) -> list[str]:
    """Applications with that id of their own, of their city, of a register's row or of a decision."""
    applications, crosscheck = tables["applications"], tables["crosscheck"]
    if text in applications["application_id"]:
        return [text]
    decision = f"decision {text.removeprefix('decision ')}"
    found = [
        applications.filter(pl.col("city_id") == text),
        crosscheck.filter((pl.col("register_id") == text) | (pl.col("decided_by") == decision)),
        tables["eligibility_checks"].filter(pl.col("overridden_by") == decision),
    ]
    return sorted({name for rows in found for name in rows["application_id"]})


def _by_name(applications: pl.DataFrame, text: str) -> list[str]:
    """Applications of a city of that name; case and accents do not count."""
    names = applications.select("application_id", key=fold_name(pl.col("city_name")))
    wanted = pl.select(fold_name(pl.lit(text))).item()
    return names.filter(pl.col("key") == wanted)["application_id"].to_list() if wanted else []


def _unknown(applications: pl.DataFrame, text: str, where: str) -> Exception:
    known = [*applications["application_id"], *applications["city_name"].drop_nulls().unique()]
    folded = {name.casefold(): name for name in sorted(known)}
    near = [folded[name] for name in get_close_matches(text.casefold(), folded, n=3, cutoff=0.6)]
    return problem(
        found=repr(text),
        expected="the name of a city, or the id of an application, a city or a twinning",
        where=where,
        remedy=f"Near to it: {', '.join(near)}." if near else "The table applications has all names and ids.",
    )


def _several(rows: pl.DataFrame, text: str, where: str) -> Exception:
    each = rows.sort("application_id").select("application_id", "city_name", "country_iso3").iter_rows()
    listed = "; ".join(f"{key} ({city}, {country or 'country unknown'})" for key, city, country in each)
    return problem(
        found=f"{text!r}, which could be {listed}",
        expected="one city",
        where=where,
        remedy="Name the application by its id.",
    )
