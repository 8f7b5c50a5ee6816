"""The one place where an e-mail is built: a frozen row becomes bytes, which are read again.

Belongs here: cleaning what enters a header, writing headers and the body, and the second look. Must stay out:
what a letter says, who gets it, and sending it.

Every library that reads a header decodes it (RFC 2047), also where the text only looks encoded. So values
are decoded and cleaned until nothing changes, headers are written here in ASCII, and the finished bytes are
parsed again, in two ways. A message whose headers, recipients or text are not exactly those meant is refused.
"""

from __future__ import annotations

import base64
import re
from binascii import b2a_qp
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import compat32, default
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from typing import Any

from warehouse.escapes import lines, one_line

MOST_OF_A_NAME = 200
MOST_OF_A_SUBJECT = 300
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LONGEST_ADDRESS = 254
"""Characters (RFC 5321, 4.5.3.1)."""
_LINE = 76
"""Characters of a line of a header, where it can be helped (RFC 5322, 2.1.1)."""
_ENCODED_BYTES = 39
"""Bytes of text in one encoded word: with its frame and the name of the header it fits into a line."""
_ATOMS = re.compile(r"[A-Za-z0-9 ]*")
_MOST_DECODINGS = 8
_BOUNDARY = b"=_city2city"
"""What parts the two forms of a letter: "=_" stands in no quoted-printable text."""
_OF_THE_BODY = {"Content-Type", "Content-Transfer-Encoding", "MIME-Version"}
_OUTCOMES = {"text/plain": "the text", "text/html": "the HTML part"}


class RefusedMessageError(ValueError):
    """A message that would not say what was meant; its text names what differs and holds no personal data."""


@dataclass(frozen=True)
class Mailbox:
    """Who sends or gets a message: a name, which may be empty, and one plain address."""

    name: str
    address: str


@dataclass(frozen=True)
class Mail:
    """One message as it is meant.

    `to` is None for a draft without a recipient, `html` for a message of plain text. `message_id` is
    `<…@…>`, `date` zone-aware. `draft` asks mail programs to open it as one.
    """

    subject: str
    sender: Mailbox
    text: str
    to: Mailbox | None = None
    reply_to: Mailbox | None = None
    html: str | None = None
    message_id: str | None = None
    date: datetime | None = None
    draft: bool = False


def header_text(text: object, most: int = MOST_OF_A_NAME) -> str:
    """One line for a header, and for the letter beside it: decoded and cleaned until nothing changes."""
    cleaned = one_line(text, most)
    for _ in range(_MOST_DECODINGS):
        decoded = one_line(_decoded(cleaned), most)
        if decoded == cleaned:
            break
        cleaned = decoded
    return cleaned.replace("=?", "= ?")


def usable_address(text: object) -> str | None:
    """The e-mail address, where the cell is one and nothing else; a list, a header or a sentence is none."""
    candidate = str(text or "").strip()
    return candidate if len(candidate) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(candidate) else None


def build_message(mail: Mail) -> bytes:
    """The finished message, with the line ends of mail, in ASCII; the same mail gives the same bytes.

    Raises `RefusedMessageError` where the bytes, read again, do not say exactly what `mail` does.
    """
    mail = _cleaned(mail)
    headers = _headers(mail)
    written = b"".join(_header_line(name, words) for name, words in headers)
    content = written + _body(mail)
    differing = [*_differences(content, mail, [name for name, _ in headers])]
    if differing:
        raise RefusedMessageError(
            f"read again, the finished message differs from what was meant in {', '.join(differing)}"
        )
    return content


def _cleaned(mail: Mail) -> Mail:
    """The mail with every value as it may stand in a message; raises `RefusedMessageError` for an address."""
    return Mail(
        subject=header_text(mail.subject, MOST_OF_A_SUBJECT),
        sender=_mailbox(mail.sender, "the sender"),
        text=lines(mail.text).strip("\n") + "\n",
        to=mail.to and _mailbox(mail.to, "the recipient"),
        reply_to=mail.reply_to and _mailbox(mail.reply_to, "the address for answers"),
        html=None if mail.html is None else lines(mail.html).strip("\n") + "\n",
        message_id=mail.message_id,
        date=mail.date,
        draft=mail.draft,
    )


def _mailbox(mailbox: Mailbox, who: str) -> Mailbox:
    address = usable_address(mailbox.address)
    if address is None or address != mailbox.address:
        raise RefusedMessageError(f"the address of {who} is not one plain address")
    return Mailbox(header_text(mailbox.name), address)


def _headers(mail: Mail) -> list[tuple[str, list[str]]]:
    """Every header but those of the body, as words between which a line may be broken."""
    meant: list[tuple[str, list[str]]] = [
        ("Subject", _words(mail.subject)),
        ("From", _address_words(mail.sender)),
    ]
    if mail.reply_to:
        meant.append(("Reply-To", _address_words(mail.reply_to)))
    if mail.to:
        meant.append(("To", _address_words(mail.to)))
    if mail.date:
        meant.append(("Date", [format_datetime(mail.date)]))
    if mail.message_id:
        meant.append(("Message-ID", [mail.message_id]))
    if mail.draft:
        # Mail programs open a message with this header as a draft to be sent.
        meant.append(("X-Unsent", ["1"]))
    return meant


def _words(text: str) -> list[str]:
    if text.isascii():
        return text.split(" ")
    return [*_encoded_words(text)]


def _address_words(mailbox: Mailbox) -> list[str]:
    address = f"<{mailbox.address}>"
    if not mailbox.name:
        return [mailbox.address]
    if not mailbox.name.isascii():
        return [*_encoded_words(mailbox.name), address]
    if _ATOMS.fullmatch(mailbox.name):
        return [*mailbox.name.split(" "), address]
    quoted = re.sub(r'(["\\])', r"\\\1", mailbox.name)
    return [*f'"{quoted}"'.split(" "), address]


def _encoded_words(text: str) -> Iterator[str]:
    """The text in encoded words (RFC 2047), none of which ends within a character."""
    part = b""
    for character in text:
        added = character.encode()
        if len(part) + len(added) > _ENCODED_BYTES:
            yield _encoded_word(part)
            part = b""
        part += added
    yield _encoded_word(part)


def _encoded_word(part: bytes) -> str:
    return f"=?utf-8?b?{base64.b64encode(part).decode()}?="


def _header_line(name: str, words: Sequence[str]) -> bytes:
    """A header in lines of at most 76 characters, where its words are short enough."""
    folded = [f"{name}:"]
    for word in words:
        if len(folded[-1]) + 1 + len(word) > _LINE and not folded[-1].endswith(":"):
            folded.append("")
        folded[-1] += f" {word}"
    return ("\r\n".join(folded) + "\r\n").encode("ascii")


def _body(mail: Mail) -> bytes:
    """The headers of the body and the body: one part, or the same in two forms (RFC 2046, 5.1.4)."""
    plain = _part("plain", mail.text)
    if mail.html is None:
        return b"MIME-Version: 1.0\r\n" + plain
    between = b"\r\n--" + _BOUNDARY
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="%b"\r\n' % _BOUNDARY
    return head + b"".join(
        (between, b"\r\n", plain, between, b"\r\n", _part("html", mail.html), between, b"--\r\n")
    )


def _part(subtype: str, text: str) -> bytes:
    encoded = b2a_qp(text.encode(), istext=True).replace(b"\n", b"\r\n")
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable'
    return head.encode() + b"\r\n\r\n" + encoded


def _differences(content: bytes, mail: Mail, names: Sequence[str]) -> Iterator[str]:
    """In what the bytes, read again, differ from the mail."""
    read = message_from_bytes(content, policy=compat32)
    for found in (read.keys(), _raw_names(content)):
        ours = [name for name in found if name not in _OF_THE_BODY]
        if ours != list(names) or len(set(found)) != len(found):
            yield "its headers"
            return
    values = {name: str(value) for name, value in read.items()}
    if not _reads_as(values["Subject"], mail.subject):
        yield "its subject"
    meant = {"From": mail.sender, "Reply-To": mail.reply_to, "To": mail.to}
    for name, mailbox in meant.items():
        if mailbox is not None and not _names_exactly(name, values[name], mailbox):
            yield f"its header {name}"
    if mail.message_id and values["Message-ID"] != mail.message_id:
        yield "its Message-ID"
    if mail.date and parsedate_to_datetime(values["Date"]) != mail.date.replace(microsecond=0):
        yield "its date"
    yield from _body_differences(read, mail)


def _raw_names(content: bytes) -> list[str]:
    """The names of the headers, by the bytes alone."""
    head = content.partition(b"\r\n\r\n")[0].decode("ascii", errors="replace")
    if "\n" in head.replace("\r\n", "") or "\r" in head.replace("\r\n", ""):
        return ["a line end of its own"]
    return [line.partition(":")[0] for line in head.split("\r\n") if not line.startswith((" ", "\t"))]


@lru_cache(maxsize=1000)
def _modern(name: str, value: str) -> Any:
    """A header as the standard library's modern policy reads it."""
    return default.header_fetch_parse(name, value)


def _reads_as(value: str, meant: str) -> bool:
    """Whether a header, unfolded and decoded once, says exactly that."""
    return _decoded(re.sub(r"\r?\n(?=[ \t])", "", value.strip())) == meant


def _names_exactly(name: str, value: str, mailbox: Mailbox) -> bool:
    addresses = [address.addr_spec for address in _modern(name, value).addresses]
    words = mailbox.name and f"{mailbox.name} "
    quoted = re.sub(r'(["\\])', r"\\\1", mailbox.name)
    meant = (f"{words}<{mailbox.address}>", f'"{quoted}" <{mailbox.address}>', mailbox.address)
    return addresses == [mailbox.address] and any(_reads_as(value, one) for one in meant)


def _body_differences(read: Message, mail: Mail) -> Iterator[str]:
    meant = {"text/plain": mail.text} | ({"text/html": mail.html} if mail.html is not None else {})
    parts = [part for part in read.walk() if not part.is_multipart()]
    found = {part.get_content_type(): part for part in parts}
    if len(parts) != len(meant) or set(found) != set(meant) or any(part.defects for part in read.walk()):
        yield "its parts"
        return
    for kind, text in meant.items():
        payload = found[kind].get_payload(decode=True)
        if not isinstance(payload, bytes) or payload.decode().replace("\r\n", "\n").rstrip(
            "\n"
        ) != text.rstrip("\n"):
            yield _OUTCOMES[kind]


def _decoded(text: str) -> str:
    """The text with its encoded words decoded, as a reader of mail would; what cannot be decoded goes."""
    if "=?" not in text:
        return text
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError):
        return text.replace("=?", "= ?")
    return "".join(
        part if isinstance(part, str) else _decoded_bytes(part, charset) for part, charset in parts
    )


def _decoded_bytes(part: bytes, charset: str | None) -> str:
    try:
        return part.decode(charset or "latin-1", errors="replace")
    except (LookupError, ValueError):
        return part.decode("latin-1")
