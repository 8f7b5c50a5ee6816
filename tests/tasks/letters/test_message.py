"""A message says exactly what was meant: headers, recipients and text, whatever the values hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given

from tasks.letters import message
from tasks.letters.message import (
    Mail,
    Mailbox,
    RefusedMessageError,
    build_message,
    header_text,
    usable_address,
)
from tests.tasks.letters.nasty import NASTY, TWICE, nasty_texts

MAIL = Mail(
    subject="City2City: your application",
    sender=Mailbox("UTM City2City team", "utm@example.org"),
    text="Dear city,\n\nGood news.\n",
    to=Mailbox("Ama Example", "ama@example.org"),
    reply_to=Mailbox("", "answers@example.org"),
)
WHOLE = replace(
    MAIL,
    html="<p>Good news.</p>\n",
    message_id="<abc.def@example.org>",
    date=datetime(2026, 1, 9, 6, 0, tzinfo=UTC),
    draft=True,
)


def read(content: bytes) -> EmailMessage:
    found = message_from_bytes(content, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_a_whole_message() -> None:
    found = read(build_message(WHOLE))
    assert dict(found.items()) == {
        "Subject": "City2City: your application",
        "From": "UTM City2City team <utm@example.org>",
        "Reply-To": "answers@example.org",
        "To": "Ama Example <ama@example.org>",
        "Date": "Fri, 09 Jan 2026 06:00:00 +0000",
        "Message-ID": "<abc.def@example.org>",
        "X-Unsent": "1",
        "MIME-Version": "1.0",
        "Content-Type": found["Content-Type"],
    }
    plain, html = found.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().replace("\r\n", "\n") == "Dear city,\n\nGood news.\n"
    assert html.get_content().replace("\r\n", "\n") == "<p>Good news.</p>\n"


def test_the_same_mail_gives_the_same_bytes_of_ascii() -> None:
    accented = replace(WHOLE, subject="São Paulo", text="Bogotá\n")
    assert build_message(accented) == build_message(accented)
    assert build_message(accented).isascii()


HEADERS = [
    pytest.param("Ama Example", "Ama Example", id="plain"),
    pytest.param(
        "Müller, Jörg (Stadt Köln)", "Müller, Jörg (Stadt Köln)", id="what has a meaning in an address"
    ),
    pytest.param('Doe, "J" \\', 'Doe, "J" \\', id="what a quoted text must escape"),
    pytest.param("O'Brien <other@example.org>", "O'Brien <other@example.org>", id="an address in a name"),
    pytest.param("=?utf-8?q?Bogot=C3=A1?=", "Bogotá", id="a mail program wrote it"),
    pytest.param(NASTY[0], "Bcc: x@example.org forged", id="headers in an encoded word"),
    pytest.param(TWICE, "Bcc: x@example.org", id="encoded twice"),
    pytest.param("x =?y", "x = ?y", id="an encoded word that never ends"),
    pytest.param("a\u202eb\u2028c\ud800d", "a b c d", id="what nobody sees"),
    pytest.param("می\u200cخواهم", "می\u200cخواهم", id="a joiner belongs to the spelling"),
    pytest.param("x" * 300, "x" * 200, id="too long"),
    pytest.param("漢" * 150, "漢" * 150, id="long and of many bytes"),
    pytest.param(None, "", id="nothing"),
]


@pytest.mark.parametrize(("text", "shown"), HEADERS)
def test_a_name_is_decoded_then_cleaned_and_read_back_as_shown(text: str | None, shown: str) -> None:
    assert header_text(text) == shown
    found = read(build_message(replace(MAIL, to=Mailbox(header_text(text), "a@example.org"))))
    (address,) = found["To"].addresses
    assert address.addr_spec == "a@example.org"
    assert address.display_name.replace(" ", "") == shown.replace(" ", "")


@pytest.mark.parametrize("mail", [{"subject": "x" * 290}, {"subject": "Ünter " * 40}, {"text": "ü" * 3000}])
def test_no_line_is_longer_than_mail_allows(mail: dict[str, str]) -> None:
    assert max(map(len, build_message(replace(MAIL, **mail)).split(b"\r\n"))) <= 998


@given(subject=nasty_texts(), name=nasty_texts(), text=nasty_texts(), html=nasty_texts())
def test_nothing_a_value_holds_adds_a_header_a_recipient_or_a_part(
    subject: str, name: str, text: str, html: str
) -> None:
    """Every message is built: no value is refused for what it holds, and none has an effect."""
    to = Mailbox(header_text(name), "to@example.org")
    content = build_message(replace(WHOLE, subject=subject, to=to, text=text, html=html))
    found = read(content)
    assert [name for name in found.keys() if name not in ("MIME-Version", "Content-Type")] == [  # noqa: SIM118
        "Subject",
        "From",
        "Reply-To",
        "To",
        "Date",
        "Message-ID",
        "X-Unsent",
    ]
    assert [address.addr_spec for address in found["To"].addresses] == ["to@example.org"]
    assert str(found["Subject"]) == header_text(subject, 300)
    assert len(list(found.iter_parts())) == 2
    assert content.count(b"\r\n") == content.count(b"\n") == content.count(b"\r")
    assert content.isascii()


ADDRESSES = [
    pytest.param("ama@example.org", "ama@example.org", id="plain"),
    pytest.param("  ama@example.org\n", "ama@example.org", id="spaces around"),
    pytest.param("ama at example.org", None, id="words"),
    pytest.param("a@example.org, b@example.org", None, id="two"),
    pytest.param("ama@example.org\r\nBcc: all@example.org", None, id="header"),
    pytest.param("=?utf-8?q?a=40example.org?=", None, id="encoded"),
    pytest.param("Ama <ama@example.org>", None, id="with a name"),
    pytest.param("ama@localhost", None, id="no domain"),
    pytest.param("x" * 300 + "@example.org", None, id="too long"),
    pytest.param(f"a@{'x' * 248}.org", f"a@{'x' * 248}.org", id="254 characters"),
    pytest.param(f"a@{'x' * 249}.org", None, id="255 characters"),
    pytest.param(None, None, id="blank"),
]


@pytest.mark.parametrize(("text", "address"), ADDRESSES)
def test_only_one_plain_address_is_used(text: str | None, address: str | None) -> None:
    assert usable_address(text) == address


@pytest.mark.parametrize("field", ["to", "sender", "reply_to"])
def test_an_address_that_is_none_is_refused(field: str) -> None:
    with pytest.raises(RefusedMessageError, match="not one plain address"):
        build_message(replace(MAIL, **{field: Mailbox("", "a@example.org\r\nBcc: b@example.org")}))


def _adding(line: bytes) -> object:
    written = message._header_line
    return lambda name, words: written(name, words) + (line if name == "Subject" else b"")


@pytest.mark.parametrize(
    ("line", "differs"),
    [
        pytest.param(b"Bcc: x@example.org\r\n", "its headers", id="a header more"),
        pytest.param(b"\r\nforged\r\n", "its headers", id="an end of the headers"),
        pytest.param(b"X: y\n", "its headers", id="a bare line end"),
        pytest.param(b"Content-Type: text/plain\r\n", "its headers", id="a type of its own"),
        pytest.param(b" more\r\n", "its subject", id="a longer subject"),
    ],
)
def test_a_message_that_reads_otherwise_is_refused(
    line: bytes, differs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message, "_header_line", _adding(line))
    with pytest.raises(RefusedMessageError, match=differs) as refused:
        build_message(MAIL)
    assert "ama" not in str(refused.value).lower()


@pytest.mark.parametrize(
    ("shown", "differs"),
    [
        pytest.param("Other <ama@example.org>", "its header To", id="another name"),
        pytest.param("Ama Example <other@example.org>", "its header To", id="another address"),
        pytest.param("Ama Example <ama@example.org>, b@example.org", "its header To", id="one more"),
    ],
)
def test_another_recipient_is_refused(shown: str, differs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written = message._address_words
    monkeypatch.setattr(message, "_address_words", lambda box: [shown] if box == MAIL.to else written(box))
    with pytest.raises(RefusedMessageError, match=differs):
        build_message(MAIL)


@pytest.mark.parametrize(
    ("body", "differs"),
    [
        pytest.param(b"Content-Type: text/plain\r\n\r\nOther.\r\n", "the text", id="another text"),
        pytest.param(b"Content-Type: text/html\r\n\r\n<p>\r\n", "its parts", id="another kind of part"),
    ],
)
def test_another_body_is_refused(body: bytes, differs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message, "_body", lambda _mail: body)
    with pytest.raises(RefusedMessageError, match=differs):
        build_message(MAIL)
