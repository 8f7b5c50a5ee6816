"""What people are told of Prefect's events: in words, as JSON, and never what somebody typed."""

from __future__ import annotations

import json
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import jinja2
import pytest

from flows.mailing.mail_settings import MailSettings
from flows.operations.alerts import ALERTS, Alert, body_of, mail_address, payload_of, subject_of
from flows.operations.telling import Receivers

TYPED = "for Ada Lovelace, ada@example.org"
RUN = SimpleNamespace(
    name=f"2026-01: {TYPED}",
    parameters={"round_id": "2026-01", "by": TYPED, "reason": TYPED},
    state=SimpleNamespace(name='A "state"', message=TYPED),
)


def rendered(template: str) -> str:
    environment = jinja2.Environment(autoescape=False)  # noqa: S701  (Prefect's own has none; this is no HTML)
    environment.filters["ui_url"] = lambda _run: "http://127.0.0.1:4200/runs/flow-run/1"
    return environment.from_string(template).render(flow_run=RUN, flow=SimpleNamespace(name="process-round"))


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)
def test_an_alert_says_what_to_do_and_nothing_that_was_typed(alert: Alert) -> None:
    told = json.loads(rendered(payload_of(alert)))
    assert told["alert"] == alert.name
    text = rendered(subject_of(alert)) + rendered(body_of(alert)) + json.dumps(told)
    assert "Ada" not in text
    assert "ada@" not in text
    assert f"What to do: {alert.remedy}" in text
    if "work-pool" not in alert.about:
        assert (told["round"], told["state"]) == ("2026-01", 'A "state"')
        assert told["run"].startswith("http://")


def test_every_bad_end_has_an_alert() -> None:
    names = {alert.name for alert in ALERTS}
    assert names >= {"failed", "crashed", "stopped", "late", "no heartbeat"}
    assert len(names) == len(ALERTS)


@pytest.mark.parametrize(
    ("security", "user", "begins", "mode"),
    [
        pytest.param("none", "", "mailto://127.0.0.1:2525/", None, id="this-machine"),
        pytest.param(
            "starttls", "me@x", "mailtos://me%40x:p%2F%40@127.0.0.1:2525/", "starttls", id="starttls"
        ),
        pytest.param("tls", "me", "mailtos://me:p%2F%40@127.0.0.1:2525/", "ssl", id="tls"),
    ],
)
def test_the_mail_server_as_an_address(security: str, user: str, begins: str, mode: str | None) -> None:
    settings = MailSettings("127.0.0.1", 2525, user, "p/@" if user else "", security)  # type: ignore[arg-type]
    address = mail_address(settings, Receivers(("a@b.org", "c@d.org"), "from@b.org"))
    assert address.startswith(begins)
    options = parse_qs(urlsplit(address).query)
    assert options["to"] == ["a@b.org,c@d.org"]
    assert options.get("mode", [None]) == [mode]
