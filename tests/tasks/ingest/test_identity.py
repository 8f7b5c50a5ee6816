"""Ids that do not identify, ids that are made, and ids that lost their zeros."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from tasks.decisions.edited_answers import follow_edits
from tasks.ingest.step import ReadTable
from tasks.ingest.tables.matched_ids import with_matched_ids
from tests.tasks.ingest.conftest import MINIMAL
from warehouse.dictionary.inputs import DECISIONS, EVALUATIONS

CITIES = [
    ("Turku", "Finland"),
    ("Malmö", "Sweden"),
    ("Cartago", "Colombia"),
    ("Nakuru", "Kenya"),
    ("Oulu", "Finland"),
]
Reader = Callable[..., ReadTable]


def forms(*rows: dict[str, str]) -> list[dict[str, str]]:
    return [MINIMAL | row for row in rows]


def places(n: int, **more: str) -> list[dict[str, str]]:
    return forms(*({"city_name": city, "country": country} | more for city, country in CITIES[:n]))


def severities(table: ReadTable) -> list[tuple[str, str]]:
    return table.findings.select("severity", "expectation").rows()


@pytest.mark.parametrize(("n", "severity"), [(2, "warn"), (3, "warn"), (4, "stop"), (5, "stop")])
@pytest.mark.parametrize("shared", ["Anonymous", "0", "n/a", "-"])
def test_one_id_of_several_cities(
    read: Reader, as_csv: Callable[..., str], shared: str, n: int, severity: str
) -> None:
    table = read(as_csv(places(n, submission_id=shared)))
    assert (table.frame.height, table.frame["submission_id"].n_unique()) == (n, n)
    assert severities(table) == [(severity, "id_identifies")]


def test_versions_of_one_city_among_others_of_its_id(read: Reader, as_csv: Callable[..., str]) -> None:
    rows = [*places(2), MINIMAL | {"city_name": "TURKU", "submitted_at": "2025-08-02T10:00:00Z"}]
    table = read(as_csv(rows))
    assert sorted(table.frame["city_name"]) == ["Malmö", "TURKU"]
    assert table.set_aside.select("row", "reason").rows() == [(2, "a later version is in row 4")]
    assert table.passport.n_superseded == 1


ROUNDED = {
    "scientific": ["6.29842E+18", "6.29843E+18"],
    "with a comma": ["6,29842E+18", "6,29843E+18"],
    "a whole number of a workbook": ["6.298415537412346e+18", "6.298415537412347e+18"],
    "zeros in place of digits": ["6298415537412340000", "6298415537412350000"],
}


@pytest.mark.parametrize("ids", ROUNDED.values(), ids=ROUNDED)
def test_ids_that_a_spreadsheet_cut_off_stop(
    read: Reader, as_csv: Callable[..., str], ids: list[str]
) -> None:
    table = read(as_csv([row | {"submission_id": key} for row, key in zip(places(2), ids, strict=True)]))
    assert severities(table) == [("stop", "id_identifies")]
    assert (
        "'submission_id'" in table.findings["message"][0] or "submission_id" in table.findings["message"][0]
    )


@pytest.mark.parametrize(
    "ids", [["4e10", "4e11"], ["1234567890123456", "1234567890123450"], ["2025-1000000000000000", "2"]]
)
def test_ids_that_only_look_so_do_not(read: Reader, as_csv: Callable[..., str], ids: list[str]) -> None:
    table = read(as_csv([row | {"submission_id": key} for row, key in zip(places(2), ids, strict=True)]))
    assert severities(table) == []


GOOGLE = "Timestamp,City name,A2. Country,A3. Type of applicant,D1. First priority,C2. E-mail\n"


def made(read: Reader, *rows: str) -> list[str]:
    return list(read(GOOGLE + "\n".join(rows) + "\n").frame.sort("row")["submission_id"])


def test_an_id_is_made_of_what_was_read_and_not_of_what_was_written(read: Reader) -> None:
    rest = "City,Data,a@x.org"
    ways = [
        "8/14/2025 10:05:07",
        "2025-08-14 10:05:07",
        "14.08.2025 10:05:07",
        "2025/08/14 10:05:07 AM GMT+2",
    ]
    ids = {
        made(read, f"{moment},Turku,{country},{rest}")[0] for moment in ways for country in ("Finland", "FI")
    }
    assert len(ids) == 1


def test_an_edit_changes_the_last_part_of_a_made_id_and_another_sender_more(read: Reader) -> None:
    first, edited, other = made(
        read,
        "8/14/2025 10:05:07,Turku,Finland,City,Data,a@x.org",
        "8/20/2025 10:05:07,Turku,Finland,City,Data,a@x.org",
        "8/14/2025 10:05:07,Turku,Finland,City,Data,b@x.org",
    )
    assert first.rpartition("-")[0] == edited.rpartition("-")[0] != other.rpartition("-")[0]


def decisions(*subjects: str) -> pl.DataFrame:
    return DECISIONS.frame([
        {"row": n, "decision_id": f"d{n}", "kind": "rule", "subject": subject, "object": "mandate", "value":
        "met"} for n, subject in enumerate(subjects, 2) ])  # fmt: skip


OLD, NEW, SECOND = "1a2b3c4d-5e-000001", "1a2b3c4d-5e-000002", "1a2b3c4d-5e-000003"


def test_a_decision_follows_an_edited_answer_and_says_so() -> None:
    followed, findings = follow_edits(decisions(OLD, f"{OLD}:Cartago", "S1"), {NEW, "S2"})
    assert set(followed["subject"]) == {NEW, f"{NEW}:Cartago", "S1"}
    assert [finding.expectation for finding in findings] == ["answer_unchanged"] * 2


def test_where_two_answers_could_be_meant_a_person_is_asked() -> None:
    followed, findings = follow_edits(decisions(OLD), {NEW, SECOND})
    assert followed["subject"].to_list() == [OLD]
    assert "Record it anew" in findings[0].message


@pytest.mark.parametrize("known", [{OLD, NEW}, {"1a2b3c4d-ff-000002"}, set()])
def test_other_decisions_stay(known: set[str]) -> None:
    recorded = decisions(OLD)
    followed, findings = follow_edits(recorded, known)
    assert followed.equals(recorded)
    assert findings == []


@pytest.mark.parametrize(
    ("written", "forms_there", "meant"),
    [
        ("1", ["0001", "0002"], "0001"),
        ("1.0", ["0001"], "0001"),
        ("2025-1", ["2025-0001"], "2025-0001"),
        ("1", ["0001", "001"], "1"),
        ("0001", ["0001", "1"], "0001"),
        ("10", ["0001", "0100"], "10"),
    ],
)
def test_ids_without_their_zeros(written: str, forms_there: list[str], meant: str) -> None:
    scores = EVALUATIONS.frame([
        {"row": 2, "evaluator_id": "E", "submission_id": written, "criterion": "impact", "score": 3.0}
    ])  # fmt: skip
    matched, findings = with_matched_ids("evaluations", scores, forms_there)
    assert matched["submission_id"].to_list() == [meant]
    assert bool(findings) == (meant != written)


FORMS = GOOGLE.replace("Timestamp", "Submission ID,Timestamp").replace("E-mail", "E-mail,Mandate")
CITY_ROW = "S1,2025-08-14 10:05,Turku,Finland,City,Data,a@turku.example,official letter"


@pytest.mark.parametrize(
    ("later", "ids"),
    [
        pytest.param("Turku,Finland,City,Data,b@turku.example,", 1, id="an edit by a colleague"),
        pytest.param("Turku,Finland,City,Data,a@turku.example,", 1, id="an edit"),
        pytest.param("Turku,Finland,Individual,Data,x@gmail.com,none", 2, id="a stranger"),
        pytest.param(
            "Turku,Finland,Individual,Data,a@turku.example,none", 2, id="a stranger with its address"
        ),
        pytest.param("Turku,Finland,Individual,Data,,", 2, id="a stranger without an address"),
        pytest.param("Turku,Finland,City,Data,x@gmail.com,official letter", 2, id="somebody else"),
    ],
)
def test_an_id_sent_again_by_another_sender_is_a_form_of_its_own(read: Reader, later: str, ids: int) -> None:
    table = read(f"{FORMS}{CITY_ROW}\nS1,2025-08-20 10:05,{later}\n")
    assert table.frame["submission_id"].n_unique() == table.frame.height == ids
    assert ("one_sender_an_id" in table.findings["expectation"].to_list()) == (ids == 2)
    of_city = table.frame.filter(pl.col("submission_id") == "S1")
    assert of_city["mandate"].to_list() == ["official_letter"] or ids == 1
    again = read(f"{FORMS}S1,2025-08-20 10:05,{later}\n{CITY_ROW}\n")
    assert set(again.frame["submission_id"]) == set(table.frame["submission_id"])
