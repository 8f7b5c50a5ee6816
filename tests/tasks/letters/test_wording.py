"""Templates become letters: every name known, no value obeyed, nothing false where a fact is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings

from programme.counts import listed
from programme.letter_templates import TEMPLATES, read_templates
from programme.letter_vocabulary import LETTER_KINDS
from programme.problems import ProblemsError
from programme.programme import Programme
from tasks.letters.frame import Correction, NextCall
from tasks.letters.news import News
from tasks.letters.results import news_of_version
from tasks.letters.samples import SAMPLES
from tasks.letters.sources import Contact
from tasks.letters.wording import LetterTemplates, day, hours, moment
from tests.examples import examples
from tests.tasks.letters.making import FRAME, sources
from tests.tasks.letters.nasty import nasty_cells
from tests.warehouse.test_escapes import Page

ALLOWED = {"div", "p", "ul", "ol", "li", "h2", "br"}


@pytest.fixture(scope="module")
def templates() -> LetterTemplates:
    return LetterTemplates(read_templates())


@pytest.fixture(scope="module")
def letters(programme: Programme) -> dict[str, News]:
    return {news.kind: news for news in news_of_version(sources(programme))}


@pytest.mark.parametrize("kind", LETTER_KINDS)
def test_every_letter_names_its_application_and_is_signed(
    kind: str, templates: LetterTemplates, letters: dict[str, News]
) -> None:
    text = templates.text(letters[kind], FRAME)
    assert text.startswith("Dear Person ")
    assert letters[kind].application_id in text
    assert text.endswith("The team\nteam@example.org\n")
    assert "  " not in text
    assert "\n\n\n" not in text
    assert "None" not in text


@pytest.mark.parametrize(("news", "frame"), SAMPLES)
def test_text_and_html_say_the_same(templates: LetterTemplates, news: News, frame: object) -> None:
    text = templates.text(news, frame)  # type: ignore[arg-type]
    page = Page(templates.html(news, frame))  # type: ignore[arg-type]
    assert set(page.tags) <= ALLOWED
    marks = str.maketrans("", "", "- \n")
    plain = "".join(line for line in text.splitlines() if set(line) != {"-"})
    numbered = plain.replace("1. ", "").replace("2. ", "").replace("3. ", "")
    assert page.text.translate(marks) == numbered.translate(marks)


def test_a_selected_city(templates: LetterTemplates, letters: dict[str, News]) -> None:
    text = templates.text(letters["selected"], FRAME)
    for said in (
        "City A has been selected for the UTM City2City programme (Second call).",
        "Topic: Data management\nYour partner: City B (Kenya)",
        "- You want to learn about it, and City B has experience to share, as both forms say.",
        "- You named City B as a city that you would like to work with.",
        "- On a day on which all of you work, your offices share at least 3 hours and 30 minutes.",
        "City B takes part on a condition that is still to be met.",
        "Please tell us by 20 February 2026 whether City A accepts this place.",
        "Contact of City B: Person B, Lead, b@example.org",
    ):
        assert said in text
    assert "City B wants to learn" not in text
    assert "We pass on contacts only" not in text


def test_nothing_is_said_of_what_is_not_known(templates: LetterTemplates, letters: dict[str, News]) -> None:
    news = letters["selected"]
    assert news.place is not None
    (partner,) = news.place.partners
    bare = replace(partner, need=None, experience=None, named=False, conditional=False, contact=None)
    text = templates.text(
        replace(news, place=replace(news.place, partners=(bare,), shared_minutes=None)),
        replace(FRAME, starts=None),
    )
    for word in ("experience", "offices share", "You named", "condition", "start from", "Contact of City B"):
        assert word not in text
    assert "We pass on contacts only where both cities have agreed to it." in text


def test_a_condition_names_its_day_once(templates: LetterTemplates, letters: dict[str, News]) -> None:
    news = letters["selected_on_condition"]
    assert "It has to sign. It has to be settled by 16 May 2026. (FAQ 3.2)" in templates.text(news, FRAME)
    (point,) = news.points
    dated = replace(news, points=(replace(point, message="It has to sign by 16 May 2026."),))
    assert templates.text(dated, FRAME).count("16 May 2026") == 1


@pytest.mark.parametrize(
    ("today", "said"),
    [
        pytest.param(date(2026, 5, 15), "It has to be settled by 16 May 2026. (FAQ 3.2)", id="before"),
        pytest.param(date(2026, 5, 16), "It has to be settled by 16 May 2026. (FAQ 3.2)", id="on the day"),
        pytest.param(
            date(2026, 5, 17),
            "It had to be settled by 16 May 2026. That day has passed: please tell us how it stands. (FAQ",
            id="after",
        ),
    ],
)
def test_a_day_that_has_passed_is_not_asked_for(
    today: date, said: str, templates: LetterTemplates, letters: dict[str, News]
) -> None:
    text = templates.text(letters["selected_on_condition"], replace(FRAME, today=today))
    assert said in text


def test_nothing_is_asked_of_who_cannot_be_selected(
    templates: LetterTemplates, letters: dict[str, News]
) -> None:
    news = letters["ineligible"]
    assert "open as well. You need not answer now; it counts if you apply again:" in templates.text(
        news, FRAME
    )
    two = replace(news, also_open=news.also_open * 2)
    assert "open as well. You need not answer now; they count if" in templates.text(two, FRAME)


WAITING = [
    pytest.param(1, 1, 0, "It is the only one on this list.", id="alone"),
    pytest.param(2, 5, 0, "It has place 2 among the 5 on this list.", id="of several"),
    pytest.param(1, 5, 1, "It shares place 1 with 1 other, among the 5 on this list.", id="with another"),
    pytest.param(1, 5, 2, "It shares place 1 with 2 others, among the 5 on this list.", id="with others"),
    pytest.param(
        None, 5, 0, "It is on the waiting list. Why capacity.\n\nA place can become free", id="not known"
    ),
]


@pytest.mark.parametrize(("place", "count", "shared", "said"), WAITING)
def test_the_place_on_the_waiting_list(
    place: int | None,
    count: int,
    shared: int,
    said: str,
    templates: LetterTemplates,
    letters: dict[str, News],
) -> None:
    news = replace(letters["waiting_list"], waiting_place=place, waiting=count, waiting_with=shared)
    assert said in templates.text(news, FRAME)


def test_the_next_call_is_named_where_there_is_one(
    templates: LetterTemplates, letters: dict[str, News]
) -> None:
    call = NextCall("Third call", date(2026, 6, 1), date(2026, 7, 1))
    news = letters["ineligible"]
    assert "call (Third" not in templates.text(news, FRAME)
    assert "No further call is announced at the moment." in templates.text(news, FRAME)
    said = templates.text(news, replace(FRAME, next_call=call))
    assert "The next call (Third call) takes forms from 1 June 2026 until 1 July 2026." in said
    under_way = templates.text(news, replace(FRAME, next_call=replace(call, opens=None)))
    assert "takes forms until 1 July 2026. Your city is welcome to apply then." in under_way
    carried = templates.text(letters["not_selected"], replace(FRAME, next_call=call))
    assert "we take your application over into it as it is" in carried


def test_a_correction_says_so(templates: LetterTemplates, letters: dict[str, News]) -> None:
    frame = replace(FRAME, correction=Correction(date(2026, 1, 20), "that your city was selected"))
    text = templates.text(letters["waiting_list"], frame)
    assert (
        "This letter corrects ours of 20 January 2026, in which we told you that your city was selected."
        in text
    )


def test_a_correction_of_one_kind_says_that_something_in_it_changed(
    templates: LetterTemplates, letters: dict[str, News]
) -> None:
    frame = replace(FRAME, correction=Correction(date(2026, 1, 20), "that you were selected", same=True))
    text = templates.text(letters["selected"], frame)
    assert "replaces ours of 20 January 2026, because something that we told you there has changed." in text
    assert "that you were selected" not in text


@pytest.mark.parametrize("kind", LETTER_KINDS)
def test_nobody_is_pitied_for_a_place_or_their_own_wish(
    kind: str, templates: LetterTemplates, letters: dict[str, News]
) -> None:
    frame = replace(FRAME, correction=Correction(date(2026, 1, 20), "something else"))
    sorry = "We are sorry for the change." in templates.text(letters[kind], frame)
    assert sorry == (kind not in ("selected", "selected_on_condition", "withdrawn"))


def test_a_city_that_declined_is_thanked(templates: LetterTemplates, letters: dict[str, News]) -> None:
    text = templates.text(replace(letters["withdrawn"], declined=True), FRAME)
    assert "Thank you for telling us that City G does not take its place" in text
    assert "was withdrawn" not in text


def test_without_a_name_the_applicant_is_greeted(
    templates: LetterTemplates, letters: dict[str, News]
) -> None:
    text = templates.text(replace(letters["late"], contact=Contact(), city=""), FRAME)
    assert text.startswith("Dear applicant,")
    assert "The number of your form is L." in text


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=nasty_cells())
def test_no_value_is_obeyed_anywhere(
    templates: LetterTemplates, letters: dict[str, News], value: str
) -> None:
    for news in letters.values():
        place = news.place
        if place is not None:
            partner = replace(
                place.partners[0], city=value, country=value, contact=Contact(value, value, value)
            )
            place = replace(place, topic=value, partners=(partner, partner))
        points = tuple(replace(point, message=value, title=value, remedy=value) for point in news.points)
        hostile = replace(
            news,
            city=value,
            contact=Contact(value),
            place=place,
            points=points,
            also_open=points,
            reason=value,
            advice=(value,),
            preferences=(value, value),
            stands=value or None,
            lacking=(value,),
        )
        text = templates.text(hostile, FRAME)
        assert "\r" not in text
        assert all(character.isprintable() or character in "\n\u200c\u200d" for character in text)
        assert set(Page(templates.html(hostile, FRAME)).tags) <= ALLOWED


MISTAKES = [
    pytest.param("selected", "{{ nmae }}", "the name 'nmae'", id="a name that no letter has"),
    pytest.param("selected", "{{ place.topc }}", "has no attribute 'topc'", id="a value that is not there"),
    pytest.param("late", "{% if name %}", "Unexpected end of template", id="no template"),
    pytest.param("late", "{{ name|shout }}", "the filter 'shout'", id="a filter that is not there"),
    pytest.param("late", "{{ ''.__class__.__mro__ }}", "is unsafe", id="a way out of the sandbox"),
    pytest.param("late", "{{ 1 / 0 }}", "division by zero", id="a sum that cannot be"),
    pytest.param("late", "{% include 'nothing' %}", "nothing", id="a part that is not there"),
]


@pytest.mark.parametrize(("name", "text", "found"), MISTAKES)
def test_a_template_that_cannot_be_filled_in_is_named(name: str, text: str, found: str) -> None:
    with pytest.raises(ProblemsError) as told:
        LetterTemplates(read_templates() | {name: text})
    assert any(found in item.found for item in told.value.problems)
    assert all(item.where.startswith(f"programme/letters/{name}.md.j2") for item in told.value.problems)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ProblemsError) as told:
        LetterTemplates(read_templates() | {"late": "{{ a }}\n{{ b }}", "selected": "{{ c }}"})
    assert [item.where for item in told.value.problems] == [
        "programme/letters/selected.md.j2, line 1",
        "programme/letters/late.md.j2, line 1",
        "programme/letters/late.md.j2, line 2",
    ]


def test_a_folder_of_rules_may_have_its_own_templates(tmp_path: object) -> None:
    folder = tmp_path / "letters"  # type: ignore[operator]
    folder.mkdir()
    (folder / "late.md.j2").write_text("Own.", "utf-8")
    texts = read_templates(tmp_path)  # type: ignore[arg-type]
    assert texts["late"] == "Own."
    assert set(texts) == set(TEMPLATES)
    (folder / "late.md.j2").write_bytes(b"\xff")
    with pytest.raises(ProblemsError, match=r"letters/late\.md\.j2"):
        read_templates(tmp_path)  # type: ignore[arg-type]


def test_days_hours_and_lists_in_words() -> None:
    assert day(date(2026, 2, 1)) == "1 February 2026"
    assert moment(datetime(2026, 2, 1, 9, 5, tzinfo=UTC)) == "1 February 2026, 09:05 (UTC)"
    assert [hours(n) for n in (0, 30, 60, 90, 240)] == [
        "0 hours",
        "30 minutes",
        "1 hour",
        "1 hour and 30 minutes",
        "4 hours",
    ]
    assert [listed(names) for names in ("", "a", "ab", "abc")] == ["", "a", "a and b", "a, b and c"]
