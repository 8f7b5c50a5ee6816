"""`city2city verify`: whether published versions hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from flows.commands.options import AsJson, RoundId, ShowAll
from flows.console import SCREENFUL, cut_note, print_error, print_json, print_text
from flows.context import AppContext, open_context
from flows.signing import signature_problems
from programme.problems import problem
from warehouse.snapshots import list_versions, read_package
from warehouse.snapshots.older import lacked_by, released_by
from warehouse.snapshots.verify import verify_version


def verify(
    round_id: RoundId,
    version: Annotated[
        int | None,
        typer.Argument(metavar="VERSION", help="Only this version.", show_default="all of them"),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            metavar="PUBLIC",
            help="The office's public key: check also what was signed with it.",
            show_default="signatures are not checked",
        ),
    ] = None,
    show_all: ShowAll = False,
    as_json: AsJson = False,
) -> None:
    """Check versions from their files alone.

    Checked are the hashes, the schema and the rules; with --key also the signed approval of VERSION, or of
    every version that has one and of the approved one. The exit status is 1 where anything is wrong.
    """
    context = open_context()
    context.round(round_id)
    report = [
        _checked(context, round_id, item, key, named=version is not None)
        for item in _asked_for(context, round_id, version)
    ]
    if as_json:
        print_json(report)
    else:
        for item in report:
            _print_problems(round_id, item, show_all=show_all)
    if any(item["problems"] for item in report):
        raise typer.Exit(1)


def _asked_for(context: AppContext, round_id: str, version: int | None) -> list[int]:
    """The versions to check; raises `ProblemsError` where there is none, or not that one."""
    published = list_versions(context.storage, round_id)
    if not published or (version is not None and version not in published):
        raise problem(
            found=f"versions {', '.join(map(str, published))}" if published else "no version",
            expected="a published version" if version is None else f"version {version}",
            where=f"round {round_id} in {context.storage.address}",
            remedy="Name one of those." if published else f"Run it first: city2city run {round_id}",
        )
    return published if version is None else [version]


def _checked(
    context: AppContext, round_id: str, version: int, key: Path | None, *, named: bool
) -> dict[str, Any]:
    """What is wrong with a version.

    `signed` says whether its signed approval holds (None: not looked at); `absent` is what an older
    program did not make, so that nothing can be checked of it.
    """
    signed = None if key is None else signature_problems(context, round_id, version, key, named=named)
    problems = verify_version(context.storage, round_id, version)
    package = None if problems else read_package(context.storage, round_id, version)
    release = released_by(package) if package else None
    absent = lacked_by(package) if package and release is None else ()
    return {
        "version": version,
        "problems": [*problems, *(signed or [])],
        "absent": list(absent),
        "release": release,
        "signed": None if signed is None else not signed,
    }


def _print_problems(round_id: str, report: dict[str, Any], *, show_all: bool) -> None:
    version, problems = f"Round {round_id}, version {report['version']}", report["problems"]
    if report["release"]:
        print_text(
            f"{version}: program {report['release']} made it, in a form of its own. Its bytes, its seals and "
            "its content hold. Schema and rules of today are not checked."
        )
    elif not problems:
        print_text(f"{version}: hashes, schema and rules hold.")
    if report["absent"]:
        print_text(
            f"{version}: an older program made it, without {', '.join(report['absent'])}. "
            "Of these nothing is checked."
        )
    if report["signed"]:
        print_text(f"{version}: its signed approval holds.")
    shown = problems if show_all else problems[:SCREENFUL]
    for text in shown:
        print_error(f"{version}: {text}")
    if len(shown) < len(problems):
        print_error(cut_note(len(shown), len(problems)))
