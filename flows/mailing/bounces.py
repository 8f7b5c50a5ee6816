"""Reading which letters came back, from a list or from returned messages.

Belongs here: finding our letters in a text. Must stay out: noting it (`letterbox.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from typing import Any

_MESSAGE_ID = re.compile(r"<([0-9a-f]{16})\.[^@>\s]+@[^>\s]+>")
_WORD = re.compile(r"[^\s<>,;\"']+")
_HEADER = re.compile(r"[A-Za-z-]+:(\s|$)|[ \t]")
_OF_MAIL = re.compile(r"(from|received|return-path):", re.IGNORECASE)


@dataclass(frozen=True)
class Bounced:
    """Letters that came back, and the lines of a list in which none of ours was found."""

    letter_ids: tuple[str, ...]
    unknown: tuple[int, ...]


def read_bounces(data: bytes, letters: Sequence[Mapping[str, Any]], addresses: Mapping[str, str]) -> Bounced:
    """Find our letters in a file.

    It is a list with one letter a line (its Message-ID, its id, the number of the application, or the
    address), or a returned message, in which the Message-ID counts. `letters` are the rows of those that
    were sent, in order; `addresses` is address to application id.
    """
    text = data.decode("utf-8-sig", errors="replace")
    if _is_message(text):
        found = [
            name for part in _texts(message_from_bytes(data, policy=policy.default)) for name in _ids(part)
        ]
        known = {row["letter_id"] for row in letters}
        return Bounced(tuple(dict.fromkeys(name for name in (*found, *_ids(text)) if name in known)), ())
    last = {row["application_id"]: row["letter_id"] for row in letters}
    names = {row["letter_id"]: row["letter_id"] for row in letters} | last
    names |= {address.casefold(): last[name] for address, name in addresses.items() if name in last}
    meant: dict[str, None] = {}
    unknown = []
    for number, line in enumerate(text.splitlines(), 1):
        hits = [name for name in _ids(line) if name in names] or [
            names[word]
            for each in _WORD.findall(line)
            if (word := each if each in names else each.casefold()) in names
        ]
        meant |= dict.fromkeys(hits)
        if line.strip() and not hits:
            unknown.append(number)
    return Bounced(tuple(meant), tuple(unknown))


def _is_message(text: str) -> bool:
    """Whether a text is a message: headers, one of which only a message has, then an empty line."""
    head = text.lstrip("\r\n").replace("\r\n", "\n").partition("\n\n")[0].split("\n")
    return all(map(_HEADER.match, head)) and any(map(_OF_MAIL.match, head))


def _ids(text: str) -> list[str]:
    return _MESSAGE_ID.findall(text)


def _texts(message: Message) -> Iterator[str]:
    """Every part of a message as text, the returned letter's own headers among them."""
    for part in message.walk():
        yield "\n".join(f"{name}: {value}" for name, value in part.items())
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield payload.decode("utf-8", errors="replace")
