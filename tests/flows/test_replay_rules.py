"""Under which rules a version is made again: its own, those of today, and what is told of both."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from flows.context import open_context
from flows.kept_problem import _path as kept_at
from flows.parts.replays import replay_in_parts
from flows.parts.settings import PartSettings
from flows.pinning import its_rules_or_todays, under_its_rules, with_rules_of
from flows.published_versions import read_version
from flows.replay import ReplayReport, changes_between, replay
from flows.what_if import latest_problem
from programme.problems import ProblemsError
from tasks.matchmaking.problem_json import problem_to_json
from tests.flows.office import Office
from tests.flows.test_decide import ask, ask_json
from warehouse.kept_rules import FOLDER, keep_rules, read_rules_files
from warehouse.snapshots import read_package

ROUND = "2025-07"
NAMED = ("eligibility.toml, population_minimum",)


def rewrite(folder: Path, old: str, new: str) -> None:
    """Change the rules of today in `eligibility.toml`."""
    path = folder / "eligibility.toml"
    text = path.read_text("utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def moved(processed: Office, rules: Path) -> Path:
    """The folder of today's rules, which are others than those of the round's version."""
    assert processed.inputs.exists()
    rewrite(rules, "population_minimum = 50000", "population_minimum = 250000")
    return rules


def kept_path(office: Office) -> Path:
    """The file of the rules that the version was made by."""
    fingerprint = read_package(office.context.storage, ROUND, 1)["rules"]
    return office.context.settings.data_folder / FOLDER / f"{fingerprint}.json"


@pytest.mark.long
@pytest.mark.usefixtures("moved")
def test_a_version_is_made_again_by_its_own_rules_or_by_those_of_today(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out, _ = ask(capsys, "replay", ROUND, "1")
    assert f"Round {ROUND}, version 1: identical, under its own rules." in out
    assert f"today's rules are others: {NAMED[0]}." in out
    told = ask_json(capsys, "replay", ROUND, "1")
    assert (told["identical"], told["todays_rules"], told["rules_changed"]) == (True, False, list(NAMED))
    _, err = ask(capsys, "replay", ROUND, "1", "--todays-rules", status=1)
    text = " ".join(err.split())
    assert "differs in applications" in text or "eligibility" in text
    assert "under the rules of today; changed since: the rules." in text


@pytest.mark.long
@pytest.mark.usefixtures("moved")
def test_parts_make_versions_again_by_the_same_rules() -> None:
    context = open_context()
    own = replay_in_parts(context, PartSettings(), ROUND, [1])
    todays = replay_in_parts(context, PartSettings(), ROUND, [1], todays_rules=True)
    assert own == {1: replay(context, ROUND, 1)}
    assert todays == {1: replay(context, ROUND, 1, todays_rules=True)}
    (one,), (other,) = own.values(), todays.values()
    assert isinstance(one, ReplayReport)
    assert isinstance(other, ReplayReport)
    assert (one.differing, one.rules_differ, one.todays_rules) == ((), False, False)
    assert (bool(other.differing), other.rules_differ, other.todays_rules) == (True, True, True)
    assert other.rules_changed == NAMED


@pytest.mark.long
def test_parts_use_todays_rules_of_who_asks_and_not_of_the_machine(
    processed: Office, moved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = open_context()
    assert context.settings.programme == moved
    monkeypatch.delenv("CITY2CITY_PROGRAMME")
    (answer,) = replay_in_parts(context, PartSettings(), ROUND, [1], todays_rules=True).values()
    assert isinstance(answer, ReplayReport)
    assert answer.differing
    assert processed.context.programme.fingerprint != context.programme.fingerprint


@pytest.mark.long
def test_rules_that_were_never_kept_are_told_and_those_of_today_taken(
    processed: Office, moved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert moved
    kept_path(processed).unlink()
    out, err = ask(capsys, "replay", ROUND, "1", status=1)
    assert "its rules were not kept. The rules of today were used." in " ".join(out.split())
    assert "changed since: the rules" in " ".join(err.split())
    told = replay(open_context(), ROUND, 1)
    assert (told.rules_kept, told.todays_rules, told.rules_changed) == (False, True, ())


@pytest.mark.long
def test_todays_rules_that_are_at_fault_stop_no_replay_under_the_own_rules(
    processed: Office, moved: Path
) -> None:
    assert processed.inputs.exists()
    rewrite(moved, "population_minimum = 250000", 'population_minimum = "many"')
    report = replay(open_context(), ROUND, 1)
    assert (report.differing, report.todays_rules) == ((), False)
    with pytest.raises(ProblemsError, match="population_minimum"):
        replay(open_context(), ROUND, 1, todays_rules=True)


UNREADABLE = {
    "a key that is no more": ("gcom_months_to_sign", "months_for_gcom", "months_for_gcom"),
    "another kind of value": ("population_minimum = 50000", "population_minimum = []", "population_minimum"),
    "no TOML": ("population_minimum = 50000", "population_minimum =", "eligibility.toml"),
}


@pytest.mark.parametrize(("old", "new", "named"), UNREADABLE.values(), ids=UNREADABLE)
def test_kept_rules_that_this_program_cannot_read_are_named_by_file_and_key(
    processed: Office, moved: Path, old: str, new: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert moved
    fingerprint = read_package(processed.context.storage, ROUND, 1)["rules"]
    files = read_rules_files(processed.context.storage, fingerprint)
    assert files
    kept_path(processed).unlink()
    changed = files["eligibility.toml"].replace(old, new)
    keep_rules(processed.context.storage, fingerprint, {**files, "eligibility.toml": changed})
    out, err = ask(capsys, "replay", ROUND, "1", status=2)
    text = " ".join(err.split())
    assert out == ""
    assert "programme/eligibility.toml" in text
    assert named in text
    assert fingerprint in text.replace(" ", "")
    assert "Do not edit them." in text
    assert "--todays-rules" in text
    for needs in (under_its_rules, with_rules_of):
        with pytest.raises(ProblemsError, match="Do not edit them"):
            needs(open_context(), fingerprint)
    assert its_rules_or_todays(context := open_context(), fingerprint) is context


@pytest.mark.parametrize("damage", [b"", b"{}", b'{"files": {}, "sha256": ""}'], ids=["empty", "{}", "other"])
def test_damaged_kept_rules_are_told_and_not_passed_over(
    processed: Office, moved: Path, damage: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    assert moved
    path = kept_path(processed)
    path.chmod(0o600)
    path.write_bytes(damage)
    out, err = ask(capsys, "replay", ROUND, "1", "--all", status=2)
    assert out == ""
    assert "one that was changed" in " ".join(err.split())
    assert "Restore it from a backup" in " ".join(err.split())


@pytest.mark.long
def test_what_cannot_be_made_again_does_not_hide_the_others(
    processed: Office, moved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Office(open_context(), processed.inputs)
    assert other.run(ROUND, "a larger city is asked for", "no_twinnings", "fewer_twinnings").version == 2
    kept_path(processed).unlink()
    kept_path(processed).write_bytes(b"{}")
    out, err = ask(capsys, "replay", ROUND, "--all", status=2)
    assert f"Round {ROUND}, version 2: identical." in out
    assert "version 1: identical" not in out
    assert "one that was changed" in " ".join(err.split())


@pytest.mark.long
def test_a_later_version_is_compared_by_the_rules_it_was_made_by(processed: Office, moved: Path) -> None:
    """Versions that do not follow each other are compared the same, whatever the rules of today are."""
    first = processed.tables(ROUND, 1)["applications"].filter(state="accepted")["application_id"]
    for name in first[:2]:
        processed.decide(ROUND, "withdraw", name)
        processed.run(ROUND, "withdrawn")
    told = [
        changes_between(context, ROUND, *(read_version(context, ROUND, number) for number in (1, 3)))
        for context in (processed.context, open_context())
    ]
    assert open_context().settings.programme == moved
    assert told[0].equals(told[1])
    assert told[0].height > 0
    kept_path(processed).unlink()
    without = changes_between(
        open_context(), ROUND, *(read_version(open_context(), ROUND, number) for number in (1, 3))
    )
    facts = ["subject", "what", "before", "after"]
    assert without.select(facts).equals(told[0].select(facts)), "what changed is known without the rules"


@pytest.mark.usefixtures("moved")
def test_a_what_if_asks_of_the_candidates_that_the_version_had(processed: Office) -> None:
    """Also where the problem was not kept, and today's rules would let fewer cities take part."""
    assert processed.inputs.exists()
    _, kept = latest_problem(open_context(), ROUND)
    assert kept.candidates.filter(pl.col("population") < 250_000).height > 0
    kept_at(open_context(), ROUND, 1).unlink()
    _, made = latest_problem(open_context(), ROUND)
    assert problem_to_json(made) == problem_to_json(kept)


@pytest.mark.long
def test_a_round_that_stops_under_todays_rules_is_told_as_that(
    processed: Office, rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert processed.inputs.exists()
    path = rules / "expectations.toml"
    text, found = re.subn(
        r"(\[submissions\][^\[]*?minimum = )\d+(.*?severity = )\"\w+\"",
        r'\g<1>4000\g<2>"stop"',
        path.read_text("utf-8"),
        count=1,
        flags=re.DOTALL,
    )
    assert found == 1
    path.write_text(text, "utf-8")
    out, err = ask(capsys, "replay", ROUND, "1", "--todays-rules", status=2)
    told = " ".join(err.split())
    assert out == ""
    assert "the round stops under the rules of today" in told
    assert "nothing was published" not in told
    assert "identical" in ask(capsys, "replay", ROUND, "1")[0]
