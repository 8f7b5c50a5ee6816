"""The report of a version: one HTML file that needs nothing else.

In go a version's tables, its working tables, the rules and the decisions that were in force; out comes the
text of the file, the same for the same version. Two editions: `internal.py` is for the office and the
committee, `public.py` for everybody. Order of the files: `data.py` (what a report is made of), `drawing.py`
(map and numbers of the twinnings), then the two editions.

Where do I go to ...?
- add a section: its view in `pages/views`, a line in `internal.py`, its part in `templates/report.html.j2`
- say more in public: first the list in `tests/pages/test_public.py`, then `public.py`
- see when a report is made and where it is kept: `flows/report.py`
"""

from __future__ import annotations

from pages.report.data import ReportData
from pages.report.internal import internal_report
from pages.report.public import public_report

__all__ = ["ReportData", "internal_report", "public_report"]
