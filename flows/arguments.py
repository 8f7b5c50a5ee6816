"""What was typed behind the program's name, as texts that can be kept.

Belongs here: bytes of the command line that are no UTF-8. Must stay out: what an argument means.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

_ENCODING = "cp1252"
"""What a terminal that writes no UTF-8 most likely writes."""


def readable(arguments: Sequence[str]) -> list[str]:
    """The arguments without halves of surrogates, by which Python stands for bytes that are no UTF-8.

    Such bytes are read as Windows-1252. The name of a file that is there stays as it is, because only so is
    the file found.
    """
    return [one if _is_text(one) or _is_file(one) else _read(one) for one in arguments]


def _is_text(argument: str) -> bool:
    try:
        argument.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_file(argument: str) -> bool:
    name = argument.partition("=")[2] if argument.startswith("--") and "=" in argument else argument
    try:
        return os.path.lexists(name)
    except (OSError, ValueError):
        return False


def _read(argument: str) -> str:
    return "".join(map(_piece, argument))


def _piece(character: str) -> str:
    if "\udc80" <= character <= "\udcff":
        return bytes([ord(character) - 0xDC00]).decode(_ENCODING, errors="replace")
    return "\N{REPLACEMENT CHARACTER}" if "\ud800" <= character <= "\udfff" else character
