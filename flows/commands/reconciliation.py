"""The Reconciliation API 0.2 of the W3C community group: how its messages become names to link, and answers.

OpenRefine and other tools speak it. Belongs here: the manifest, a batch of queries, a preview. Must stay out:
the web server (`link_serve.py`), and how a name is linked (`tasks/crosscheck`).
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.linkage.index import RegisterIndex
from tasks.crosscheck.linkage.linker import link_names
from tasks.crosscheck.linkage.lists import read_queries

CITY = {"id": "city", "name": "City"}
PROPERTIES = {"country": "Country", "population": "Population", "region": "State or province"}
"""What a query may say of a city besides its name; without the country no register is searched."""
MOST_QUERIES = 1_000
"""Most queries of one batch; OpenRefine sends ten at once."""
WIDTH, HEIGHT = 430, 160
"""Size of a preview, in pixels."""


class BadRequestError(ValueError):
    """A request that the specification does not know; the text says what was expected."""


def manifest(address: str, title: str) -> dict[str, Any]:
    """What the service says of itself. `address`: where it answers; `title`: the register."""
    return {
        "versions": ["0.2"],
        "name": f"City2City: {title}",
        "identifierSpace": f"{address}/",
        "schemaSpace": f"{address}/properties/",
        "defaultTypes": [CITY],
        "view": {"url": f"{address}/preview?id={{{{id}}}}"},
        "preview": {"url": f"{address}/preview?id={{{{id}}}}", "width": WIDTH, "height": HEIGHT},
        "batchSize": MOST_QUERIES,
    }


def answer(text: str, index: RegisterIndex, rules: LinkingRules) -> dict[str, Any]:
    """The candidates of each query of a batch, best first; a linked row has `match` = true.

    `text`: JSON as in the specification, a key to each query. Raises `BadRequestError` for anything else.
    """
    try:
        queries = json.loads(text)
    except ValueError as error:
        raise BadRequestError("queries in JSON") from error
    if not isinstance(queries, dict) or len(queries) > MOST_QUERIES:
        raise BadRequestError(f"a JSON object with at most {MOST_QUERIES} queries")
    rows = [_row(query) for query in queries.values()]
    columns = ("name", *PROPERTIES)
    table = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    answers = link_names(read_queries(table, "the queries"), index, rules)
    found = zip(queries, queries.values(), answers.iter_rows(named=True), strict=True)
    return {key: {"result": _candidates(reply)[: _limit(query)]} for key, query, reply in found}


def preview(id_: str, index: RegisterIndex) -> str | None:
    """A row of the register as a small page of HTML; None where there is no such row."""
    rows = index.rows.filter(pl.col("register_id") == id_).select(
        "name", "region", "country_iso3", "population", "register_id"
    )
    if rows.is_empty():
        return None
    name, *facts = (html.escape(str(value)) for value in rows.row(0) if value is not None)
    return (
        f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><p><b>{name}</b><br>{"<br>".join(facts)}</p>'
    )


def _row(query: object) -> tuple[str | None, ...]:
    """The name of a query and its properties, in the order of `PROPERTIES`."""
    if not isinstance(query, dict) or not isinstance(query.get("query"), str):
        raise BadRequestError('queries with a text "query"')
    stated = query.get("properties") or []
    if not isinstance(stated, list) or not all(isinstance(item, dict) for item in stated):
        raise BadRequestError('a list of objects as "properties"')
    values = {str(item.get("pid")): _text(item.get("v")) for item in stated}
    return (query["query"], *(values.get(name) for name in PROPERTIES))


def _text(value: object) -> str | None:
    """The text of a value: the first one of several, the name or id of an entity."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("id")
    return None if value is None else str(value)


def _limit(query: Mapping[str, Any]) -> int | None:
    limit = query.get("limit")
    return limit if isinstance(limit, int) and limit > 0 else None


def _candidates(reply: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": row["register_id"],
            "name": row["name"],
            "description": row["evidence"],
            "type": [CITY],
            "score": round(row["points"], 1),
            "match": row["register_id"] == reply["register_id"],
        }
        for row in reply["candidates"]
    ]
