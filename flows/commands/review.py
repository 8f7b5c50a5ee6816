"""`city2city review`: what waits for a person."""

from __future__ import annotations

from flows.commands.options import AsJson, RoundId, ShowAll
from flows.console import print_error, print_table, print_text
from flows.context import open_context
from flows.summary import open_reviews
from tasks.decisions.findings import undos_of_nothing
from warehouse.snapshots import read_tables


def review(round_id: RoundId, show_all: ShowAll = False, as_json: AsJson = False) -> None:
    """List what waits for a person, and how to answer.

    The points are those of the round's latest version.
    """
    context = open_context()
    version = context.latest_version(round_id)
    rows = open_reviews(read_tables(context.storage, round_id, version))
    print_table(
        rows,
        ["application_id", "city_name", "country_iso3", "rule", "evidence"],
        as_json=as_json,
        title=f"Round {round_id}, version {version}",
        show_all=show_all,
    )
    if as_json:
        return
    for finding in undos_of_nothing(context.ledger.decisions(round_id)):
        print_error(f"Note: decision {finding.row_key}: {finding.message}")
    options = "--reason TEXT --by WHO"
    answer = f"city2city decide {round_id} rule APPLICATION RULE OUTCOME {options}"
    link_answer = f"city2city decide {round_id} link APPLICATION cohort|gcom REGISTER_ID {options}"
    print_text(f"{len(rows)} open point(s). Answer with: {answer}")
    print_text(f"or, for an ambiguous link: {link_answer}")
