"""What letters about results are made from, as frozen values: the tables of a version, and who wrote the
forms.

Belongs here: the shapes alone. Must stay out: reading them (`flows/mailing/`) and what follows from them
(`news.py`). Names and addresses are personal data: they are in no table of a version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from programme.letters import LetterWording
from programme.rounds import Round

Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Contact:
    """Who stands for an application: name and role as typed, one usable address or none.

    `changed` is the id of the record that changed it since the form was sent; None for the form's own.
    """

    name: str = ""
    address: str | None = None
    role: str = ""
    changed: str | None = None


@dataclass(frozen=True)
class Consents:
    """Whose contact may be given to the partners of its twinning.

    `given` are applications whose form agrees (`data_consent`), `decided` those of which a decision
    `share_contact` says so, `everybody` is the setting of the office.
    """

    given: frozenset[str] = frozenset()
    decided: frozenset[str] = frozenset()
    everybody: bool = False

    def of(self, application_id: str) -> bool:
        """Whether that application's contact may be given."""
        return self.everybody or application_id in self.given or application_id in self.decided


@dataclass(frozen=True)
class Sources:
    """Everything that the letters of one version are made from.

    `tables` are those of the version. `contacts` and `typed_cities` are by application. `due` is the last
    day of a condition, by application and rule. `lacking` are the columns that a form set aside lacks.
    `declined` are applications that declined a place. `labels` are the topics' words, `countries` the
    countries' names by ISO 3166-1 alpha-3.
    """

    round: Round
    tables: Tables
    wording: LetterWording
    labels: Mapping[str, str]
    countries: Mapping[str, str]
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    typed_cities: Mapping[str, str] = field(default_factory=dict)
    consents: Consents = Consents()
    due: Mapping[tuple[str, str], date] = field(default_factory=dict)
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    declined: frozenset[str] = frozenset()
