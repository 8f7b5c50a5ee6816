"""`city2city link`: one name, or a whole list, looked up in a register, with the evidence for the answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.console import complain, print_json, print_table, say

if TYPE_CHECKING:
    import polars as pl

    from flows.context import AppContext


def link(
    name: Annotated[str | None, typer.Argument(help="A city's name, in any spelling.")] = None,
    country: Annotated[str | None, typer.Argument(help="Its country: name, ISO 2 or ISO 3.")] = None,
    register: Annotated[
        Path | None,
        typer.Option(
            help="The register to look in (id, name, country, ...); without it, those of the newest round with inputs."
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(help="A list of names instead of one: name, country, optional population and region."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where the list goes with its answers, as CSV.")] = None,
    population: Annotated[int | None, typer.Option(help="The city's inhabitants, where known.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Explain how a name would be linked: evidence, candidates, decision; or link a whole list (--file with
    --register and --out).
    """
    from flows.context import open_context  # noqa: PLC0415  (everything below loads polars)

    _check(name, country, register, file, out)
    context = open_context()
    if file and register and out:
        _link_list(context, file, register, out, as_json=as_json)
    else:
        _explain(context, str(name), str(country), population, register, as_json=as_json)


def _check(
    name: str | None, country: str | None, register: Path | None, file: Path | None, out: Path | None
) -> None:
    from programme.problems import problem  # noqa: PLC0415

    example = "For one name: city2city link NAME COUNTRY; for a list: city2city link --file QUERIES.csv --register FILE --out LINKS.csv."
    if file is None and (name is None or country is None or out is not None):
        raise problem(
            found="no name with a country",
            expected="NAME and COUNTRY, or --file, --register and --out",
            where="link",
            remedy=example,
        )
    if file is not None and (name is not None or register is None or out is None):
        raise problem(
            found="a list without a register or a place for the answers",
            expected="--file, --register and --out",
            where="link",
            remedy=example,
        )


def _link_list(context: AppContext, file: Path, register: Path, out: Path, *, as_json: bool) -> None:
    import polars as pl  # noqa: PLC0415

    from programme.problems import problem  # noqa: PLC0415
    from tasks.crosscheck.linkage.linker import link as link_names  # noqa: PLC0415
    from tasks.crosscheck.linkage.lists import as_queries  # noqa: PLC0415

    table = _table(file)
    found = link_names(as_queries(table, str(file)), _index(context, register), context.programme.linking)
    # a spreadsheet would take a text that begins so for a formula
    harmless = pl.col("evidence").str.replace(r"^([=+\-@\t])", "'$1")
    answers = found.select("outcome", "register_id", "confidence", evidence=harmless)
    kept = table.select(pl.exclude(answers.columns))
    try:
        pl.concat([kept, answers], how="horizontal").write_csv(out)
    except OSError as error:
        found_ = error.strerror or str(error)
        raise problem(
            found=found_, expected="a file that can be written", where=str(out), remedy="Correct the path."
        ) from error
    counts = found["outcome"].value_counts().sort("outcome").to_dicts()
    if as_json:
        print_json({"rows": table.height, "outcomes": counts, "out": str(out)})
        return
    print_table(counts, title=f"{table.height} names looked up")
    say(f"The answers are in {out}.")


def _explain(
    context: AppContext,
    name: str,
    country: str,
    population: int | None,
    register: Path | None,
    *,
    as_json: bool,
) -> None:
    import polars as pl  # noqa: PLC0415

    from tasks.crosscheck.linkage.linker import QUERY_SCHEMA  # noqa: PLC0415
    from tasks.crosscheck.linkage.linker import link as link_names  # noqa: PLC0415
    from tasks.ingest.cells.countries import to_iso3  # noqa: PLC0415

    query = {"query_id": "1", "name": name, "country_iso3": to_iso3(country), "population": population}
    asked = pl.DataFrame([query], schema={key: QUERY_SCHEMA[key] for key in query})
    answers = {
        title: link_names(asked, _index_of(context, rows), context.programme.linking).row(0, named=True)
        for title, rows in _registers(context, register).items()
    }
    if as_json:
        print_json([{"register": title, **answer} for title, answer in answers.items()])
        return
    for title, answer in answers.items():
        _tell(title, answer)


def _tell(title: str, answer: dict[str, Any]) -> None:
    outcome = answer["outcome"] + (f" to {answer['register_id']}" if answer["register_id"] else "")
    say(f"{title}: {outcome}, confidence {answer['confidence']:.2f}")
    say(f"  {answer['evidence']}")
    if answer["candidates"]:
        rows = [{**row, "points": round(row["points"], 1)} for row in answer["candidates"]]
        print_table(rows, title="Candidates, best first")


def _index(context: AppContext, register: Path) -> Any:
    return _index_of(context, _register(register))


def _register(file: Path) -> pl.DataFrame:
    """A register, and a line on the error stream about rows of it that cannot be used."""
    from tasks.crosscheck.linkage.lists import as_register, left_out  # noqa: PLC0415

    table = _table(file)
    register = as_register(table, str(file))
    if note := left_out(table, str(file)):
        complain(f"Not every row of the register can be used; {note}.")
    return register


def _index_of(context: AppContext, register: pl.DataFrame) -> Any:
    from flows.context import cache_folder  # noqa: PLC0415
    from tasks.crosscheck import gazetteer_cache, index_cache  # noqa: PLC0415

    folder = cache_folder(context)
    return index_cache.load(register, gazetteer_cache.load(folder), context.programme.linking, folder)


def _registers(context: AppContext, register: Path | None) -> dict[str, pl.DataFrame]:
    """The register named, or both of the newest round that has inputs."""
    if register is not None:
        return {register.name: _register(register)}
    return _registers_of_newest_round(context)


def _registers_of_newest_round(context: AppContext) -> dict[str, pl.DataFrame]:
    from programme.problems import problem  # noqa: PLC0415
    from tasks.crosscheck.step import as_register  # noqa: PLC0415
    from tasks.ingest.step import SourceFile, read_table  # noqa: PLC0415
    from warehouse.inputs import find_inputs  # noqa: PLC0415
    from warehouse.sandbox import open_in_sandbox  # noqa: PLC0415

    storage, folder = context.inputs(None)
    for round_ in reversed(context.rounds.rounds):
        if storage.entries(f"{folder}/{round_.id}")[1]:
            files = {item.table: item for item in find_inputs(storage, round_.id, folder)}
            read = {
                name: read_table(
                    SourceFile(name, files[name].name, files[name].data),
                    context.programme,
                    round_,
                    open_binary=open_in_sandbox,
                )
                for name in ("cohort", "gcom")
            }
            return {
                f"{name} of round {round_.id}": as_register(item.frame, name) for name, item in read.items()
            }
    remedy = "Name a register with --register FILE, or put a round's inputs in place."
    raise problem(found="no round with inputs", expected="a register to look in", where="link", remedy=remedy)


def _table(file: Path) -> pl.DataFrame:
    """A file's rows as text under its headings."""
    from programme.problems import UnreadableError, problem  # noqa: PLC0415
    from tasks.ingest.files.read_grid import read_grid  # noqa: PLC0415
    from warehouse.sandbox import open_in_sandbox  # noqa: PLC0415

    try:
        grid = read_grid(file.read_bytes(), file.name, lambda _sheets: 0, open_binary=open_in_sandbox)
    except OSError as error:
        remedy = "Correct the path, or the file's permissions."
        raise problem(
            found=error.strerror or str(error),
            expected="a file that can be read",
            where=str(file),
            remedy=remedy,
        ) from error
    except UnreadableError as error:
        raise problem(
            found=error.found, expected=error.expected, where=str(file), remedy=error.remedy
        ) from error
    headings: dict[str, None] = {}
    for position, cell in enumerate(grid.cells.row(0)):
        text = (cell or "").strip() or f"column {position + 1}"
        headings[text if text not in headings else f"{text} ({position + 1})"] = None
    return grid.cells[1:].rename(dict(zip(grid.cells.columns, headings, strict=True)))
