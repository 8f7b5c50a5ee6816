"""What a decision will change at the next run, in one or two sentences, from the latest version.

Belongs here: telling the person who decides what follows. Must stay out: doing it (the step that applies the
kind). What cannot be known without processing the round is not foretold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from programme.counts import listed
from programme.vocabulary import MINIMUM_WORTH_RULES, SELECTABLE, TOPIC_PLACE, DecisionKind, status_of

Row = Mapping[str, Any]
Tables = Mapping[str, pl.DataFrame]


def effect_of(row: Row, tables: Tables) -> str:
    """What a decision (row of DECISIONS) changes in the round whose latest version has these tables."""
    return _EFFECTS.get(row["kind"], _nothing_foretold)(row, tables)


def _rule(row: Row, tables: Tables) -> str:
    subject, rule, outcome = row["subject"], row["object"], row["value"]
    checks = tables["eligibility_checks"].filter(application_id=subject)
    outcomes = dict(checks.select("rule", "outcome").iter_rows())
    if rule not in outcomes:
        return f"Nothing changes: the form is {_state(subject, tables)}, so no rule is judged."
    before, status = outcomes[rule], _status(subject, tables)
    after = status_of((outcomes | {rule: outcome}).values())
    if before == outcome:
        return f"Rule {rule} is {outcome} already and stays so, whatever the inputs say. Status: {status}."
    return f"Rule {rule}: {before} -> {outcome}. Status: {status} -> {after}."


def _accept_late(row: Row, tables: Tables) -> str:
    subject = row["subject"]
    state = _state(subject, tables)
    checks = tables["eligibility_checks"].filter(application_id=subject, rule="on_time")
    if state == "late" or (checks["outcome"] != "met").any():
        return "The form counts as on time."
    return f"Nothing changes: the form is {state}, not late."


def _withdraw(row: Row, tables: Tables) -> str:
    subject = row["subject"]
    if (state := _state(subject, tables)) not in ("accepted", "unknown"):
        return f"Nothing changes: the form is {state} already."
    twinning = _twinning(subject, tables)
    if twinning is None:
        return "The application leaves the round. It is in no twinning."
    others = [name for name in _members(twinning, tables) if name != subject]
    return (
        f"The application leaves the round and twinning {twinning} with {_names(others, tables)}, "
        "which are matched anew unless the twinning is confirmed."
    )


def _merge(row: Row, tables: Tables) -> str:
    if (state := _state(row["object"], tables)) not in ("accepted", "unknown"):
        return f"Nothing changes: form {row['object']} is {state} already."
    return f"Form {row['object']} gives way to form {row['subject']}." + (
        f" Twinning {twinning} loses it." if (twinning := _twinning(row["object"], tables)) else ""
    )


def _link(row: Row, tables: Tables) -> str:
    application, _, member = str(row["subject"]).partition(":")
    found = tables["crosscheck"].filter(application_id=application, register=row["object"])
    if member:
        found = found.filter(pl.col("member_name").str.to_lowercase() == member.lower())
    now = ", ".join(
        f"{outcome} {register_id or ''}".strip()
        for outcome, register_id in found.select("outcome", "register_id").iter_rows()
    )
    after = f"linked {row['value']}" if row["kind"] == "link" else "none"
    if not now:
        return f"Nothing changes: it is not looked up in {row['object']}."
    if now == after:
        return f"Link to {row['object']}: {after} already. It stays so, whatever the register says."
    return f"Link to {row['object']}: {now} -> {after}. The rules that rest on it follow."


def _pair(row: Row, tables: Tables) -> str:
    parties = [_application(str(name), tables) for name in (row["subject"], row["object"])]
    out = [
        f"{name} is {_status(name, tables)}" for name in parties if _status(name, tables) not in SELECTABLE
    ]
    if out:
        return f"Nothing changes while {listed(out)}: only what can be selected is matched."
    first, second = (_twinning(name, tables) for name in parties)
    together = first is not None and first == second
    topic = f" on {row['value']}" if row["value"] else ""
    if row["kind"] == "pin":
        return (
            f"They are together in twinning {first} now; they stay together{topic}."
            if together
            else f"They come together{topic}. Ask before: city2city what-if --pin."
        )
    return (
        f"They are together in twinning {first} now, which ends{topic or ''}; its cities are matched anew."
        if together
        else "Nothing changes now: they are not together. They stay apart."
    )


def _confirm(row: Row, tables: Tables) -> str:
    members = _members(row["subject"], tables)
    state = dict(tables["twinnings"].select("twinning_id", "state").iter_rows()).get(row["subject"])
    names = _names(members, tables)
    if row["kind"] == "release":
        if state is None:
            return "The latest version does not have this twinning. It is settled as not confirmed."
        return (
            f"The twinning of {names} may change again."
            if state == "confirmed"
            else (
                f"The twinning of {names} is settled as not confirmed; its cities are free for a later round."
            )
        )
    if state == "confirmed":
        return f"Nothing changes: the twinning of {names} is confirmed already."
    return f"The twinning of {names} stays as it is, and its cities are taken in every other round."


def _approve(row: Row, _tables: Tables) -> str:
    if row["kind"] == "revoke_approval":
        return f"Version {row['subject']} is approved no longer."
    return f"From now on the matchmaking keeps the twinnings of version {row['subject']} where it can."


def _place(row: Row, tables: Tables) -> str:
    """An answer of a city to the place that its letter offered."""
    subject = str(row["subject"])
    twinning = _twinning(subject, tables)
    if twinning is None:
        return "Nothing changes: it is in no twinning."
    others = _names([name for name in _members(twinning, tables) if name != subject], tables)
    if row["kind"] == "accept_place":
        return f"Its place in twinning {twinning} with {others} is accepted; no answer is awaited any more."
    return (
        f"Its place in twinning {twinning} with {others} is declined. The selection stays as it is until you "
        "withdraw the application (decide withdraw), and release the twinning where it is confirmed."
    )


def _reconsider(row: Row, _tables: Tables) -> str:
    if row["value"] is None:
        return "It stays open until it is settled: record it again with upheld, changed or taken_back."
    return f"The request for reconsideration is settled: {row['value'].replace('_', ' ')}."


def _contact(row: Row, _tables: Tables) -> str:
    if row["kind"] == "change_contact":
        return "Letters go to the new address from now on."
    return "Its contact may be given to the partners of its twinning, where they agree as well."


def _no_conflict(_row: Row, _tables: Tables) -> str:
    return "A sign of a conflict between them counts no longer. A conflict that was declared stays one."


def _nothing_foretold(_row: Row, _tables: Tables) -> str:
    return "The next run takes it into account."


def _waive(row: Row, tables: Tables) -> str:
    rule, subject = row["object"], row["subject"]
    if rule == TOPIC_PLACE:
        return "Its topics are right for where its city lies: it may be matched on them."
    if rule not in MINIMUM_WORTH_RULES:
        waivable = ", ".join((*MINIMUM_WORTH_RULES, TOPIC_PLACE))
        return f"Nothing changes: only {waivable} can be waived; a pin overrides others (--override)."
    if _status(subject, tables) in SELECTABLE:
        return f"A twinning with it may be proposed although it breaks the rule {rule}."
    if subject in set(tables["applications"]["application_id"]):
        return (
            f"Nothing changes while it is {_status(subject, tables)}: only what can be selected is matched."
        )
    return (
        f"The twinning of just these cities on this topic may be proposed although it breaks the rule {rule}."
    )


def _choose(row: Row, _tables: Tables) -> str:
    return f"Of {row['subject']} this workbook alone counts, from the next `city2city assign --collect` on."


_EFFECTS: dict[DecisionKind, Callable[[Row, Tables], str]] = {
    "rule": _rule,
    "accept_late": _accept_late,
    "withdraw": _withdraw,
    "merge": _merge,
    "link": _link,
    "no_link": _link,
    "pin": _pair,
    "forbid": _pair,
    "confirm": _confirm,
    "release": _confirm,
    "waive": _waive,
    "choose": _choose,
    "approve": _approve,
    "revoke_approval": _approve,
    "accept_place": _place,
    "decline_place": _place,
    "reconsider": _reconsider,
    "change_contact": _contact,
    "share_contact": _contact,
    "no_conflict": _no_conflict,
}


def _state(application: str, tables: Tables) -> str:
    states = dict(tables["applications"].select("application_id", "state").iter_rows())
    return str(states.get(application, "unknown"))


def _status(application: str, tables: Tables) -> str:
    statuses = dict(tables["eligibility"].select("application_id", "status").iter_rows())
    return str(statuses.get(application) or _state(application, tables))


def _application(name: str, tables: Tables) -> str:
    """The application that a submission id or a city id stands for."""
    of_city = tables["applications"].filter((pl.col("city_id") == name) & (pl.col("state") == "accepted"))
    return str(of_city["application_id"][0]) if of_city.height else name


def _twinning(application: str, tables: Tables) -> str | None:
    places = tables["twinning_members"].select("application_id", "twinning_id").iter_rows()
    return dict(places).get(application)


def _members(twinning: str, tables: Tables) -> list[str]:
    members = tables["twinning_members"].filter(twinning_id=twinning)
    return members["application_id"].sort().to_list()


def _names(applications: list[str], tables: Tables) -> str:
    names = dict(tables["applications"].select("application_id", "city_name").iter_rows())
    return listed(str(names.get(one) or one) for one in applications) or "nobody"
