"""Encodings of one byte a letter, and changing a text from one to another.

Belongs here: which encodings are tried, and the way between them that loses nothing. Must stay out: which one
a file is in; its rows decide that (`tasks/ingest/headings/settle_encoding.py`).
"""

from __future__ import annotations

from functools import cache

WINDOWS_1252 = "Windows-1252"
"""The encoding that a file of unknown encoding is read in first; no byte is lost by it."""
CODECS = {
    WINDOWS_1252: "cp1252",
    "Windows-1250": "cp1250",
    "Windows-1251": "cp1251",
    "Windows-1253": "cp1253",
    "Windows-1254": "cp1254",
    "Windows-1257": "cp1257",
    "Mac Roman": "mac_roman",
}
"""Name of an encoding to its codec; of encodings that fit equally well, the first counts."""


def decode_windows_1252(content: bytes) -> str:
    """The text in Windows-1252; the five bytes it leaves out become the controls of the same number."""
    return content.decode("latin-1").translate(_controls())


def in_encoding(text: str, name: str) -> str:
    """A text that was read in Windows-1252, as it reads in another encoding."""
    return text if text.isascii() or name == WINDOWS_1252 else text.translate(_from_windows_1252(name))


def _letter(byte: int, codec: str) -> str:
    try:
        return bytes([byte]).decode(codec)
    except UnicodeDecodeError:
        return chr(byte)


@cache
def _controls() -> dict[int, str]:
    return {byte: _letter(byte, "cp1252") for byte in range(128, 160)}


@cache
def _from_windows_1252(name: str) -> dict[int, str]:
    codec = CODECS[name]
    return {ord(_letter(byte, "cp1252")): _letter(byte, codec) for byte in range(128, 256)}
