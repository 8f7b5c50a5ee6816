"""One connection to a mail server, on which it is always known how far a letter came.

Belongs here: the steps of SMTP (RFC 5321) and what the answer to each means. Must stay out: which letters
are sent, and noting what became of them (`send.py`).

The standard library's function for the whole does not tell whether a connection was lost before the letter
was handed over, or after it. That decides whether it may be sent again, so the steps are taken one by one.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from typing import Literal

from flows.mailing.mail_settings import MailSettings

Fate = Literal["sent", "refused", "not_sent", "unknown"]
"""What became of a letter: the server took it; it refuses it for good; it surely does not have it; nobody
knows."""
FAILURES = (smtplib.SMTPException, OSError, ssl.SSLError)
_OK = (250, 251)
_GO_ON = 354
_FOR_GOOD = 500


@dataclass(frozen=True)
class Outcome:
    """What became of one letter; `detail` is the server's answer by its number alone: words may name a
    person."""

    fate: Fate
    detail: str = ""
    connected: bool = True


class UnusableServerError(Exception):
    """The mail server cannot be used at all; its text says why and holds no secret."""

    def __init__(self, why: str, *, passing: bool) -> None:
        super().__init__(why)
        self.passing = passing


class MailServer:
    """A connection that is ready to take letters; use it as a context."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> MailServer:
        self.connect()
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def ready(self) -> bool:
        """Whether there is a connection."""
        return self._connection is not None

    def connect(self) -> None:
        """Connect, encrypt and log in; raises `UnusableServerError`, `passing` where it may be better
        later."""
        settings, context = self._settings, ssl.create_default_context(cafile=self._settings.ca)
        try:
            if settings.security == "tls":
                connection: smtplib.SMTP = smtplib.SMTP_SSL(
                    settings.host, settings.port, timeout=settings.timeout, context=context
                )
            else:
                connection = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout)
            self._connection = connection
            connection.ehlo_or_helo_if_needed()
            if settings.security == "starttls":
                connection.starttls(context=context)
                connection.ehlo_or_helo_if_needed()
            if settings.user:
                connection.login(settings.user, settings.password)
        except FAILURES as error:
            self.close()
            raise _unusable(error) from None

    def close(self) -> None:
        """End the connection, whatever state it is in."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.quit()
            except FAILURES:
                connection.close()

    def send(self, sender: str, recipient: str, message: bytes) -> Outcome:
        """Hand one letter over. After an outcome that is not `connected`, `connect` again."""
        connection = self._connection
        if connection is None:
            return Outcome("not_sent", "no connection", connected=False)
        try:
            for step, command, wanted in (
                ("MAIL", f"FROM:<{sender}>", _OK),
                ("RCPT", f"TO:<{recipient}>", _OK),
                ("DATA", "", (_GO_ON,)),
            ):
                code, _ = connection.docmd(step, command)
                if code not in wanted:
                    connection.docmd("RSET")
                    return _refusal(step, code)
        except FAILURES as error:
            self.close()
            return Outcome("not_sent", _lost(error), connected=False)
        try:
            connection.send(_dotted(message))
            code, _ = connection.getreply()
        except FAILURES as error:
            # The letter was on its way, and the server's answer is not known.
            self._abandon()
            return Outcome("unknown", _lost(error), connected=False)
        return Outcome("sent") if code in _OK else _refusal("message", code)

    def _abandon(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _dotted(message: bytes) -> bytes:
    """The message as it goes over the wire: a line that begins with a dot gets another one, then the end."""
    lines = message.split(b"\r\n")
    body = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)
    return body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _refusal(step: str, code: int) -> Outcome:
    fate: Fate = "refused" if code >= _FOR_GOOD else "not_sent"
    return Outcome(fate, f"{step}: answer {code}")


def _is_silence(error: Exception) -> bool:
    """Whether a server did not answer in time; the library tells it as a connection that was closed."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _lost(error: Exception) -> str:
    """How the connection was lost, in words."""
    return "the server did not answer in time" if _is_silence(error) else "the connection was lost"


def _unusable(error: Exception) -> UnusableServerError:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return UnusableServerError(f"it refuses the login (answer {error.smtp_code})", passing=False)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        why = "it does not offer what is needed (STARTTLS, or a way to log in)"
        return UnusableServerError(why, passing=False)
    if isinstance(error, ssl.SSLCertVerificationError):
        return UnusableServerError("its certificate is not trusted", passing=False)
    if isinstance(error, smtplib.SMTPResponseException):
        passing = error.smtp_code < _FOR_GOOD
        return UnusableServerError(f"it answers {error.smtp_code} to a greeting", passing=passing)
    if _is_silence(error):
        return UnusableServerError("it does not answer", passing=True)
    words = error.strerror if isinstance(error, OSError) and error.strerror else "it ended the connection"
    return UnusableServerError(words, passing=True)
