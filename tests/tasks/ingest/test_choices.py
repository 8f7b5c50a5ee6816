"""Choices, lists, yes and no, records in one cell."""

from collections.abc import Callable

import pytest

from programme.programme import Programme
from tasks.ingest.cells.choices import choices_of, split_list, yes_no_of
from tasks.ingest.cells.column_reading import PARTLY_READ, UNREADABLE

CHOICES = [
    ("applicant_type", "Municipality / city", "city"),
    ("applicant_type", "NGO", "ngo"),
    ("applicant_type", "Private company", "private_company"),
    ("applicant_type", "metropolitan area", "metropolitan_area"),
    ("applicant_type", "Univeristy", "university"),
    ("cohort_status", "Yes, member", "member"),
    ("cohort_status", "Application pending", "applied"),
    ("cohort_status", "No", "not_applied"),
    ("gcom_status", "Yes", "signatory"),
    ("gcom_status", "No, but we commit to sign within three months", "will_sign"),
    ("gcom_status", "No", "not_signatory"),
    ("plan_type", "Other", "other"),
    ("plan_type", "secap", "SECAP"),
    ("plan_type", "SEACAP", "SEACAP"),
    ("plan_status", "Adopted by the council", "adopted"),
    ("plan_status", "in preparation", "in_preparation"),
    ("mandate", "Confirmed by a decision-maker", "confirmed"),
    ("mandate", "official letter", "official_letter"),
    ("jurisdiction", "Full", "full"),
    ("jurisdiction", "partly", "partial"),
    ("action_stage", "Feasibility study", "feasibility"),
    ("innovation_status", "EVALUATED", "evaluated"),
    ("engagement_status", "formalized", "formalised"),
    ("topic_1", "Clean hydrogen", "hydrogen"),
    ("topic_1", "Mobility, electric vehicle grid & storage", "mobility"),
    ("topic_1", "digital twins and solutions", "digital-twins"),
    ("topic_1", "Waste to Energy", "waste-to-energy"),
    ("topic_1", "Cooling planing, measures and technologies", "cooling"),
    ("topic_1", "Urban farming", "other"),
    ("topic_1", "100% renewable energy generation & technologies", "renewables"),
    ("topic_1", "Housing / Net-zero buildings", "buildings"),
    ("topic_2", "n/a", None),
    ("topic_1_need", "4", 4),
    ("topic_1_need", "4/5", 4),
    ("topic_1_need", "3 - important", 3),
    ("topic_1_need", "4.0", 4),
    ("topic_1_need", "6", None),
    ("topic_1_need", "3.5", None),
    ("topic_1_need", "high", None),
    ("plan_url", "n/a", None),
    ("plan_covers_whole_city", "Oui", True),
    ("plan_covers_whole_city", "x", True),
    ("plan_covers_whole_city", "Nein", False),
    ("plan_covers_whole_city", "0", False),
    *(
        ("plan_covers_whole_city", word, True)
        for word in ("Да", "tak", "Evet", "Kyllä", "Ναι", "نعم", "是", "はい", "예", "✅")
    ),
    *(
        ("plan_covers_whole_city", word, False)
        for word in ("нет", "Nie", "Hayır", "nem", "Ei", "Όχι", "لا", "否", "아니요")
    ),
    *(("plan_covers_whole_city", word, None) for word in ("Err:502", "Loading...", "#NAME?")),
    ("plan_covers_whole_city", "☑", True),
    ("plan_covers_whole_city", "Yes, all of it", True),
    ("plan_covers_whole_city", "No, only the centre", False),
    ("plan_covers_whole_city", "perhaps", None),
    ("plan_covers_whole_city", "Sí", True),
    ("plan_covers_whole_city", "Não", False),
    ("action_aspects", "financial; technical", ["technical", "financial"]),
    ("action_aspects", "Technical;Social;", ["technical", "social"]),
    ("action_aspects", "technical regulatory", ["technical", "regulatory"]),
    ("action_aspects", "", None),
    ("stakeholders", "Civil society, Businesses, Finance sector", ["businesses", "finance", "civil_society"]),
    ("stakeholders", "Research", ["research"]),
    ("stakeholders", "public_authorities civil_society", ["public_authorities", "civil_society"]),
    ("stakeholders", "Research\nPublic authorities", ["public_authorities", "research"]),
    ("stakeholders", "Research; aliens", ["research"]),
    ("stakeholders", "aliens", None),
    ("applicant_type", "alien", "set aside"),
]


@pytest.mark.parametrize(
    ("column", "text", "expected"), CHOICES, ids=[f"{column}: {text}" for column, text, _ in CHOICES]
)
def test_cells(cell: Callable[..., object], column: str, text: str, expected: object) -> None:
    assert cell(column, text) == expected


def test_every_wording_of_every_list_means_its_own_id(programme: Programme) -> None:
    form = programme.form
    lists = [
        *form.choices.values(),
        {
            topic.id: (topic.label, *form.topic_wordings.get(topic.id, ()))
            for topic in programme.topics.topics
        },
    ]
    wrong = [
        (item, wording)
        for wordings in lists
        for item, texts in wordings.items()
        for wording in (item, *texts)
        if choices_of(wordings, form.close_spelling).find(wording)[0] != item
    ]
    assert wrong == []


def test_no_word_means_yes_and_no(programme: Programme) -> None:
    words = yes_no_of(programme.form.yes, programme.form.no)
    assert [word for word in programme.form.yes if words.find(word)[0] is not True] == []
    assert [word for word in programme.form.no if words.find(word)[0] is not False] == []


def test_a_spelling_close_to_two_wordings_is_left_open() -> None:
    assert choices_of({"a": ["harbour north"], "b": ["harbour south"]}, 80).find("harbour nouth") == (
        None,
        UNREADABLE,
    )


def test_a_cell_read_in_part_says_so(programme: Programme) -> None:
    assert choices_of(programme.form.choices["stakeholders"], 85).find_all("Research; aliens") == (
        ["research"],
        PARTLY_READ,
    )


def test_a_list_is_split_by_the_strongest_mark_it_holds() -> None:
    assert split_list("a, b; c") == ["a, b", "c"]
    assert split_list("a, b") == ["a", "b"]
    assert split_list("a\n\nb;") == ["a", "b"]


def test_members_of_a_consortium(cell: Callable[..., object]) -> None:
    assert cell(
        "members",
        "Cento | 18.191 | adopted\nSan Lazzaro | | in preparation\n- Bagno; Nowhere | many | drafted",
    ) == [
        {"name": "Cento", "population": 18191, "plan_status": "adopted"},
        {"name": "San Lazzaro", "population": None, "plan_status": "in_preparation"},
        {"name": "Bagno", "population": None, "plan_status": None},
        {"name": "Nowhere", "population": None, "plan_status": None},
    ]


def test_earlier_cooperation_keeps_a_topic_that_is_none_of_ours(cell: Callable[..., object]) -> None:
    assert cell(
        "past_cooperation", "Gent | Belgium | URBACT | Data management; Lyon | France | IURC | Cheese"
    ) == [
        {"city": "Gent", "country": "Belgium", "programme": "URBACT", "topic": "data"},
        {"city": "Lyon", "country": "France", "programme": "IURC", "topic": "Cheese"},
    ]
