"""The tables of a version as files: XLSX, CSV and Parquet."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from desk.access.guard import needs
from desk.access.sessions import Session
from desk.rendering import office_of
from desk.work.exports import TYPES, as_csv, as_workbook
from warehouse.snapshots import version_path

router = APIRouter(prefix="/rounds/{round_id}/versions/{number}/tables")
Reader = Annotated[Session, Depends(needs("read"))]


@router.get("/{name}.{kind}")
def table(request: Request, round_id: str, number: int, name: str, kind: str, _session: Reader) -> Response:
    """One table, or with the name `all` every table in one workbook."""
    office = office_of(request)
    version = office.version(round_id, number)
    title = f"City2City {round_id}, version {number}"
    if name == "all" and kind == "xlsx":
        return _file(as_workbook(title, version.tables), f"city2city-{round_id}-v{number}", kind)
    if name not in version.tables or kind not in TYPES:
        raise HTTPException(404)
    frame = version.tables[name]
    if kind == "parquet":
        content = office.context.storage.read(f"{version_path(round_id, number)}/{name}.parquet")
    else:
        content = as_csv(frame) if kind == "csv" else as_workbook(f"{title}: {name}", {name: frame})
    return _file(content, f"{name}-{round_id}-v{number}", kind)


def _file(content: bytes, name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(content, media_type=TYPES[kind], headers=headers)
