"""What a decision may be about: the ids that a round knows, and the nearest of them to a slip.

Belongs here: checking the names of one decision before it is recorded. Must stay out: what makes a decision
valid by itself (`kinds.py`), gathering the ids (`flows/decision_check.py`) and recording.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from programme.counts import counted
from programme.problems import Problem
from programme.vocabulary import DecisionKind

Row = Mapping[str, Any]


@dataclass(frozen=True)
class KnownNames:
    """The ids that a round knows, each with what it stands for in words.

    `members` are the members of consortia as `ID:name`; `gone` the twinnings of earlier versions that the
    latest one does not have; `earlier` the applications of earlier rounds; `versions` maps `ROUND:VERSION` to
    the version's content hash; `decisions` are the ids that are recorded. `evaluators` are those who were
    given applications (None: not known), `workbooks` maps the hash of each returned file to its names.
    """

    applications: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, str] = field(default_factory=dict)
    cities: Mapping[str, str] = field(default_factory=dict)
    twinnings: Mapping[str, str] = field(default_factory=dict)
    gone: Mapping[str, str] = field(default_factory=dict)
    earlier: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[str, str] = field(default_factory=dict)
    evaluators: Mapping[str, str] | None = None
    workbooks: Mapping[str, str] = field(default_factory=dict)

    def in_words(self, name: str) -> str:
        """What an id stands for; empty where that is not known."""
        every = (
            self.applications,
            self.members,
            self.cities,
            self.twinnings,
            self.gone,
            self.earlier,
            self.decisions,
            self.workbooks,
        )
        return next((names[name] for names in every if names.get(name)), "")


def unknown_names(row: Row, known: KnownNames, round_id: str) -> list[Problem]:
    """Every name of a decision that the round does not know, with the nearest that it does.

    `row` is one valid row of the dictionary's table DECISIONS.
    """
    check = _CHECKS.get(row["kind"])
    return [] if check is None else list(check(row, known, f"round {round_id}"))


def _application(row: Row, known: KnownNames, where: str) -> Iterator[Problem]:
    subject = str(row["subject"])
    if ":" not in subject:
        yield from _absent(subject, known.applications, "a submission id", where, known)
    elif _plain(subject) not in {_plain(name) for name in known.members}:
        expected = "a submission id, or ID:member name for one member of a consortium"
        yield from _absent(subject, known.members, expected, where, known)
    if row["kind"] == "merge":
        yield from _absent(str(row["object"]), known.applications, "a submission id", where, known)


def _pair(row: Row, known: KnownNames, where: str) -> Iterator[Problem]:
    if not known.cities:  # before the first version, no city id can be known
        return
    names = {**known.applications, **known.cities}
    for name in (row["subject"], row["object"]):
        yield from _absent(str(name), names, "a submission id or a city id", where, known)


def _twinning(row: Row, known: KnownNames, where: str) -> Iterator[Problem]:
    subject = str(row["subject"])
    if subject in known.gone:
        yield Problem(
            f"twinning {subject} ({known.gone[subject]}), which the latest version does not have any more",
            "a twinning of the latest version",
            where,
            "See the twinnings of the latest version; to bring these cities together again, pin them.",
        )
    else:
        yield from _absent(subject, known.twinnings, "the id of a twinning", where, known)


def _waived(row: Row, known: KnownNames, where: str) -> Iterator[Problem]:
    names = {**known.applications, **known.twinnings}
    expected = "a submission id or the id of a twinning"
    yield from _absent(str(row["subject"]), names, expected, where, known)


def _carried(row: Row, known: KnownNames, where: str) -> Iterator[Problem]:
    yield from _absent(
        str(row["subject"]), known.earlier, "a submission id of an earlier round", where, known
    )


def _conflict(row: Row, known: KnownNames, where: str) -> Iterator[Problem]:
    if not {row["subject"], row["object"]} & set(known.applications):
        expected = "an evaluator and a submission id"
        yield from _absent(str(row["object"]), known.applications, expected, where, known)


def _workbook(row: Row, known: KnownNames, where: str) -> Iterator[Problem]:
    if known.evaluators is not None:
        expected = "an evaluator of the assignment"
        yield from _absent(str(row["subject"]), known.evaluators, expected, where, known)
    if row["object"] not in known.workbooks:
        yield Problem(
            f"the file {str(row['object'])[:12]}...",
            f"one of those that were collected last ({counted(len(known.workbooks), 'workbook')})",
            where,
            "`city2city review` lists them with their hashes; collect first what was returned since.",
        )


def _version(row: Row, known: KnownNames, where: str) -> Iterator[Problem]:
    subject, object_ = str(row["subject"]), str(row["object"])
    content = known.versions.get(subject)
    if content is None:
        there = ", ".join(known.versions) or "none yet"
        yield Problem(f"version {subject!r}", f"one of {there}", where, "Correct ROUND:VERSION.")
    elif row["kind"] != "rollback" and content != object_:
        yield Problem(
            f"the content {object_[:12]}...",
            f"{content}, the content of {subject}",
            where,
            "Look at the version again: it is not the one you have seen, or the hash was copied wrongly.",
        )


def _undo(row: Row, known: KnownNames, where: str) -> Iterator[Problem]:
    subject = str(row["subject"])
    if subject not in known.decisions:
        nearest = " or ".join(nearest_names(subject, known.decisions))
        hint = f" Did you mean {nearest}?" if nearest else ""
        there = f"`city2city decisions` lists them; there are {len(known.decisions)}.{hint}"
        yield Problem(f"decision {subject[:60]!r}", "the id of a recorded decision", where, there)


_CHECKS: Mapping[DecisionKind, Callable[[Row, KnownNames, str], Iterator[Problem]]] = {
    "link": _application,
    "no_link": _application,
    "rule": _application,
    "accept_late": _application,
    "withdraw": _application,
    "merge": _application,
    "accept_place": _application,
    "decline_place": _application,
    "reconsider": _application,
    "change_contact": _application,
    "share_contact": _application,
    "pin": _pair,
    "forbid": _pair,
    "confirm": _twinning,
    "release": _twinning,
    "waive": _waived,
    "carry_over": _carried,
    "no_conflict": _conflict,
    "choose": _workbook,
    "approve": _version,
    "revoke_approval": _version,
    "rollback": _version,
    "undo": _undo,
}
"""What each kind may name; `accept` names a gate, which `kinds.py` checks."""


def _absent(
    name: str, names: Mapping[str, str], expected: str, where: str, known: KnownNames
) -> Iterator[Problem]:
    if name in names:
        return
    nearest = nearest_names(name, names)
    others = known.in_words(name)
    found = f"{name[:60]!r}" + (f", which is {others}" if others else "")
    if nearest:
        remedy = "Did you mean " + " or ".join(_with_words(one, names) for one in nearest) + "?"
    elif names:
        remedy = f"None of the {len(names)} that are known is like it. See: city2city decisions, review."
    else:
        remedy = "There are 0 so far."
    yield Problem(found, expected, where, remedy)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def nearest_names(name: str, names: Mapping[str, str]) -> list[str]:
    """At most three known ids that are like the name; a city's name stands for its ids."""
    spoken = [key for key, words in names.items() if words.casefold().startswith(name.casefold())]
    if name and spoken:
        return sorted(spoken)[:3]
    return get_close_matches(name, sorted(names), n=3, cutoff=0.6)


def _with_words(name: str, names: Mapping[str, str]) -> str:
    return f"{name} ({names[name]})" if names[name] else name
