"""The stylesheets and scripts of the desk: files of this program and nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from fastapi import APIRouter, HTTPException, Response

from pages.components.environment import script, stylesheet

router = APIRouter()
FILES = Path(__file__).parents[1] / "static"
KINDS = {".css": "text/css", ".js": "text/javascript"}


@cache
def _texts() -> dict[str, tuple[str, str]]:
    own = {path.name: path.read_text("utf-8") for path in sorted(FILES.iterdir()) if path.suffix in KINDS}
    every = {"style.css": stylesheet(), "page.js": script(), **own}
    return {name: (text, KINDS[Path(name).suffix]) for name, text in every.items()}


@router.get("/static/{name}")
def static(name: str) -> Response:
    """One of the files by its name."""
    if name not in _texts():
        raise HTTPException(404)
    text, kind = _texts()[name]
    return Response(text, media_type=kind)
