"""More than one name, or other words, in one cell; and names that contradict the form."""

from __future__ import annotations

import polars as pl

from tests.tasks.crosscheck.siblings.drawing import Drawn, asked

SEPARATORS = (" - ", " / ", "/", ", ", "; ", " – ", " | ")
JUNK = (
    "ACME GmbH", "Foobar", "Zenith Consulting", "Blue Horizon", "Qwertz", "Climate Partners", "Novatek Ltd",
    "Greenfield Associates", "Kolibri", "Xylo Systems", "Ortiz y Hijos", "Ventura Energia Srl", "Lumen AG",
)  # fmt: skip
BODIES = ("ACME GmbH", "Novatek Ltd", "University of {}", "Ventura Energia Srl", "Climate Consulting Inc")
JOINING = {
    "DEU": ("und",), "AUT": ("und",), "FRA": ("et",), "ESP": ("y", "i"), "MEX": ("y",), "COL": ("y",),
    "ITA": ("e", "ed"), "PRT": ("e",), "BRA": ("e",), "POL": ("i", "oraz"), "NLD": ("en",), "SWE": ("och",),
    "DNK": ("og",), "TUR": ("ve",), "IDN": ("dan",), "FIN": ("ja",),
}  # fmt: skip
UNITS = (
    "Department of Environment", "Environment Department", "Urban Planning Department", "Office of the Mayor",
    "Directorate of Public Works", "Climate Office", "Department of Energy and Climate", "Planning Division",
)  # fmt: skip
COUNTRIES = {
    "GBR": "UK", "FRA": "France", "DEU": "Germany", "USA": "USA", "BRA": "Brazil", "ITA": "Italy",
    "ESP": "Spain",
    "IND": "India", "MEX": "Mexico", "POL": "Poland", "CAN": "Canada", "JPN": "Japan", "NGA": "Nigeria",
    "TUR": "Türkiye", "UKR": "Ukraine", "PHL": "Philippines",
}  # fmt: skip
FAR_STATES = ("Texas", "Ontario", "Queensland", "Bahia", "Nova Scotia", "Ohio", "California")
SHORTEST = 6


def _cities(drawn: Drawn, most: int, kind: str) -> list[dict[str, object]]:
    """Rows of the register whose name no other place of the country has."""
    alone = drawn.own.join(
        drawn.others.select("country_iso3", "key").unique(), on=["country_iso3", "key"], how="anti"
    )
    latin = alone.filter(
        pl.col("key").str.contains(r"^[a-z ]+$"), pl.col("key").str.len_chars() >= SHORTEST,
        pl.len().over("country_iso3", "key") == 1, ~pl.col("place_name").str.contains("[-,(/]"),
    )  # fmt: skip
    return drawn.sample(latin, most, kind).to_dicts()


def two_cities(drawn: Drawn, most: int) -> pl.DataFrame:
    """Two cities of one country in one cell."""
    draw, rows = drawn.random("two"), []
    by_country: dict[str, list[dict[str, object]]] = {}
    for city in _cities(drawn, 4 * most, "two"):
        by_country.setdefault(str(city["country_iso3"]), []).append(city)
    for iso3, cities in sorted(by_country.items()):
        for one, other in zip(cities[::2], cities[1::2], strict=False):
            first = str(one["place_name"])
            if draw.random() < 0.2:
                first = first.upper()
            rows.append((f"{first}{draw.choice(SEPARATORS)}{other['place_name']}", iso3, None, None, None))
    return asked(rows[:most])


def joined_cities(drawn: Drawn, most: int) -> pl.DataFrame:
    """Two cities of one country, joined by a word of one of its languages, or by "and"."""
    draw, rows = drawn.random("joined"), []
    by_country: dict[str, list[dict[str, object]]] = {}
    for city in _cities(drawn, 4 * most, "joined"):
        by_country.setdefault(str(city["country_iso3"]), []).append(city)
    for iso3, cities in sorted(by_country.items()):
        for one, other in zip(cities[::2], cities[1::2], strict=False):
            word = draw.choice((*JOINING.get(iso3, ()), "and"))
            rows.append((f"{one['place_name']} {word} {other['place_name']}", iso3, None, None, None))
    return asked(rows[:most])


def company_in_brackets(drawn: Drawn, most: int) -> pl.DataFrame:
    """A company or the like in brackets behind its city."""
    draw, rows = drawn.random("company"), []
    for city in _cities(drawn, most, "company"):
        body = draw.choice(BODIES).format(city["place_name"])
        rows.append((f"{city['place_name']} ({body})", city["country_iso3"], None, None, None))
    return asked(rows)


def country_in_front(drawn: Drawn, most: int) -> pl.DataFrame:
    """The form's own country in front of the city."""
    draw, rows = drawn.random("front"), []
    for city in _cities(drawn, 4 * most, "front"):
        if country := COUNTRIES.get(str(city["country_iso3"])):
            text = draw.choice(("{}, {}", "{} - {}", "{}: {}", "{} / City of {}"))
            rows.append(
                (
                    text.format(country, city["place_name"]),
                    city["country_iso3"],
                    None,
                    None,
                    city["register_id"],
                )
            )
    return asked(rows[:most])


def state_abroad(drawn: Drawn, most: int) -> pl.DataFrame:
    """The code of a state of the USA behind a city of a country without such codes."""
    draw, rows = drawn.random("state"), []
    for city in _cities(drawn, 4 * most, "state"):
        if city["country_iso3"] not in {"USA", "CAN", "AUS", "BRA", "ITA", "ROU", "PRI"}:
            code = draw.choice(("GA", "TX", "OH", "VA", "AL", "MA", "CA", "TN", "NY"))
            rows.append((f"{city['place_name']}, {code}", city["country_iso3"], None, None, None))
    return asked(rows[:most])


def junk_and_city(drawn: Drawn, most: int) -> pl.DataFrame:
    """Something that is no place, and a city."""
    draw, rows = drawn.random("junk"), []
    for city in _cities(drawn, most, "junk"):
        both = [draw.choice(JUNK), str(city["place_name"])]
        if draw.random() < 0.3:
            both.reverse()
        separator = draw.choice((*SEPARATORS, "-")) if " " not in both[0] else draw.choice(SEPARATORS)
        rows.append((separator.join(both), city["country_iso3"], None, None, None))
    return asked(rows)


def unit_and_city(drawn: Drawn, most: int) -> pl.DataFrame:
    """A department, and the municipality that it belongs to."""
    draw, rows = drawn.random("unit"), []
    for city in _cities(drawn, most, "unit"):
        body = draw.choice(("Municipality of {}", "City of {}", "{} City Council", "{} Municipality"))
        ways = ("{unit}, {city}", "{unit} - {city}", "{city}, {unit}", "{unit} {city}")
        text = draw.choice(ways).format(unit=draw.choice(UNITS), city=body.format(city["place_name"]))
        rows.append((text, city["country_iso3"], None, None, city["register_id"]))
    return asked(rows)


def other_country(drawn: Drawn, most: int) -> pl.DataFrame:
    """A city's name with a country or state that the form contradicts."""
    draw, rows = drawn.random("country"), []
    for city in _cities(drawn, most, "country"):
        others = [name for iso3, name in COUNTRIES.items() if iso3 != city["country_iso3"]]
        if city["country_iso3"] not in {"USA", "CAN", "AUS", "BRA"}:
            others += FAR_STATES
        text = draw.choice(("{}, {}", "{} ({})", "{} - {}")).format(city["place_name"], draw.choice(others))
        rows.append((text, city["country_iso3"], None, None, None))
    return asked(rows)


def own_country(drawn: Drawn, most: int) -> pl.DataFrame:
    """A city's name with the form's own country."""
    draw, rows = drawn.random("own_country"), []
    for city in _cities(drawn, 4 * most, "own_country"):
        if country := COUNTRIES.get(str(city["country_iso3"])):
            text = draw.choice(("{}, {}", "{} ({})", "{} {}", "Municipality of {}, {}")).format(
                city["place_name"], country
            )
            rows.append((text, city["country_iso3"], None, None, city["register_id"]))
    return asked(rows[:most])


def unknown_words(drawn: Drawn, most: int) -> pl.DataFrame:
    """A member's name among unknown words, with exactly its inhabitants: a person."""
    draw, rows = drawn.random("unknown"), []
    for city in _cities(drawn, most, "unknown"):
        text = draw.choice(
            (
                "The Executive Council, Govt of {}",
                "{} Waterworks Trust",
                "Verein Klimafreunde {}",
                "Observatoire {}",
                "ABC {}",
                "{} QXT",
                "University of {}",
            )
        ).format(city["place_name"])
        rows.append((text, city["country_iso3"], city["population"], None, None))
    return asked(rows)


def initials(drawn: Drawn, most: int) -> pl.DataFrame:
    """The initials of a member's name of several words, with exactly its inhabitants: a person."""
    several = drawn.own.filter(pl.col("key").str.contains(r"^[a-z]+( [a-z]+){2,}$"), pl.col("population") > 0)
    rows = []
    for city in drawn.sample(several, most, "initials").iter_rows(named=True):
        short = "".join(word[0] for word in str(city["key"]).split()).upper()
        rows.append((f"{short} Council", city["country_iso3"], city["population"], None, None))
    return asked(rows)


def no_names(drawn: Drawn, most: int) -> pl.DataFrame:
    """Words that are no name, in many countries."""
    words = (
        "null",
        "n/a",
        "N.A.",
        "test",
        "-",
        "none",
        "unknown",
        "TBD",
        "xxx",
        "nan",
        "NULL",
        "not applicable",
    )
    countries = drawn.own["country_iso3"].unique().sort().to_list()
    return asked([(word, iso3, None, None, None) for word in words for iso3 in countries][:most])
