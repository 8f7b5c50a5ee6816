"""Which events of Prefect people are told of, and in which words: data, from which `make alerts` makes
automations.

Belongs here: the events, the windows and the words. Must stay out: making automations (`flows/alerts.py`).
The words name the flow, the round, the state and where to look. They never quote a state's message, a
parameter or the name of a run, which hold what people typed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, urlencode

from flows.mailing.mail_settings import MailSettings
from flows.operations.telling import Receivers

MARK = "city2city: "
"""What the names of our automations begin with: those that are no longer in the list are removed."""
HEARTBEAT_S = 30
"""Seconds between the signs of life of a run; Prefect's own default of 180 s would outlast the window."""
SILENCE = timedelta(seconds=4 * HEARTBEAT_S)
"""A run that is silent for so long is dead: three signs of life may be late or lost."""
FLOW_RUN, WORK_POOL = "prefect.flow-run.", "prefect.work-pool."


@dataclass(frozen=True)
class Alert:
    """One thing that people are told of.

    `events` are Prefect's; `said` and `remedy` are one sentence each. With `silence` it is about a run of
    which nothing came for so long after a sign of life: it is marked as crashed, since nobody else does that,
    and people are told by the alert about crashed runs. So nobody is told falsely of a run that ended at
    once, whose only sign of life was noted after its end: the server lets no run that has ended crash.
    """

    name: str
    events: tuple[str, ...]
    said: str
    remedy: str
    silence: timedelta | None = None
    about: str = FLOW_RUN


ALERTS = (
    Alert(
        "failed",
        (FLOW_RUN + "Failed",),
        "A run failed.",
        "Open the run: its artifact `stopped` or its log says why. The last version stays.",
    ),
    Alert(
        "crashed",
        (FLOW_RUN + "Crashed",),
        "A run crashed: its process is gone, or gave no sign of life any more.",
        "See whether memory or disk ran out (city2city doctor), then run the round again.",
    ),
    Alert(
        "stopped",
        (FLOW_RUN + "Stopped",),
        "A run was stopped by a check or a gate; nothing was published.",
        "Open the run: its artifact `stopped` says what was found and what to do.",
    ),
    Alert(
        "late",
        (FLOW_RUN + "Late",),
        "A run should have begun and did not.",
        "See that a worker is at work (city2city doctor).",
    ),
    Alert(
        "no heartbeat",
        (FLOW_RUN + "*",),
        "A run gives no sign of life any more, and is marked as crashed.",
        "See whether its process or its machine is gone (city2city doctor), then run the round again.",
        silence=SILENCE,
    ),
    Alert(
        "no worker",
        (WORK_POOL + "not-ready",),
        "No worker is at work, so no run begins.",
        "Start one: prefect worker start --pool NAME",
        about=WORK_POOL,
    ),
)


def subject_of(alert: Alert) -> str:
    """The subject of the message, as a template of Prefect's."""
    return f"City2City: {alert.said}"


def body_of(alert: Alert) -> str:
    """The text of the message, as a template of Prefect's."""
    where = _WHERE if alert.about == FLOW_RUN else ""
    return f"{alert.said}\n\n{where}What to do: {alert.remedy}\n"


def payload_of(alert: Alert) -> str:
    """What the webhook is sent, as a template of Prefect's that gives JSON."""
    fields = {"alert": alert.name, "text": f"{alert.said} {alert.remedy}"}
    told = json.dumps(fields)
    return told if alert.about != FLOW_RUN else told[:-1] + _FIELDS


_ROUND = "flow_run.parameters.round_id or flow_run.parameters.round or ''"
_WHERE = (
    "Flow: {{ flow.name }}\nRound: {{ " + _ROUND + " }}\nState: {{ flow_run.state.name }}\n"
    "Run: {{ flow_run|ui_url }}\n\n"
)
_FIELDS = (
    ', "flow": {{ flow.name|tojson }}, "round": {{ (' + _ROUND + ")|tojson }}, "
    '"state": {{ flow_run.state.name|tojson }}, "run": {{ (flow_run|ui_url)|tojson }} }'
)


def mail_address(settings: MailSettings, to: Receivers) -> str:
    """The mail server and who is told, as an address of Apprise, the library that Prefect sends with.

    Prefect has no block for SMTP. Its block for Slack hands every address that is not Slack's to Apprise.
    """
    scheme = "mailto" if settings.security == "none" else "mailtos"
    login = f"{quote(settings.user, safe='')}:{quote(settings.password, safe='')}@" if settings.user else ""
    options = {"from": to.sender, "to": ",".join(to.mail), "smtp": settings.host, "format": "text"}
    if scheme == "mailtos":
        options["mode"] = "ssl" if settings.security == "tls" else "starttls"
    return f"{scheme}://{login}{settings.host}:{settings.port}/?{urlencode(options)}"
