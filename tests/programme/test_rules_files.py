"""Mistakes in rules files: each is told with file, key, what was found and expected, and all at once."""

from __future__ import annotations

import pytest
from pydantic import Field, ValidationError

from programme.problems import ProblemsError
from programme.programme import read_programme
from programme.rules import Rules, validate_rules
from tests.programme.rules_folder import spoil


def problems_of(folder):
    with pytest.raises(ProblemsError) as caught:
        read_programme(folder)
    return caught.value.problems


MISTAKES = [
    (
        "unknown key",
        "eligibility.toml",
        "population_minimum =",
        "population_minimun =",
        [
            ("population_minimum", "nothing", "a value", "Add the key."),
            (
                "population_minimun",
                "an unknown key",
                "only the keys of the model",
                "Did you mean 'population_minimum'?",
            ),
        ],
    ),
    (
        "unknown key like none",
        "eligibility.toml",
        "population_minimum = 50000",
        "population_minimum = 50000\nzzz = 1",
        [("zzz", "an unknown key", "only the keys of the model", "Remove it.")],
    ),
    (
        "unknown key in a table",
        "rounds.toml",
        "grace_minutes = 0",
        "grace_minutes = 0\ngrace_minuets = 5",
        [
            (
                "rounds.0.grace_minuets",
                "an unknown key",
                "only the keys of the model",
                "Did you mean 'grace_minutes'?",
            )
        ],
    ),
    (
        "missing key",
        "rounds.toml",
        "max_cities = 50\nmax_twinnings = 20",
        "max_cities = 50",
        [("max_twinnings", "nothing", "a value", "Add the key.")],
    ),
    (
        "impossible number",
        "eligibility.toml",
        "= 50000",
        "= 0",
        [("population_minimum", "0", "Input should be greater than or equal to 1", "Correct the value.")],
    ),
    (
        "a quoted number",
        "eligibility.toml",
        "= 50000",
        '= "50000"',
        [("population_minimum", "'50000'", "a number, without quotes", "Correct the value.")],
    ),
    (
        "yes for a number",
        "eligibility.toml",
        "= 50000",
        "= true",
        [("population_minimum", "True", "a number, without quotes", "Correct the value.")],
    ),
    (
        "unknown kind of applicant",
        "eligibility.toml",
        '"county"',
        '"country"',
        [("local_government_types.4", "'country'", "Input should be 'city'", "Correct the value.")],
    ),
    (
        "a clause too few",
        "eligibility.toml",
        'topic = "3.3.4"',
        "",
        [("clauses", "values that do not go together", "a clause for each of", "Correct the value.")],
    ),
    (
        "no such time zone",
        "rounds.toml",
        'Europe/Brussels"\ncloses_at',
        'Europe/Bruxelles"\ncloses_at',
        [
            (
                "rounds.0.timezone",
                "'Europe/Bruxelles'",
                "an IANA time zone such as Europe/Brussels",
                "Correct the value.",
            )
        ],
    ),
    (
        "closes before it opens",
        "rounds.toml",
        "originally_closes = 2025-08-07",
        "originally_closes = 2025-06-07",
        [
            (
                "rounds.0",
                "values that do not go together",
                "opens <= originally_closes <= closes < twinnings_start",
                "Correct the value.",
            )
        ],
    ),
    (
        "a round twice",
        "rounds.toml",
        'id = "2026-01"',
        'id = "2025-07"',
        [
            (
                "(whole file)",
                "values that do not go together",
                "round ids that are distinct",
                "Correct the value.",
            )
        ],
    ),
    (
        "a topic twice",
        "topics.toml",
        'id = "cooling"',
        'id = "buildings"',
        [("(whole file)", "values that do not go together", "distinct topic ids", "Correct the value.")],
    ),
    (
        "a topic id with a space",
        "topics.toml",
        'id = "cooling"',
        'id = "cool ing"',
        [("topics.3.id", "'cool ing'", "String should match pattern", "Correct the value.")],
    ),
    (
        "a country in two regions",
        "regions.toml",
        '"ARM"',
        '"KEN"',
        [
            (
                "(whole file)",
                "values that do not go together",
                "each country in one region; KEN",
                "Correct the value.",
            )
        ],
    ),
    (
        "a country of two letters",
        "regions.toml",
        '"ARM"',
        '"AM"',
        [
            (
                "regions.Eastern Europe and Central Asia.0",
                "'AM'",
                "String should match pattern",
                "Correct the value.",
            )
        ],
    ),
]


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"), [pytest.param(*each[1:], id=each[0]) for each in MISTAKES]
)
def test_a_mistake_is_told_with_file_key_found_expected(name, old, new, expected, folder):
    spoil(folder, name, old, new)
    found = problems_of(folder)
    assert [(item.where, item.found, item.remedy) for item in found] == [
        (f"programme/{name}, key {key}", what, remedy) for key, what, _, remedy in expected
    ]
    assert all(item.expected.startswith(text) for item, (_, _, text, _) in zip(found, expected, strict=True))


def test_a_file_that_is_not_there(folder):
    (folder / "topics.toml").unlink()
    (item,) = problems_of(folder)
    assert (item.found, item.expected, item.where) == (
        "no such file",
        "a readable TOML file",
        "programme/topics.toml",
    )


def test_a_folder_in_place_of_a_file(folder):
    (folder / "topics.toml").unlink()
    (folder / "topics.toml").mkdir()
    (item,) = problems_of(folder)
    assert item.found == "Is a directory"


@pytest.mark.parametrize(
    "content",
    [b"max_cities = ", b"max_cities = 1\nmax_cities = 2\n", b'title = "\xff"'],
    ids=["cut off", "key twice", "not UTF-8"],
)
def test_a_file_that_is_not_toml(content, folder):
    (folder / "rounds.toml").write_bytes(content)
    (item,) = problems_of(folder)
    assert (item.where, item.expected, item.remedy) == (
        "programme/rounds.toml",
        "valid TOML in UTF-8",
        "Correct the line named.",
    )


def test_the_mistakes_of_all_files_are_told_together(folder):
    spoil(folder, "eligibility.toml", "= 50000", "= 0")
    spoil(folder, "eligibility.toml", "gcom_months_to_sign = 3", "gcom_months_to_sign = -1")
    spoil(folder, "topics.toml", 'id = "cooling"', 'id = "Cooling"')
    (folder / "regions.toml").write_text("[", "utf-8")
    found = problems_of(folder)
    assert [item.where for item in found] == [
        "programme/topics.toml, key topics.3.id",
        "programme/regions.toml",
        "programme/eligibility.toml, key population_minimum",
        "programme/eligibility.toml, key gcom_months_to_sign",
    ]


class Inner(Rules):
    weight: float = 1
    sizes: tuple[int, ...] = Field(default=(1, 2), min_length=2)


class Outer(Rules):
    each: dict[str, Inner]


def test_a_list_that_is_too_short_says_so_and_a_key_is_looked_for_where_it_stands():
    with pytest.raises(ProblemsError) as caught:
        validate_rules({"each": {"a": {"sizes": [1], "wieght": 2}}}, Outer, "programme/x.toml")
    short, unknown = caught.value.problems
    assert (short.where, short.found) == ("programme/x.toml, key each.a.sizes", "[1]")
    assert unknown.remedy == "Did you mean 'weight'?"


def test_no_rule_can_be_changed_or_be_infinite():
    with pytest.raises(ValidationError):
        Inner().weight = 2
    with pytest.raises(ProblemsError):
        validate_rules({"weight": float("inf")}, Inner, "programme/x.toml")
