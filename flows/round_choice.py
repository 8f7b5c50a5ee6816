"""The parameter of a flow that names a round: the UI offers the rounds there are.

Belongs here: the type. A round that is not among them is told by `context.round`, not by Prefect: the list is
that of the moment of deploying.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import WithJsonSchema

from flows.settings import read_settings
from programme.problems import ProblemsError
from programme.rounds import read_rounds


def _schema() -> dict[str, object]:
    """What the UI shows for a round; without choices where the rules cannot be read."""
    try:
        rounds = read_rounds(read_settings().programme).rounds
    except ProblemsError:
        return {"type": "string"}
    return {"type": "string", "enum": [round_.id for round_ in rounds]}


RoundChoice = Annotated[str, WithJsonSchema(_schema())]
