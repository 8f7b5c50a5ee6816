"""Damage of encoding is undone, and nothing else is touched."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.crosscheck.names.repair import LOST, repair, repair_one

DAMAGED = {
    "UTF-8 read as Windows-1252": ("VaraÅ¾din", "Varaždin"),
    "a soft hyphen that was a byte": ("BychaÅ\xad", "Bychaŭ"),
    "a dash that was a byte": ("ElektrÄ—nai", "Elektrėnai"),
    "capital letters": ("ALAQUÃ€S", "ALAQUÀS"),
    "only one word of several": ("Municipality of KadÄ±köy", "Municipality of Kadıköy"),
    "an escape of R": ("<U+0394>ήμος Αθηναίων", "Δήμος Αθηναίων"),
    "an escape of JSON": ("M\\u00e9rida", "Mérida"),
    "octal escapes": ("R\\303\\255o Cuarto", "Río Cuarto"),
    "an HTML entity": ("Saint-&Eacute;tienne", "Saint-Étienne"),
    "a letter lost as two question marks": ("Alcolea del R??o", f"Alcolea del R{LOST}{LOST}o"),
    "a letter lost as one": ("Cala?as", f"Cala{LOST}as"),
    "a letter lost as a sign": ("Cala\ufffdas", f"Cala{LOST}as"),
    "a letter lost as a low line": ("O_ati", f"O{LOST}ati"),
    "a letter that became a mark of no language": ("Call\u033cs", f"Call{LOST}s"),
    "several such marks, also some that are written": ("Llu\u0324an\u032cs", f"Llu{LOST}an{LOST}s"),
    "an accent behind a letter that never has it": ("Pa\u00b8ls", f"Pa{LOST}ls"),
    "an accent behind its letter": ("Malmo\u00a8", "Malmo\u00a8"),
    "a sign that is part of a sequence of UTF-8": ("Sør Ã\u02dcsterdalen", "Sør Østerdalen"),
    "UTF-8 read as Windows-1250": ("PontĂłs", "Pontós"),
    "UTF-8 read as Mac Roman": ("Cala√±as", "Calañas"),
    "UTF-8 read as Windows-1254": ("ĞšĞ¸ĞµĞ²", "Киев"),
}
SOUND = [
    "Zürich",
    "São Paulo",
    "Ærø",
    "Çankaya",
    "L'Aquila",
    "Ñuñoa",
    "Åbo",
    "Αθήνα",
    "القاهرة",
    "大阪市",
    "Đà Nẵng",
    "Göteborg",
    "Übersee",
    "Île-de-France",
]


@pytest.mark.parametrize(("damaged", "sound"), DAMAGED.values(), ids=DAMAGED.keys())
def test_damage_is_mended(damaged: str, sound: str) -> None:
    assert repair_one(damaged) == sound


@pytest.mark.parametrize("name", SOUND)
def test_sound_names_stay(name: str) -> None:
    assert pl.select(repair(pl.lit(name), 200)).item() == name


@given(st.text(max_size=300))
def test_the_result_is_short_and_visible(text: str) -> None:
    mended = pl.DataFrame({"t": [text]}).select(repair(pl.col("t"), 100)).item()
    assert mended == mended.strip()
    assert "\n" not in mended
    assert "\x00" not in mended


def test_nothing_becomes_empty() -> None:
    assert pl.select(repair(pl.lit(None, dtype=pl.String), 100)).item() == ""


@pytest.mark.parametrize("escape", ["<U+D800>", "<U+110000>", "\\udfff"])
def test_an_escape_of_no_character_vanishes(escape: str) -> None:
    assert repair_one(f"A{escape}B") == "AB"
