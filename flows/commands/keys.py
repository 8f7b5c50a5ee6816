"""`city2city keys`: the office's key, with which approvals are signed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from flows.commands.options import AsJson
from flows.console import print_json, print_text
from flows.context import open_context
from flows.settings import make_data_folder
from flows.signing import key_path
from warehouse.signing.keys import make_key, public_path, read_key


class Action(StrEnum):
    """What can be done with the key."""

    new = "new"
    show = "show"


def keys(
    action: Annotated[
        Action, typer.Argument(metavar="ACTION", help="new: make the key. show: say which one there is.")
    ],
    as_json: AsJson = False,
) -> None:
    """Make the office's key, with which approvals are signed.

    From then on every approval is signed. Give the public half (the file that ends in .pub) to everybody who
    wants to check that: city2city verify ROUND --key FILE. Keep the other half, and a copy of it, to
    yourself.
    """
    context = open_context()
    make_data_folder(context.settings)
    path = key_path(context)
    public = make_key(path) if action is Action.new else read_key(path).public_key
    told = {"key_id": public.keyid, "key": str(path), "public": str(public_path(path))}
    if as_json:
        print_json(told)
        return
    print_text(f"Key {public.keyid}")
    print_text(f"Private half, for the office alone: {path}")
    print_text(f"Public half, for everybody who checks: {public_path(path)}")
