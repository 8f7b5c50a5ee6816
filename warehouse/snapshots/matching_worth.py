"""Which groups of applications may be formed and what each is worth, from published facts alone.

It writes the aspects and the hard rules a second time, in whole numbers and with nothing but Python, so that
a stranger can read them in one place. Belongs here: one group at a time. Must stay out: which groups are
chosen (`certificate.py`), and any part of what chose them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import Any

DAY = 24 * 60


class MatchingFacts:
    """Which groups may be formed, and what each is worth in steps of 1/64 point.

    `on` maps a topic to the applications that take part on it; `classes` a city to its classes of the
    balance, which `balanced` names all; `required` are cities that must have a place; `confirmed` the groups
    (topic, applications) that stand.
    """

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self.value = {(one, what, other, topic): int(value) for one, what, other, topic, value in rows}
        self.known, self.on = defaultdict[str, dict[str, str]](dict), defaultdict[str, list[str]](list)
        self.offsets = defaultdict[str, dict[str, int]](dict)
        for (one, what, other, topic), value in self.value.items():
            self.known[one][what] = other
            if what == "utc_offset":
                self.offsets[one][other] = value
            elif what == "priority" and one != "rules":
                self.on[topic].append(one)
        self.ratios = sorted(
            (float(of), x) for (_, what, of, _), x in self.value.items() if what == "size_ratio"
        )
        self.pins = [(one, other, topic) for one, what, other, topic in self.value if what == "pinned"]
        self.required = {city for a, b, _ in self.pins for city in (a, b)}
        self.required |= {one for one, what, *_ in self.value if what == "claims_a_place"}
        self.balanced = [of for one, what, of, _ in self.value if (one, what) == ("class", "least")]
        confirmed = (key for key in self.value if key[1] == "confirmed")
        self.confirmed = {(topic, tuple(one.split("+"))) for one, _, _, topic in confirmed}
        self.classes = defaultdict[str, set[str]](set)
        for one, _, other, _ in (key for key in self.value if key[1] == "class"):
            self.classes[self.known[one]["city"]].add(other)

    def rule(self, what: str, of: object = "") -> int:
        """A figure of the rules."""
        return self.value["rules", what, str(of), ""]

    def number(self, one: str, what: str, other: str = "", topic: str = "") -> int:
        """A stated number; 0 where nothing is stated."""
        return self.value.get((one, what, other, topic), 0)

    def either(self, a: str, b: str, what: str, topic: str = "") -> int:
        """What is stated of two, in either order."""
        return self.number(a, what, b, topic) or self.number(b, what, a, topic)

    def pair(self, a: str, b: str) -> tuple[int, int] | None:
        """What two are worth together, for each city and once; None where they may not be together at all."""
        one, two, work = self.known[a], self.known[b], self.rule("hours", "work_minutes")
        apart = [
            abs(self.offsets[a][k] - self.offsets[b][k]) % DAY for k in self.offsets[a] if self.offsets[b]
        ]
        above = min((max(0, work - min(x, DAY - x)) - self.rule("hours", "least") for x in apart), default=0)
        few = above < 0 and not self.either(a, b, "without shared_hours")
        if one["city"] == two["city"] or few or self.either(a, b, "apart"):
            return None
        powers = " ".join(sorted(x.get("jurisdiction", "unknown") for x in (one, two)))
        each = self.value.get(("rules", "jurisdictions", powers, ""), self.rule("jurisdictions"))
        each += max(0, above) * self.rule("hours", "each") // 60
        same = {
            x for x in ("kind", "coastal", "climate", "climate_group") if x in one and one[x] == two.get(x)
        }
        each += sum(self.rule("same", x) for x in same - ({"climate_group"} if "climate" in same else set()))
        small, large = sorted((self.number(a, "population"), self.number(b, "population")))
        each += next((points for ratio, points in self.ratios if small and large <= small * ratio), 0)
        named = [x for x in (self.number(a, "named", b), self.number(b, "named", a)) if x]
        once = sum(self.rule("named", x) for x in named) + (len(named) == 2) * self.rule("named", "mutual")
        return each, once - max(
            self.rule("worked", x) * (not x or self.either(a, b, x)) for x in ("", "not", "funded")
        )

    def single(self, one: str, topic: str) -> int:
        """What an application brings by itself."""
        place = self.rule("priority", self.number(one, "priority", "", topic))
        return place + self.number(one, "selection") + self.number(one, "stays_selected")

    def worth(self, group: tuple[str, ...], topic: str) -> int | None:
        """What a group is worth with its bonus; None where it may not be formed."""
        total, n = sum(self.single(one, topic) for one in group), len(group)
        for a, b in combinations(group, 2):
            pair = self.pair(a, b)
            if pair is None or self.either(a, b, "apart", topic):
                return None
            total += pair[0] * (2 if n == 2 else 1) + pair[1] + self.either(a, b, "stays_together", topic)
        need, have = ([self.number(x, what, "", topic) for x in group] for what in ("need", "experience"))
        gains = [max(min(need[a], have[b]) for b in range(n) if b != a) for a in range(n)]
        countries = Counter(self.known[one].get("country", one) for one in group)
        able = any(self.known[one].get("jurisdiction") != "none" for one in group)
        kept = {
            "least_gain": min(gains) >= self.rule("least_gain", n),
            "some_jurisdiction": able or not self.rule("some_jurisdiction"),
            "most_of_one_country": max(countries.values()) <= self.rule("of_one_country", n),
        }
        for rule in (f"without {name}" for name, holds in kept.items() if not holds):
            waived = any(self.number("+".join(group), rule, "", on) for on in ("", topic))
            if not waived and not any(self.number(one, rule) for one in group):
                return None
        cities = {self.known[one]["city"] for one in group}
        if any(
            (a in cities) != (b in cities) or (a in cities and on not in ("", topic))
            for a, b, on in self.pins
        ):
            return None
        return total + sum(gains) * self.rule("level") if n <= self.rule("largest_group") else None

    def wanted(self, name: str) -> tuple[int, int, int]:
        """At least and at most how many more units a class wants, and the price of each missed."""
        least, most, held, cost = (
            self.value["class", x, name, ""] for x in ("least", "most", "held", "price")
        )
        return least - held, most - held, cost

    def counted(self, group: tuple[str, ...], topic: str) -> Counter[str]:
        """How often a group counts in everything that has a name."""
        cities = [self.known[one]["city"] for one in group]
        classes = [f"class {name}" for city in cities for name in self.classes[city]]
        named = [*classes, *(f"city {city}" for city in cities), f"class topic {topic}", "twinnings"]
        return Counter([*named, *["cities"] * len(group)])
