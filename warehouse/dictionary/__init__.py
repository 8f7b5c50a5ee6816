"""The data dictionary: every table, column, type, unit and meaning, said once.

`inputs` are the tables that come in, `working` those that pass between the steps, `published` those of a
snapshot. Pure modules of any step may import this package; it imports polars and nothing of ours.
"""

from warehouse.dictionary.inputs import INPUT_TABLES, REQUIRED_INPUTS
from warehouse.dictionary.model import MOMENT, Column, Table
from warehouse.dictionary.published import PUBLISHED_TABLES
from warehouse.dictionary.working import WORKING_TABLES

__all__ = [
    "INPUT_TABLES",
    "MOMENT",
    "PUBLISHED_TABLES",
    "REQUIRED_INPUTS",
    "WORKING_TABLES",
    "Column",
    "Table",
]
