"""Who sent a form, from `senders.toml`: public mail providers, and how strong a mandate is."""

from __future__ import annotations

import re
from functools import cached_property
from typing import get_args

from pydantic import Field, field_validator

from programme.rules import Rules
from programme.vocabulary import MANDATES, Mandate

_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_NAME = re.compile(r"[a-z0-9-]+")
_ENDING = re.compile(r"(com?|net|org|ne|or)?\.?[a-z]{2}|com|net|org|info|eu|asia")
"""What may follow the name of a provider: a country's ending (`fr`, `co.jp`, `com.br`) or a common one."""


class Senders(Rules):
    """Whose later form may take the place of whose earlier one (FAQ 3.3.1, 3.4).

    `mandates` are the form's answers, the weakest first; `of_other_bodies` is the one that counts of an
    applicant that is no local government. At `public_mail` and at the `public_mail_names` of any country,
    anybody can have an address. `shared_names`, before the ending of a country (`gov.in`), are above the
    domains of many bodies.
    """

    mandates: tuple[Mandate, ...]
    of_other_bodies: Mandate
    public_mail: tuple[str, ...] = Field(min_length=1)
    public_mail_names: tuple[str, ...]
    shared_names: tuple[str, ...] = ()

    @field_validator("mandates")
    @classmethod
    def _each_once(cls, value: tuple[Mandate, ...]) -> tuple[Mandate, ...]:
        if sorted(value) != sorted(get_args(Mandate)):
            raise ValueError(f"each of {', '.join(MANDATES)} once, the weakest first")
        return value

    @field_validator("public_mail")
    @classmethod
    def _domains(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [domain for domain in value if not _DOMAIN.fullmatch(domain)]:
            raise ValueError(f"domains in small letters, without an @; {', '.join(wrong)} is none")
        return value

    @field_validator("public_mail_names", "shared_names")
    @classmethod
    def _names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [name for name in value if not _NAME.fullmatch(name)]:
            raise ValueError(f"names without an ending, in small letters; {', '.join(wrong)} is none")
        return value

    @cached_property
    def _domains_of_providers(self) -> frozenset[str]:
        return frozenset(self.public_mail)

    def is_public_mail(self, domain: str) -> bool:
        """Whether anybody can have an address at that domain, or at one that it lies in; or whether it is one
        in which many bodies have theirs.
        """
        labels = domain.split(".")
        if len(labels) == 2 and labels[0] in self.shared_names and len(labels[1]) == 2:
            return True
        above = [".".join(labels[n:]) for n in range(len(labels))]
        if not self._domains_of_providers.isdisjoint(above):
            return True
        parted = (name.partition(".") for name in above)
        return any(name in self.public_mail_names and _ENDING.fullmatch(rest) for name, _, rest in parted)

    def strength(self, mandate: str | None) -> int:
        """How strong a mandate is, from 0."""
        return self.mandates.index(mandate) if mandate in self.mandates else 0
