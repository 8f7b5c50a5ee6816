"""Every time that a person names may have an offset or none, and goes on in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from flows.cli import main
from flows.commands.options import read_moment
from flows.moments import in_utc
from flows.round_inputs import gather
from programme.problems import ProblemsError
from tests.flows.office import Office

BRUSSELS = ZoneInfo("Europe/Brussels")
CASES = [
    pytest.param("2026-01-09", "2026-01-08T23:00:00+00:00", id="a day"),
    pytest.param("2026-01-09T05:00", "2026-01-09T04:00:00+00:00", id="no offset"),
    pytest.param("2026-07-09 05:00:00", "2026-07-09T03:00:00+00:00", id="no offset in summer"),
    pytest.param("2026-01-09T05:00:00+01:00", "2026-01-09T04:00:00+00:00", id="an offset"),
    pytest.param("2026-01-09T05:00:00Z", "2026-01-09T05:00:00+00:00", id="UTC"),
    pytest.param(" 2026-01-09T05:00:00.25-03:30 ", "2026-01-09T08:30:00.250000+00:00", id="half an hour"),
    pytest.param("2026-03-29T02:30:00", "2026-03-29T01:30:00+00:00", id="an hour that was left out"),
]


@pytest.mark.parametrize(("text", "moment"), CASES)
def test_a_moment_is_read_and_goes_on_in_utc(text: str, moment: str) -> None:
    assert in_utc(read_moment(text), BRUSSELS).isoformat() == moment


@pytest.mark.parametrize("text", ["soon", "", "2026-13-01", "09.01.2026", "2026-01-09T25:00", "0000-01-01"])
def test_no_time_is_told(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="is no time; expected ISO 8601"):
        read_moment(text)


@given(
    st.datetimes(),
    st.one_of(st.none(), st.integers(-1439, 1439).map(lambda it: timezone(timedelta(minutes=it)))),
)
def test_any_moment_is_in_utc_or_told(naive: datetime, zone: timezone | None) -> None:
    in_its_zone = naive.replace(tzinfo=zone or BRUSSELS)
    try:
        meant = in_its_zone.astimezone(UTC)
    except OverflowError:
        with pytest.raises(ProblemsError, match="expected a moment between the years"):
            in_utc(naive.replace(tzinfo=zone), BRUSSELS)
    else:
        moment = in_utc(naive.replace(tzinfo=zone), BRUSSELS)
        assert (moment.tzinfo, moment) == (UTC, meant)


@pytest.mark.parametrize("zone", [None, BRUSSELS, UTC, timezone(timedelta(hours=14))], ids=str)
def test_a_round_takes_a_moment_in_any_zone(office: Office, zone: ZoneInfo | timezone | None) -> None:
    office.decide("2025-07", "withdraw", "SAMPLE-2025-001")
    moment = datetime(2026, 2, 28, tzinfo=zone)
    gathered = gather(office.context, "2025-07", str(office.inputs), moment)
    assert gathered.recorded_decisions.is_empty()
    assert gathered.all_decisions(gathered.recorded_decisions).is_empty()
    assert gathered.as_of is not None
    assert gathered.as_of.tzinfo is UTC


@pytest.mark.parametrize("command", ["status", "review"])
@pytest.mark.parametrize("moment", ["2030-01-01", "2030-01-01T10:00:00+02:00", "0001-01-01T00:00:00+14:00"])
def test_every_command_that_takes_a_time_answers(
    processed: Office, command: str, moment: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main([command, "2025-07", "--as-of", moment])
    said = capsys.readouterr()
    assert end.value.code == (2 if moment.startswith("0001") else 0), said.err
    assert "Traceback" not in said.err
