"""Texts that hurt, for everything that ends in a message or another format with an escape of its own."""

from __future__ import annotations

import base64

from hypothesis import strategies as st

FORGED = "\r\nBcc: x@example.org\r\n\r\nforged"
TWICE = "=?utf-8?b?" + base64.b64encode(b"=?utf-8?q?=0D=0ABcc:_x@example.org?=").decode() + "?="
NASTY = (
    "=?utf-8?q?=0D=0ABcc:_x@example.org=0D=0A=0D=0Aforged?=",
    "=?utf-8?b?" + base64.b64encode(FORGED.encode()).decode() + "?=",
    "=?UTF-7?Q?+AA0-+AAo-Bcc:_x@example.org?=",
    "=?utf-16?b?" + base64.b64encode(FORGED.encode("utf-16")).decode() + "?=",
    "=?iso-2022-jp?b?GyRC?=",
    "=?idna?q?xn--?=",
    "=?unicode_escape?q?=5Cn?=",
    "=?utf-8?q?a?= =?utf-8?q?b?=",
    "=?utf-8?q?unfinished",
    "=?utf-8?b?!!!?=",
    "=?=?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?=?=",
    TWICE,
    FORGED,
    "\r",
    "\n",
    "\n\n",
    "\n.\n",
    "\u2028Bcc: x",
    "\u2029",
    "\x85Bcc: x",
    "\x0b\x0c\x1c\x1d\x1e",
    "\x00\x1b[31m\x9b2J\x07",
    "\u202egro.elpmaxe\u202c",
    "\u2066\u2069\u200f\u200e\ufeff",
    "\ud800",
    "\udfff\ud83d",
    "\ufffe\uffff",
    "\U000e0041",
    "می\u200cخواهم",
    '"quoted" <other@example.org>',
    "a, b; c: d@example.org;",
    "(comment",
    "back\\slash\\",
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "![x](https://example.org/x.png)",
    "https://example.org/?a=b&c=d",
    "| a | b |",
    "*a* _b_ ~~c~~ `d`",
    "# 1. - + > =",
    "{{ city }}{% raw %}",
    "{city} %s %(x)s",
    "=cmd|' /C calc'!A0",
    "+1-1",
    "@SUM(1)",
    "\t=1",
    "＝1",
    "_x0041_",
    "--=_city2city--\r\n\r\nforged",
    "x" * 1100,
    "ü" * 400,
    "漢字 " * 200,
    "e\u0301\u0323" * 50,
    "=?x?q?" * 40,
)


def nasty_cells() -> st.SearchStrategy[str]:
    """Such texts as far as a cell of a frame can hold them: without halves of surrogates."""
    return nasty_texts().map(lambda text: text.encode(errors="replace").decode())


def nasty_texts() -> st.SearchStrategy[str]:
    """Texts of nasty pieces and of any characters, halves of surrogates among them."""
    pieces = st.one_of(
        st.sampled_from(NASTY),
        st.text(st.characters(exclude_categories=()), max_size=30),
        st.text('=?utf-8qb_ \r\n:@<>",;()\\ABé\u202e', max_size=60),
    )
    return st.lists(pieces, max_size=4).map("".join)
