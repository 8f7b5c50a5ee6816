"""What the linking looks names up in.

Belongs here: where the linking gets its gazetteer and its indexes from, with the caches between runs. Must
stay out: how a name is looked up (`tasks/crosscheck`) and loading ahead of use (`preload.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flows.caches import load_index
from flows.context import AppContext, cache_folder
from flows.preload import gazetteer
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.linkage.index import build_index
from tasks.crosscheck.step import IndexOf


@dataclass(frozen=True)
class LinkingResources:
    """The gazetteer, asked for only when it is needed, so that it can be loaded meanwhile; and how a register
    is indexed.
    """

    gazetteer: Callable[[], Gazetteer]
    index_of: IndexOf = build_index


def linking_resources(context: AppContext) -> LinkingResources:
    """The gazetteer as loaded in the background, and indexes of registers that are kept between runs."""
    return LinkingResources(
        gazetteer=partial(gazetteer, context),
        index_of=partial(load_index, folder=cache_folder(context)),
    )
