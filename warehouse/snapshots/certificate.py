"""Checking the certificate of a selection in whole numbers, from published rows alone (docs/certificate.md).

Belongs here: the proof. Must stay out: what a group is worth (`matching_worth.py`), and what chose it.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from warehouse.snapshots.matching_worth import MatchingFacts

Rows = Iterable[tuple[Any, ...]]
Priced = tuple[int, int, Counter[str]]
"""A group: its worth above its prices (parts of a step), its worth (steps), how often it counts in what."""
Limits = dict[str, tuple[float, float]]
PARTS = 65536


def broken_certificate(tables: Mapping[str, Rows]) -> str | None:
    """What does not hold, in words; None where all that is claimed is proven, or nothing is claimed.

    Rows of `matching_facts` and `certificate` have all columns; of `twinnings` the id, topic and state; of
    `twinning_members` the twinning's and the application's id.
    """
    try:
        if certificate := list(tables["certificate"]):
            _Check(list(tables["matching_facts"]), certificate, tables).all()
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        return str(error) if isinstance(error, ArithmeticError) else f"a statement is missing: {error}"
    return None


def _expect(holds: object, what: str) -> None:
    if not holds:
        raise ArithmeticError(what)


class _Check:
    def __init__(
        self, facts: list[tuple[Any, ...]], statements: list[tuple[Any, ...]], tables: Mapping[str, Rows]
    ) -> None:
        self.facts, self.said = MatchingFacts(facts), defaultdict[str, dict[tuple[str, str], int]](dict)
        for item, what, of, value in statements:
            self.said[item][what, of] = value
        digest = hashlib.sha256("\n".join("\t".join(map(str, row)) for row in facts).encode()).hexdigest()
        _expect(("facts", digest) in self.said["claim"], "the certificate is about other facts")
        members = defaultdict[str, list[str]](list)
        for name, application in tables["twinning_members"]:
            members[name].append(application)
        every = [(state, topic, tuple(sorted(members[name]))) for name, topic, state in tables["twinnings"]]
        self.chosen = [(topic, group) for state, topic, group in every if state == "proposed"]
        confirmed = {(topic, group) for state, topic, group in every if state == "confirmed"}
        _expect(confirmed == self.facts.confirmed, "other twinnings are confirmed")
        fixed = [len(group) for _, group in confirmed]
        self.most = self.facts.rule("capacity", "twinnings") - len(fixed)
        self.room = {"twinnings": self.most, "cities": self.facts.rule("capacity", "cities") - sum(fixed)}
        self.prices = defaultdict[str, dict[str, int]](dict)
        for item, what, row, value in statements:
            if what == "price":
                self.prices[item][row] = value

    def all(self) -> None:
        """Refuse the certificate where anything it claims is not so."""
        claim, objective, visited = self.said["claim"], self._objective(), {"claim", "every"}
        fixed, excess, tree = self._fixed("every", {}), claim["excess", ""], "node r" in self.said
        least = (objective + 1) * PARTS - fixed - max(0, self.most - 1) * excess if tree else 1
        found = [one for topic in sorted(self.facts.on) for one in self._groups(topic, min(least, 1))]
        worst, near = max([0, *(one[0] for one in found)]), [one for one in found if tree and one[0] >= least]
        bound = (fixed + self.most * worst) // PARTS
        if tree:
            bound = min(bound, max(self._leaves("node r", {}, near, visited)) // PARTS)
        left = [item for item in self.said if item not in visited and not item.startswith("count ")]
        proven = {
            "fixed": fixed,
            "objective": objective,
            "excess": worst,
            "near": len(near),
            "bound": max(bound, objective),
        }
        wrong = [f"{x} {n}, not {claim[x, '']}" for x, n in proven.items() if claim[x, ""] != n]
        _expect(not wrong and not left, f"what is proven is {', '.join(wrong)} {left}")

    def _objective(self) -> int:
        """What the selection is worth: value and bonus less what the balance costs."""
        total, counted = 0, Counter[str]()
        for topic, group in self.chosen:
            worth = self.facts.worth(group, topic) if set(group) <= set(self.facts.on[topic]) else None
            _expect(worth is not None, f"{' and '.join(group)} may not be together on {topic}")
            total, counted = total + (worth or 0), counted + self.facts.counted(group, topic)
        for name, n in counted.items():
            most = 1 if name.startswith("city ") else self.room.get(name, n)
            _expect(n <= most, f"{name}: {n} are too many")
        _expect(all(counted[f"city {x}"] for x in self.facts.required), "a city that must be placed is not")
        for name in self.facts.balanced:
            (least, most, price), count = self.facts.wanted(name), counted[f"class {name}"]
            total -= price * max(0, least - count, count - most)
        return total

    def _times(self, row: str, counted: Counter[str]) -> int:
        """How often a group counts in a row that a price is set on."""
        kind, _, name = row.partition(" ")
        if kind == "wants":
            return min(counted[f"class {name}"], self.facts.wanted(name)[0])
        if kind != "count":
            return counted[row]
        said = self.said[row]
        has = sum(counted[f"{what} {of}".strip()] for what, of in said if what in {"city", "class", "cities"})
        elsewhere = any(what == "topic" and not counted[f"class topic {of}"] for what, of in said)
        if elsewhere or (("alone", "") in said and has < counted["cities"]):
            return 0
        return max(0, min(said["most", ""], has - said["enough", ""] + 1))

    def _over(self, item: str, worth: int, counted: Counter[str]) -> int:
        """What a group is worth above its prices."""
        return worth * PARTS - sum(x * self._times(row, counted) for row, x in self.prices[item].items())

    def _groups(self, topic: str, least: int) -> Iterator[Priced]:
        """The groups on a topic that are worth at least so much above the prices of `every`.

        What a city has of its own, and two together, are bounded first, so that few groups are looked at.
        """
        facts, prices, own = self.facts, self.prices["every"], dict[str, int]()
        for one in sorted(facts.on[topic]):
            counted = self.facts.counted((one,), topic)
            paid = sum(prices.get(row, 0) * times for row, times in counted.items())
            paid += sum(prices.get(f"wants {x}", 0) for x in facts.classes[facts.known[one]["city"]])
            most = facts.single(one, topic) + facts.rule("level") * facts.number(one, "need", "", topic)
            own[one] = most * PARTS - paid
        shared = prices.get("twinnings", 0) + prices.get(f"class topic {topic}", 0)
        pairs = dict[tuple[str, str], int]()
        for a, b in combinations(own, 2):
            if pair := facts.pair(a, b):
                once = pair[1] + facts.either(a, b, "stays_together", topic)
                pairs[a, b] = pairs[b, a] = (max(0, pair[0]) + once) * PARTS
                most = own[a] + own[b] + shared + pairs[a, b] + abs(pair[0]) * PARTS
                yield from self._priced((a, b), topic, least, most)
        top = max(pairs.values(), default=0)
        for a in own:
            with_a = ((own[b] + pairs[a, b], b) for b in own if b > a and (a, b) in pairs)
            later = sorted(with_a, reverse=True)
            for k, (first, b) in enumerate(later):
                for second, c in later[k + 1 :]:
                    most = own[a] + first + second + 2 * shared
                    if most + top < least:
                        break
                    if (b, c) in pairs:
                        group = (a, min(b, c), max(b, c))
                        yield from self._priced(group, topic, least, most + pairs[b, c])

    def _priced(self, group: tuple[str, ...], topic: str, least: int, most: int) -> Iterator[Priced]:
        """The group if it may be formed and is worth at least so much; `most` is what it could be."""
        worth = self.facts.worth(group, topic) if most >= least else None
        if worth is not None:
            counted = self.facts.counted(group, topic)
            if (over := self._over("every", worth, counted)) >= least:
                yield over, worth, counted

    def _fixed(self, item: str, limits: Limits) -> int:
        """What a node's rows give at most for its prices, each of which has the sign that its row allows."""
        total, prices = 0, self.prices[item]
        for row, price in prices.items():
            kind, _, name = row.partition(" ")
            least, most = limits.get(row, (-math.inf, math.inf))
            if kind == "count":
                said = self.said[row]
                three = (said["enough", ""], said["most", ""], sum(x == "city" for x, _ in said), len(said))
                most = min(most, 1) if three == (2, 1, 3, 5) else most
            elif kind in {"class", "wants"}:
                least, most, cost = self.facts.wanted(name)
                short = sum(max(0, -prices.get(f"{x} {name}", 0)) for x in ("class", "wants"))
                fits = kind == "class" or (price < 0 and least > 0 and not name.startswith("topic "))
                _expect(fits and max(short, price) <= cost * PARTS, f"a price on {row} is too dear")
            else:
                must = kind == "city" and name in self.facts.required
                least, most = (1 if must else least), self.room.get(row, 1)
            bound = most if price > 0 else least
            _expect(math.isfinite(bound), f"{item}: a price on {row} proves nothing")
            total += price * int(bound)
        return total

    def _leaves(self, item: str, limits: Limits, near: list[Priced], visited: set[str]) -> Iterator[int]:
        """The bounds of the leaves below a node."""
        visited.add(item)
        if split := [(row, at) for (what, row), at in self.said[item].items() if what == "at_most"]:
            ((row, at),) = split
            _expect(row.startswith("count ") and len(self.said[item]) == 1, f"{item} is no node")
            least, most = limits.get(row, (-math.inf, math.inf))
            yield from self._leaves(f"{item}0", {**limits, row: (least, min(most, at))}, near, visited)
            yield from self._leaves(f"{item}1", {**limits, row: (max(least, at + 1), most)}, near, visited)
            return
        over = max([0, *(self._over(item, worth, counted) for _, worth, counted in near)])
        bound = self._fixed(item, limits) + self.most * over
        _expect(bound == self.said[item]["bound", ""], f"{item}: its prices prove {bound} parts of a step")
        yield bound
