"""Whether a file holds one of the texts of a person, in whatever way it is written.

Belongs here: unpacking, decoding and comparing. Must stay out: which texts are looked for (`group.py`), and
what becomes of the file (`traces.py`).
"""

from __future__ import annotations

import base64
import email
import email.policy
import html
import io
import json
import re
import zipfile
from collections.abc import Collection, Iterator

import polars as pl

_MOST_UNPACKED = 300 * 2**20
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{40,}={0,2}")


def holds(content: bytes, texts: Collection[str]) -> bool:
    """Whether a content holds one of the texts, as it is, packed, escaped or decoded as mail."""
    return any(text in one for one in readable(content) for text in texts)


def readable(content: bytes) -> Iterator[str]:
    """The content as texts in small letters, with single blanks."""
    if content.startswith(b"PAR1"):
        yield from _written(pl.read_parquet(io.BytesIO(content)).write_ndjson())
        return
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) <= _MOST_UNPACKED:
                for item in archive.infolist():
                    yield from _written(archive.read(item).decode(errors="replace"))
        return
    text = content.decode(errors="replace")
    yield from _written(text)
    if b"\x00" in content:
        yield folded(text.replace("\x00", ""))
    if b"Subject:" in content or b"Content-Transfer-Encoding" in content:
        yield from of_mail(content)
    for found in _BASE64.findall(content):
        yield folded(base64.b64decode(found[: len(found) // 4 * 4]).decode(errors="replace"))


def _written(text: str) -> Iterator[str]:
    """A text as it is, and without the escapes of HTML, XML and JSON."""
    yield folded(text)
    if "&" in text or "<" in text:
        yield folded(html.unescape(re.sub(r"<[^>]*>", "", text)))
    if "\\" in text:
        yield folded(unescaped(text))


def unescaped(text: str) -> str:
    """A text without the escapes of JSON strings."""

    def plain(found: re.Match[str]) -> str:
        try:
            return str(json.loads(f'"{found[0]}"'))
        except ValueError:
            return found[0]

    return re.sub(r'(?:\\u[0-9a-fA-F]{4})+|\\["\\/bfnrt]', plain, text)


def of_mail(content: bytes) -> Iterator[str]:
    """The headers and texts of a message, decoded."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    yield folded(str(message.items()))
    for part in message.walk():
        if part.get_content_maintype() == "text":
            yield folded(str(part.get_content()))


def folded(text: str) -> str:
    """A text as it is compared."""
    return " ".join(text.casefold().split())
