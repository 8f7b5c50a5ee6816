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
from pages.views.provenance import Approval
from tasks.decisions.effective import released_twinnings
from warehouse.snapshots.approved import Approved, read_approved


def report_path(round_id: str, version: int, *, public: bool = False) -> str:
    """Where a report of a version is kept."""
    return f"reports/round={round_id}/version-{version:04d}{'-public' if public else ''}.html"


def report_place(context: AppContext, round_id: str, version: int, *, public: bool = False) -> str:
    """Where a report of a version is kept, as a person would write it."""
    return f"{context.storage.address.rstrip('/')}/{report_path(round_id, version, public=public)}"


def report_link(context: AppContext, round_id: str, version: int) -> str:
    """The address of the kept internal report, as a browser opens it."""
    folder = context.settings.data_folder
    if folder is None:
        return report_place(context, round_id, version)
    return (folder / report_path(round_id, version)).absolute().as_uri()


def read_report_data(
    context: AppContext, round_id: str, version: int, approved: Approved | None = None
) -> ReportData:
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
        approval=_approval(approved) if approved else _noted_approval(context, round_id, version),
    )


def _noted_approval(context: AppContext, round_id: str, version: int) -> Approval | None:
    """The approval of exactly this version; raises `ProblemsError` where what was approved was changed."""
    approved = read_approved(context.storage, round_id)
    return None if approved is None or approved.version != version else _approval(approved)


def _approval(approved: Approved) -> Approval:
    return Approval(approved.approved_at, approved.approvals)


def make_report(
    context: AppContext,
    round_id: str,
    version: int,
    *,
    public: bool = False,
    approved: Approved | None = None,
) -> str:
    """The report of a version as HTML; `approved` is its approval where that is about to be noted."""
    data = read_report_data(context, round_id, version, approved)
    return public_report(data) if public else internal_report(data)


def keep_report(
    context: AppContext,
    round_id: str,
    version: int,
    *,
    public: bool = False,
    approved: Approved | None = None,
) -> None:
    """Make a report of a version and keep it; the arguments are those of `make_report`.

    The internal edition names evaluators by their codes, so it is readable by its owner alone.
    """
    text = make_report(context, round_id, version, public=public, approved=approved)
    context.storage.write(report_path(round_id, version, public=public), text.encode(), private=not public)


def keep_missing_report(context: AppContext, round_id: str, version: int) -> None:
    """Make the internal report of a version that has none yet."""
    if not context.storage.exists(report_path(round_id, version)):
        keep_report(context, round_id, version)
