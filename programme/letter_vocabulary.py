"""The fixed words of letters about results and of what cities answer.

Belongs here: kinds and states of letters, and outcomes of a request. Must stay out: all other fixed words
(`vocabulary.py`) and what a letter says (`letters.toml`, and the templates in `letters`).
"""

from __future__ import annotations

from typing import Literal, get_args

ReconsiderOutcome = Literal["upheld", "changed", "taken_back"]
RECONSIDER_OUTCOMES: tuple[ReconsiderOutcome, ...] = get_args(ReconsiderOutcome)
"""How a request for reconsideration was settled: the result stands, it was changed, the city took it back."""

LetterKind = Literal[
    "selected",
    "selected_on_condition",
    "waiting_list",
    "not_selected",
    "ineligible",
    "undecided",
    "late",
    "superseded",
    "set_aside",
    "withdrawn",
]
LETTER_KINDS: tuple[LetterKind, ...] = get_args(LetterKind)
"""What a letter about an approved version tells its application; each has a template of its name."""

PLACED: tuple[LetterKind, ...] = ("selected", "selected_on_condition")
"""Letters that offer a place, so that an answer is awaited."""

LetterState = Literal[
    "waiting", "sending", "sent", "exported", "no_address", "refused", "failed", "bounced", "replaced"
]
LETTER_STATES: tuple[LetterState, ...] = get_args(LetterState)
"""Where a letter stands.

`waiting`: to be sent. `sending`: handed to the mail server, without an answer noted. `exported`: written as a
file for the office to send. `refused`: no safe message could be built. `failed`: the mail server refused it.
`bounced`: it came back. `replaced`: never sent, because a later letter says what counts.
"""

RETRIED: tuple[LetterState, ...] = ("waiting", "no_address", "refused", "failed")
"""States of letters that have reached nobody: the same letter is tried again."""

TOLD: tuple[LetterState, ...] = ("sent", "exported")
"""States of letters whose news is taken to have arrived."""
