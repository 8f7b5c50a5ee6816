"""One letter on one connection: what is known of it, whatever the server does."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult

from flows.mailing.mail_settings import MailSettings, mail_settings
from flows.mailing.smtp import MailServer, Outcome, UnusableServerError
from programme.problems import ProblemsError
from tests.flows.mail_server import mail_server

MESSAGE = b"Subject: x\r\n\r\nOne.\r\n.two\r\n"
SENDER, RECIPIENT = "utm@example.org", "ama@example.org"


def settings(port: int, **more: object) -> MailSettings:
    return MailSettings("127.0.0.1", port, security="none", timeout=2.0, **more)  # type: ignore[arg-type]


FATES = [
    pytest.param("rcpt", "550 no such user", Outcome("refused", "RCPT: answer 550"), id="refused"),
    pytest.param("rcpt", "450 try later", Outcome("not_sent", "RCPT: answer 450"), id="put off"),
    pytest.param("data", "554 no", Outcome("refused", "message: answer 554"), id="the message refused"),
    pytest.param("data", "451 later", Outcome("not_sent", "message: answer 451"), id="the message put off"),
]


@pytest.mark.parametrize(("step", "answer", "expected"), FATES)
def test_an_answer_says_what_became_of_the_letter(step: str, answer: str, expected: Outcome) -> None:
    with (
        mail_server(lambda _, at: answer if at == step else None) as server,
        MailServer(settings(server.port)) as ours,
    ):
        assert ours.send(SENDER, RECIPIENT, MESSAGE) == expected
        assert server.letters.messages == []


LOST, SILENT = "the connection was lost", "the server did not answer in time"


@pytest.mark.parametrize(
    ("step", "answer", "fate", "said"),
    [
        pytest.param("rcpt", "drop", "not_sent", LOST, id="dropped before the letter"),
        pytest.param("rcpt", "hang", "not_sent", SILENT, id="hung before the letter", marks=pytest.mark.long),
        pytest.param("data", "drop", "unknown", LOST, id="dropped after the letter"),
        pytest.param("data", "taken drop", "unknown", LOST, id="taken, then dropped"),
        pytest.param("data", "hang", "unknown", SILENT, id="hung after the letter", marks=pytest.mark.long),
    ],
)
def test_a_lost_connection_leaves_what_is_known(step: str, answer: str, fate: str, said: str) -> None:
    with mail_server(lambda _, at: answer if at == step else None) as server:
        ours = MailServer(settings(server.port))
        ours.connect()
        outcome = ours.send(SENDER, RECIPIENT, MESSAGE)
        assert (outcome.fate, outcome.connected, ours.ready) == (fate, False, False)
        assert outcome.detail == said


def test_a_letter_arrives_as_it_was_with_its_dots() -> None:
    with mail_server() as server, MailServer(settings(server.port)) as ours:
        assert ours.send(SENDER, RECIPIENT, MESSAGE).fate == "sent"
        assert ours.send(SENDER, "b@example.org", MESSAGE).fate == "sent"
        assert server.letters.recipients == [RECIPIENT, "b@example.org"]
        assert server.letters.messages[0].get_content().replace("\r\n", "\n") == "One.\n.two\n"


def test_after_a_refusal_the_connection_goes_on() -> None:
    with (
        mail_server(
            lambda letters, at: "550 no" if at == "rcpt" and letters.asked["rcpt"] == 1 else None
        ) as server,
        MailServer(settings(server.port)) as ours,
    ):
        assert ours.send(SENDER, RECIPIENT, MESSAGE).fate == "refused"
        assert ours.send(SENDER, RECIPIENT, MESSAGE).fate == "sent"


def test_a_server_that_is_not_there() -> None:
    with mail_server() as server:
        port = server.port
    with pytest.raises(UnusableServerError, match="refused") as told:
        MailServer(settings(port)).connect()
    assert told.value.passing


@pytest.mark.long
def test_a_server_that_never_greets() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        with pytest.raises(UnusableServerError) as told:
            MailServer(settings(silent.getsockname()[1])).connect()
        assert told.value.passing
        assert str(told.value) == "it does not answer"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificate")
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run(
        [*made, "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")],
        check=True,
        capture_output=True,
    )
    return folder


def _encrypted(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    return context


def test_starttls_and_login(certificate: Path) -> None:
    def check(
        _server: object, _session: object, _envelope: object, _mechanism: str, data: object
    ) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"utm", b"secret"), handled=False)  # type: ignore[attr-defined]

    options = {"tls_context": _encrypted(certificate), "require_starttls": True, "auth_required": True}
    with mail_server(authenticator=check, **options) as server:
        secure = MailSettings(
            "127.0.0.1", server.port, "utm", "secret", timeout=5, ca=certificate / "cert.pem"
        )
        with MailServer(secure) as ours:
            assert ours.send(SENDER, RECIPIENT, MESSAGE).fate == "sent"
        wrong = MailSettings("127.0.0.1", server.port, "utm", "wrong", timeout=5, ca=certificate / "cert.pem")
        with pytest.raises(UnusableServerError, match=r"refuses the login \(answer 535\)") as told:
            MailServer(wrong).connect()
        assert not told.value.passing
        with pytest.raises(UnusableServerError, match="certificate is not trusted"):
            MailServer(MailSettings("127.0.0.1", server.port, timeout=5)).connect()


def test_without_starttls_nothing_is_sent() -> None:
    with mail_server() as server:
        with pytest.raises(UnusableServerError, match="does not offer what is needed"):
            MailServer(MailSettings("127.0.0.1", server.port, timeout=5)).connect()
        assert server.letters.asked == {}


def test_a_server_elsewhere_is_only_used_encrypted() -> None:
    assert mail_settings({"HOST": "mail.example.org"}).security == "starttls"
    assert mail_settings({"HOST": "localhost"}).security == "none"
    assert mail_settings({"HOST": "mail.example.org", "SECURITY": "tls"}).port == 465
    assert "secret" not in repr(mail_settings({"HOST": "h", "USER": "u", "PASSWORD": "secret"}))


MISTAKES = [
    pytest.param({}, ["HOST"], id="no server"),
    pytest.param({"HOST": "h", "PORT": "x", "TIMEOUT": "0"}, ["PORT", "TIMEOUT"], id="numbers"),
    pytest.param({"HOST": "h", "SECURITY": "ssl"}, ["SECURITY"], id="security"),
    pytest.param({"HOST": "h", "USER": "u"}, ["PASSWORD"], id="no password"),
    pytest.param({"HOST": "h", "PASSWORD": "p"}, ["USER"], id="no user"),
    pytest.param({"HOST": "h", "CA": "/nowhere"}, ["CA"], id="no certificates"),
]


@pytest.mark.parametrize(("values", "wrong"), MISTAKES)
def test_settings_that_cannot_be_are_named_at_once(values: dict[str, str], wrong: list[str]) -> None:
    with pytest.raises(ProblemsError) as told:
        mail_settings(values)
    assert [item.where for item in told.value.problems] == [f"CITY2CITY_SMTP_{name}" for name in wrong]
    assert "secret" not in str(told.value)
