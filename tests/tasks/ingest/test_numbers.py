"""Numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.ingest.cells.column_reading import UNREADABLE
from tasks.ingest.cells.numbers import read_number, read_whole_number

WHOLE = [
    ("plain", "250000", 250000),
    ("points", "250.000", 250000),
    ("points twice", "13.026.600", 13026600),
    ("commas", "133,652", 133652),
    ("commas twice", "2,668,572", 2668572),
    ("blanks", "1 265 974", 1265974),
    ("no-break blanks", "1\u00a0265\u202f974", 1265974),
    ("apostrophes", "1'265'974", 1265974),
    ("Swiss apostrophe", "1’265’974", 1265974),
    ("approximately", "approx. 59000", 59000),
    ("approximately with comma", "approx. 301,048", 301048),
    ("circa", "ca. 120.000", 120000),
    ("tilde", "~90 000", 90000),
    ("environ", "environ 90 000 habitants", 90000),
    ("etwa", "etwa 90.000 Einwohner", 90000),
    ("about", "About 75,000 inhabitants", 75000),
    ("million", "2.7 million", 2700000),
    ("million, comma", "2,7 Mio.", 2700000),
    ("million, M", "2.7M", 2700000),
    ("milhões", "1,25 milhões", 1250000),
    ("thousand", "850 thousand", 850000),
    ("k", "250k", 250000),
    ("three decimals of a million", "1.234 million", 1234000),
    ("Indian groups", "12,34,567", 1234567),
    ("lakh", "12 lakh", 1200000),
    ("decimal nothing", "3503.0", 3503),
    ("German with decimals", "1.234.567,00", 1234567),
    ("English with decimals", "1,234,567.00", 1234567),
    ("exponent", "1.2E+06", 1200000),
    ("Arabic digits", "٢٥٠٠٠٠", 250000),
    ("full-width digits", "２５００００", 250000),
    ("Devanagari digits", "१२३४५६", 123456),
    ("with a heading", "Population: 75 000", 75000),
    ("zero", "0", 0),
    ("stored as a number", "250.1250", None),
    ("rounded", "1183.4", 1183),
    ("blanks and a comma", "12 345,5", 12346),
    ("the end of a sentence", "195000.", 195000),
    ("a year in brackets", "195,000 (2021)", 195000),
    ("a source in brackets", "approx. 195.000 inhabitants (census 2021)", 195000),
    ("in a year", "195 000 in 2023", 195000),
    ("habitants, in a year", "195 000 habitants en 2023", 195000),
    ("and more", "50,000+", 50000),
    ("heading and about", "Population: approx. 75 000", 75000),
    ("more than", "more than 100.000", 100000),
    ("unit before bracket", "100000 (inhabitants)", 100000),
]
NOTHING = [
    ("range", "50,000-60,000"),
    ("only a year in brackets", "(2021)"),
    ("words", "many"),
    ("negative", "-5000"),
    ("fraction", "946.53"),
    ("ill grouped", "12,34"),
    ("ill grouped blanks", "12 34"),
    ("ill grouped points", "1.23.4"),
    ("two numbers", "50000 / 60000"),
    ("infinity", "inf"),
    ("not a number", "nan"),
    ("huge", "1" * 60),
    ("formula", "=1+1"),
    ("date", "2025-01-01"),
    ("unknown unit", "250 km"),
    ("mixed marks", "1.234,567.890"),
    ("sign only", "-"),
    ("hexadecimal", "0x10"),
    ("huge exponent", "1e99"),
]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in WHOLE], ids=[case[0] for case in WHOLE])
def test_whole_numbers(text: str, expected: int | None) -> None:
    assert read_whole_number(text)[0] == expected


@pytest.mark.parametrize("text", [case[1] for case in NOTHING], ids=[case[0] for case in NOTHING])
def test_what_is_no_count_is_named_unreadable(text: str) -> None:
    assert read_whole_number(text) == (None, UNREADABLE)


@given(st.integers(0, 10**12), st.sampled_from([",", ".", " ", "\u00a0", "\u202f", "'", "’"]))
def test_any_count_survives_any_thousands_mark(number: int, mark: str) -> None:
    assert read_whole_number(f"{number:,}".replace(",", mark))[0] == number


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    value, rule = read_whole_number(text)
    assert value is None or (isinstance(value, int) and value >= 0)
    assert (value is None) == (rule == UNREADABLE)


@given(st.decimals(-180, 180, places=4))
def test_decimals_with_point_and_comma(number: object) -> None:
    assert read_number(str(number))[0] == float(str(number))
    assert read_number(str(number).replace(".", ","))[0] == float(str(number))
