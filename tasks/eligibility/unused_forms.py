"""Forms that could not be used because an answer is missing: what their senders are asked.

Nobody who applied goes without an answer (FAQ 3.1). Belongs here: the open point of such a form, and the
form under the id it has in `applications`. Must stay out: which rows are set aside (`tasks/ingest`). The
point may repeat what the form says of the organisation, so it goes to the sender alone and into no snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from programme.counts import listed
from programme.letters import SET_ASIDE
from tasks.eligibility.scan_letters import OpenPoint
from tasks.letters.message import header_text

CLAUSE = "3.1"


def unused_forms(unused: pl.DataFrame, set_aside: pl.DataFrame, applications: pl.DataFrame) -> pl.DataFrame:
    """The unused forms (rows of SUBMISSIONS) under the ids that table APPLICATIONS gives them.

    `unused` are the rows set aside as far as they were read, `set_aside` the dictionary's table. A copy of
    another form has no point of its own and is left out.
    """
    keys = set_aside.filter(pl.col("table") == "submissions").select("row", "row_key").unique("row")
    waiting = applications.filter(pl.col("state") == "set_aside").select(row_key="application_id")
    named = unused.join(keys, on="row").join(waiting, on="row_key", how="semi").sort("row")
    return (
        named.unique("row_key", keep="first", maintain_order=True)
        .with_columns(submission_id="row_key")
        .select(unused.columns)
    )


def unused_form_points(forms: pl.DataFrame, answers: Mapping[str, str]) -> list[OpenPoint]:
    """One open point for each form that lacks an answer its sender can give.

    `forms` as `unused_forms` gives them; `answers` is the column of the form to what it asks, in the
    applicant's words.
    """
    points = []
    for form in forms.sort("submission_id").iter_rows(named=True):
        missing = [asked for column, asked in answers.items() if form[column] is None]
        if missing:
            points.append(
                OpenPoint(form["submission_id"], SET_ASIDE, "unclear", _sentence(form, missing), CLAUSE)
            )
    return points


def _sentence(form: Mapping[str, object], missing: list[str]) -> str:
    lacking = f"Your form cannot be used yet: it does not say {listed(missing)}."
    organisation = header_text(form["organisation"])
    if form["city_name"] is None and organisation:
        return (
            f"{lacking} It names “{organisation}” as the organisation; please tell us whether that is the "
            "city that applies, or which city it is."
        )
    return f"{lacking} Please tell us, or send the form again."
