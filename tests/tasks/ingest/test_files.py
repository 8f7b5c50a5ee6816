"""The parts of reading a file: encoding, separator, sizes, values of JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from programme.expectations import FileLimits
from programme.problems import UnreadableError
from tasks.ingest.files import read_grid
from tasks.ingest.files.delimited import decode, detect_separator
from tasks.ingest.files.grid import check_size, number_text
from tasks.ingest.files.json_records import json_text

SEPARATORS: dict[str, tuple[str, str]] = {
    "comma": ("a,b\n1,2\n", ","),
    "semicolon, with commas inside": ("a;b\n1,5;2,5\n1,7;2,8\n", ";"),
    "tab": ("a\tb, c\td\n1\t2, 3\t4\n", "\t"),
    "bar": ("a|b|c\n1|2|3\n", "|"),
    "a comma in a quoted cell": ('a;b\n"x, y, z";2\n"u, v";3\n', ";"),
    "the more even one": ("a;b;c\n1;2;3\n4,5;6;7\n", ";"),
    "one column": ("a\n1\n", ","),
}


@pytest.mark.parametrize(("text", "separator"), SEPARATORS.values(), ids=SEPARATORS)
def test_the_separator_of_a_text(text: str, separator: str) -> None:
    assert detect_separator(text) == separator


ENCODINGS: dict[str, tuple[bytes, str]] = {
    "UTF-8": ("Łódź".encode(), "UTF-8"),
    "UTF-8 with its mark": ("Łódź".encode("utf-8-sig"), "UTF-8 with BOM"),
    "UTF-16 with its mark": ("Łódź".encode("utf-16"), "UTF-16"),
    "UTF-16 without": ("name;x".encode("utf-16-be"), "UTF-16"),
    "few stray bytes among many letters": ("ł".encode() * 10 + b"\xf6", "UTF-8 with some Windows-1252"),
    "as many stray bytes as that": ("ł".encode() * 9 + b"\xf6", "Windows-1252"),
}


@pytest.mark.parametrize(("content", "encoding"), ENCODINGS.values(), ids=ENCODINGS)
def test_the_encoding_of_a_content(content: bytes, encoding: str) -> None:
    assert decode(content)[1] == encoding


NUMBERS = {1.0: "1", -3.0: "-3", 250.125: "250.1250", 60.5: "60.5", 1e300: "1e+300", 0.001: "0.0010"}


@pytest.mark.parametrize(("value", "text"), NUMBERS.items())
def test_a_stored_number_cannot_be_taken_for_thousands(value: float, text: str) -> None:
    assert number_text(value) == text
    assert float(text) == value


def test_the_size_of_a_table_is_bounded() -> None:
    limits = FileLimits(cells=60, columns=12)
    check_size(5, 12, limits)
    for height, width, key in ((1, 13, "columns"), (61, 1, "cells")):
        with pytest.raises(UnreadableError, match=f"{height} rows of up to {width} cells") as caught:
            check_size(height, width, limits)
        assert f"raise `{key}` under [files] in programme/expectations.toml" in caught.value.remedy


SPANNING: dict[str, bytes] = {
    "gcom.csv": b"a,b,c\n" + b"1,2,3\n" * 9,
    "uneven.csv": b"a,b,c\n" + b'1,"2 ""x"" ",3\n' * 9,
    "gcom.json": json.dumps([{"a": 1, "b": 2, "c": 3}] * 9).encode(),
    "gcom.parquet": b"PAR1",
}


@pytest.mark.parametrize("name", SPANNING)
def test_whatever_the_format_a_limit_names_its_file_and_key(name: str) -> None:
    def refuses(_kind: str, _content: bytes, *, max_cells: int) -> list[Any]:
        found = f"a Parquet file that cannot be read (a table that spans more than {max_cells})"
        raise UnreadableError(found, "a whole file", "Export it again.")

    with pytest.raises(UnreadableError) as caught:
        read_grid.read_grid(SPANNING[name], name, open_binary=refuses, limits=FileLimits(cells=12))
    assert "12 cells" in caught.value.expected
    assert "raise `cells` under [files] in programme/expectations.toml" in caught.value.remedy


def test_a_file_too_large_is_not_opened() -> None:
    with pytest.raises(UnreadableError, match="a file of 2 MB") as caught:
        read_grid.detect_format(b"x" * (2 * 2**20 + 1), "gcom.csv", FileLimits(megabytes=1))
    assert caught.value.expected == "at most 1 MB"
    assert "raise `megabytes` under [files] in programme/expectations.toml" in caught.value.remedy


JSON_VALUES: dict[str, tuple[object, str | None]] = {
    "nothing": (None, None),
    "no number": (float("nan"), None),
    "yes": (True, "true"),
    "words": (["a", "b"], "a; b"),
    "records": ([{"n": "A", "p": 7}, {"n": "B", "p": None}], "A | 7\nB | "),
    "a record": ({"n": "A", "p": 2.5}, "A | 2.5"),
}


@pytest.mark.parametrize(("value", "text"), JSON_VALUES.values(), ids=JSON_VALUES)
def test_a_json_value_as_the_text_of_a_cell(value: object, text: str | None) -> None:
    assert json_text(value) == text
