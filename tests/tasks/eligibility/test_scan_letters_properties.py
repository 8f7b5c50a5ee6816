"""Properties of the letters over hostile contacts."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from programme.programme import Programme
from tasks.eligibility.scan_letters import draft_file_name, letter_drafts
from tests.tasks.eligibility.test_scan_letters import MANDATE, forms, read


@given(name=st.text(), mail=st.text(), city=st.text())
def test_no_contact_can_add_a_header_or_break_a_draft(
    programme: Programme, name: str, mail: str, city: str
) -> None:
    sent = forms(S1=(name, mail)).with_columns(city_name=pl.lit(city))
    (draft,) = letter_drafts(
        [MANDATE],
        written=set(),
        submissions=sent,
        city_names={},
        round_=programme.rounds.get("2026-01"),
        wording=programme.letters,
    )
    headers, body = read(draft)
    assert set(headers) <= {
        "Subject",
        "From",
        "Reply-To",
        "X-Unsent",
        "To",
        "Content-Type",
        "Content-Transfer-Encoding",
        "MIME-Version",
    }
    assert MANDATE.message in body


@given(st.text())
def test_a_draft_never_leaves_its_folder(application_id: str) -> None:
    name = draft_file_name(application_id)
    assert "/" not in name
    assert "\\" not in name
    assert not name.startswith(".")
    assert len(name) < 120
