"""The form's description: it fits the data dictionary, and mistakes in it are named."""

from __future__ import annotations

import tomllib
from typing import Any, get_args

import pytest
from babel import Locale

from programme.form import FormRules, Kind
from programme.problems import ProblemsError
from programme.programme import Programme
from programme.rules import HERE, validate_rules
from tasks.ingest.cells.column_readers import READERS
from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.cells.dates import month_numbers
from tasks.ingest.headings.heading_index import heading_index
from warehouse.dictionary import INPUT_TABLES


def written() -> dict[str, Any]:
    return tomllib.loads((HERE / "form.toml").read_text("utf-8"))


def test_the_form_names_every_column_of_every_input_and_no_other(programme: Programme) -> None:
    assert programme.form.tables.keys() == INPUT_TABLES.keys()
    for name, table in INPUT_TABLES.items():
        derived = {
            column for column in table.names if column in ("row", "decision_id") or column.endswith("_iso3")
        }
        assert set(programme.form.tables[name]) == set(table.names) - derived, name


def test_every_kind_has_a_reader() -> None:
    assert set(get_args(Kind)) == set(READERS)


def test_choices_are_the_values_of_the_dictionary(programme: Programme) -> None:
    for name, columns in programme.form.tables.items():
        for column, form in columns.items():
            if form.choices and INPUT_TABLES[name][column].values:
                assert tuple(programme.form.choices[form.choices]) == INPUT_TABLES[name][column].values, (
                    f"{name}.{column}"
                )


def test_no_heading_means_two_columns(programme: Programme) -> None:
    for name, columns in programme.form.tables.items():
        for profile in (None, *programme.form.profiles.values()) if name == "submissions" else (None,):
            index = heading_index(columns, profile)
            own = (
                {comparison_key(text) for texts in profile.headings.values() for text in texts}
                if profile
                else set()
            )
            wrong = [
                (heading, index.find(heading))
                for column, form in columns.items()
                for heading in (column, *form.headings)
                if index.find(heading) != column and comparison_key(heading) not in own
            ]
            assert wrong == [], name


def test_topic_wordings_are_about_the_programmes_topics(programme: Programme) -> None:
    assert set(programme.form.topic_wordings) <= set(programme.topics.ids)


MISTAKES = [
    ("unknown key", ("close_speling",), 80, "close_speling"),
    ("unknown kind", ("gcom", "region", "kind"), "poem", "gcom.region.kind"),
    ("a list that is not there", ("gcom", "status", "choices"), "colours", "colours"),
    ("a choice without a list", ("gcom", "status", "choices"), "", "gcom.status"),
    ("no pattern", ("profiles", "limesurvey", "options"), "(", "profiles.limesurvey.options"),
    ("a pattern without its groups", ("profiles", "limesurvey", "options"), "x", "options"),
    ("a share beyond 100", ("close_spelling",), 120, "close_spelling"),
    ("no sign", ("profiles", "eusurvey", "signs"), [], "profiles.eusurvey.signs"),
    ("eleven months", ("months",), [["x"]] * 11, "months"),
    ("a month without a name", ("months", 3), [], "a name for every month"),
    ("a name of two months", ("months", 3), ["jan"], "jan stands twice"),
]


@pytest.mark.parametrize(
    ("path", "value", "said"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES]
)
def test_mistakes_are_named(path: tuple[str | int, ...], value: object, said: str) -> None:
    data = written()
    place: Any = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(ProblemsError, match=said) as caught:
        validate_rules(data, FormRules, "programme/form.toml")
    assert all(problem.where.startswith("programme/form.toml") for problem in caught.value.problems)


def test_a_month_is_known_by_its_name_in_six_languages(programme: Programme) -> None:
    months = month_numbers(programme.form.months)
    missed = [
        (language, width, name)
        for language in ("en", "fr", "es", "de", "pt", "it")
        for width in ("wide", "abbreviated")
        for month, name in Locale(language).months["format"][width].items()
        if months.get(comparison_key(name)) != month
    ]
    assert missed == []
