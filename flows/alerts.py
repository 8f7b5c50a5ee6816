"""`make alerts`: the alerts as automations of the Prefect server that `PREFECT_API_URL` names.

Belongs here: making them, the same ones however often it is called. Must stay out: what people are told, and
when (`flows/operations/alerts.py`).
"""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any
from uuid import UUID

from prefect.blocks.notifications import SlackWebhook
from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import CallWebhook, ChangeFlowRunState, SendNotification
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from pydantic import SecretStr

from flows.console import print_error, print_text
from flows.mailing.mail_settings import mail_settings
from flows.operations.alerts import (
    ALERTS,
    MARK,
    Alert,
    body_of,
    mail_address,
    payload_of,
    subject_of,
)
from flows.operations.telling import Receivers, receivers
from flows.settings import alert_variables, mail_variables, prefect_server
from programme.counts import counted, listed
from programme.problems import ProblemsError, problem

MAIL_BLOCK, WEBHOOK_BLOCK = "city2city-alert-mail", "city2city-alert-webhook"


def make_alerts() -> list[str]:
    """Make every alert's automation, or bring it up to date; remove ours that are no longer wanted.

    Returns their names. Raises `ProblemsError` where nobody is to be told, or no server is named.
    """
    to = receivers(alert_variables())
    if prefect_server() is None or not to:
        raise problem(
            found="no server" if prefect_server() is None else "nobody who is told",
            expected="PREFECT_API_URL, and CITY2CITY_ALERT_MAIL or CITY2CITY_ALERT_WEBHOOK",
            where="the environment",
            remedy="Set them (docs/operations.md, Alerts).",
        )
    blocks = _blocks(to)
    wanted = {MARK + alert.name: _automation(alert, blocks) for alert in ALERTS}
    client = get_client(sync_client=True)
    there: dict[str, list[UUID]] = {}
    for found in client.read_automations():
        if found.name.startswith(MARK):
            there.setdefault(found.name, []).append(found.id)
    for name, automation in wanted.items():
        known = there.pop(name, [])
        if known:
            client.update_automation(known[0], automation)
        else:
            client.create_automation(automation)
        there[f"{name} (doubled)"] = known[1:]
    for ids in there.values():
        for one in ids:
            client.delete_automation(one)
    return list(wanted)


def _blocks(to: Receivers) -> dict[str, UUID]:
    """Where alerts go, kept by the server as blocks: it encrypts the addresses, which may hold secrets."""
    blocks: dict[str, UUID] = {}
    if to.mail:
        address = mail_address(mail_settings(mail_variables()), to)
        mail: Any = SlackWebhook(url=SecretStr(address), allow_private_urls=True)
        blocks[MAIL_BLOCK] = mail.save(MAIL_BLOCK, overwrite=True)
    if to.webhook:
        hook: Any = Webhook(method="POST", url=SecretStr(to.webhook), allow_private_urls=True)
        blocks[WEBHOOK_BLOCK] = hook.save(WEBHOOK_BLOCK, overwrite=True)
    return blocks


def _automation(alert: Alert, blocks: dict[str, UUID]) -> AutomationCore:
    actions: list[Any] = []
    if alert.silence is not None:
        message = "It gave no sign of life any more."
        actions.append(ChangeFlowRunState(state=StateType.CRASHED, name="Crashed", message=message))
    if MAIL_BLOCK in blocks and alert.silence is None:
        actions.append(
            SendNotification(
                block_document_id=blocks[MAIL_BLOCK], subject=subject_of(alert), body=body_of(alert)
            )
        )
    if WEBHOOK_BLOCK in blocks and alert.silence is None:
        actions.append(CallWebhook(block_document_id=blocks[WEBHOOK_BLOCK], payload=payload_of(alert)))
    return AutomationCore(
        name=MARK + alert.name,
        description=f"{alert.said} {alert.remedy}",
        enabled=True,
        trigger=_trigger(alert),
        actions=actions,
    )


def _trigger(alert: Alert) -> EventTrigger:
    each, match = {"prefect.resource.id"}, {"prefect.resource.id": alert.about + "*"}
    if alert.silence is None:
        return EventTrigger(
            expect=set(alert.events),
            match=match,
            for_each=each,
            posture=Posture.Reactive,
            threshold=1,
            within=timedelta(0),
        )
    return EventTrigger(
        after={"prefect.flow-run.heartbeat"},
        expect=set(alert.events),
        match=match,
        for_each=each,
        posture=Posture.Proactive,
        threshold=1,
        within=alert.silence,
    )


def _main() -> None:
    try:
        names = make_alerts()
    except ProblemsError as error:
        for item in error.problems:
            print_error(str(item))
        sys.exit(2)
    print_text(f"{counted(len(names), 'alert')}: {listed(name.removeprefix(MARK) for name in names)}.")


if __name__ == "__main__":
    _main()
