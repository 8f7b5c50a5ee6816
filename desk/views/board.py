"""The matching board: what somebody tries, what the answer is, and the decisions that would keep it.

Belongs here: trials as a form carries them, the answer in words, cities to choose from. Must stay out:
solving (`flows/what_if.py`) and recording (`desk/work/answering.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal, get_args

import polars as pl

from pages.views.trials import nothing_changes, proof_text, worth_text
from pages.views.twinnings import Twinning
from pages.views.words import BALANCE_NAMES, UNPLACED_NAMES, country_name
from tasks.matchmaking.explain.what_if import Changes, Difference

Tables = Mapping[str, pl.DataFrame]
What = Literal["pin", "forbid", "exclude", "capacity"]
WHATS: tuple[What, ...] = get_args(What)
MOST_TRIALS = 12


@dataclass(frozen=True)
class Trial:
    """One thing that is tried.

    It is a pair together (on a topic, or any) or apart, a city left out (`a`), or at most `most` twinnings.
    """

    what: What
    a: str = ""
    b: str = ""
    topic: str = ""
    most: int | None = None

    def written(self) -> str:
        """How a form carries it."""
        return json.dumps([self.what, self.a, self.b, self.topic, self.most])


def read_trials(texts: Iterable[str]) -> list[Trial]:
    """The trials that a form carries, each once; what is none is left out."""
    found: list[Trial] = []
    for text in texts:
        try:
            what, a, b, topic, most = json.loads(text)
        except (ValueError, TypeError):
            continue
        trial = trial_of(str(what), str(a), str(b), str(topic), most)
        if trial is not None and trial not in found:
            found.append(trial)
    return found[:MOST_TRIALS]


def together(trials: Sequence[Trial]) -> str:
    """How one button carries several trials, on one line."""
    return json.dumps([one.written() for one in trials])


def taken_apart(text: str) -> list[str]:
    """The trials that a button carries, each as `read_trials` takes it."""
    try:
        parts = json.loads(text)
    except ValueError:
        return []
    return [part for part in parts if isinstance(part, str)] if isinstance(parts, list) else []


def trial_of(what: str, a: str, b: str, topic: str, most: object) -> Trial | None:
    """A trial from the fields of a form; None where one that it needs is missing."""
    number = most if isinstance(most, int) and not isinstance(most, bool) and most >= 0 else None
    complete = {
        "pin": bool(a and b and a != b),
        "forbid": bool(a and b and a != b),
        "exclude": bool(a),
        "capacity": number is not None,
    }
    kind = next((one for one in WHATS if one == what), None)
    if kind is None or not complete[kind]:
        return None
    pair = kind in ("pin", "forbid")
    return Trial(
        kind,
        a if kind != "capacity" else "",
        b if pair else "",
        topic if kind == "pin" else "",
        number if kind == "capacity" else None,
    )


def apart(applications: Sequence[str]) -> list[Trial]:
    """The trials that dissolve a twinning: each two of its cities are kept apart."""
    return [Trial("forbid", a, b) for a, b in combinations(sorted(applications), 2)]


def changes_of(trials: Sequence[Trial]) -> Changes:
    """The question that the trials ask together."""
    most = [one.most for one in trials if one.most is not None]
    return Changes(
        pins=tuple((one.a, one.b) for one in trials if one.what == "pin" and not one.topic),
        pins_on=tuple((one.a, one.b, one.topic) for one in trials if one.what == "pin" and one.topic),
        forbids=tuple((one.a, one.b) for one in trials if one.what == "forbid"),
        excluded=tuple(one.a for one in trials if one.what == "exclude"),
        max_twinnings=min(most) if most else None,
    )


def trial_in_words(trial: Trial, names: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """A trial as a person says it; `names` are cities by application, `labels` topics by id."""
    a, b = names.get(trial.a, trial.a), names.get(trial.b, trial.b)
    if trial.what == "pin":
        return f"{a} and {b} together" + (
            f", on {labels.get(trial.topic, trial.topic)}" if trial.topic else ""
        )
    if trial.what == "forbid":
        return f"{a} and {b} apart"
    return f"Without {a}" if trial.what == "exclude" else f"At most {trial.most} twinnings"


def decisions_of(trials: Sequence[Trial]) -> list[tuple[str, str, str | None, str | None]]:
    """The decisions that keep the trials: kind, subject, object and value of each.

    How many twinnings there may be is a rule of the programme and no decision.
    """
    made: list[tuple[str, str, str | None, str | None]] = []
    for one in trials:
        if one.what in ("pin", "forbid"):
            made.append((one.what, one.a, one.b, one.topic or None))
        elif one.what == "exclude":
            made.append(("withdraw", one.a, None, None))
    return made


@dataclass(frozen=True)
class Answer:
    """What a trial came to.

    Twinnings that go and come, cities that lose or gain a place, the balance where it changes, what it is
    worth, and the proof; or why nothing can be chosen (`clashes`).
    """

    twinnings: tuple[tuple[bool, str, str, float], ...]
    places: tuple[tuple[bool, str, str], ...]
    balance: tuple[tuple[str, int, int, str], ...]
    worth: str
    gain: float
    proof: str
    unchanged: str
    notes: tuple[str, ...]
    clashes: tuple[str, ...]


def answer(difference: Difference, seconds: float, labels: Mapping[str, str]) -> Answer:
    """The answer to show; `labels` are topics by id."""
    return Answer(
        twinnings=tuple(
            (row["what"] == "new", row["cities"], labels.get(row["topic"], row["topic"]), row["value"])
            for row in difference.twinnings
        ),
        places=tuple(
            (row["what"] == "newly placed", row["application_id"], row["city"]) for row in difference.places
        ),
        balance=tuple(_balance(row) for row in difference.balance),
        worth=worth_text(difference.before, difference.after),
        gain=round(difference.after - difference.before, 2),
        proof=proof_text(difference.proof, seconds),
        unchanged=""
        if difference.twinnings
        else nothing_changes(difference, "Against the selection as it is"),
        notes=(
            *(
                f"Set aside for this question, about the same cities: {name}."
                for name in difference.given_way
            ),
            *difference.insisted,
        ),
        clashes=difference.clashes,
    )


def _balance(row: Mapping[str, Any]) -> tuple[str, int, int, str]:
    name = f"{BALANCE_NAMES[row['subject']]}: {row['class'].replace('_', ' ')}"
    return name, row["before"], row["after"], f"{row['least']}–{row['most']}"


@dataclass(frozen=True)
class Choice:
    """A city that can be chosen in a form: its application, its name, and its topics by id."""

    id: str
    name: str


def selectable(tables: Tables) -> list[Choice]:
    """The applications that take part in the matching, by city."""
    rows = tables["applications"].join(tables["ranking"], on="application_id", how="semi")
    found = [
        Choice(
            row["application_id"],
            f"{row['city_name'] or row['application_id']}, {country_name(row['country_iso3'])}",
        )
        for row in rows.iter_rows(named=True)
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


@dataclass(frozen=True)
class Waiting:
    """A city without a place: why, and what the selection would lose by taking it."""

    id: str
    name: str
    country: str
    rank: int | None
    kind: str
    reason: str
    loss: float | None


def without_place(tables: Tables) -> list[Waiting]:
    """The cities that could be selected and have no place, the best rank first."""
    rows = (
        tables["unplaced"]
        .join(tables["ranking"].select("application_id", "rank"), on="application_id", how="left")
        .join(
            tables["applications"].select("application_id", "city_name", "country_iso3"),
            on="application_id",
            how="left",
        )
        .sort("rank", "application_id", nulls_last=True)
    )
    return [
        Waiting(
            row["application_id"],
            row["city_name"] or row["application_id"],
            country_name(row["country_iso3"]),
            row["rank"],
            UNPLACED_NAMES.get(row["kind"], ""),
            row["reason"] or "",
            row["regret"],
        )
        for row in rows.iter_rows(named=True)
    ]


@dataclass(frozen=True)
class Card:
    """A twinning on the board, and what was decided about it since the version was made."""

    twinning: Twinning
    settled: str
    decision: str

    @property
    def members(self) -> list[str]:
        """The applications of its cities."""
        return [member.city.application_id for member in self.twinning.members]


def cards(twinnings: Sequence[Twinning], pending: Sequence[Mapping[str, Any]]) -> list[Card]:
    """The twinnings with what was decided since: confirmed, or not confirmed."""
    since = {row["subject"]: row for row in pending if row["kind"] in ("confirm", "release")}
    return [
        Card(
            one,
            {"confirm": "Confirmed", "release": "Not confirmed"}[since[one.id]["kind"]]
            if one.id in since
            else "",
            since[one.id]["decision_id"] if one.id in since else "",
        )
        for one in twinnings
    ]
