"""What is taken off a name, and what key remains."""

import polars as pl
import pytest

from programme.linking import LinkingRules
from programme.programme import Programme
from tasks.crosscheck.names.affixes import (
    any_of,
    is_administrative,
    mend_words,
    skeleton,
    spelled_out,
    strip_words,
    without_letters,
)
from tasks.crosscheck.names.city_key import name_key
from tasks.crosscheck.names.folding import fold_name

STRIPPED = [
    ("en", "GBR", "City of Windsor", "windsor"),
    ("en", "GBR", "Hutt City Council", "hutt"),
    ("en", "GBR", "Pune Municipal Corporation", "pune"),
    ("en", "GBR", "the City of Leeds", "leeds"),
    ("it", "ITA", "Comune di Savigliano", "savigliano"),
    ("es", "ESP", "H. Ayuntamiento de Mérida", "merida"),
    ("ca", "ESP", "Ajuntament de Tremp", "tremp"),
    ("gl", "ESP", "Concello de Lugo", "lugo"),
    ("pt", "BRA", "Prefeitura Municipal de Brasiléia", "brasileia"),
    ("fr", "BEL", "Ville de Liège", "liege"),
    ("de", "DEU", "Landeshauptstadt München", "munchen"),
    ("nl", "NLD", "Gemeente Utrecht", "utrecht"),
    ("sv", "SWE", "Örebro kommun", "orebro"),
    ("da", "DNK", "Aarhus Kommune", "aarhus"),
    ("fi", "FIN", "Oulu kaupunki", "oulu"),
    ("et", "EST", "Tartu linn", "tartu"),
    ("lv", "LVA", "Saldus novads", "saldus"),
    ("lt", "LTU", "Utena rajono savivaldybė", "utena"),
    ("pl", "POL", "Gmina Gniewino", "gniewino"),
    ("cs", "CZE", "Statutární město Brno", "brno"),
    ("hu", "HUN", "Pécs Megyei Jogú Város", "pecs"),
    ("ro", "ROU", "Primăria Municipiului Iași", "iasi"),
    ("hr", "HRV", "Grad Ogulin", "ogulin"),
    ("sl", "SVN", "Mestna občina Kranj", "kranj"),
    ("sq", "ALB", "Bashkia Korçë", "korce"),
    ("tr", "TUR", "İzmir Büyükşehir Belediyesi", "izmir"),
    ("id", "IDN", "Kota Bogor", "bogor"),
    ("ms", "MYS", "Majlis Perbandaran Kajang", "kajang"),
    ("tl", "PHL", "Lungsod ng Naga", "naga"),
    ("hi", "IND", "Indore Nagar Nigam", "indore"),
    ("vi", "VNM", "Thành phố Huế", "hue"),
    ("uk", "UKR", "Одеса міська рада", "одеса"),
    ("ja", "JPN", "京都市", "京都"),
    ("ko", "KOR", "부산광역시", "부산"),
    ("post code", "DNK", "49390 Hornslet", "hornslet"),
    ("year", "BEL", "Hamme 2030", "hamme"),
    ("only administrative words", None, "Municipality", "municipality"),
]


@pytest.mark.parametrize(("kind", "country", "name", "left"), STRIPPED, ids=[row[2] for row in STRIPPED])
def test_administrative_words_are_taken_off(
    kind: str, country: str | None, name: str, left: str, rules: LinkingRules
) -> None:
    assert stripped(name, country, rules) == left
    assert stripped(name, None, rules) == left


def stripped(name: str, country: str | None, rules: LinkingRules) -> object:
    return pl.select(
        strip_words(fold_name(pl.lit(name)), rules.words, pl.lit(country, dtype=pl.String))
    ).item()


FOREIGN_WORDS = [
    ("Roveredo di Gu", "ITA", "roveredo di gu"),
    ("Seo-gu", "KOR", "seo"),
    ("Grad Ogulin", "ITA", "grad ogulin"),
    ("Grad Ogulin", "BIH", "ogulin"),
    ("Stadt Bozen", "ITA", "bozen"),
    ("Comune di Lugano", "CHE", "lugano"),
    ("Comune di Lugano", "JPN", "comune di lugano"),
    ("City of Lugano", "JPN", "lugano"),
]


@pytest.mark.parametrize(("name", "country", "left"), FOREIGN_WORDS)
def test_words_are_taken_off_where_their_language_is_used(
    name: str, country: str, left: str, rules: LinkingRules
) -> None:
    assert stripped(name, country, rules) == left


EVERYDAY = [
    ("м. Львів", "UKR", "львів"),
    ("смт Макарів", "UKR", "макарів"),
    ("гр. София", "BGR", "софия"),
    ("г. Казань", "RUS", "казань"),
    ("Gem. Utrecht", "NLD", "utrecht"),
    ("Mpio. de Cali", "COL", "cali"),
    ("Pref. Mun. de Santos", "BRA", "santos"),
    ("mun. Cluj-Napoca", "ROU", "cluj napoca"),
    ("hl. m. Praha", "CZE", "praha"),
    ("Bursa B. Şehir Bel.", "TUR", "bursa"),
    ("TP. Huế", "VNM", "hue"),
    ("Kab. Bogor", "IDN", "bogor"),
]


@pytest.mark.parametrize(("name", "country", "left"), EVERYDAY)
def test_everyday_abbreviations_are_taken_off(
    name: str, country: str, left: str, rules: LinkingRules
) -> None:
    assert stripped(name, country, rules) == left


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
    kinds = ("before", "after", "upper_before", "upper_after", "cases_after", "endings")
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


@pytest.mark.parametrize(
    ("word", "country", "expected"),
    [("city", "ITA", True), ("provincia", "ITA", False), ("comune", "ITA", True), ("comune", "JPN", False)],
)
def test_words_of_a_level_above_are_no_administrative_words_of_a_city(
    word: str, country: str, expected: bool, rules: LinkingRules
) -> None:
    assert one(is_administrative(pl.lit(word), rules.words, pl.lit(country))) == expected


def test_the_longest_word_is_matched_first() -> None:
    assert any_of(["a", "abc", "ab", "a"]) == "abc|ab|a"
    assert any_of(["d.c"]) == r"d\.c"
