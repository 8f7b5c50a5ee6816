"""The steps of a round answered from a record, so that a run is nothing but its reading and its writing.

Belongs here: noting what the steps of one run answered, and answering so again; and the rules, read once for
all runs. A step answers the same for the same inputs, which other tests hold; so thousands of disturbed runs
need not compute the same each time. Must stay out: what disturbs a run.
"""

from __future__ import annotations

import pickle
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import Mock, patch

from flows.publishing import publish
from programme.programme import read_programme
from programme.rounds import read_rounds
from tasks.letters.wording import LetterTemplates

Answers = dict[str, list[Any]]
Runner = Callable[[Callable[..., Any]], Callable[..., Any]]


class Noting:
    """A runner that calls each step and notes what it answered."""

    def __init__(self) -> None:
        self.answers: Answers = defaultdict(list)

    def __call__(self, step: Callable[..., Any], /) -> Callable[..., Any]:
        if step is publish:
            return step

        def noted(*args: Any, **kwargs: Any) -> Any:
            answer = step(*args, **kwargs)
            self.answers[step.__name__].append(answer)
            return answer

        return noted

    def save(self, path: Path) -> None:
        path.write_bytes(pickle.dumps(dict(self.answers)))


class Answering:
    """A runner that answers as was noted, in the same order; what was not noted is computed."""

    def __init__(self, path: Path) -> None:
        answers: Answers = pickle.loads(path.read_bytes())  # noqa: S301  (written by this program a moment ago)
        self._left = {name: iter(given) for name, given in answers.items()}

    def __call__(self, step: Callable[..., Any], /) -> Callable[..., Any]:
        if step is publish:
            return step

        def answered(*args: Any, **kwargs: Any) -> Any:
            for answer in self._left.get(step.__name__, iter(())):
                return answer
            return step(*args, **kwargs)

        return answered


_programme, _rounds = cache(read_programme), cache(read_rounds)
_written = cache(lambda texts: LetterTemplates(dict(texts)))


def _templates(texts: Mapping[str, str]) -> LetterTemplates:
    """The templates, tried once for all runs."""
    return _written(tuple(sorted(texts.items())))


def read_rules_once(folder: Path) -> None:
    """Read the rules, so that the children of this process have them."""
    _programme(folder)
    _rounds(folder)


@contextmanager
def nothing_computed() -> Iterator[None]:
    """Inside, rules that were read are not read again, and what only a real step needs is not loaded."""
    with (
        patch("flows.context.read_programme", _programme),
        patch("flows.context.read_rounds", _rounds),
        patch("flows.procedure.linking_resources", Mock()),
        patch("flows.mailing.compose.LetterTemplates", _templates),
    ):
        yield
