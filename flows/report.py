"""The report of a version: what it is made from, where it is kept, and making it.

Belongs here: reading a version with what belongs to it, and keeping the internal edition beside the versions,
which hold tables alone. Must stay out: what a report says and how it looks (`pages/`).
"""

from __future__ import annotations

from flows.context import AppContext
from flows.published_versions import origin_of, read_version
from flows.working_tables import read_working_table
from pages.report import ReportData, internal_report, public_report
from pages.report.data import WORKING
from tasks.decisions.effective import released_twinnings


def report_path(round_id: str, version: int) -> str:
    """Where the internal report of a version is kept."""
    return f"reports/round={round_id}/version-{version:04d}.html"


def report_address(context: AppContext, round_id: str, version: int) -> str:
    """The address of the kept report, as a person or a browser opens it."""
    folder, path = context.settings.data_folder, report_path(round_id, version)
    if folder is None:
        return f"{context.storage.address.rstrip('/')}/{path}"
    return (folder / path).absolute().as_uri()


def read_report_data(context: AppContext, round_id: str, version: int) -> ReportData:
    """A version and what belongs to it; raises `ProblemsError` where there is none or it is damaged."""
    published = read_version(context, round_id, version)
    in_force = origin_of(context, published).decisions
    return ReportData(
        round_=context.round(round_id),
        programme=context.programme,
        tables=published.tables,
        working={name: read_working_table(context, round_id, version, name) for name in WORKING},
        package=published.package,
        released=tuple(released_twinnings(in_force)),
    )


def make_report(context: AppContext, round_id: str, version: int, *, public: bool = False) -> str:
    """The report of a version as HTML."""
    data = read_report_data(context, round_id, version)
    return public_report(data) if public else internal_report(data)


def keep_report(context: AppContext, round_id: str, version: int) -> str:
    """Make the internal report of a version and keep it; returns its address.

    It names evaluators by their codes, so it is readable by its owner alone.
    """
    text = make_report(context, round_id, version)
    context.storage.write(report_path(round_id, version), text.encode(), private=True)
    return report_address(context, round_id, version)
