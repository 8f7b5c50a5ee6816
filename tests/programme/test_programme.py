"""The rules that the program ships with: what is read of them, and the fingerprint of their values."""

from __future__ import annotations

import re
import tomllib

import pytest

from programme.problems import Problem, ProblemsError, problem
from programme.programme import SECTIONS, read_programme, results_rest_on
from programme.rounds import Rounds
from programme.rules import HERE, read_rules
from tests.programme.rules_folder import spoil


def test_the_fingerprint_follows_values_and_not_layout(folder, programme):
    assert read_programme(folder).fingerprint == programme.fingerprint
    spoil(folder, "rounds.toml", "# no grace unless the office says so\n", "\n\n")
    assert read_programme(folder).fingerprint == programme.fingerprint
    spoil(folder, "rounds.toml", "grace_minutes = 0", "grace_minutes = 1")
    assert read_programme(folder).fingerprint != programme.fingerprint
    assert re.fullmatch("[0-9a-f]{64}", programme.fingerprint)


@pytest.mark.parametrize("name", SECTIONS)
def test_every_value_the_program_ships_with_is_read(name):
    written = tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))
    read = read_rules(HERE, f"{name}.toml", SECTIONS[name]).model_dump()
    assert set(written) <= set(read)


def test_the_topics_are_the_twelve_of_the_faq(programme):
    assert programme.topics.ids == (
        "renewables",
        "waste-to-energy",
        "buildings",
        "cooling",
        "lighting",
        "mobility",
        "hydrogen",
        "resilience",
        "ports",
        "digital-twins",
        "data",
        "finance",
    )
    assert programme.topics.labels["buildings"] == "Housing/Net-zero buildings"


def test_the_limits_of_the_faq(programme):
    limits = programme.eligibility
    assert (limits.population_minimum, limits.gcom_months_to_sign, limits.motivation_minimum_words) == (
        50_000,
        3,
        40,
    )
    assert limits.local_government_types == (
        "city",
        "town",
        "consortium",
        "metropolitan_area",
        "county",
        "other_local_authority",
    )
    assert limits.clauses["mandate"] == "3.3.1, 3.4"


@pytest.mark.parametrize(
    ("country", "region"),
    [
        ("KEN", "Sub-Saharan Africa"),
        ("TUR", "Europe"),
        ("MEX", "Latin America and the Caribbean"),
        ("PRI", "Latin America and the Caribbean"),
        ("XKX", "Europe"),
    ],
)
def test_the_region_of_a_country(country, region, programme):
    assert programme.regions.by_country[country] == region


def test_a_problem_reads_as_one_sentence_after_another():
    one = Problem("3", "4", "file, key x", "Correct it.")
    assert str(one) == "file, key x: found 3; expected 4. Correct it."
    assert str(ProblemsError([one, one])) == f"{one}\n{one}"
    assert problem(found="3", expected="4", where="file, key x", remedy="Correct it.").problems == (one,)


def test_the_model_of_a_file_is_what_it_says():
    assert isinstance(read_rules(HERE, "rounds.toml", Rounds), Rounds)


def test_rules_from_before_there_was_feedback_are_read_and_mean_the_same(folder, programme):
    for name in ("form.toml", "expectations.toml"):
        text = (folder / name).read_text("utf-8")
        section = re.search(r"^\[feedback\]\n.*?(?=^\[|\Z)", text, re.MULTILINE | re.DOTALL)
        assert section
        (folder / name).write_text(text.replace(section[0], ""), "utf-8")
    read = read_programme(folder)
    assert read.fingerprint == programme.fingerprint
    assert read.form.feedback == {}


RESTS: dict[str, tuple[str, str, bool]] = {
    "a limit": ("eligibility.toml", "population_minimum", True),
    "wording": ("letters.toml", "words.yes", False),
    "who approves": ("rounds.toml", "approvals", False),
    "who approves one round": ("rounds.toml", "rounds[2025-07].approvals", False),
    "the day of a round": ("rounds.toml", "rounds[2025-07].closes", True),
    "an id with a dot": ("rounds.toml", "rounds[a.b].approvals", False),
    "below what does not count": ("expectations.toml", "files.cells.maximum", False),
    "a file of a profile": ("profiles/own.toml", "columns.approvals", True),
}


@pytest.mark.parametrize(("file", "key", "rests"), RESTS.values(), ids=RESTS)
def test_values_that_results_rest_on(file, key, rests):
    assert results_rest_on(file, key) is rests
