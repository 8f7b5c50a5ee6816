"""What is taken off a name, and what key remains."""

import polars as pl
import pytest

from programme.linking import LinkingRules
from programme.programme import Programme
from tasks.crosscheck.names.affixes import (
    administrative_words,
    any_of,
    mend_words,
    skeleton,
    spelled_out,
    strip_words,
    without_letters,
)
from tasks.crosscheck.names.city_key import name_key
from tasks.crosscheck.names.folding import fold_name

STRIPPED = [
    ("en", "City of Windsor", "windsor"),
    ("en", "Hutt City Council", "hutt"),
    ("en", "Pune Municipal Corporation", "pune"),
    ("en", "the City of Leeds", "leeds"),
    ("it", "Comune di Savigliano", "savigliano"),
    ("es", "H. Ayuntamiento de Mérida", "merida"),
    ("ca", "Ajuntament de Tremp", "tremp"),
    ("gl", "Concello de Lugo", "lugo"),
    ("pt", "Prefeitura Municipal de Brasiléia", "brasileia"),
    ("fr", "Ville de Liège", "liege"),
    ("de", "Landeshauptstadt München", "munchen"),
    ("nl", "Gemeente Utrecht", "utrecht"),
    ("sv", "Örebro kommun", "orebro"),
    ("da", "Aarhus Kommune", "aarhus"),
    ("fi", "Oulu kaupunki", "oulu"),
    ("et", "Tartu linn", "tartu"),
    ("lv", "Saldus novads", "saldus"),
    ("lt", "Utena rajono savivaldybė", "utena"),
    ("pl", "Gmina Gniewino", "gniewino"),
    ("cs", "Statutární město Brno", "brno"),
    ("hu", "Pécs Megyei Jogú Város", "pecs"),
    ("ro", "Primăria Municipiului Iași", "iasi"),
    ("hr", "Grad Ogulin", "ogulin"),
    ("sl", "Mestna občina Kranj", "kranj"),
    ("sq", "Bashkia Korçë", "korce"),
    ("tr", "İzmir Büyükşehir Belediyesi", "izmir"),
    ("id", "Kota Bogor", "bogor"),
    ("ms", "Majlis Perbandaran Kajang", "kajang"),
    ("tl", "Lungsod ng Naga", "naga"),
    ("hi", "Indore Nagar Nigam", "indore"),
    ("vi", "Thành phố Huế", "hue"),
    ("uk", "Одеса міська рада", "одеса"),
    ("ja", "京都市", "京都"),
    ("ko", "부산광역시", "부산"),
    ("post code", "49390 Hornslet", "hornslet"),
    ("year", "Hamme 2030", "hamme"),
    ("only administrative words", "Municipality", "municipality"),
]


@pytest.mark.parametrize(("kind", "name", "left"), STRIPPED, ids=[row[1] for row in STRIPPED])
def test_administrative_words_are_taken_off(kind: str, name: str, left: str, rules: LinkingRules) -> None:
    assert pl.select(strip_words(fold_name(pl.lit(name)), rules.words)).item() == left


def test_there_are_words_in_more_than_twenty_languages(rules: LinkingRules) -> None:
    with_words = [
        name for name, language in rules.words.languages.items() if language.before or language.after
    ]
    assert len(with_words) >= 20


SAME_SKELETON = [
    ("saint etienne", "st etienne"),
    ("sant agata di militello", "s agata militello"),
    ("koeln", "koln"),
    ("porto venere", "portovenere"),
]


@pytest.mark.parametrize(("one", "other"), SAME_SKELETON)
def test_what_people_shorten_has_one_skeleton(one: str, other: str) -> None:
    assert pl.select(skeleton(pl.lit(one))).item() == pl.select(skeleton(pl.lit(other))).item()


KEYS = [
    ("Comune di Reggio nell'Emilia", "ITA", "ITA:reggio-nell-emilia"),
    ("Reggio nell’Emilia (RE)", "ITA", "ITA:reggio-nell-emilia"),
    ("Αθήνα", "GRC", "GRC:athina"),
    ("København", "DNK", "DNK:kobenhavn"),
    ("", "ITA", "ITA:unnamed"),
    ("!!!", "ITA", "ITA:unnamed"),
    ("Nowhere", None, "XXX:nowhere"),
]


@pytest.mark.parametrize(("name", "country", "key"), KEYS, ids=[f"{row[0]} {row[1]}" for row in KEYS])
def test_the_key_of_a_name(name: str, country: str | None, key: str, programme: Programme) -> None:
    assert name_key(name, country, programme.linking) == key


def test_words_stand_as_folding_leaves_them(rules: LinkingRules) -> None:
    """Else they would never be found."""
    kinds = ("before", "after", "upper_before", "upper_after", "endings")
    words = sorted(
        {
            word
            for language in rules.words.languages.values()
            for kind in kinds
            for word in getattr(language, kind)
        }
    )
    folded = pl.DataFrame({"word": words}).select(fold_name(pl.col("word"))).to_series().to_list()
    assert [word for word, plain in zip(words, folded, strict=True) if word != plain] == []


def one(expression: pl.Expr) -> object:
    return pl.select(expression).item()


MENDED = {
    "one error in a long word": ("muncipality of torino", "municipality of torino"),
    "two errors in a very long word": ("muncipalty of torino", "municipality of torino"),
    "swapped letters": ("gemiende utrecht", "gemeinde utrecht"),
    "a short word is a name": ("citi of windsor", "citi of windsor"),
    "a word of a level above stays": ("provincia di torino", "provincia di torino"),
    "nothing to mend": ("torino", "torino"),
}


@pytest.mark.parametrize(("name", "mended"), MENDED.values(), ids=MENDED.keys())
def test_typing_errors_in_administrative_words_are_mended(
    name: str, mended: str, rules: LinkingRules
) -> None:
    assert mend_words(pl.Series([name]), rules.words).to_list() == [mended]


SPELLED = [
    ("mte urano", "monte urano"),
    ("pto montt", "puerto montt"),
    ("mtel urano", "mtel urano"),
    ("gral roca", "general roca"),
]


@pytest.mark.parametrize(("short", "long"), SPELLED)
def test_abbreviations_are_spelled_out(short: str, long: str, rules: LinkingRules) -> None:
    assert one(spelled_out(pl.lit(short), rules.words)) == long


def test_single_letters_inside_a_name_are_left_out() -> None:
    assert one(without_letters(pl.lit("bussi s tirino"))) == "bussi tirino"
    assert one(without_letters(pl.lit("s tirino"))) == "s tirino"


def test_a_short_skeleton_keeps_its_letters() -> None:
    assert one(skeleton(pl.lit("la oe"))) == "laoe"


def test_words_of_a_level_above_are_no_administrative_words_of_a_city(rules: LinkingRules) -> None:
    words = administrative_words(rules.words)
    assert "city" in words
    assert "provincia" not in words
    assert list(words) == sorted(set(words))


def test_the_longest_word_is_matched_first() -> None:
    assert any_of(["a", "abc", "ab", "a"]) == "abc|ab|a"
    assert any_of(["d.c"]) == r"d\.c"
