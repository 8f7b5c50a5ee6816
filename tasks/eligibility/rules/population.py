"""The rule `population`: at least 50,000 inhabitants (FAQ 3.2), and which figures count.

Belongs here: the order of sources and the sum over a consortium. Must stay out: the limit
(`programme/eligibility.toml`).
"""

from __future__ import annotations

from tasks.eligibility.rules.case import Case, RegisterLink, RuleSettings, whole_number
from tasks.eligibility.rules.cohort_membership import CHECKED_BY_COHORT, MEMBER_MESSAGE
from tasks.eligibility.rules.verdict import Verdict


def population(case: Case, settings: RuleSettings) -> Verdict:
    """At least 50,000 inhabitants in total (FAQ 3.2).

    Every source that gives a figure counts: figures on either side of the limit make the rule unclear. A
    consortium counts in total (assumed). For a cohort member any figure below the limit is a contradiction.
    """
    minimum = settings.limits.population_minimum
    figures = population_figures(case)
    evidence = "; ".join(f"{name} {value:,}" for name, value in figures.items()) or "no figure in any source"
    enough = {value >= minimum for value in figures.values()}
    source = settings.source(next(iter(figures), "form"))
    if case.is_member:
        against = f"below {minimum:,} by: {evidence}" if False in enough else None
        evidence = f"{CHECKED_BY_COHORT}; {evidence}"
        return Verdict("met", evidence, settings.source("cohort"), MEMBER_MESSAGE, against)
    if enough == {True}:
        return Verdict("met", evidence, source, f"Your city has at least {minimum:,} inhabitants.")
    told = _figures_in_words(figures)
    if enough == {False}:
        message = (
            f"A city needs at least {minimum:,} inhabitants; yours has fewer ({told}). "
            "If that is not right, please send us an official figure."
        )
        return Verdict("not_met", evidence, source, message)
    if enough:
        message = (
            f"Our sources disagree on whether your city has at least {minimum:,} inhabitants ({told}); "
            "please send us an official figure."
        )
        return Verdict("unclear", evidence, source, message)
    return Verdict("unclear", evidence, source, "Please tell us how many inhabitants your city has.")


_SOURCES = {
    "cohort": "the cohort's register",
    "gcom": "the list of GCoM signatories",
    "gazetteer": "GeoNames",
    "form": "your form",
}


def _figures_in_words(figures: dict[str, int]) -> str:
    """The figures as an applicant reads them, each with its source."""
    return ", ".join(f"{_SOURCES[name]}: {value:,}" for name, value in figures.items())


def population_figures(case: Case) -> dict[str, int]:
    """Source to inhabitants, the best source first: cohort, GCoM, gazetteer, form.

    The gazetteer counts only where no register has a figure, because its figure is for the built-up place and
    not for the municipality; a consortium's name means no place. A consortium's figure from the GCoM or the
    form is the sum over its members, where every one of them has a figure; where one is missing, the form's
    own total counts.
    """
    members = [whole_number(member["population"]) for member in case.members()]
    figures = {
        "cohort": whole_number(case.cohort.row["population"]) if case.cohort.row else None,
        "gcom": _total(_inhabitants(case.gcom)),
        "gazetteer": case.gazetteer_population,
        "form": _total(members) or whole_number(case.form["population"]),
    }
    if figures["cohort"] or figures["gcom"] or case.is_consortium:
        figures["gazetteer"] = None
    return {name: value for name, value in figures.items() if value}


def _inhabitants(links: tuple[RegisterLink, ...]) -> list[int | None]:
    """Inhabitants of each linked row; None for a name without one.

    One row counts once, because two names of a form may mean one signatory.
    """
    rows = {str(link.row["gcom_id"]) if link.row else f"none {n}": link.row for n, link in enumerate(links)}
    return [whole_number(row["population"]) if row else None for row in rows.values()]


def _total(values: list[int | None]) -> int | None:
    return sum(value for value in values if value) if values and all(values) else None
