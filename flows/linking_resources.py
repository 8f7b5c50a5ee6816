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
from flows.parts.linking import link_in_parts
from flows.parts.settings import part_settings
from flows.preload import gazetteer
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.linkage.index import build_index
from tasks.crosscheck.round.registers import Link
from tasks.crosscheck.step import IndexOf


@dataclass(frozen=True)
class LinkingResources:
    """The gazetteer, asked for only when it is needed, so that it can be loaded meanwhile; and how a register
    is indexed. `link` links names where others than this process do it.
    """

    gazetteer: Callable[[], Gazetteer]
    index_of: IndexOf = build_index
    link: Link | None = None


def linking_resources(context: AppContext) -> LinkingResources:
    """The gazetteer as loaded in the background, and indexes of registers that are kept between runs."""
    settings = part_settings()
    return LinkingResources(
        link=link_in_parts(context, settings) if settings.dask else None,
        gazetteer=partial(gazetteer, context),
        index_of=partial(load_index, folder=cache_folder(context)),
    )
