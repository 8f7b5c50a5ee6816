"""`city2city link`: one name, or a whole list, looked up in a register, with the evidence for the answer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from flows.commands.link_list import index_of, link_list, link_shared, write_blocks
from flows.commands.link_register import read_register
from flows.commands.link_serve import serve as answer_requests
from flows.commands.options import AsJson, ShowAll
from flows.console import print_error, print_json, print_table, print_text
from flows.context import AppContext, open_context
from programme.counts import counted
from programme.problems import ProblemsError, problem
from programme.vocabulary import REGISTERS
from tasks.crosscheck.linkage.linker import QUERY_SCHEMA, link_names
from tasks.crosscheck.round.registers import register_rows
from tasks.ingest.cells.countries import to_iso3
from tasks.ingest.personal.masking import without_addresses_in
from tasks.ingest.step import SourceFile, read_table
from warehouse.inputs.find import find_inputs
from warehouse.sandbox import open_in_sandbox

RegisterFile = Annotated[
    Path | None,
    typer.Option(
        help="The register to look in (id, name, country, ...).",
        show_default="those of the newest round with inputs",
    ),
]
Jobs = Annotated[
    int, typer.Option(min=1, max=64, help="Share a list over so many processes; the answers are the same.")
]
Serve = Annotated[
    bool, typer.Option("--serve", help="Answer OpenRefine on this machine (with --register), until Ctrl-C.")
]


def link(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A city's name, in any spelling.")
    ] = None,
    country: Annotated[
        str | None, typer.Argument(metavar="COUNTRY", help="Its country: name, ISO 2 or ISO 3.")
    ] = None,
    register: RegisterFile = None,
    file: Annotated[
        Path | None,
        typer.Option(help="A list of names instead of one: name, country, optional population and region."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where the list goes with its answers, as CSV.")] = None,
    population: Annotated[int | None, typer.Option(help="The city's inhabitants, where known.")] = None,
    jobs: Jobs = 1,
    serve: Serve = False,
    show_all: ShowAll = False,
    as_json: AsJson = False,
) -> None:
    """Look a name up in the registers and explain the answer.

    The answer has evidence and candidates. With --file, --register and --out a whole list is linked.
    """
    if serve:
        if name is not None or file is not None or register is None:
            raise _wrong_options("--serve without a register, or with names")
        _serve(open_context(), register)
    elif file is not None:
        if name is not None or register is None or out is None:
            raise _wrong_options("a list without a register or a place for the answers")
        _link_list(open_context(), file, register, out, jobs=jobs, as_json=as_json)
    elif name is None or country is None or out is not None:
        raise _wrong_options("no name with a country")
    else:
        query = {"query_id": "1", "name": name, "country_iso3": to_iso3(country), "population": population}
        _link_one(open_context(), query, register, show_all=show_all, as_json=as_json)


def _wrong_options(found: str) -> ProblemsError:
    return problem(
        found=found,
        expected="NAME and COUNTRY, or --file, --register and --out, or --serve and --register",
        where="link",
        remedy="For one name: city2city link NAME COUNTRY; "
        "for a list: city2city link --file QUERIES.csv --register FILE --out LINKS.csv.",
    )


def _serve(context: AppContext, register: Path) -> None:
    index = index_of(context, _read_register(context, register))
    answer_requests(index, context.programme.linking, register.name)


def _link_list(
    context: AppContext, file: Path, register: Path, out: Path, *, jobs: int, as_json: bool
) -> None:
    # made here also where other processes link, so that they find it in the cache
    index = index_of(context, _read_register(context, register))
    if jobs == 1:
        answered = link_list(file, index, context.programme.linking)
    else:
        answered = link_shared(file, register, jobs)
    outcomes = write_blocks(answered, out)
    counts = [{"outcome": outcome, "count": rows} for outcome, rows in outcomes.items()]
    rows = sum(outcomes.values())
    if as_json:
        print_json({"rows": rows, "outcomes": counts, "out": str(out)})
        return
    print_table(counts, title=f"{counted(rows, 'name')} looked up")
    print_text(f"The answers are in {out}.")


def _link_one(
    context: AppContext, query: dict[str, Any], register: Path | None, *, show_all: bool, as_json: bool
) -> None:
    asked = pl.DataFrame([query], schema={key: QUERY_SCHEMA[key] for key in query})
    registers = (
        _registers_of_newest_round(context)
        if register is None
        else {register.name: _read_register(context, register)}
    )
    answers = {
        title: link_names(asked, index_of(context, rows), context.programme.linking).row(0, named=True)
        for title, rows in registers.items()
    }
    if as_json:
        print_json([{"register": title, **answer} for title, answer in answers.items()])
        return
    for title, answer in answers.items():
        outcome = answer["outcome"] + (f" to {answer['register_id']}" if answer["register_id"] else "")
        print_text(f"{title}: {outcome}, confidence {answer['confidence']:.2f}")
        print_text(f"  {answer['evidence']}")
        if answer["candidates"]:
            rows = [{**row, "points": round(row["points"], 1)} for row in answer["candidates"]]
            print_table(rows, title="Candidates, best first", show_all=show_all)


def _read_register(context: AppContext, file: Path) -> pl.DataFrame:
    """A register, and a line on the error stream about how it was read."""
    read = read_register(context, file)
    if read.note:
        print_error(read.note)
    return read.rows


def _registers_of_newest_round(context: AppContext) -> dict[str, pl.DataFrame]:
    """Both registers of the newest round that has inputs, by their titles."""
    storage, folder = context.inputs(None)
    for round_ in reversed(context.rounds.rounds):
        if storage.entries(f"{folder}/{round_.id}")[1]:
            files = {
                item.table: item
                for item in find_inputs(
                    storage, round_.id, folder, limits=context.programme.expectations.files
                )
            }
            sources = {name: SourceFile(name, files[name].name, files[name].data) for name in REGISTERS}
            return {
                f"{name} of round {round_.id}": register_rows(
                    without_addresses_in(
                        read_table(source, context.programme, round_, open_binary=open_in_sandbox)
                    ).frame,
                    name,
                )
                for name, source in sources.items()
            }
    raise problem(
        found="no round with inputs",
        expected="a register to look in",
        where="link",
        remedy="Name a register with --register FILE, or put a round's inputs in place.",
    )
