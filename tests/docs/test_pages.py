"""Links between the pages lead somewhere, and the licence and its notice are complete."""

from __future__ import annotations

import re
import tomllib
from pathlib import PurePosixPath

from tests.docs.mentions import commands, targets
from tests.docs.repository import files, read

PAGES = [name for name in files() if name.endswith(".md")]
LINK = re.compile(r"\[[^\]]+\]\(([^)#]+)(?:#([^)]+))?\)")
DATA_FROM_OTHERS = (
    "pages/components/map/world.json",
    "programme/climate/koeppen.npz",
    "programme/countries/names.csv",
    "programme/water/water.npz",
    "samples/inputs/",
)


def test_links_between_pages_lead_somewhere() -> None:
    dead = [
        f"{page}: {target}"
        for page in PAGES
        for target, _ in LINK.findall(read(page))
        if "://" not in target and (PurePosixPath(page).parent / target).as_posix() not in files()
    ]
    assert not dead, dead


def test_every_page_of_docs_is_linked_from_the_readme() -> None:
    linked = {target for target, _ in LINK.findall(read("README.md"))}
    assert {page for page in PAGES if page.startswith("docs/")} <= linked


def test_the_readme_knows_every_command() -> None:
    table = re.findall(r"^\| `([a-z-]+)[ `]", read("README.md"), re.MULTILINE)
    assert sorted(table) == sorted(commands())


def test_the_guide_names_the_targets_a_contributor_needs() -> None:
    named = set(re.findall(r"`make ([a-z-]+)`", read("CONTRIBUTING.md")))
    assert named <= targets()
    assert {"demo", "test", "test-long", "check", "golden", "golden-write", "docs", "lock"} <= named


def test_the_project_says_its_licence() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    assert project["license"] == "Apache-2.0"
    assert sorted(project["license-files"]) == ["LICENSE", "NOTICE"]
    assert "Apache License" in read("LICENSE")
    assert "END OF TERMS AND CONDITIONS" in read("LICENSE")


def test_the_notice_names_each_source_with_its_licence() -> None:
    notice = read("NOTICE")
    for source, licence in (
        ("GeoNames", "CC BY 4.0"),
        ("Koeppen-Geiger", "BSD 3-Clause"),
        ("map of the world on pages", "ISC"),
        ("Unicode Common Locale Data Repository", "Unicode License V3"),
    ):
        part = next(one for one in notice.split("\n\n\n") if one.lstrip("0123456789. ").find(source) >= 0)
        assert licence in part
    assert all(path in notice for path in DATA_FROM_OTHERS)
    assert all(any(name.startswith(path) for name in files()) for path in DATA_FROM_OTHERS)


def test_the_changelog_has_the_version_of_the_project() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    headings = re.findall(r"^## \[([^\]]+)\]", read("CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert version in headings
