"""`city2city review`: what waits for a person."""

from __future__ import annotations

from flows.commands.options import AsJson, RoundId, ShowAll
from flows.console import print_error, print_table, print_text
from flows.context import open_context
from flows.summary import open_points_text
from programme.vocabulary import OpenPointKind
from tasks.decisions.findings import undos_of_nothing
from tasks.publish.open_points import NAMES, count_by_kind, open_points
from warehouse.snapshots import read_tables

RECORD = "city2city decide {round}"
WHY = "--reason TEXT --by WHO"
ANSWERS: dict[OpenPointKind, str] = {
    "at_risk": f"Settle what is open of the city, or dissolve the twinning: {RECORD} release TWINNING {WHY}",
    "set_aside": "Ask the applicant (the early scan drafts the letter). Then mend the cell with a line in "
    "the round's corrections file, or have the form sent again.",
    "country": "Ask the applicant (the early scan drafts the letter). Then mend the cell with a line in the "
    "round's corrections file, or have the form sent again.",
    "link": f"{RECORD} link APPLICATION cohort|gcom REGISTER_ID {WHY}, or no_link where it has no row",
    "rule": f"{RECORD} rule APPLICATION RULE OUTCOME {WHY}",
    "place": "Ask the city (the early scan drafts a letter). Until you agree, it takes no part on the topic. "
    f"If the topic makes sense there: {RECORD} waive APPLICATION topic_place {WHY}",
    "conflict": f"Ask the evaluator. Where it is none: {RECORD} no_conflict EVALUATOR APPLICATION {WHY}",
    "consent": "Ask the city for its consent or for another contact, and correct the form. Until then its "
    "contact is given to nobody.",
    "disputed": "Let the evaluators talk: the chair's workbook (city2city assign --collect) has every score. "
    "New scores go into the evaluations.",
    "unconfirmed": f"{RECORD} confirm TWINNING {WHY}",
}
"""How each kind of open point is answered."""


def review(round_id: RoundId, show_all: ShowAll = False, as_json: AsJson = False) -> None:
    """List what waits for a person, the most urgent first, and how to answer.

    The points are those of the round's latest version.
    """
    context = open_context()
    version = context.latest_version(round_id)
    points = open_points(read_tables(context.storage, round_id, version))
    print_table(
        points.rows(named=True),
        None if as_json else list(NAMES),
        as_json=as_json,
        title=f"Round {round_id}, version {version}",
        show_all=show_all,
    )
    if as_json:
        return
    for finding in undos_of_nothing(context.ledger.decisions(round_id)):
        print_error(f"Note: decision {finding.row_key}: {finding.message}")
    counts = count_by_kind(points)
    print_text(open_points_text(counts))
    for kind in counts:
        print_text(f"{kind.replace('_', ' ')}: {ANSWERS[kind].format(round=round_id)}")
