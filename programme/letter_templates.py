"""The templates of the letters about results, read from `letters/KIND.md.j2` beside the rules files.

Belongs here: which templates there are and reading their text. Must stay out: filling them in
(`tasks/letters/wording.py`). A folder of rules that lacks a template takes the one the program ships with.
"""

from __future__ import annotations

from pathlib import Path

from programme.letter_vocabulary import LETTER_KINDS
from programme.problems import Problem, ProblemsError
from programme.rules import HERE

FOLDER = "letters"
LAYOUT = "layout"
"""The template that all letters extend: greeting, correction, end."""
PARTS = ("twinning", "next_steps", "about_preferences", "next_call", "reconsider")
"""Passages that several letters include."""
TEMPLATES: tuple[str, ...] = (LAYOUT, *PARTS, *LETTER_KINDS)


def template_file(name: str) -> str:
    """The file of a template, as messages name it."""
    return f"programme/{FOLDER}/{name}.md.j2"


def read_templates(folder: Path = HERE) -> dict[str, str]:
    """The text of every template by name; raises `ProblemsError` naming all that cannot be read."""
    texts: dict[str, str] = {}
    problems = []
    for name in TEMPLATES:
        own = folder / FOLDER / f"{name}.md.j2"
        path = own if own.exists() else HERE / FOLDER / f"{name}.md.j2"
        try:
            texts[name] = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            found = "other characters" if isinstance(error, UnicodeDecodeError) else str(error.strerror)
            problems.append(Problem(found, "a text in UTF-8", template_file(name), "Restore the file."))
    if problems:
        raise ProblemsError(problems)
    return texts
