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
    "Windows-1255": "cp1255",
    "Windows-1256": "cp1256",
    "Windows-1257": "cp1257",
    "ISO 8859-2": "iso8859_2",
    "ISO 8859-4": "iso8859_4",
    "ISO 8859-5": "iso8859_5",
    "ISO 8859-7": "iso8859_7",
    "ISO 8859-15": "iso8859_15",
    "ISO 8859-16": "iso8859_16",
    "KOI8-U": "koi8_u",
    "Mac Roman": "mac_roman",
    "Mac Central European": "mac_latin2",
    "Mac Croatian": "mac_croatian",
    "Mac Cyrillic": "mac_cyrillic",
    "Mac Greek": "mac_greek",
    "Mac Romanian": "mac_romanian",
    "Mac Turkish": "mac_turkish",
    "DOS 437": "cp437",
    "DOS 737": "cp737",
    "DOS 775": "cp775",
    "DOS 850": "cp850",
    "DOS 852": "cp852",
    "DOS 857": "cp857",
    "DOS 862": "cp862",
    "DOS 866": "cp866",
}
"""Name of an encoding to its codec; of encodings that fit equally well, the first counts.

They are those that office programs write for the alphabets of Europe: of Windows, of Unix, of a Mac ("CSV
(Macintosh)") and of DOS ("CSV (MS-DOS)"). One whose letters are all those of another is left out: ISO 8859-1
and 8859-9 are.
"""


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
