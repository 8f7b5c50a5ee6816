"""From a stale approval nothing is sent; answers that follow an announcement make none stale."""

from __future__ import annotations

from tests.flows.post_office import BY, ROUND, PostOffice


def test_nothing_is_sent_from_a_stale_approval(post_office: PostOffice) -> None:
    post_office.approve()
    post_office.ask("decide", ROUND, "accept_place", "A", *BY)
    out = post_office.folder / "out"
    post_office.letters("--eml", str(out))
    sent = sorted(out.iterdir())
    assert sent
    name = post_office.ask("decide", ROUND, "rule", "W", "mandate", "not_met", *BY)[0].split()[2].rstrip(".")
    _, told = post_office.letters("--eml", str(out), status=2)
    assert f"a stale approval of version 1. 1 decision made since: {name}." in told
    assert f"city2city run {ROUND}" in told
    assert sorted(out.iterdir()) == sent
    post_office.letters()
