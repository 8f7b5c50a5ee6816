"""The pictures of the architecture page show what is there, and nothing else."""

from __future__ import annotations

import re
from functools import cache

import grimp
import pytest

from tests.docs.repository import PACKAGES, folders, read, section
from warehouse.dictionary import INPUT_TABLES, PUBLISHED_TABLES

PAGE = "docs/architecture.md"
ARROW = re.compile(r"^\s*(\w+)\s*-->(?:\|[^|]*\|)?\s*(\w+)\s*$", re.MULTILINE)
NODE = re.compile(r'^\s*(?:subgraph )?(\w+)[(\[]+"([^"]*)"', re.MULTILINE)
STEPS = tuple(sorted(folder.split("/")[1] for folder in folders() if re.fullmatch(r"tasks/\w+", folder)))


def picture(heading: str) -> str:
    """The Mermaid text below a heading."""
    found = re.search(r"```mermaid\n(.*?)```", section(read(PAGE), heading), re.DOTALL)
    assert found, heading
    return found[1]


@cache
def imports() -> frozenset[tuple[str, str]]:
    """Which package imports which: between the top-level packages, and between the steps inside `tasks`."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    found = set()
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            one, other = module.split("."), imported.split(".")
            if one[0] != other[0]:
                found.add((one[0], other[0]))
            elif one[0] == "tasks" and one[1:2] != other[1:2]:
                found.add((one[1], other[1]))
    return frozenset(found)


def test_the_picture_of_the_packages_is_the_imports() -> None:
    drawn = ARROW.findall(picture("## The packages"))
    assert len(drawn) == len(set(drawn)), "an arrow is drawn twice"
    not_drawn, not_there = sorted(imports() - set(drawn)), sorted(set(drawn) - imports())
    assert not not_drawn, f"imports that the picture lacks: {not_drawn}"
    assert not not_there, f"arrows that no import stands for: {not_there}"


def test_the_picture_of_the_packages_shows_every_package() -> None:
    nodes = dict(NODE.findall(picture("## The packages")))
    assert sorted(nodes) == sorted((*PACKAGES, *STEPS))


def test_the_picture_of_the_flow_shows_every_step_and_table() -> None:
    nodes = dict(NODE.findall(picture("## The flow of a round")))
    assert set(STEPS) - {"decisions"} <= set(nodes)
    shown = set(re.findall(r"\w+", " ".join(nodes.values())))
    assert set(INPUT_TABLES) | set(PUBLISHED_TABLES) <= shown


@pytest.mark.parametrize("heading", ["## The flow of a round", "## The packages"])
def test_arrows_join_nodes_of_the_picture(heading: str) -> None:
    text = picture(heading)
    nodes, arrows = dict(NODE.findall(text)), ARROW.findall(text)
    assert {node for arrow in arrows for node in arrow} <= set(nodes)
    assert len(re.findall("-->", text)) == len(arrows), "an arrow the test cannot read"


def test_every_worked_example_names_its_test() -> None:
    examples = section(read(PAGE), "## Five worked examples").split("\n### ")[1:]
    assert len(examples) == 5
    assert all(
        re.search(r"^The test that proves it: .*`tests/", example, re.MULTILINE) for example in examples
    )
