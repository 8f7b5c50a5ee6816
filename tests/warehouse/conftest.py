"""A small, right version of a round, that tests publish, break and read back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
import pytest
from sqlalchemy import Engine

from programme.vocabulary import ASPECTS, CRITERIA, RULES
from tests.servers import ServerError, new_database, postgres_server, s3_server
from tests.warehouse.ledger_rows import NOW as LEDGER_NOW
from warehouse.database.connection import open_database
from warehouse.database.ledger import Ledger
from warehouse.dictionary import PUBLISHED_TABLES
from warehouse.snapshots.descriptor import VersionMetadata
from warehouse.storage import Storage, open_storage

Tables = dict[str, pl.DataFrame]
ROUND = "2026-01"
NOW = datetime(2026, 1, 9, 5, 0, tzinfo=UTC)
STATUS = {"A1": "eligible", "A2": "tentative", "A3": "eligible", "A4": "needs_review", "A5": "eligible"}
OUTCOME = {"eligible": "met", "tentative": "conditional", "needs_review": "unclear", "ineligible": "not_met"}


def _application(key: str, state: str = "accepted") -> dict[str, Any]:
    return {
        "application_id": key,
        "city_id": f"UTM-{key}",
        "city_name": f"Stadt \u201e{key}\u201c, \u00c5rhus",
        "country_iso3": "DEU",
        "region": "Europe",
        "latitude": 50.5,
        "longitude": -0.0,
        "timezone": "Europe/Berlin",
        "population": 123_456,
        "applicant_type": "city",
        "submitted_at": NOW,
        "state": state,
        "topic_1": "mobility",
        "topic_2": "finance",
    }


def _check(key: str, rule: str) -> dict[str, Any]:
    outcome = OUTCOME[STATUS[key]] if rule == "gcom" else "met"
    plain = {"evidence": "as the form says", "source": "form", "clause": "3.2", "message": "All is well."}
    return {"application_id": key, "rule": rule, "outcome": outcome, "computed_outcome": outcome, **plain}


def _score(key: str, criterion: str) -> dict[str, Any]:
    return {
        "application_id": key,
        "criterion": criterion,
        "points": 7.25,
        "max_points": 25.0,
        "weight": 25.0,
        "source": "form",
        "n_reviews": 0,
    }


def _rows() -> dict[str, list[dict[str, Any]]]:
    selectable = [key for key, status in STATUS.items() if status in ("eligible", "tentative")]
    aspects = {f"aspect_{name}": 0.1 * number for number, name in enumerate(ASPECTS, 1)}
    twinning = {
        "twinning_id": "T1",
        "topic": "mobility",
        "n_cities": 2,
        "value": sum(aspects.values()),
        "state": "proposed",
        "conditional": True,
    }
    return {
        "applications": [_application(key) for key in STATUS] + [_application("A6", "late")],
        "crosscheck": [
            {
                "application_id": "A1",
                "register": "cohort",
                "member_name": "x",
                "outcome": "none",
                "evidence": "no row",
                "decided_by": "rules",
            }
        ],
        "eligibility_checks": [_check(key, rule) for key in STATUS for rule in RULES],
        "eligibility": [
            {"application_id": key, "city_id": f"UTM-{key}", "status": status, "reasons": ""}
            for key, status in STATUS.items()
        ],
        "scores": [_score(key, criterion) for key in selectable for criterion in CRITERIA],
        "ranking": [
            {"application_id": key, "total": 36.25, "rank": 1, "provisional": True, "disputed": False}
            for key in selectable
        ],
        "twinnings": [{**twinning, **aspects}],
        "twinning_members": [
            {"twinning_id": "T1", "application_id": key, "city_id": f"UTM-{key}", "need": 3, "experience": 4}
            for key in ("A1", "A2")
        ],
        "unplaced": [
            {
                "application_id": key,
                "kind": "capacity",
                "reason": "Capacity is used.",
                "message": "No place is left.",
                "regret": 1.5,
            }
            for key in ("A3", "A5")
        ],
        "preferences": [],
        "matching_facts": [],
        "certificate": [],
        "findings": [
            {
                "table": "applications",
                "expectation": "known_region",
                "severity": "warn",
                "row_key": "A1",
                "message": "looks odd",
            }
        ],
        "changes": [],
    }


@pytest.fixture
def tables() -> Tables:
    """All published tables of a round that keeps every rule."""
    return {name: PUBLISHED_TABLES[name].frame(rows) for name, rows in _rows().items()}


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return open_storage(str(tmp_path / "data"))


@pytest.fixture
def metadata() -> Callable[..., VersionMetadata]:
    """What a version says of itself, with what matters to the test put in."""

    def make(**given: Any) -> VersionMetadata:
        usual: Mapping[str, Any] = {
            "state": "final",
            "reason": "the deadline has passed",
            "parent": None,
            "inputs": {"gcom": "a" * 64},
        }
        return VersionMetadata(**{**usual, "rules": "b" * 64, "program": "0.1.0", **given})

    return make


@pytest.fixture(scope="session")
def s3_options() -> Iterator[dict[str, str]]:
    """How to reach a server of our own that speaks S3, with one empty bucket `city2city`."""
    try:
        with s3_server() as options:
            yield options
    except ServerError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Postgres server of our own, empty; tests make databases of their own in it."""
    try:
        with postgres_server(tmp_path_factory.mktemp("postgres")) as url:
            yield url
    except ServerError as error:
        pytest.skip(str(error))


@pytest.fixture(
    params=["sqlite", pytest.param("postgres", marks=pytest.mark.long)]
)  # a server takes seconds to start and to stop
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new, empty database, on SQLite and on Postgres in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/warehouse.db"
    return new_database(request.getfixturevalue("postgres_url"), f"test_{uuid4().hex}")


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    ledger = Ledger(engine)
    ledger.record_round(ROUND, "Second call", LEDGER_NOW)
    return ledger
