"""Folding makes spellings of one name equal, and keeps names in other scripts apart."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.crosscheck.names.folding import fold_name, transliterate


def folded(name: str) -> str:
    return str(pl.select(fold_name(pl.lit(name))).item())


SAME = {
    "case": ("TORINO", "torino"),
    "diacritics": ("Şanlıurfa", "sanliurfa"),
    "a letter that does not decompose": ("Łódź", "lodz"),
    "a ligature": ("Lillesandæ", "lillesandae"),
    "punctuation": ("L'Aquila", "l aquila"),
    "a hyphen": ("Reggio-Emilia", "reggio emilia"),
    "spaces at the ends": ("  Leeds  ", "leeds"),
    "digits": ("Praha 7", "praha 7"),
    "a final sigma": ("Πάτρας", "πατρασ"),
    "an Arabic yeh of another keyboard": ("علي", "علی"),
    "an Arabic vowel sign": ("مَدينة", "مدینه"),
    "an Indic vowel sign": ("दिल्ली", "दिल्ली"),
    "a Chinese name": ("北京", "北京"),
    "an invisible sign": ("Tor\u200bino", "torino"),
    "signs only": ("!!!", ""),
}


@pytest.mark.parametrize(("name", "expected"), SAME.values(), ids=SAME.keys())
def test_folding(name: str, expected: str) -> None:
    assert folded(name) == expected


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40))
def test_a_folded_name_has_single_spaces_and_stays_as_it_is(name: str) -> None:
    once = folded(name)
    assert once == " ".join(once.split())
    assert folded(once) == once


def test_only_names_in_other_scripts_are_transliterated() -> None:
    names = pl.DataFrame({"id": [1, 2, 3], "key": ["torino", "αθηνα", "киів"]})
    assert transliterate(names).rows() == [(2, "athina"), (3, "kiiv")]


def test_transliterating_nothing_gives_no_rows() -> None:
    assert transliterate(pl.DataFrame({"key": ["a", ""]})).is_empty()
