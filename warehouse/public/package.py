"""`datapackage.json` of a public edition, its CSV files, and the views of `open.sql`.

Belongs here: describing and encoding. Must stay out: what is in the tables (`tables.py`), and writing
(`edition.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC
from typing import Any

import polars as pl

from programme.public import PublicRules
from warehouse.dictionary.model import Table
from warehouse.escapes import csv_cell
from warehouse.public.tables import PUBLIC_TABLES, REFERENCES
from warehouse.public.words import Edition
from warehouse.snapshots.descriptor import PROFILE, describe_table

OPEN_SQL = "open.sql"
MEDIA_TYPES = {
    "CHANGES.md": "text/markdown",
    "feed.atom": "application/atom+xml",
    OPEN_SQL: "application/sql",
    "report.html": "text/html",
}
"""Files of an edition beside its tables."""


def encode_csv(frame: pl.DataFrame) -> bytes:
    """The table as CSV in UTF-8; no cell begins like a formula, an absent value is an empty cell."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String()]
    safe = [pl.Series(name, map(csv_cell, frame[name].to_list()), dtype=pl.String()) for name in texts]
    return frame.with_columns(safe).write_csv(null_value="").encode()


def describe_edition(
    edition: Edition,
    version_seal: str,
    tables: Mapping[str, pl.DataFrame],
    files: Mapping[str, bytes],
    rules: PublicRules,
) -> dict[str, Any]:
    """The descriptor (Data Package v2) of an edition whose files are given by name.

    `version_seal` is the seal of the version that was approved.
    """
    moment = f"{edition.approved_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    package: dict[str, Any] = {
        "$schema": PROFILE,
        "name": f"city2city-{edition.round.id}-public",
        "title": f"{rules.title}. {edition.title}",
        "description": rules.description,
        "homepage": rules.homepage,
        "version": str(edition.version),
        "round": edition.round.id,
        "created": moment,
        "keywords": ["cities", "twinning", "climate", "Urban Transitions Mission"],
        "licenses": [rules.licence.model_dump()],
        "sources": [source.model_dump() for source in rules.sources],
        "contributors": [{"title": rules.publisher, "path": rules.homepage, "roles": ["publisher"]}],
        "citation": citation(edition, rules),
        "clauses": [
            {"clause": f"FAQ {clause}", "about": about} for clause, about in sorted(rules.clauses.items())
        ],
        "version_seal": version_seal,
        "resources": [*_tables(tables, files), *_others(files)],
    }
    return package | ({"id": f"https://doi.org/{rules.doi}"} if rules.doi else {})


def citation(edition: Edition, rules: PublicRules) -> dict[str, Any]:
    """How to cite the edition: in words, and in the fields that a DOI asks for (DataCite 4.5)."""
    year = edition.approved_at.astimezone(UTC).year
    title = f"{rules.title}. {edition.title}"
    where = f"https://doi.org/{rules.doi}" if rules.doi else rules.homepage
    return {
        "text": f"{rules.publisher} ({year}): {title} [data set]. {where}",
        "datacite": {
            "identifier": {"identifier": rules.doi or None, "identifierType": "DOI"},
            "creators": [{"name": rules.publisher, "nameType": "Organizational"}],
            "titles": [{"title": title}],
            "publisher": rules.publisher,
            "publicationYear": str(year),
            "version": str(edition.version),
            "types": {"resourceType": "Tables", "resourceTypeGeneral": "Dataset"},
            "rightsList": [{"rights": rules.licence.title, "rightsIdentifier": rules.licence.name}],
        },
    }


def _tables(tables: Mapping[str, pl.DataFrame], files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """Each table as CSV, with its references, and as Parquet."""
    found = []
    for name, table in PUBLIC_TABLES.items():
        about = {"type": "table", "title": f"One row per {table.grain.removeprefix('one ')}"}
        data = files[f"{name}.csv"]
        found.append(
            {
                "name": name,
                **about,
                "path": f"{name}.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
            }
            | {"rows": tables[name].height, "bytes": len(data), "hash": _hash(data), "schema": _schema(table)}
        )
        data = files[f"{name}.parquet"]
        found.append(
            {"name": f"{name}_parquet", **about, "path": f"{name}.parquet", "format": "parquet"}
            | {"mediatype": "application/vnd.apache.parquet", "rows": tables[name].height}
            | {"n_bytes": len(data), "hash": _hash(data), "schema": describe_table(table)}
        )
    return found


def _schema(table: Table) -> dict[str, Any]:
    """The schema of the CSV file: an absent value is an empty cell."""
    schema = describe_table(table) | {"missingValues": [""]}
    references = [
        {"fields": [column], "reference": {"resource": other, "fields": [key]}}
        for column, other, key in REFERENCES.get(table.name, ())
    ]
    return schema | ({"foreignKeys": references} if references else {})


def _others(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """The files that hold no table."""
    return [
        {"name": name.lower(), "path": name, "mediatype": kind}
        | {"bytes": len(files[name]), "hash": _hash(files[name])}
        for name, kind in MEDIA_TYPES.items()
        if name in files
    ]


def _hash(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


_HEAD = """\
-- Views over every public edition, for DuckDB. Run it in the folder that holds the folders round=...:
--   duckdb -init round=2026-01/version=0001/open.sql
-- or say where that folder is: SET file_search_path = '/where/it/is';
-- A view all_NAME has the rows of every edition; a view NAME those of the newest edition of each round.
"""
_VIEWS = """
-- One row per {grain}.
CREATE OR REPLACE VIEW all_{name} AS
SELECT "round", "version", {columns}
FROM read_parquet('round=*/version=*/{name}.parquet', hive_partitioning = true,
    hive_types = {{'round': VARCHAR, 'version': INTEGER}}, union_by_name = true);
CREATE OR REPLACE VIEW {name} AS
SELECT * FROM all_{name}
WHERE ("round", "version") IN (SELECT ("round", max("version")) FROM all_topics GROUP BY "round");
"""


def open_sql() -> bytes:
    """Views for DuckDB over all editions of all rounds."""
    views = [
        _VIEWS.format(
            grain=table.grain.removeprefix("one "),
            name=name,
            columns=", ".join(f'"{column}"' for column in table.names),
        )
        for name, table in PUBLIC_TABLES.items()
    ]
    return "".join([_HEAD, *views]).encode()
