"""`city2city letters`: previewed, sent, written as files; nobody twice, and every letter accounted for."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from flows.mailing.letterbox import Letterbox
from flows.mailing.send import Sender
from tests.flows.mail_server import mail_server
from tests.flows.post_office import BY, ROUND, PostOffice, form
from tests.tasks.letters.making import every_kind, status, twinning
from tests.tasks.letters.nasty import NASTY

Through = Callable[[Any], None]
WRITTEN_TO = {"A", "B", "W", "N", "I", "U", "L", "S", "G"}
"""Applications with an address; `X` was set aside, and nothing is known of it."""


def test_without_an_approved_version_nothing_is_told(post_office: PostOffice) -> None:
    post_office.approve(approved=False)
    for options in ((), ("--preview",), ("--eml", str(post_office.folder / "out"))):
        _, told = post_office.letters(*options, status=2)
        assert f"round {ROUND}: found no approved version" in told
        assert "Approve one first: city2city approve 2026-01 VERSION --by NAME." in told
    assert not (post_office.folder / "out").exists()


def test_a_version_that_was_changed_since_is_not_told(post_office: PostOffice) -> None:
    post_office.approve()
    path = next((post_office.folder / "data").rglob("unplaced.parquet"))
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert "changed since version 1 was approved" in post_office.letters(status=2)[1]


@pytest.mark.long
def test_a_stale_approval_is_told_and_not_sent(post_office: PostOffice) -> None:
    post_office.approve()
    post_office.ask("decide", ROUND, "accept_place", "A", *BY)
    assert post_office.letters()[1] == ""
    post_office.ask("decide", ROUND, "withdraw", "A", *BY)
    folder = ("--eml", str(post_office.folder / "out"))
    _, told = post_office.letters(*folder, status=2)
    assert "a stale approval of version 1. 1 decision made since" in told
    assert "The approval is stale" in post_office.letters()[1]
    assert "9 letters written into" in post_office.letters(*folder, "--stale")[0]


def test_what_is_due_is_shown_and_nothing_is_kept(post_office: PostOffice) -> None:
    post_office.approve()
    out, _ = post_office.letters()
    assert "approved version 1: 10 letters to send: " in out
    assert "Told already: 0 applications." in out
    assert post_office.due() == dict.fromkeys({*WRITTEN_TO, "X"}, False)
    assert post_office.states() == {}


def test_the_preview_is_one_private_page_and_sends_nothing(post_office: PostOffice) -> None:
    post_office.approve()
    out, _ = post_office.letters("--preview")
    page = post_office.folder / "data" / f"restricted/letters/{ROUND}/preview-0001.html"
    assert str(page) in out
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    text = page.read_text()
    assert "Selected (1)" in text
    assert "Person A &lt;a@example.org&gt;" in text
    assert "cannot be sent: no usable address" in text
    assert post_office.states() == {}


def test_every_application_gets_its_letter_once(post_office: PostOffice, through: Through) -> None:
    post_office.approve()
    with mail_server() as server:
        through(server)
        out, _ = post_office.letters("--send")
        assert "9 letters sent through 127.0.0.1." in out
        assert sorted(server.letters.recipients) == sorted(
            f"{name.lower()}@example.org" for name in WRITTEN_TO
        )
        post_office.letters("--send")
        assert len(server.letters.messages) == 9
    first = server.letters.messages[0]
    assert first["From"].addresses[0].addr_spec == "utm@globalcovenantofmayors.org"
    assert {part.get_content_type() for part in first.iter_parts()} == {"text/plain", "text/html"}
    assert post_office.states() == dict.fromkeys(WRITTEN_TO, "sent") | {"X": "no_address"}
    assert "no_address" in post_office.letters()[0]
    assert "decide 2026-01 change_contact APPLICATION" in post_office.letters()[0]


def test_the_kept_letter_is_the_one_that_was_sent(post_office: PostOffice, through: Through) -> None:
    post_office.approve()
    with mail_server() as server:
        through(server)
        post_office.letters("--send")
    context = post_office.context
    rows = {row["message_id"]: row for row in context.outbox.letters(ROUND)}
    box = Letterbox(context, context.round(ROUND))
    for message in server.letters.messages:
        row = rows[message["Message-ID"]]
        kept = box.kept_messages(row["application_id"])[row["letter_id"]]
        assert message_from_bytes(kept, policy=policy.default)["Message-ID"] == row["message_id"]
        text = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
        assert hashlib.sha256(text.encode()).hexdigest() == row["text_sha256"]
    (file,) = (post_office.folder / "data" / f"restricted/letters/{ROUND}/outbox").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert box.erase_messages("A") == 2  # its own, and that to its partner, which has its contact
    assert box.kept_messages("A") == {}
    assert "Person A" not in file.read_text()
    assert len(box.kept_messages("W")) == 1


def test_a_new_version_is_told_only_to_those_whose_news_changed(
    post_office: PostOffice, through: Through
) -> None:
    post_office.approve()
    with mail_server() as server:
        through(server)
        post_office.letters("--send")
        del server.letters.messages[:]
        rows = every_kind() | twinning("T2", {"A": (5, 1), "W": (1, 5)})
        rows["unplaced"] = [rows["unplaced"][1], {**rows["unplaced"][0], "application_id": "B"}]
        rows["eligibility"][1] = status("B", "eligible")
        post_office.approve(rows)
        assert post_office.due() == {"A": True, "B": True, "W": True, "X": False}
        assert "; 3 of them are corrections." in post_office.letters()[0]
        post_office.letters("--send")
    told = {message["To"].addresses[0].addr_spec: message for message in server.letters.messages}
    assert set(told) == {"a@example.org", "b@example.org", "w@example.org"}
    message = told["b@example.org"]
    assert message["Subject"].startswith("Correction: City2City")
    text = message.get_body(("plain",)).get_content()
    assert "in which we told you that your city was selected for a twinning on condition." in text
    assert "waiting list" in text


def test_files_for_the_office_count_as_told(post_office: PostOffice) -> None:
    post_office.approve()
    folder = post_office.folder / "out"
    out, _ = post_office.letters("--eml", str(folder))
    assert f"9 letters written into {folder}." in out
    assert {path.name for path in folder.iterdir()} == {f"{name}.eml" for name in WRITTEN_TO}
    assert stat.S_IMODE((folder / "A.eml").stat().st_mode) == 0o600
    assert b"X-Unsent: 1\r\n" in (folder / "A.eml").read_bytes()
    assert post_office.due() == {"X": False}


def test_a_folder_that_cannot_be_written_is_named_and_nothing_counts(post_office: PostOffice) -> None:
    post_office.approve()
    (post_office.folder / "out").write_text("a file")
    _, told = post_office.letters("--eml", str(post_office.folder / "out"), status=2)
    assert "no letter counts as sent" in told
    assert set(post_office.states().values()) == {"waiting", "no_address"}


def test_hostile_forms_are_written_to_and_add_nobody(post_office: PostOffice, through: Through) -> None:
    texts = [text for text in NASTY if text.isprintable() or "\n" in text][:9]
    for name, text in zip(sorted(WRITTEN_TO), texts, strict=True):
        post_office.forms[name] = form(name, contact_name=text, contact_role=text)
    post_office.forms["N"]["contact_email"] = "n@example.org\r\nBcc: x@example.org"
    post_office.approve()
    with mail_server() as server:
        through(server)
        post_office.letters("--send")
    assert len(server.letters.messages) == 8
    for message in server.letters.messages:
        assert "Bcc" not in message
        assert len(message["To"].addresses) == 1
    assert post_office.states()["N"] == "no_address"


TROUBLE = [
    pytest.param("rcpt", "550 no", {"failed"}, "The server refused 9 letters.", id="refuses"),
    pytest.param(
        "rcpt", "451 later", {"waiting"}, "puts letters off; send the rest later. Waiting: 9", id="puts off"
    ),
    pytest.param("rcpt", "drop", {"waiting"}, "send the rest later. Waiting: 9", id="drops"),
    pytest.param(
        "data",
        "taken drop",
        {"sending", "waiting"},
        "does not confirm them. Waiting: 7 letters",
        id="takes, drops",
    ),
]


@pytest.mark.long
@pytest.mark.parametrize(("step", "answer", "states", "said"), TROUBLE)
def test_a_server_in_trouble_loses_nothing_and_sends_nothing_twice(
    step: str, answer: str, states: set[str], said: str, post_office: PostOffice, through: Through
) -> None:
    post_office.approve()
    with mail_server(lambda _, at: answer if at == step else None) as server:
        through(server)
        _, told = post_office.letters("--send", status=1)
        assert said in told
        assert set(post_office.states().values()) == states | {"no_address"}
    taken = len(server.letters.messages)
    with mail_server() as server:
        through(server)
        post_office.letters("--send", status=1 if taken else 0)
        assert len(server.letters.messages) + taken == 9


def test_a_server_that_is_not_there_is_named(post_office: PostOffice, through: Through) -> None:
    post_office.approve()
    with mail_server() as server:
        through(server)
    _, told = post_office.letters("--send", status=1)
    assert "The mail server 127.0.0.1: Connection refused. Waiting: 9 letters." in told


def test_without_a_server_nothing_is_begun(post_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    post_office.approve()
    monkeypatch.delenv("CITY2CITY_SMTP_HOST", raising=False)
    assert "CITY2CITY_SMTP_HOST: found nothing" in post_office.letters("--send", status=2)[1]
    assert post_office.states() == {}


class KilledError(BaseException):
    """The process ends here."""


@pytest.mark.long
@pytest.mark.parametrize("before", [True, False], ids=["before the server had it", "after the server had it"])
def test_a_sending_that_was_cut_short_is_asked_about_and_never_repeated(
    before: bool, post_office: PostOffice, through: Through, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_office.approve()
    tried = Sender._tried

    def killed(self: Sender, sender: str, letter: Any) -> Any:
        if len(server.letters.messages) == 3:
            if not before:
                tried(self, sender, letter)
            raise KilledError
        return tried(self, sender, letter)

    with mail_server() as server:
        through(server)
        with monkeypatch.context() as patched:
            patched.setattr(Sender, "_tried", killed)
            with pytest.raises(KilledError):
                post_office.letters("--send")
        _, told = post_office.letters("--send", status=1)
        (doubtful,) = [row for row in post_office.context.outbox.letters(ROUND) if row["state"] == "sending"]
        assert f"Letter {doubtful['letter_id']} (application {doubtful['application_id']})" in told
        assert doubtful["message_id"] in told
        there = any(one["Message-ID"] == doubtful["message_id"] for one in server.letters.messages)
        assert there != before
        post_office.letters(
            "--was-sent" if there else "--was-not-sent", doubtful["letter_id"], status=0 if there else 1
        )
        post_office.letters("--send")
        ids = [one["Message-ID"] for one in server.letters.messages]
    assert len(ids) == len(set(ids)) == 9


def test_only_a_doubtful_letter_can_be_settled(post_office: PostOffice) -> None:
    post_office.approve()
    _, told = post_office.letters("--was-sent", "0" * 16, status=2)
    assert "found 0000000000000000; expected a letter whose sending was cut short: there is none" in told


@pytest.mark.long
def test_letters_that_came_back_wait_for_another_address(post_office: PostOffice, through: Through) -> None:
    post_office.approve()
    with mail_server() as server:
        through(server)
        post_office.letters("--send")
        row = next(one for one in post_office.context.outbox.letters(ROUND) if one["application_id"] == "I")
        file = post_office.folder / "bounced.txt"
        file.write_text(f"Message-ID: {row['message_id']}\nA@EXAMPLE.ORG\nN\nnobody@example.org\n")
        out, _ = post_office.letters("--bounced", str(file))
        assert "3 letters came back." in out
        assert ": 4." in out
        states = post_office.states()
        assert {name for name, state in states.items() if state == "bounced"} == {"A", "I", "N"}
        assert post_office.due() == {"X": False}
        waiting = json.loads(post_office.ask("review", ROUND, "--json")[0])
        assert {one["subject"] for one in waiting if one["kind"] == "letter"} == {"A", "I", "N", "X"}
        contact = ("--contact", "New Person <new@example.org>")
        post_office.ask("decide", ROUND, "change_contact", "N", *contact, *BY)
        del server.letters.recipients[:]
        post_office.letters("--send")
        assert server.letters.recipients == ["new@example.org"]
        assert server.letters.messages[-1]["To"].addresses[0].display_name == "New Person"


def test_a_returned_message_names_its_letter(post_office: PostOffice, through: Through) -> None:
    post_office.approve()
    with mail_server() as server:
        through(server)
        post_office.letters("--send")
    sent = next(one for one in server.letters.messages if one["To"].addresses[0].addr_spec == "w@example.org")
    returned = post_office.folder / "returned.eml"
    returned.write_text(
        "From: MAILER-DAEMON@example.org\nTo: utm@example.org\nSubject: Undelivered\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
        "No such user w@example.org\n--b\nContent-Type: message/rfc822\n\n"
        f"Message-ID: {sent['Message-ID']}\nTo: a@example.org\n\nx\n--b--\n"
    )
    post_office.letters("--bounced", str(returned))
    assert {name for name, state in post_office.states().items() if state == "bounced"} == {"W"}


@pytest.mark.long
def test_answers_of_cities_are_recorded_and_come_first_in_review(
    post_office: PostOffice, through: Through
) -> None:
    post_office.approve()
    with mail_server() as server:
        through(server)
        post_office.letters("--send")
    assert "with City B is declined" in post_office.ask("decide", ROUND, "decline_place", "A", *BY)[0]
    out, _ = post_office.ask("decide", ROUND, "reconsider", "N", *BY)
    assert "It takes effect at once" in out
    late = ("--as-of", "2099-01-01T00:00:00Z")
    points = json.loads(post_office.ask("review", ROUND, *late, "--json")[0])
    assert [(one["kind"], one["subject"]) for one in points][:4] == [
        ("declined", "A"),
        ("silent", "B"),
        ("reconsider", "N"),
        ("letter", "X"),
    ]
    counted = json.loads(post_office.ask("status", ROUND, *late, "--json")[0])[0]["open_points"]
    assert (counted["declined"], counted["silent"], counted["reconsider"]) == (1, 1, 1)
    post_office.ask("decide", ROUND, "accept_place", "B", *BY)
    post_office.ask("decide", ROUND, "reconsider", "N", "upheld", *BY)
    points = json.loads(post_office.ask("review", ROUND, *late, "--json")[0])
    assert {one["kind"] for one in points} & {"declined", "silent", "reconsider"} == {"declined"}


WRONG = [
    pytest.param(("change_contact", "A"), "--contact: found no contact", id="no contact"),
    pytest.param(
        ("withdraw", "A", "--contact", "a@example.org"), "--contact: found a contact", id="of another kind"
    ),
    pytest.param(
        ("change_contact", "A", "--contact", "nobody"), "no contact with one usable address", id="no address"
    ),
    pytest.param(("reconsider", "A", "perhaps"), "one of upheld, changed, taken_back", id="no outcome"),
    pytest.param(("accept_place", "ZZ"), "a submission id", id="nobody"),
]


@pytest.mark.parametrize(("arguments", "told"), WRONG)
def test_an_answer_that_cannot_be_is_refused(
    arguments: tuple[str, ...], told: str, post_office: PostOffice
) -> None:
    post_office.approve()
    assert told in post_office.ask("decide", ROUND, *arguments, *BY, status=2)[1]


def test_the_name_of_a_new_contact_is_in_no_decision(post_office: PostOffice) -> None:
    post_office.approve()
    contact = ("--contact", "Zebedee Q <zebedee@example.org>")
    post_office.ask("decide", ROUND, "change_contact", "A", *contact, *BY)
    out, _ = post_office.ask("decisions", ROUND, "--json")
    assert "ebedee" not in out
    lines = (post_office.folder / "data" / f"restricted/ledger/{ROUND}/decisions.jsonl").read_text()
    assert "ebedee" not in lines
    assert post_office.context.outbox.erase_contacts("A", at=post_office.context.round(ROUND).deadline) == 1
    post_office.letters("--eml", str(post_office.folder / "out"))
    assert post_office.states()["A"] == "no_address"


@pytest.mark.long
def test_a_lost_database_does_not_tell_everybody_again(post_office: PostOffice, through: Through) -> None:
    post_office.approve()
    with mail_server() as server:
        through(server)
        post_office.letters("--send")
        for path in (post_office.folder / "data").glob("warehouse.db*"):
            path.unlink()
        assert "10 letters." in " ".join(post_office.ask("ledger", "restore", ROUND)[0].split())
        assert "the warehouse database: found none of the forms" in post_office.letters(status=2)[1]
        post_office.read_forms()
        assert post_office.due() == {"X": False}
        post_office.letters("--send")
        assert len(server.letters.messages) == 9


def test_two_ways_at_once_are_refused(post_office: PostOffice) -> None:
    post_office.approve()
    assert "--send and --eml together" in post_office.letters("--send", "--eml", "x", status=2)[1]


def test_a_template_with_an_unknown_name_stops_before_anything(
    post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    import programme

    own = post_office.folder / "rules"
    shutil.copytree(Path(programme.__file__).parent, own)
    monkeypatch.setenv("CITY2CITY_PROGRAMME", str(own))
    (own / "letters" / "late.md.j2").write_text("Dear {{ nmae }}")
    post_office.approve()
    _, told = post_office.letters("--eml", str(post_office.folder / "out"), status=2)
    assert "programme/letters/late.md.j2, line 1: found the name 'nmae'; expected one of " in told
    assert post_office.states() == {}
