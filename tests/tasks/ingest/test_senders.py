"""Who sent a form, and who may speak for the city in the place of another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.programme import Programme
from tasks.ingest.tables.senders import NO_MANDATE, Sender, may_replace, same_mailbox, same_sender, sender_of
from warehouse.dictionary.inputs import SUBMISSIONS

CITY = "nanjing.example"
CITY_FORM: dict[str, object] = {
    "applicant_type": "city",
    "mandate": "confirmed",
    "contact_email": f"office@{CITY}",
    "organisation": "City of Nanjing",
}
STRANGER: dict[str, object] = {
    "applicant_type": "individual",
    "mandate": None,
    "contact_email": "somebody@gmail.com",
    "organisation": None,
}


def sender(programme: Programme, form: dict[str, object]) -> Sender:
    row = SUBMISSIONS.frame([form]).row(0, named=True)
    return sender_of(row, programme.senders, programme.eligibility.local_government_types)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("a@turku.example", "b@turku.example", True, id="one domain"),
        pytest.param("a@TURKU.Example", "b@turku.example", True, id="case"),
        pytest.param("a@energy.turku.example", "b@turku.example", True, id="a domain in the other"),
        pytest.param("a@turku.example", "b@transport.turku.example", True, id="the other in it"),
        pytest.param(
            "a@energy.turku.example", "b@transport.turku.example", False, id="two beside each other"
        ),
        pytest.param("a@notturku.example", "b@turku.example", False, id="a domain that ends alike"),
        pytest.param("a@turku.example", "b@oulu.example", False, id="two domains"),
        pytest.param("a@gmail.com", "b@gmail.com", False, id="a public provider"),
        pytest.param("a@gmail.com", "A@Gmail.com ", True, id="one address at a public provider"),
        pytest.param("a@yahoo.co.jp", "b@yahoo.co.jp", False, id="a provider by its name"),
        pytest.param("a@mail.qq.com", "b@mail.qq.com", False, id="a provider's own sub-domain"),
        pytest.param("a@vip.163.com", "b@163.com", False, id="a sub-domain and the provider"),
        pytest.param("a@outlook.com.br", "b@outlook.com.br", False, id="a provider with a country's ending"),
        pytest.param("a@live.turku.example", "b@turku.example", True, id="a provider's name in a domain"),
        pytest.param("a@zoho.kyiv.example", "b@zoho.kyiv.example", True, id="a provider's name before one"),
        pytest.param("a@gov.cn", "b@nanjing.gov.cn", False, id="above the domains of all cities"),
        pytest.param("a@nic.in", "b@nic.in", False, id="one that many bodies share"),
        pytest.param("a@co.uk", "b@turku.co.uk", False, id="a registry's"),
        pytest.param("a@parks.nanjing.gov.cn", "b@nanjing.gov.cn", True, id="a city's below a shared one"),
        pytest.param(None, None, False, id="both blank"),
        pytest.param("", "a@turku.example", False, id="one blank"),
        pytest.param("none", "none", False, id="no addresses"),
        pytest.param(
            "a@turku.example, x@y.example", "a@turku.example", False, id="two addresses in one cell"
        ),
        pytest.param("Ann <a@turku.example>", "b@turku.example", True, id="with a name"),
        pytest.param("a@t\u0443rku.example", "b@turku.example", False, id="a letter of another script"),
        pytest.param("a@turku\u200b.example", "b@turku.example", True, id="a hidden character"),
        pytest.param("a\u200b", "b\u200b", False, id="hidden characters alone"),
    ],
)
def test_the_same_mailbox(programme: Programme, one: str | None, other: str | None, same: bool) -> None:
    first, second = (
        sender(programme, {"contact_email": text, "applicant_type": "city"}) for text in (one, other)
    )
    assert same_mailbox(first, second) == same_mailbox(second, first) == same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("City of Nanjing", " city  of NANJING", True, id="case and blanks"),
        pytest.param("City of Nanjing", "Cit\u0443 of Nanjing", False, id="a letter of another script"),
        pytest.param("City of Nanjing", "City of Nanjing Friends", False, id="more words"),
        pytest.param("Ville de Genève", "Ville de Gene\u0300ve", True, id="composed and not"),
        pytest.param(None, None, False, id="blank"),
        pytest.param("\u200b", "\u200b", False, id="hidden characters"),
        pytest.param("-", "-", False, id="no letter"),
        pytest.param("南京市", "南京市", True, id="another script"),
    ],
)
def test_the_same_organisation(programme: Programme, one: str | None, other: str | None, same: bool) -> None:
    first, second = (
        sender(programme, {"organisation": text, "applicant_type": "city"}) for text in (one, other)
    )
    assert same_sender(first, second) == same


GMAIL = {"contact_email": "b@gmail.com"}
ELSEWHERE = {"contact_email": "b@b.example", "organisation": "Transport"}
LETTER = {"mandate": "official_letter"}
CONSULTANT = STRANGER | {"applicant_type": "consultant", "mandate": "confirmed"}
MAY = [
    pytest.param({}, {"mandate": "none"}, True, id="the same address may say less"),
    pytest.param({}, {"contact_email": f"b@{CITY}", "mandate": None}, True, id="the same domain"),
    pytest.param({}, GMAIL | {"mandate": "in_progress"}, True, id="the same organisation"),
    pytest.param({}, GMAIL | {"mandate": "none"}, False, id="a typed organisation and no mandate"),
    pytest.param({}, STRANGER, False, id="an individual without a mandate"),
    pytest.param({}, STRANGER | {"organisation": "City of Nanjing"}, False, id="who names the organisation"),
    pytest.param({}, STRANGER | {"contact_email": f"x@{CITY}"}, False, id="who names an address of it"),
    pytest.param({"mandate": "none"}, STRANGER, False, id="against a city without a mandate"),
    pytest.param({}, STRANGER | LETTER, True, id="an individual with a letter"),
    pytest.param(LETTER, CONSULTANT, False, id="a consultant with less than a letter"),
    pytest.param({}, ELSEWHERE | {"mandate": "in_progress"}, False, id="another sender, a weaker mandate"),
    pytest.param({}, ELSEWHERE, True, id="another sender, the same mandate"),
    pytest.param(STRANGER, {}, True, id="a city after a stranger"),
]


@pytest.mark.parametrize(("older", "newer", "may"), MAY)
def test_who_may_replace_whom(
    programme: Programme, older: dict[str, object], newer: dict[str, object], may: bool
) -> None:
    assert may_replace(sender(programme, CITY_FORM | older), sender(programme, CITY_FORM | newer)) == may


SENDERS = st.builds(
    Sender,
    st.sampled_from(["", "a@x.example", "b@x.example", "c@y.example"]),
    st.sampled_from(["", "x.example", "y.example"]),
    st.sampled_from(["", "o", "p"]),
    st.integers(0, 4),
)


@given(SENDERS, SENDERS)
def test_who_cannot_speak_for_the_city_replaces_nobody_who_can(older: Sender, newer: Sender) -> None:
    assert not (newer.standing == NO_MANDATE < older.standing and may_replace(older, newer))
    assert may_replace(older, newer) or not same_mailbox(older, newer) or newer.standing == NO_MANDATE


@given(SENDERS, SENDERS)
def test_of_two_senders_one_at_least_may_replace_the_other(one: Sender, other: Sender) -> None:
    assert may_replace(one, other) or may_replace(other, one)
