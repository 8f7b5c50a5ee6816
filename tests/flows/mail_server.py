"""A mail server on loopback that takes, refuses, puts off, hangs or drops."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

Behaviour = Callable[["Letters", str], str | None]
"""Given the letters so far and the step (`rcpt` or `data`), the server's answer; None lets it go on."""


@dataclass
class Letters:
    """What a server was given: envelopes and messages, in order; `asked` counts the steps."""

    recipients: list[str] = field(default_factory=list)
    messages: list[EmailMessage] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)


class Handler:
    """Takes every letter, unless its behaviour says otherwise."""

    def __init__(self, letters: Letters, behaviour: Behaviour) -> None:
        self.letters, self.behaviour = letters, behaviour

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        self.letters.asked["rcpt"] = self.letters.asked.get("rcpt", 0) + 1
        answer = self.behaviour(self.letters, "rcpt")
        if answer is not None:
            return await _done(server, answer)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.asked["data"] = self.letters.asked.get("data", 0) + 1
        answer = self.behaviour(self.letters, "data")
        if answer is not None and not answer.startswith("taken "):
            return await _done(server, answer)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.letters.recipients += envelope.rcpt_tos
        self.letters.messages.append(message)
        return "250 OK" if answer is None else await _done(server, answer.removeprefix("taken "))


async def _done(server: SMTP, answer: str) -> str:
    if answer == "hang":
        await asyncio.sleep(3)
    if answer == "drop":
        server.transport.close()
    return answer if answer[:1].isdigit() else "250 OK"


@contextmanager
def mail_server(behaviour: Behaviour = lambda _letters, _step: None, **options: Any) -> Iterator[Any]:
    """A running server; `letters` of it are what it was given, `port` is its port."""
    letters = Letters()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller: Any = Controller(Handler(letters, behaviour), hostname="127.0.0.1", port=port, **options)
    controller.letters = letters
    controller.start()
    try:
        yield controller
    finally:
        controller.stop()
