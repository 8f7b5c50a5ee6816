"""What an approval publishes: the public edition of the version.

Belongs here: handing the approved version to `warehouse/public`. Must stay out: what an edition holds, and
when a version is approved.
"""

from __future__ import annotations

from flows.context import AppContext
from programme.rounds import Round
from warehouse.public.edition import WrittenEdition, write_public_edition
from warehouse.snapshots.approved import Approved


def publish_edition(
    context: AppContext, round_: Round, approved: Approved, report: bytes | None = None
) -> WrittenEdition:
    """Write the public edition of an approved version; one that is there already stays as it is.

    `report` is the public report as one HTML file, where there is one.
    """
    return write_public_edition(
        context.storage,
        round_.id,
        approved.version,
        approved_at=approved.approved_at,
        programme=context.programme,
        report=report,
    )
