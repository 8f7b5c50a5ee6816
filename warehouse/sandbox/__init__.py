"""The sandbox: workbooks and Parquet files are opened in a process that can do no harm.

A workbook of 1.4 KB can kill its reader by claiming a cell at either end of the sheet, and the readers of
both formats are large programs in C and Rust. So they run in a process of their own, with bounds on memory
and processor time and without our environment. A file that kills its reader kills only that process.

In comes the content of one file (bytes); out come its sheets as rows of cells, or an `UnreadableError` that
says what was found and what to do. The steps under `tasks/` never import this package: whoever calls them
passes `open_in_sandbox`, so that the steps themselves start no process.

The files, lowest first:
- `child.py`: what runs inside the process; started by its path, and it imports nothing of ours
- `process.py`: the checks beforehand, the process and its bounds, and `open_in_sandbox`

Where do I go to ...?
- change how much memory or time a file may take: `process.py`
- change how cells, formulas or merged ranges become text: `child.py`
- read another binary format: `child.py`, then `BinaryKind` in `tasks/ingest/files/sheets.py`
"""

from warehouse.sandbox.process import OpenedSheet, open_in_sandbox

__all__ = ["OpenedSheet", "open_in_sandbox"]
