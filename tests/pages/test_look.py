"""The stylesheet: what is read has enough contrast in both themes, and topics are told apart by everybody."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from pages.components.colours import HUES, topic_classes
from pages.components.environment import content_policy, script, stylesheet, visible
from programme.programme import Programme

Colour = tuple[float, float, float]
VARIABLES = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\);", stylesheet()))
THEMES = ("light", "dark")
PAPERS = ("page", "surface", "sunken")
SEEN = {
    "everybody": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    # Machado, Oliveira, Fernandes (2009), severity 1.0
    "no red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def colour(name: str, theme: str) -> Colour:
    """A variable of the stylesheet as linear red, green and blue, 0-1."""
    text = VARIABLES[name].split(", ")[THEMES.index(theme)]
    parts = [int(text[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return r, g, b


def luminance(one: Colour) -> float:
    return 0.2126 * one[0] + 0.7152 * one[1] + 0.0722 * one[2]


def contrast(one: Colour, other: Colour) -> float:
    """The contrast of WCAG 2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lab(one: Colour) -> Colour:
    """CIE L*a*b* under D65."""
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = [sum(w * c for w, c in zip(row, one, strict=True)) for row in rows]
    x, y, z = (
        part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116
        for part in (xyz[0] / 0.9505, xyz[1], xyz[2] / 1.089)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ink", ["text", "muted", "accent"])
def test_text_can_be_read_on_every_paper(ink: str, theme: str) -> None:
    assert min(contrast(colour(ink, theme), colour(paper, theme)) for paper in PAPERS) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("tone", ["good", "warn", "bad", "accent"])
def test_chips_can_be_read(tone: str, theme: str) -> None:
    assert contrast(colour(tone, theme), colour(f"{tone}-soft", theme)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("hue", range(1, HUES + 1))
def test_lines_are_seen_on_land_and_sea_and_numbers_on_lines(hue: int, theme: str) -> None:
    own = colour(f"hue-{hue}", theme)
    assert min(contrast(own, colour(ground, theme)) for ground in ("surface", "land")) >= 3
    assert contrast(own, colour("on-hue", theme)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eyes", SEEN)
def test_hues_are_told_apart_by_everybody(eyes: str, theme: str) -> None:
    def seen(one: Colour) -> Colour:
        r, g, b = (
            min(1.0, max(0.0, sum(w * c for w, c in zip(row, one, strict=True)))) for row in SEEN[eyes]
        )
        return lab((r, g, b))

    hues = [seen(colour(f"hue-{n}", theme)) for n in range(1, HUES + 1)]
    apart = [sum((a - b) ** 2 for a, b in zip(*pair, strict=True)) ** 0.5 for pair in combinations(hues, 2)]
    assert min(apart) > 10, sorted(apart)[:3]


def test_no_two_topics_look_alike(programme: Programme) -> None:
    classes = topic_classes(programme.topics.ids)
    assert len(set(classes.values())) == len(programme.topics.ids) == 12
    assert len(set(topic_classes([str(n) for n in range(24)]).values())) == 24


def test_a_page_may_load_nothing() -> None:
    assert content_policy().startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in content_policy()
    for text in (stylesheet(), script()):
        assert "http" not in text
        assert "url(" not in text
        assert "@import" not in text
        assert "</" not in text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("bell \x07 and \x1b[31m", "bell and [31m", id="controls"),
        pytest.param("annex \u202egpj.exe", "annex gpj.exe", id="turned-around"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="joiners-of-a-script-stay"),
        pytest.param("İzmir\nnext \ud800", "İzmir next", id="lines-and-halves-of-letters"),
        pytest.param(" and ", " and ", id="blanks-of-a-separator-stay"),
        pytest.param(None, "", id="nothing"),
        pytest.param(3, 3, id="a-number"),
    ],
)
def test_no_text_moves_another(value: object, shown: object) -> None:
    assert visible(value) == shown
