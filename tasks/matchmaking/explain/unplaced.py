"""Why an application was not placed, in two wordings, and its regret: what the whole selection would lose.

The reasons: no partner under the hard rules (and which rule took away whom); only twinnings below the minimum
worth; partners exist and all are in twinnings that make the selection better; capacity; balance; decisions.
The committee reads figures and names, the city neither points nor the names of others.

Belongs here: the reason and the regret. Must stay out: the choice itself, and how losses are found
(`losses.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from programme.counts import counted, listed
from programme.matchmaking import STEPS_PER_POINT
from programme.vocabulary import UnplacedKind
from tasks.matchmaking.choice import Choice, value_of
from tasks.matchmaking.explain.losses import Loss, Losses
from tasks.matchmaking.explain.removed_partners import removed_partners
from tasks.matchmaking.explain.sufficient import points_more
from tasks.matchmaking.explain.sufficient_change import score_in_words
from tasks.matchmaking.value.arrays import NOBODY, Flags
from tasks.matchmaking.value.twinning import Twinning
from warehouse.dictionary.published import UNPLACED

NO_PARTNER = "No other applicant may be in a twinning with it under the programme's hard rules."
NO_PARTNER_CITY = (
    "No other city that can be selected in this round fits with yours under the programme's rules "
    "for twinnings (FAQ 3.6)."
)
TOO_LITTLE = (
    "Every twinning that it could be in would bring too little to be proposed, although places may be left "
    "(the minimum worth of a twinning)."
)
TOO_LITTLE_CITY = (
    "Every twinning that would be possible for you in this round brings less than the programme asks of a "
    "twinning. In such a case a place is left open."
)
DECIDED = "Recorded decisions leave it no partner."
DECIDED_CITY = "No city that fits with yours is available in this round (FAQ 3.6)."
WITHOUT_PARTNER: Mapping[UnplacedKind, tuple[str, str]] = {
    "no_partner": (NO_PARTNER, NO_PARTNER_CITY),
    "below_minimum_worth": (TOO_LITTLE, TOO_LITTLE_CITY),
    "decisions": (DECIDED, DECIDED_CITY),
}
BETTER_CITY = (
    "Other cities fit with yours (FAQ 3.6). Every twinning with them would take a city from another one, "
    "with which the selection as a whole is stronger (FAQ 3.5)."
)
CAPACITY_CITY = (
    "Other cities fit with yours (FAQ 3.6). The number of twinnings and cities is limited (FAQ 3.8), and all "
    "places are given to other twinnings."
)
BALANCE_CITY = (
    "Other cities fit with yours (FAQ 3.6). The programme balances regions, climates, sizes of cities and "
    "topics over the whole selection (FAQ 3.5), and a further twinning of this kind does not fit that "
    "balance."
)


@dataclass(frozen=True)
class Reason:
    """Why one application was not placed; `regret` in points, None where it is not known exactly."""

    kind: UnplacedKind
    reason: str
    message: str
    regret: float | None = None
    removed_by: str | None = None
    sufficient_change: str | None = None


def unplaced_table(choice: Choice, losses: Losses | None = None) -> pl.DataFrame:
    """Dictionary UNPLACED: every candidate that is in no twinning, with the reason and the regret.

    The best scores are asked first, so that theirs are exact where the limit of work is reached.
    """
    placed = {i for one in choice.all_twinnings for i in one.group}
    waiting = [i for i in range(len(choice.facts.applicants)) if i not in placed]
    reasons = _Reasons(choice, losses or Losses(choice))
    ordered = sorted(waiting, key=lambda i: (-choice.facts.applicants[i].score, i))
    return UNPLACED.frame([_row(choice.facts.applicants[i].application_id, reasons.of(i)) for i in ordered])


def _row(application_id: str, found: Reason) -> dict[str, object]:
    return {
        "application_id": application_id,
        "kind": found.kind,
        "reason": found.reason,
        "message": found.message,
        "removed_by": found.removed_by,
        "sufficient_change": found.sufficient_change,
        "regret": found.regret,
    }


class _Reasons:
    """The reasons of one choice; what is the same for all applicants is prepared once."""

    def __init__(self, choice: Choice, losses: Losses) -> None:
        self._choice, self._losses = choice, losses
        self._placed_cities = {choice.facts.applicants[k].city_id for one in choice.chosen for k in one.group}
        self._nearest = losses.nearest()
        self._beside = losses.nearest(self._of_unplaced())

    def _of_unplaced(self) -> Flags:
        """Groups none of whose cities has a place, and that the room for cities could hold at all."""
        people, groups = self._choice.facts.applicants, self._losses.groups
        placed = [i for i, one in enumerate(people) if one.city_id in self._placed_cities]
        sizes = 2 + (groups.third != NOBODY)
        flags: Flags = ~groups.has(placed) & (sizes <= self._choice.reduced.capacity.max_cities)
        return flags

    def of(self, i: int) -> Reason:
        """The reason of one applicant."""
        choice, one = self._choice, self._choice.facts.applicants[i]
        if choice.reduced.infeasible_subsets:
            return Reason(
                "decisions",
                "Nothing was selected, because recorded decisions clash.",
                "The selection of this round is not settled yet.",
            )
        if i not in choice.reduced.free:
            return self._not_free(i)
        if i not in self._nearest:
            return self._without_partner(i)
        if one.city_id in self._placed_cities:
            same = "Another application of the same city was placed."
            return Reason("same_city", same, "Another application of your city was placed.")
        return self._with_partners(i)

    def _not_free(self, i: int) -> Reason:
        city = self._choice.facts.applicants[i].city_id
        if any(item.city_id == city for item in self._choice.problem.constraints.withdrawals):
            return Reason("withdrawn", "Withdrawn by a recorded decision.", "Your application was withdrawn.")
        same = "Another application of the same city is in a confirmed twinning."
        return Reason("same_city", same, "Another application of your city is in a confirmed twinning.")

    def _without_partner(self, i: int) -> Reason:
        removed = removed_partners(i, self._choice)
        if not removed.by_rule:
            alone = "There is no other city that can be selected in this round."
            return Reason("no_partner", f"{NO_PARTNER} {alone}", f"{NO_PARTNER_CITY} {alone}")
        kind: UnplacedKind = "no_partner" if removed.only_by_hard_rules else "decisions"
        if kind == "no_partner" and removed.also_by_worth:
            kind = "below_minimum_worth"
        words, to_city = WITHOUT_PARTNER[kind]
        n = sum(len(some) for some in removed.by_rule.values())
        return Reason(
            kind,
            f"{words} Of {counted(n, 'other')}: {removed.for_committee(self._choice)}",
            f"{to_city} Of {counted(n, 'other')}: {removed.for_city()}",
            removed_by=removed.counts,
        )

    def _with_partners(self, i: int) -> Reason:
        loss = self._losses.with_city(i, self._nearest[i])
        if loss.impossible:
            full = "No twinning with it fits beside the recorded decisions and the capacity that is left."
            return Reason("capacity", full, CAPACITY_CITY)
        regret = loss.steps / STEPS_PER_POINT if loss.exact else None
        words, enough = self._taking(i, loss), None
        more = points_more(self._choice, i, loss.steps + 1) if loss.exact else None
        if more is not None:
            words, enough = (
                f"{words} At most {more:.2f} points more of its own score would have been enough.",
                score_in_words(more),
            )
        if i not in self._beside:
            intro = "Every twinning that it could be in has a city that is in a better one."
            return Reason("better_twinnings", f"{intro} {words}", BETTER_CITY, regret, None, enough)
        beside = self._losses.twinning(self._beside[i])
        partners = _names(beside, self._choice, without=i)
        if self._fits(beside):
            intro = f"It fits with {partners} on {beside.topic}; the balance of the selection speaks against."
            return Reason("balance", f"{intro} {words}", BALANCE_CITY, regret, None, enough)
        intro = f"It fits with {partners} on {beside.topic}, which has no place either; {self._capacity()}."
        return Reason("capacity", f"{intro} {words}", CAPACITY_CITY, regret, None, enough)

    def _capacity(self) -> str:
        """What of the capacity is used up, in words."""
        capacity, every = self._choice.problem.capacity, self._choice.all_twinnings
        if len(every) >= capacity.max_twinnings:
            return f"all {capacity.max_twinnings} twinnings are given to better ones"
        cities = sum(len(one.group) for one in every)
        return (
            f"{cities} of at most {capacity.max_cities} cities have a place, so that no further twinning fits"
        )

    def _fits(self, more: Twinning) -> bool:
        """Whether the capacity has room for one twinning more."""
        capacity, selected = self._choice.reduced.capacity, self._choice.chosen
        cities = sum(len(one.group) for one in selected) + len(more.group)
        return len(selected) < capacity.max_twinnings and cities <= capacity.max_cities

    def _taking(self, i: int, loss: Loss) -> str:
        """The best twinning it could have, its worth, what would have to give way, and the loss."""
        choice, people = self._choice, self._choice.facts.applicants
        city = people[i].city_id
        with_it = [one for one in loss.twinnings if city in {people[k].city_id for k in one.group}]
        best = with_it[0] if with_it else self._losses.twinning(self._nearest[i])
        worth = value_of([best], choice.facts) / STEPS_PER_POINT
        own = next(k for k in best.group if people[k].city_id == city)
        words = (
            f"Its best twinning, with {_names(best, choice, without=own)} on {best.topic}, "
            f"would be worth {worth:.2f} points."
        )
        lost = loss.steps / STEPS_PER_POINT
        if not loss.exact:
            least = f"at least {lost:.2f} points" if loss.steps else "some points"
            return f"{words} It would cost the whole selection {least}; the exact figure was not worked out."
        kept = {one.twinning_id for one in loss.twinnings}
        gone = [described(one, choice) for one in choice.chosen if one.twinning_id not in kept]
        gives_way = f" {'; '.join(gone)} would have to give way." if gone else ""
        return f"{words}{gives_way} It would cost the whole selection {lost:.2f} points."


def _names(twinning: Twinning, choice: Choice, without: int | None = None) -> str:
    return listed(choice.facts.applicants[k].city_name for k in twinning.group if k != without)


def described(twinning: Twinning, choice: Choice) -> str:
    """A twinning in words."""
    return f"{_names(twinning, choice)} on {twinning.topic}"
