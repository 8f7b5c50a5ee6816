"""The matching board: twinnings beside the unplaced, trials, keeping them, confirming and releasing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from desk.access.guard import Posted, RefusedError, needs, posted
from desk.access.sessions import Session, Told
from desk.addresses import address
from desk.rendering import go, is_part, office_of, round_now, show
from desk.views import board as view
from desk.work.answering import basis_of, check_basis, record, told_of
from desk.work.office import RoundNow
from flows.deciding import Wish
from flows.what_if import ask_what_if
from pages.components.colours import topic_classes
from pages.views.cities import cities
from pages.views.twinnings import Twinning
from programme.counts import counted, listed
from programme.problems import ProblemsError

router = APIRouter(prefix="/rounds/{round_id}/board")
Reader = Annotated[Session, Depends(needs("read"))]
Decider = Annotated[Session, Depends(needs("decide"))]
Form = Annotated[Posted, Depends(posted)]
MATCHING = ("pin", "forbid", "withdraw", "confirm", "release", "waive")
"""The kinds of decisions that a trial rests on."""
NOTHING_CHOSEN = "Choose what to try: both cities, or a number of twinnings."


@router.get("")
def board(request: Request, round_id: str, _session: Reader) -> Response:
    """The board as the newest version has it."""
    return _show(request, round_now(request, round_id), [], None, "")


@router.post("/try")
def attempt(request: Request, round_id: str, _session: Reader, form: Form) -> Response:
    """Try something more, or something less, and show what would change; nothing is recorded."""
    now = round_now(request, round_id)
    trials = _tried(form)
    if not trials:
        problem = (
            ""
            if form.text("remove") or form.text("clear")
            else "Choose what to try: both cities, or a number."
        )
        return _show(request, now, [], None, problem)
    office = office_of(request)
    labels = office.context.programme.topics.labels
    try:
        asked = ask_what_if(*office.problem(now.version), view.changes_of(trials))
    except ProblemsError as error:
        text = " ".join(f"Found {one.found}; expected {one.expected}." for one in error.problems)
        return _show(request, now, trials, None, text)
    return _show(request, now, trials, view.answer(asked.answer, asked.seconds, labels), "")


def _tried(form: Posted) -> list[view.Trial]:
    """The trials of a form: those it carries, with what was added or taken away."""
    if form.text("clear"):
        return []
    kept = form.texts("trial")
    removed = form.number("remove")
    if removed is not None:
        return view.read_trials(text for n, text in enumerate(kept) if n != removed)
    if quick := form.texts("quick"):
        return view.read_trials([*kept, *(part for text in quick for part in view.taken_apart(text))])
    what, most = form.text("what"), form.number("most")
    added = view.trial_of(what, form.text("a"), form.text("b"), form.text("topic"), most)
    return view.read_trials([*kept, *([added.written()] if added else [])])


def _show(
    request: Request, now: RoundNow, trials: Sequence[view.Trial], answer: view.Answer | None, problem: str
) -> Response:
    office, version = office_of(request), now.version
    names = {key: city.name for key, city in cities(version.tables).items()}
    labels = office.context.programme.topics.labels
    common: dict[str, Any] = {
        "round_id": version.round_.id,
        "trials": [(one, view.trial_in_words(one, names, labels)) for one in trials],
        "can_keep": bool(view.decisions_of(trials)),
        "has_capacity": any(one.what == "capacity" for one in trials),
        "answer": answer,
        "problem": problem,
        "choices": view.selectable(version.tables),
        "labels": labels,
        "basis": _basis(now),
        "version": version,
        "phrase": office.rules.phrases_for("any", "pin")[0],
    }
    if is_part(request):
        return show(request, "trial.html.j2", **common)
    return show(
        request,
        "board.html.j2",
        here="board",
        open_count=len(now.open),
        cards=view.cards(version.twinnings, now.pending),
        apart={one.id: _apart(one) for one in version.twinnings},
        without={name: view.together([view.Trial("exclude", name)]) for name in _placed(version.twinnings)},
        waiting=view.without_place(version.tables),
        classes=topic_classes(office.context.programme.topics.ids),
        confirm_phrases=office.rules.phrases_for("unconfirmed", "confirm"),
        release_phrases=office.rules.phrases_for("unconfirmed", "release"),
        **common,
    )


def _placed(twinnings: Sequence[Twinning]) -> list[str]:
    return [member.city.application_id for one in twinnings for member in one.members]


def _apart(twinning: Twinning) -> str:
    """The trials that dissolve a twinning, as a button carries them."""
    members = [member.city.application_id for member in twinning.members]
    return view.together(view.apart(members))


def _basis(now: RoundNow) -> str:
    """What a trial rests on: the version and every decision about the matching since."""
    since = [row for row in now.pending if row["kind"] in MATCHING]
    return f"{now.version.number}.{basis_of(since)}"


@router.post("/keep")
def keep(request: Request, round_id: str, session: Decider, form: Form) -> Response:
    """Record the decisions of a trial."""
    office, trials = office_of(request), view.read_trials(form.texts("trial"))
    wishes = [Wish(*one) for one in view.decisions_of(trials)]
    with office.deciding:
        now = round_now(request, round_id)
        version, _, seen = form.text("basis").partition(".")
        if version != str(now.version.number):
            raise _older(now)
        check_basis([row for row in now.pending if row["kind"] in MATCHING], seen, session.person)
        reason = form.text("reason") or office.rules.phrases_for("any", "pin")[0]
        recorded = [record(office, round_id, wish, reason, session.person) for wish in wishes]
    words = f"{counted(len(recorded), 'decision')} recorded"
    session.tell(
        Told(
            f"{words}; they take effect with the next run.",
            tuple(text for one in recorded for text in told_of(one)),
            undo=recorded[0].decision_id if len(recorded) == 1 else None,
            round_id=round_id,
        )
    )
    return go(address("rounds", round_id, "board"))


def _older(now: RoundNow) -> RefusedError:
    return RefusedError(
        409,
        "There is a newer version",
        f"Meanwhile version {now.version.number} was published; what you tried was about an older one. "
        "Nothing was recorded.",
        "Open the board again and try it there.",
    )


@router.post("/settle")
def settle(request: Request, round_id: str, session: Decider, form: Form) -> Response:
    """Confirm a twinning, or settle it as not confirmed."""
    office, twinning, kind = office_of(request), form.text("twinning"), form.text("settle")
    with office.deciding:
        now = round_now(request, round_id)
        found = next((one for one in now.version.twinnings if one.id == twinning), None)
        if found is None:
            raise _older(now)
        since = [
            row for row in now.pending if row["subject"] == twinning and row["kind"] in ("confirm", "release")
        ]
        if (since[-1]["decision_id"] if since else "") != form.text("seen"):
            check_basis(since, form.text("seen"), session.person)
        wish = Wish("confirm" if kind == "confirm" else "release", twinning, conditional_ok=found.conditional)
        phrases = office.rules.phrases_for("unconfirmed", wish.kind)
        recorded = record(office, round_id, wish, form.text("reason") or phrases[0], session.person)
    said = "confirmed" if wish.kind == "confirm" else "not confirmed"
    session.tell(
        Told(
            f"{listed(found.names)}: {said}.",
            told_of(recorded),
            undo=recorded.decision_id,
            round_id=round_id,
        )
    )
    return go(address("rounds", round_id, "board"))
