"""A register answers OpenRefine: the manifest, a batch of queries, a preview, and what is no request."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import polars as pl
import pytest

from flows.commands.link_serve import server_of
from programme.problems import ProblemsError
from programme.programme import Programme
from tasks.crosscheck.linkage.index import build_index
from tests.tasks.crosscheck.making import small_gazetteer, small_register


@pytest.fixture(scope="module")
def address(programme: Programme) -> Iterator[str]:
    columns = ["register_id", "name", "country_iso3"]
    named = pl.DataFrame([("R<1>", "Zürich & Co", "CHE")], schema=columns, orient="row")
    register = pl.concat([small_register(), named], how="diagonal")
    index = build_index(register, small_gazetteer(), programme.linking)
    with server_of(index, programme.linking, "register.csv", 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def asked(address: str, queries: object, *, post: bool = True) -> Any:
    form = urlencode({"queries": json.dumps(queries)})
    with urlopen(address, form.encode()) if post else urlopen(f"{address}/?{form}") as reply:
        assert reply.headers["Access-Control-Allow-Origin"] == "*"
        return json.load(reply)


def query(name: str, country: object, **more: object) -> dict[str, object]:
    return {"query": name, "properties": [{"pid": "country", "v": country}], **more}


def test_the_manifest(address: str) -> None:
    with urlopen(address) as reply:
        manifest = json.load(reply)
    assert manifest["versions"] == ["0.2"]
    assert {"name", "identifierSpace", "schemaSpace", "preview", "view"} <= set(manifest)
    assert manifest["preview"]["url"] == f"{address}/preview?id={{{{id}}}}"


@pytest.mark.parametrize("post", [True, False], ids=["a form", "a query string"])
def test_a_batch(address: str, post: bool) -> None:
    queries = {
        "q0": query("Comune di Torino", "Italy"),
        "q1": query("Springfield", {"id": "USA", "name": "USA"}, limit=1),
        "q2": query("Nowhere", ["ITA"]),
        "q3": {"query": "Torino"},
    }
    found = asked(address, queries, post=post)
    (best, *_) = found["q0"]["result"]
    assert (best["id"], best["match"], best["type"]) == ("R1", True, [{"id": "city", "name": "City"}])
    assert best["score"] > 90
    assert best["description"]
    assert [row["match"] for row in found["q1"]["result"]] == [False]
    assert found["q2"]["result"] == found["q3"]["result"] == []


def test_a_preview_is_harmless_html(address: str) -> None:
    with urlopen(f"{address}/preview?{urlencode({'id': 'R<1>'})}") as reply:
        page = reply.read().decode()
    assert "Zürich &amp; Co" in page
    assert "R&lt;1&gt;" in page


BAD: dict[str, object] = {"query": "A", "properties": "B"}
WRONG = {
    "no JSON": "/?queries=%7B",
    "a list": "/?queries=%5B%5D",
    "no text": "/?" + urlencode({"queries": json.dumps({"q0": {"query": 1}})}),
    "properties of another form": "/?" + urlencode({"queries": json.dumps({"q0": BAD})}),
    "an unknown row": "/preview?id=X",
}


@pytest.mark.parametrize("path", WRONG.values(), ids=WRONG.keys())
def test_what_is_no_request(address: str, path: str) -> None:
    with pytest.raises(HTTPError) as raised:
        urlopen(address + path)
    assert raised.value.code in {400, 404}


def test_a_port_that_is_taken_is_one_message(address: str, programme: Programme) -> None:
    index = build_index(small_register(), small_gazetteer(), programme.linking)
    with pytest.raises(ProblemsError, match="free port"):
        server_of(index, programme.linking, "register.csv", int(address.rsplit(":", 1)[1]))
