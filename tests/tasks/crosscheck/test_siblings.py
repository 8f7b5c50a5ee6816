"""A few names of each kind that a linker is easily wrong about, made from the gazetteer with fixed seeds.

`make bench-namesakes` asks many.
"""

from __future__ import annotations

import pytest

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.linkage.index import RegisterIndex, build_index
from tests.tasks.crosscheck.siblings.drawing import Drawn, draw_register
from tests.tasks.crosscheck.siblings.kinds import KINDS, REGISTERS, count

ROWS, MOST = 2_000, 60


@pytest.fixture(scope="module", params=[11, pytest.param(12, marks=pytest.mark.long)])
def drawn(request: pytest.FixtureRequest, gazetteer: Gazetteer) -> Drawn:
    return draw_register(gazetteer, ROWS, request.param)


@pytest.fixture(scope="module")
def drawn_index(drawn: Drawn, rules: LinkingRules) -> RegisterIndex:
    return build_index(drawn.register, drawn.gazetteer, rules)


@pytest.mark.parametrize("name", KINDS)
def test_a_kind(name: str, drawn: Drawn, drawn_index: RegisterIndex, rules: LinkingRules) -> None:
    kind = KINDS[name]
    counted = count(kind.make(drawn, MOST), drawn_index, rules)
    one = 1.5 / counted.asked
    assert counted.asked >= 8
    assert counted.wrong <= kind.wrong + one, counted.missed.filter("wrong").rows()
    assert counted.right >= kind.right - one, counted.missed.rows()
    assert counted.to_a_person >= kind.to_a_person - one, counted.missed.rows()


@pytest.mark.parametrize("name", REGISTERS)
def test_a_kind_with_its_own_register(name: str, drawn: Drawn, rules: LinkingRules) -> None:
    make, kind = REGISTERS[name]
    register, queries = make(drawn, MOST)
    counted = count(queries, build_index(register, drawn.gazetteer, rules), rules)
    assert counted.wrong <= kind.wrong, counted.missed.filter("wrong").rows()
    assert counted.right >= kind.right, counted.missed.rows()
    assert counted.to_a_person >= kind.to_a_person, counted.missed.rows()
