"""Names taken apart: the head, what stands beside it, and what that is."""

from __future__ import annotations

import polars as pl
import pytest

from programme.linking import LinkingRules
from tasks.crosscheck.names.keys import TRANSLITERATED, search_keys
from tasks.crosscheck.names.parsing import DIVISION_SCHEMA, NO_DIVISIONS, ParsedNames, parse_names

DIVISIONS = pl.DataFrame(
    [
        ("USA", "or", "USA-OR"),
        ("USA", "oregon", "USA-OR"),
        ("USA", "la", "USA-LA"),
        ("USA", "new york", "USA-NY"),
        ("ITA", "cuneo", "cuneo"),
    ],
    schema=DIVISION_SCHEMA,
    orient="row",
)


def parsed(
    name: str | None, country: str | None, rules: LinkingRules, divisions: pl.DataFrame = DIVISIONS
) -> ParsedNames:
    schema = {"id": pl.UInt32, "name": pl.String, "country_iso3": pl.String}
    return parse_names(pl.DataFrame([(0, name, country)], schema=schema, orient="row"), divisions, rules)


HEADS = {
    "words before": ("Comune di Torino", "ITA", "torino"),
    "words behind": ("Portland City Council", "USA", "portland"),
    "a typing error in a word": ("Muncipality of Torino", "ITA", "torino"),
    "a bracket": ("Torino (Piemonte)", "ITA", "torino"),
    "a comma": ("Portland, Oregon", "USA", "portland"),
    "a slash": ("Bolzano/Bozen", "ITA", "bolzano"),
    "a dash": ("Bolzano - Bozen", "ITA", "bolzano"),
    "a hyphen stays": ("Reggio-Emilia", "ITA", "reggio emilia"),
    "words joined": ("ComuneTorino", "ITA", "torino"),
    "an article behind": ("Spezia, La", "ITA", "la spezia"),
    "an article that is a state": ("New Orleans, LA", "USA", "new orleans"),
    "a country in front": ("Italia - Torino", "ITA", "torino"),
    "an office in front": ("Department of Environment, City of Torino", "ITA", "torino"),
    "an office and no comma": ("Department of Environment City of Torino", "ITA", "torino"),
    "an office, the word behind": ("Climate Office Torino Municipality", "ITA", "torino"),
    "only an office": ("Climate Office", "ITA", "climate office"),
    "a larger body": ("Torino within Climate Council", "ITA", "torino"),
    "only a bracket": ("(Torino)", "ITA", "torino"),
    "a post code": ("10100 Torino", "ITA", "torino"),
    "nothing": (None, "ITA", ""),
}


@pytest.mark.parametrize(("name", "country", "head"), HEADS.values(), ids=HEADS.keys())
def test_the_head_of_a_name(name: str | None, country: str, head: str, rules: LinkingRules) -> None:
    assert parsed(name, country, rules).names["head"].item() == head


ASIDES: dict[str, tuple[str, str, dict[str, list[str]]]] = {
    "a state": ("Portland, Oregon", "USA", {"regions": ["USA-OR"], "parts": ["oregon"]}),
    "a state's code": ("Portland, OR", "USA", {"regions": ["USA-OR"]}),
    "a state twice": ("Portland (OR), Oregon", "USA", {"regions": ["USA-OR"], "parts": ["oregon"]}),
    "a province's register": ("Savigliano (Provincia di Cuneo)", "ITA", {"regions": ["cuneo"]}),
    "its own country": ("Torino, Italy", "ITA", {}),
    "its own country in front": ("Italy - Torino", "ITA", {}),
    "its own country's code in front": ("IT: Torino", "ITA", {}),
    "another country in front": ("Argentina - Torino", "ITA", {"foreign": ["ARG"]}),
    "a state's code in another country": ("Torino, OR", "ITA", {"foreign": ["USA"]}),
    "an island in front of a state": ("Jersey, OR", "USA", {"regions": ["USA-OR"]}),
    "an office in front": ("Department of Environment, City of Torino", "ITA", {}),
    "a larger body": ("Torino within Climate Council", "ITA", {}),
    "another country": ("Torino, Argentina", "ITA", {"foreign": ["ARG"]}),
    "another name": ("Bolzano / Bozen", "ITA", {"parts": ["bozen"], "asides": ["ITA"]}),
    "a name in brackets": ("Bolzano (Bozen)", "ITA", {"parts": ["bozen"], "asides": ["ITA"]}),
    "the initials of a body": ("Buenos Aires (AMBA)", "ARG", {"parts": ["amba"]}),
    "a short code": ("Torino (TO)", "ITA", {}),
    "an administrative word": ("Torino (city)", "ITA", {"parts": ["city"]}),
    "before of": ("Barking of Dagenham", "GBR", {"parts": ["barking"]}),
    "two halves": ("Donostia-Gasteiz", "ESP", {"parts": ["donostia", "gasteiz"]}),
    "a state at the end": ("Portland Oregon", "USA", {"parts": ["portland"]}),
    "a state of two words at the end": ("Buffalo New York", "USA", {"parts": ["buffalo"]}),
    "a state at the beginning": ("Oregon Portland", "USA", {"parts": ["portland"]}),
}
COLUMNS = {"regions": "region", "foreign": "named_iso3", "parts": "part", "asides": "country_iso3"}


@pytest.mark.parametrize(("name", "country", "expected"), ASIDES.values(), ids=ASIDES.keys())
def test_what_stands_beside_a_name(
    name: str, country: str, expected: dict[str, list[str]], rules: LinkingRules
) -> None:
    made = parsed(name, country, rules)
    found = {frame: sorted(getattr(made, frame)[column].to_list()) for frame, column in COLUMNS.items()}
    assert {frame: values for frame, values in found.items() if values} == expected


def test_without_known_divisions_a_state_is_a_part(rules: LinkingRules) -> None:
    made = parsed("Portland, Oregon", "USA", rules, NO_DIVISIONS)
    assert made.parts["part"].to_list() == ["oregon"]
    assert made.regions.is_empty()


LEVELS = {
    "a city": ("Comune di Torino", False, False),
    "before the name": ("Provincia di Torino", True, True),
    "behind the name": ("Cork County", True, False),
}


@pytest.mark.parametrize(("name", "upper", "first"), LEVELS.values(), ids=LEVELS.keys())
def test_the_level_a_name_states(name: str, upper: bool, first: bool, rules: LinkingRules) -> None:
    names = parsed(name, "ITA", rules).names
    assert (names["upper"].item(), names["upper_first"].item()) == (upper, first)


def test_the_ending_of_a_case_is_undone(rules: LinkingRules) -> None:
    assert "lahti" in parsed("Lahden kaupunki", "FIN", rules).bases["base"].to_list()


def keys(name: str, country: str, rules: LinkingRules) -> dict[str, tuple[str, float]]:
    """Each key with the tier that is worth most."""
    made = search_keys(parsed(name, country, rules), rules).sort("points", maintain_order=True)
    return {key: (tier, points) for key, tier, points in made.select("key", "tier", "points").iter_rows()}


def test_the_less_is_taken_off_the_more_a_key_is_worth(rules: LinkingRules) -> None:
    found, points = keys("Comune di Sant'Agata", "ITA", rules), rules.points
    assert found["comune di sant'agata"] == ("exact", points.exact)
    assert found["comune di sant agata"] == ("folded", points.folded)
    assert found["sant agata"] == ("stripped", points.stripped)
    assert found["~9agata"] == ("skeleton", points.skeleton)


def test_the_first_of_several_names_is_worth_less_than_all(rules: LinkingRules) -> None:
    found = keys("Bolzano / Bozen", "ITA", rules)
    assert found["bolzano"] == ("stripped", rules.points.first)
    assert found["bozen"] == ("part", rules.points.part)
    assert found["bolzano bozen"][1] > rules.points.first


def test_a_name_in_another_script_is_searched_in_latin_letters_too(rules: LinkingRules) -> None:
    found = keys("Δήμος Αθήνα", "GRC", rules)
    assert "αθηνα" in found
    assert found["athina"] == ("folded", rules.points.folded - TRANSLITERATED)


@pytest.mark.parametrize("name", ["", "!!!", "-"])
def test_a_name_without_letters_has_no_folded_key(name: str, rules: LinkingRules) -> None:
    assert set(search_keys(parsed(name, "ITA", rules), rules)["tier"]) <= {"exact"}
