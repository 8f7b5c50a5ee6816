"""Telling people what a watch found, without Prefect: by e-mail and to a webhook.

Belongs here: who is told, the message, and what was told before. Must stay out: what an alarm is
(`expected.py`, `prefect_health.py`). No name, address or text of an applicant is ever in a line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path

from flows.mailing.mail_settings import mail_settings
from flows.mailing.smtp import MailServer, UnusableServerError
from flows.operations.line import Line
from flows.operations.web import request, without_secret
from programme.problems import ProblemsError, problem

MEMORY = "watch.json"
"""What was told, in the folder of caches: if it is lost, the same is told once more."""
TIMEOUT_S = 20.0


@dataclass(frozen=True)
class Receivers:
    """Who is told: addresses of e-mail, from which address, and a webhook (it may hold a secret)."""

    mail: tuple[str, ...] = ()
    sender: str = ""
    webhook: str | None = None

    def __bool__(self) -> bool:
        """Whether anybody is told."""
        return bool(self.mail or self.webhook)


def receivers(variables: Mapping[str, str]) -> Receivers:
    """Who is told, from the variables of alerts by their short names (`alert_variables`).

    Raises `ProblemsError` for an address that is none.
    """
    mail = tuple(part.strip() for part in variables.get("MAIL", "").split(",") if part.strip())
    sender = variables.get("FROM") or (mail[0] if mail else "")
    for address in (*mail, *([sender] if sender else [])):
        if parseaddr(address)[1] != address or address.count("@") != 1 or not address.isascii():
            raise problem(
                found=repr(address),
                expected="addresses such as office@example.org, with commas between them",
                where="CITY2CITY_ALERT_MAIL",
                remedy="Correct it in the environment.",
            )
    return Receivers(mail, sender, variables.get("WEBHOOK") or None)


@dataclass(frozen=True)
class News:
    """What is to be told now: alarms that are new or stand for long, and those that are over."""

    alarms: tuple[Line, ...]
    settled: tuple[str, ...]
    told: Mapping[str, str]
    """What will have been told, and when (ISO 8601)."""


def news(lines: Sequence[Line], told: Mapping[str, str], now: datetime, again_after: timedelta) -> News:
    """What to tell: each alarm once, again after a while, and once more when it is over."""
    alarms = {f"{line.what}: {line.found}": line for line in lines if line.health == "broken"}
    due = {name: line for name, line in alarms.items() if _is_due(told.get(name), now, again_after)}
    kept = {name: told[name] for name in alarms if name not in due}
    settled = tuple(name for name in told if name not in alarms)
    return News(tuple(due.values()), settled, kept | {name: now.isoformat() for name in due})


def _is_due(told_at: str | None, now: datetime, again_after: timedelta) -> bool:
    try:
        return told_at is None or not now - again_after < datetime.fromisoformat(told_at) <= now
    except (ValueError, TypeError):
        return True


def read_memory(folder: Path) -> dict[str, str]:
    """What was told before; nothing where that is not known."""
    try:
        found = json.loads((folder / MEMORY).read_text("utf-8"))
        return {str(name): str(at) for name, at in found.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def keep_memory(folder: Path, told: Mapping[str, str]) -> None:
    """Keep what was told; a folder that cannot be written makes the next watch tell it again."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MEMORY).write_text(json.dumps(dict(told)), "utf-8")


def subject_of(found: News) -> str:
    """The subject of a message, without a line break."""
    if found.alarms:
        more = f" and {len(found.alarms) - 1} more" if len(found.alarms) > 1 else ""
        return f"City2City alarm: {found.alarms[0].what}{more}"
    return "City2City: settled"


def text_of(found: News) -> str:
    """The text of a message: each alarm with what to do, then what is over."""
    parts = [f"{line.what}: {line.found}\nWhat to do: {line.remedy}" for line in found.alarms]
    parts += [f"Settled: {name}" for name in found.settled]
    return "\n\n".join(parts) + "\n"


def tell(to: Receivers, found: News, mail_variables: Mapping[str, str]) -> list[str]:
    """Tell everybody; returns what could not be told, in sentences without a secret."""
    faults = []
    if to.mail and (fault := _mail(to, found, mail_variables)):
        faults.append(f"The alarm could not be mailed: {fault}.")
    if to.webhook and (fault := _post(to.webhook, found)):
        faults.append(f"The alarm could not be sent to {without_secret(to.webhook)}: {fault}.")
    return faults


def _mail(to: Receivers, found: News, variables: Mapping[str, str]) -> str:
    message = EmailMessage()
    message["Subject"] = subject_of(found)
    message["From"], message["To"] = to.sender, ", ".join(to.mail)
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=to.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text_of(found))
    data = bytes(message).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    try:
        with MailServer(mail_settings(variables)) as server:
            outcomes = [server.send(to.sender, address, data) for address in to.mail]
    except ProblemsError as error:
        return "; ".join(f"{item.where}: found {item.found}" for item in error.problems)
    except UnusableServerError as error:
        return str(error)
    return "; ".join(outcome.detail for outcome in outcomes if outcome.fate != "sent")


def _post(webhook: str, found: News) -> str:
    body = {
        "subject": subject_of(found),
        "text": text_of(found),
        "alarms": [asdict(line) for line in found.alarms],
        "settled": list(found.settled),
    }
    try:
        answer = request(webhook, json.dumps(body).encode(), timeout=TIMEOUT_S)
    except (OSError, ProblemsError) as error:
        return getattr(error, "strerror", None) or type(error).__name__
    return "" if answer.ok else f"answer {answer.status}"
