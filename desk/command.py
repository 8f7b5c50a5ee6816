"""`city2city desk`: the office's desk in the browser."""

from __future__ import annotations

import getpass
import logging
from typing import Annotated

import typer
from fastapi import FastAPI

from desk.access.guard import Guard
from desk.access.people import clean_name, invited
from desk.app import make_app
from desk.work.runs import Runs
from flows.console import print_text
from flows.context import open_context
from flows.settings import make_data_folder, read_desk_settings
from programme.problems import problem

LOOPBACK = ("127.0.0.1", "::1", "localhost")
For = Annotated[
    list[str] | None,
    typer.Option(
        "--for", metavar="NAME", help="Print a link for this person; repeatable.", show_default="you"
    ),
]


def desk(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port of the desk.")] = 8600,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="The address that it listens at.")
    ] = "127.0.0.1",
    people: For = None,
    inputs: Annotated[
        str | None,
        typer.Option(
            "--inputs",
            metavar="DIR",
            help="Folder that holds the rounds' folders, for runs that are started at the desk.",
            show_default="inputs of the data folder",
        ),
    ] = None,
    blind: Annotated[
        bool, typer.Option("--blind", help="Hide the linker's points of a link until it is answered.")
    ] = False,
) -> None:
    """Open the office's desk in the browser.

    It prints a link that signs in once, for each person. Decisions carry the name of who signed in. It
    listens on this machine alone unless --host says otherwise.
    """
    context, settings = open_context(), read_desk_settings()
    make_data_folder(context.settings)
    if host not in LOOPBACK and not settings.user_header:
        raise _open_to_others(host)
    app = make_app(context, settings, blind=blind)
    app.state.runs = Runs(context.settings, inputs)
    at = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    if settings.user_header:
        print_text(f"The desk is at {at}/; {settings.user_header} says who asks.")
    else:
        _print_links(app.state.guard, people or [getpass.getuser()], at)
    _serve(app, host, port)


def _print_links(guard: Guard, people: list[str], at: str) -> None:
    for name in people:
        person = invited(clean_name(name) or "somebody", guard.rules)
        print_text(f"{person.name} (may {person.role}): {at}/sign-in?ticket={guard.sessions.invite(person)}")
    print_text("Each link signs in once. Ctrl-C ends the desk.")


def _serve(app: FastAPI, host: str, port: int) -> None:
    """Answer until Ctrl-C: without a log of addresses, and nobody says from where a request came."""
    import uvicorn  # noqa: PLC0415  (only the desk needs a server)

    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    quiet = uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        log_level="warning",
    )
    uvicorn.Server(quiet).run()


def _open_to_others(host: str) -> Exception:
    return problem(
        found=f"the address {host}, which other machines can reach",
        expected="an address of this machine, or the office's sign-on in front of the desk",
        where="--host",
        remedy="Leave --host out. Or let a proxy with the office's sign-on stand before the desk: name its "
        "header in CITY2CITY_DESK_USER_HEADER and its address in CITY2CITY_DESK_PROXIES.",
    )
