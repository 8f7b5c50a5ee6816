"""Properties of the letters over hostile contacts."""

from __future__ import annotations

import polars as pl
from hypothesis import given

from programme.programme import Programme
from tasks.eligibility.scan_letters import letter_drafts
from tests.tasks.eligibility.test_scan_letters import MANDATE, forms, read
from tests.tasks.letters.nasty import nasty_cells


@given(name=nasty_cells(), mail=nasty_cells(), city=nasty_cells())
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
    assert draft.refused == ""
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
