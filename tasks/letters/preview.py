"""All letters of a version on one page, to be read before anything is sent.

Belongs here: the page. Must stay out: the letters (`wording.py`) and where the page is kept. It holds
personal data and loads nothing from elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from programme.letter_vocabulary import LETTER_KINDS, LetterKind
from warehouse.escapes import html_text


@dataclass(frozen=True)
class Shown:
    """One letter on the page: to whom, its subject and HTML, and `note`: what will happen to it."""

    application_id: str
    kind: LetterKind
    city: str
    to: str
    subject: str
    html: str
    note: str


_STYLE = """
:root { color-scheme: light dark; --line: #c8ccd0; --soft: #f3f5f7; --ink: #1a1a1a; --page: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --line: #4a4f55; --soft: #24272b; --ink: #e8e8e8; --page: #17191c; } }
body { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; color: var(--ink);
  background: var(--page); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; }
td, th { text-align: left; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid var(--line); }
td:last-child { text-align: right; font-variant-numeric: tabular-nums; }
a { color: inherit; }
section { margin-top: 3rem; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .6rem 0; }
summary { cursor: pointer; padding: .6rem 1rem; background: var(--soft); border-radius: .4rem;
  display: flex; flex-wrap: wrap; gap: .2rem 1rem; justify-content: space-between; }
.note { font-size: .9rem; opacity: .85; }
.mail { padding: .5rem 1.5rem 1rem; overflow-wrap: anywhere; }
.head { font-size: .9rem; margin: .5rem 0 1rem; padding-bottom: .5rem; border-bottom: 1px solid var(--line); }
.mail h2 { font-size: 1.05rem; margin: 1.4rem 0 .4rem; }
@media print { details { break-inside: avoid; } }
"""


def preview_page(title: str, said: str, letters: Sequence[Shown]) -> str:
    """The page: counts by kind, then every letter, grouped by kind and in order of application.

    `said` is one sentence about what would be sent. The same letters give the same page.
    """
    groups = {kind: [one for one in letters if one.kind == kind] for kind in LETTER_KINDS}
    groups = {kind: sorted(some, key=lambda one: one.application_id) for kind, some in groups.items() if some}
    counts = "\n".join(
        f'<tr><td><a href="#{kind}">{_words(kind)}</a></td><td>{len(some)}</td></tr>'
        for kind, some in groups.items()
    )
    sections = "\n".join(_section(kind, some) for kind, some in groups.items())
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{html_text(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{html_text(title)}</h1>
<p>{html_text(said)} Nothing was sent by making this page. It holds names and addresses:
do not pass it on.</p>
<table>
<thead><tr><th scope="col">Kind of letter</th><th scope="col">Letters</th></tr></thead>
<tbody>
{counts}
<tr><td>all</td><td>{len(letters)}</td></tr>
</tbody>
</table>
{sections}
</body>
</html>
"""


def _section(kind: LetterKind, letters: Sequence[Shown]) -> str:
    shown = "\n".join(_letter(one) for one in letters)
    return f'<section id="{kind}">\n<h2>{_words(kind)} ({len(letters)})</h2>\n{shown}\n</section>'


def _letter(letter: Shown) -> str:
    named = " · ".join(filter(None, (letter.application_id, letter.city)))
    return f"""<details>
<summary><span>{html_text(named)}</span> <span class="note">{html_text(letter.note)}</span></summary>
<div class="mail">
<div class="head">To: {html_text(letter.to)}<br>Subject: {html_text(letter.subject)}</div>
{letter.html}</div>
</details>"""


def _words(kind: LetterKind) -> str:
    return kind.replace("_", " ").capitalize()
