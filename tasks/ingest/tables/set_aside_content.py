"""What rows that were set aside hold: their cells as they were written.

Belongs here: that frame. Must stay out: why a row was set aside (`typed_rows.py`), and where its content is
kept (`warehouse/database`).
"""

from __future__ import annotations

import json

import polars as pl

from warehouse.dictionary.working import SET_ASIDE_CONTENT


def set_aside_content(table: str, raw: pl.DataFrame, set_aside: pl.DataFrame) -> pl.DataFrame:
    """The cells of the rows set aside (dictionary table SET_ASIDE_CONTENT), blank ones left out.

    `raw`: column `row` and one String column per canonical column.
    """
    rows: list[dict[str, object]] = []
    for row in raw.join(set_aside.select("row").unique(), on="row", how="semi").iter_rows(named=True):
        cells = {name: cell for name, cell in row.items() if name != "row" and cell is not None}
        content = json.dumps(cells, ensure_ascii=False, sort_keys=True)
        rows.append({"table": table, "row": row["row"], "payload": content})
    return SET_ASIDE_CONTENT.frame(rows)
