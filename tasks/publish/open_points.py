"""What waits for a person, of every kind, from the published tables alone.

`status`, `review`, the early scan and a run count with this one function, so that they never differ. Belongs
here: which points are open and how urgent their kind is. Must stay out: what an applicant is asked
(`tasks/eligibility/scan_letters.py`), and how points are shown (`flows/`). It is read by `status`, which is
promised fast: no other step may be imported here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from programme.vocabulary import (
    COUNTRY,
    COUNTRY_UNKNOWN,
    OPEN_OUTCOMES,
    OPEN_POINT_KINDS,
    SELECTABLE,
    TOPIC_PLACE,
    OpenPointKind,
)

Tables = Mapping[str, pl.DataFrame]
NAMES = ("kind", "subject", "city_name", "country_iso3", "about", "evidence")
"""A point: its kind, the application or twinning, the city or cities, what of it, and what is known.

`about` is a rule, a register, a topic or a column. Beside these, `application_id` and `rule` repeat subject
and rule where there is one, for programs that read the points.
"""
TABLES = (
    "applications",
    "crosscheck",
    "eligibility_checks",
    "eligibility",
    "ranking",
    "twinnings",
    "twinning_members",
    "findings",
)
"""The published tables that points are read from; one that is not there has no points."""
_CONFLICTS = ("conflict_declared", "conflict_known_application", "conflict_known_evaluator")
"""Expectations whose findings are about conflicts of interest of evaluators."""
_LEFT = ("confirmed_twinning_keeps_its_cities", "a_claim_to_a_place_is_kept")
"""Expectations whose findings are about cities that left a confirmed twinning."""
_SEVERAL_FORMS: dict[OpenPointKind, str] = {
    "contested": "one_sender_a_city",
    "replaced": "replaced_by_its_own_sender",
}
"""Expectations whose findings are about forms that different senders sent for one city."""
_CONSENT = "data_consent_given"
_PLACE = "topic_suits_the_place"
_KEY = ("application_id",)
_OPEN_RULES = pl.col("open_rules").fill_null("No rule says why.")


def open_points(
    tables: Tables,
    released: Collection[str] = (),
    answers: pl.DataFrame | None = None,
    shared: Collection[str] = (),
) -> pl.DataFrame:
    """Every open point, the most urgent kind first, then by application or twinning.

    `released` are the ids of twinnings that a decision in force says are not confirmed: they wait for nobody.
    `answers` are the points of letters and answers (`tasks/letters/answers.py`). `shared` are applications of
    which a decision in force says that their contact may be given to partners.
    """
    found = [
        answers,
        _left(tables),
        _at_risk(tables),
        _set_aside(tables),
        _countries(tables),
        _links(tables),
        *(_several_forms(tables, kind) for kind in _SEVERAL_FORMS),
        _rules(tables),
        _places(tables),
        _conflicts(tables),
        _consents(tables, shared),
        _disputed(tables),
        _unconfirmed(tables, released),
    ]
    rows = pl.concat([part.select(pl.col(NAMES).cast(pl.String)) for part in found if part is not None])
    is_twinning, is_rule = pl.col("kind") == "unconfirmed", pl.col("kind").is_in(["rule", "link"])
    rows = rows.with_columns(
        pl.when(~is_twinning).then("subject").alias("application_id"),
        pl.when(is_rule).then("about").alias("rule"),
    )
    order = pl.col("kind").replace_strict({kind: n for n, kind in enumerate(OPEN_POINT_KINDS)})
    return rows.unique(maintain_order=True).sort(order, "subject", "about", "evidence")


def count_by_kind(points: pl.DataFrame) -> dict[OpenPointKind, int]:
    """How many points there are of each kind, the most urgent first; kinds without a point are left out."""
    counts = dict(points.group_by("kind").len().iter_rows())
    return {kind: counts[kind] for kind in OPEN_POINT_KINDS if kind in counts}


def replaced_forms(applications: pl.DataFrame) -> pl.DataFrame:
    """Every form that another one stands in the place of, with what took its place; by application.

    That is no open point by itself: most senders send their own form again.
    """
    replaced = applications.filter(pl.col("superseded_by").is_not_null())
    said = pl.format("{} stands in its place", "superseded_by")
    columns = ("application_id", "city_name", "country_iso3")
    return replaced.select(*columns, rule=pl.lit("superseded_by"), evidence=said).sort("application_id")


def _named(rows: pl.DataFrame, tables: Tables, kind: OpenPointKind) -> pl.DataFrame:
    """Rows with `application_id`, `about` and `evidence` as points."""
    cities = tables["applications"].select("application_id", "city_name", "country_iso3")
    return (
        rows.select("application_id", "about", "evidence")
        .join(cities, on="application_id", how="left")
        .rename({"application_id": "subject"})
        .with_columns(kind=pl.lit(kind))
    )


def _under_review(tables: Tables) -> pl.DataFrame:
    """The unclear rules of the applications under review; elsewhere nothing depends on them."""
    waiting = tables["eligibility"].filter(pl.col("status") == "needs_review")
    unclear = tables["eligibility_checks"].filter(pl.col("outcome") == "unclear")
    return unclear.join(waiting, on=_KEY, how="semi")


def _ambiguous(tables: Tables) -> pl.DataFrame | None:
    """The links that a person has to decide, of applications whose status depends on them."""
    if "crosscheck" not in tables:
        return None
    review = tables["crosscheck"].filter(pl.col("outcome") == "review")
    unclear = _under_review(tables).select("application_id", pl.col("rule").alias("register"))
    return review.join(unclear, on=("application_id", "register"), how="semi")


def _links(tables: Tables) -> pl.DataFrame | None:
    links = _ambiguous(tables)
    if links is None:
        return None
    said = pl.format("{}: {}", "member_name", "evidence")
    return _named(links.select("application_id", about="register", evidence=said), tables, "link")


def _rules(tables: Tables) -> pl.DataFrame:
    """The unclear rules; one that is unclear because of an ambiguous link, or of another sender, is told as
    that.
    """
    unclear, links = _under_review(tables), _ambiguous(tables)
    unclear = unclear.filter(pl.col("evidence") != COUNTRY_UNKNOWN)
    contested = _several_forms(tables, "contested").select("subject", rule=pl.lit("mandate"))
    unclear = unclear.join(
        contested, left_on=("application_id", "rule"), right_on=("subject", "rule"), how="anti"
    )
    if links is not None:
        told = links.select("application_id", pl.col("register").alias("rule")).unique()
        unclear = unclear.join(told, on=("application_id", "rule"), how="anti")
    return _named(unclear.select("application_id", "evidence", about="rule"), tables, "rule")


def _countries(tables: Tables) -> pl.DataFrame:
    """Forms whose country is not known: until it is, no register can be searched for their city."""
    waiting = _under_review(tables).filter(pl.col("evidence") == COUNTRY_UNKNOWN)
    return _named(waiting.select("application_id", "evidence", about=pl.lit(COUNTRY)), tables, "country")


def _several_forms(tables: Tables, kind: OpenPointKind) -> pl.DataFrame:
    """Forms for whose city somebody else sent one too, as points of a kind."""
    found = tables["findings"].filter(pl.col("expectation") == _SEVERAL_FORMS[kind])
    rows = found.select(application_id="row_key", about=pl.lit("sender"), evidence="message")
    return _named(rows, tables, kind)


def _set_aside(tables: Tables) -> pl.DataFrame:
    """Forms that could not be used; a further row of an id that has a form of its own is a copy of it."""
    ids = tables["applications"]["application_id"]
    original = pl.col("application_id").str.extract(r"^(.*) \(row \d+\)$")
    aside = tables["applications"].filter(
        (pl.col("state") == "set_aside") & ~original.is_in(ids.implode()).fill_null(value=False)
    )
    said = pl.lit("an answer that every form must give is blank or cannot be read")
    return _named(aside.select("application_id", about=pl.lit("form"), evidence=said), tables, "set_aside")


def _disputed(tables: Tables) -> pl.DataFrame | None:
    if "ranking" not in tables:
        return None
    disputed = tables["ranking"].filter(pl.col("disputed"))
    said = pl.format("rank {}; its evaluators' scores are far apart", "rank")
    rows = disputed.select("application_id", about=pl.lit("scores"), evidence=said)
    return _named(rows, tables, "disputed")


def _conflicts(tables: Tables) -> pl.DataFrame:
    found = tables["findings"].filter(
        (pl.col("table") == "evaluations") & pl.col("expectation").is_in(_CONFLICTS)
    )
    key = pl.col("row_key").str.strip_prefix("application ")
    return _named(found.select(application_id=key, about="column", evidence="message"), tables, "conflict")


def _places(tables: Tables) -> pl.DataFrame:
    """Topics that do not suit where the city lies, of applications that can still be selected."""
    possible = tables["eligibility"].filter(pl.col("status") != "ineligible")
    found = tables["findings"].filter(pl.col("expectation") == _PLACE)
    rows = found.select(application_id="row_key", about=pl.lit(TOPIC_PLACE), evidence="message")
    return _named(rows.join(possible, on=_KEY, how="semi"), tables, "place")


def _members(tables: Tables, state: str) -> pl.DataFrame | None:
    """The members of the twinnings of a state, with `twinning_id` and `topic`."""
    if "twinnings" not in tables:
        return None
    twinnings = tables["twinnings"].filter(pl.col("state") == state).select("twinning_id", "topic")
    return tables["twinning_members"].join(twinnings, on="twinning_id")


def _left(tables: Tables) -> pl.DataFrame:
    """The cities that left a confirmed twinning, and those whose claim to a place cannot be kept."""
    found = tables["findings"].filter(pl.col("expectation").is_in(_LEFT))
    names_twinning = pl.col("column") == "application_id"
    key = pl.when(names_twinning).then(pl.col("row_key").str.replace(r"^\S+ ", "")).otherwise("row_key")
    rows = found.select(application_id=key, about=pl.lit("confirmed twinning"), evidence="message")
    return _named(rows, tables, "at_risk")


def _at_risk(tables: Tables) -> pl.DataFrame | None:
    """The members of confirmed twinnings that are not, or not yet, without condition."""
    members = _members(tables, "confirmed")
    if members is None:
        return None
    status = tables["eligibility"].select("application_id", "status")
    doubtful = members.join(status, on=_KEY, how="left").filter(pl.col("status").ne_missing("eligible"))
    can_be_selected = pl.col("status").is_in(SELECTABLE).fill_null(value=False)
    why = (
        pl.when(can_be_selected)
        .then(pl.lit("is confirmed on a condition"))
        .otherwise(pl.lit("is confirmed, but can no longer take part"))
    )
    has_no_form = pl.col("status").is_null()
    reasons = pl.when(has_no_form).then(pl.lit("It has no accepted form.")).otherwise(_OPEN_RULES)
    names = tables["applications"].select("application_id", "city_name")
    doubtful = doubtful.join(names, on=_KEY, how="left").join(_open_rules(tables), on=_KEY, how="left")
    said = pl.format(
        "{} {} in twinning {}. {}", pl.col("city_name").fill_null("?"), why, "twinning_id", reasons
    )
    return _named(doubtful.select("application_id", about="topic", evidence=said), tables, "at_risk")


def _open_rules(tables: Tables) -> pl.DataFrame:
    """The open rules of each application with their evidence, in one text for the office."""
    still_open = tables["eligibility_checks"].filter(pl.col("outcome").is_in(OPEN_OUTCOMES))
    each = pl.format("{} is {} ({})", "rule", "outcome", pl.col("evidence").fill_null("no evidence"))
    together = pl.format("{}.", each.sort_by("rule").str.join("; "))
    return still_open.group_by("application_id").agg(together.alias("open_rules"))


def _consents(tables: Tables, shared: Collection[str]) -> pl.DataFrame | None:
    """Members of twinnings whose contact may not be given to their partners."""
    parts = [part for state in ("confirmed", "proposed") if (part := _members(tables, state)) is not None]
    if not parts:
        return None
    refused = tables["findings"].filter(pl.col("expectation") == _CONSENT).select(application_id="row_key")
    members = pl.concat(parts).join(refused, on=_KEY, how="semi")
    members = members.filter(~pl.col("application_id").is_in(list(shared)))
    said = pl.format(
        "twinning {}: the form does not agree that personal data are processed, so its contact is given "
        "to no partner; ask for consent or for another contact",
        "twinning_id",
    )
    rows = members.select("application_id", about=pl.lit("data_consent"), evidence=said)
    return _named(rows, tables, "consent")


def _unconfirmed(tables: Tables, released: Collection[str]) -> pl.DataFrame | None:
    members = _members(tables, "proposed")
    if members is None:
        return None
    members = members.filter(~pl.col("twinning_id").is_in(list(released)))
    names = tables["applications"].select("application_id", "city_name")
    cities = (
        members.join(names, on=_KEY, how="left")
        .sort("twinning_id", "application_id")
        .group_by("twinning_id", "topic", maintain_order=True)
        .agg(pl.col("city_name").fill_null("?").str.join(", "))
    )
    return cities.select(
        pl.lit("unconfirmed").alias("kind"),
        pl.col("twinning_id").alias("subject"),
        "city_name",
        pl.lit(None, dtype=pl.String).alias("country_iso3"),
        pl.col("topic").alias("about"),
        pl.lit("proposed; nobody has confirmed it").alias("evidence"),
    )
