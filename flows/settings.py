"""The environment: every variable of the program is read here and nowhere else.

Belongs here: the variables the program reads, and quiet, offline defaults for the libraries that read the
environment themselves. Must stay out: what the values are used for.

| variable | meaning | unless set |
|---|---|---|
| `CITY2CITY_DATA` | folder or `s3://bucket/prefix` of snapshots, restricted files and inputs | `./data` |
| `CITY2CITY_DATABASE_URL` | the warehouse database | `warehouse.db` (SQLite) in that folder |
| `CITY2CITY_PROGRAMME` | folder of the rules files | the rules the program ships with |
| `CITY2CITY_CACHE` | folder of rebuildable caches | `.cache` in the data folder |
| `CITY2CITY_WORKBOOK_KEY` | key of evaluators' workbooks, 64 hex digits | kept in `restricted/keys` |
| `CITY2CITY_SIGNING_KEY` | the key that signs approvals | `restricted/keys/office.pem` in that folder |
| `CITY2CITY_SMTP_*` | the mail server of `city2city letters --send` (`flows/mailing`) | nothing is sent |
| `CITY2CITY_ALERT_MAIL`, `CITY2CITY_ALERT_FROM` | who is told of alarms by e-mail, and from whom | nobody |
| `CITY2CITY_ALERT_WEBHOOK` | an address that alarms are posted to as JSON | none |
| `CITY2CITY_TASK_RUNNER` | where parts are done (`flows/parts/settings.py`, with three more) | here |
| `AWS_*` | address and keys of the bucket | – |
| `PREFECT_API_URL` | the Prefect server | a temporary one |
| `PREFECT_API_AUTH_STRING` | its name and password, `name:password` | it asks for none |
| `CITY2CITY_DESK_USER_HEADER` | header in which the office's proxy names who asks | off |
| `CITY2CITY_DESK_PROXIES` | addresses from which that header counts | this machine |
| `CITY2CITY_DESK_HOSTS` | further names by which browsers call the desk | – |
| `PREFECT_HOME` | where a temporary server keeps its files | `prefect` in the data folder |
"""

from __future__ import annotations

import contextlib
import getpass
import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import programme
from programme.problems import ProblemsError, problem

_S3_OPTIONS = {
    "endpoint": "AWS_ENDPOINT_URL",
    "region": "AWS_REGION",
    "access_key_id": "AWS_ACCESS_KEY_ID",
    "secret_access_key": "AWS_SECRET_ACCESS_KEY",
    "session_token": "AWS_SESSION_TOKEN",
}

_MAIL = {
    "HOST": "CITY2CITY_SMTP_HOST",
    "PORT": "CITY2CITY_SMTP_PORT",
    "SECURITY": "CITY2CITY_SMTP_SECURITY",
    "USER": "CITY2CITY_SMTP_USER",
    "PASSWORD": "CITY2CITY_SMTP_PASSWORD",
    "PER_MINUTE": "CITY2CITY_SMTP_PER_MINUTE",
    "TIMEOUT": "CITY2CITY_SMTP_TIMEOUT",
    "CA": "CITY2CITY_SMTP_CA",
}
_RUNNER = {
    name: f"CITY2CITY_{name}" for name in ("TASK_RUNNER", "DASK_ADDRESS", "DASK_WORKERS", "DASK_MEMORY")
}
_ALERT = {
    "MAIL": "CITY2CITY_ALERT_MAIL",
    "FROM": "CITY2CITY_ALERT_FROM",
    "WEBHOOK": "CITY2CITY_ALERT_WEBHOOK",
}
_QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",  # it complains of what is under way when it is told to end
    # A first run migrates the temporary server's database, which takes most of Prefect's own default of 20 s.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    # A run gives a sign of life this often; an alert waits for several of them (flows/operations/alerts.py).
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
}


@dataclass(frozen=True)
class Settings:
    """Where everything is.

    `data` is a folder or an s3:// address; `database_url` an SQLAlchemy address; `programme` and `cache` are
    folders; `storage_options` go to the bucket; `workbook_key` signs workbooks, None for the kept one;
    `signing_key` is the office's key, where it is named.
    """

    data: str
    database_url: str
    programme: Path
    cache: Path
    storage_options: Mapping[str, str] = field(default_factory=dict, repr=False)
    workbook_key: str | None = field(default=None, repr=False)
    signing_key: Path | None = None

    @property
    def data_folder(self) -> Path | None:
        """The data folder where it is one, None for a bucket."""
        return None if "://" in self.data else Path(self.data)


@dataclass(frozen=True)
class DeskSettings:
    """How people reach the desk: the header of the office's sign-on (empty: it has none, a link signs in),
    the addresses that may send it, and the names by which browsers may call the desk.
    """

    user_header: str = ""
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")


def read_desk_settings(environment: Mapping[str, str] = os.environ) -> DeskSettings:
    """The settings of the desk."""
    usual = DeskSettings()
    return DeskSettings(
        environment.get("CITY2CITY_DESK_USER_HEADER", "").strip(),
        _listed(environment.get("CITY2CITY_DESK_PROXIES", "")) or usual.proxies,
        (*usual.hosts, *(name.lower() for name in _listed(environment.get("CITY2CITY_DESK_HOSTS", "")))),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part for one in text.split(",") if (part := one.strip()))


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process; raises `ProblemsError` where they cannot go together."""
    data = environment.get("CITY2CITY_DATA") or "data"
    remote = "://" in data
    if not remote and Path(data).exists() and not Path(data).is_dir():
        raise _no_folder(data, "a file")
    database_url = environment.get("CITY2CITY_DATABASE_URL") or (
        "" if remote else f"sqlite:///{Path(data).resolve()}/warehouse.db"
    )
    if not database_url:
        raise problem(
            found="CITY2CITY_DATA is a bucket and CITY2CITY_DATABASE_URL is not set",
            expected="the address of a Postgres database",
            where="the environment",
            remedy="Set CITY2CITY_DATABASE_URL: SQLite cannot live in a bucket.",
        )
    cache = environment.get("CITY2CITY_CACHE") or (
        str(Path.home() / ".cache" / "city2city") if remote else str(Path(data) / ".cache")
    )
    return Settings(
        data=data,
        database_url=database_url,
        programme=Path(environment.get("CITY2CITY_PROGRAMME") or Path(programme.__file__).parent),
        cache=Path(cache),
        storage_options={
            name: environment[variable] for name, variable in _S3_OPTIONS.items() if environment.get(variable)
        },
        workbook_key=environment.get("CITY2CITY_WORKBOOK_KEY") or None,
        signing_key=Path(key) if (key := environment.get("CITY2CITY_SIGNING_KEY")) else None,
    )


def environment_for(settings: Settings) -> dict[str, str]:
    """The environment of another process that works with these settings."""
    own = {
        "CITY2CITY_DATA": settings.data if "://" in settings.data else str(Path(settings.data).absolute()),
        "CITY2CITY_DATABASE_URL": settings.database_url,
        "CITY2CITY_PROGRAMME": str(settings.programme.absolute()),
        "CITY2CITY_CACHE": str(settings.cache.absolute()),
        "NO_COLOR": "1",
        "PYTHONUNBUFFERED": "1",
    }
    return {**os.environ, **own}


def mail_variables(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables of the mail server that are set, by their short names.

    `flows/mailing/mail_settings.py` says what they mean.
    """
    return {name: environment[variable] for name, variable in _MAIL.items() if environment.get(variable)}


def runner_variables(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables that say where parts are done, as far as they are set, by their short names."""
    return {name: environment[variable] for name, variable in _RUNNER.items() if environment.get(variable)}


def alert_variables(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables that say who is told of alarms, as far as they are set, by their short names."""
    return {name: environment[variable] for name, variable in _ALERT.items() if environment.get(variable)}


def prefect_server(environment: Mapping[str, str] = os.environ) -> tuple[str, str | None] | None:
    """The address of the Prefect server's API and its name and password (`name:password`); None where no
    server is named.
    """
    address = environment.get("PREFECT_API_URL")
    if not address:
        return None
    secret = environment.get("PREFECT_API_AUTH_STRING") or environment.get("PREFECT_CLIENT_API_AUTH_STRING")
    return address.rstrip("/"), secret or None


def keep_working_folder_out() -> None:
    """Let no process that this one starts load a module from the folder that somebody happens to be in.

    Python puts that folder first for `-c` and `-m`, and others have packages of the same names there.
    """
    os.environ["PYTHONSAFEPATH"] = "1"


def make_data_folder(settings: Settings) -> None:
    """Make the data folder where it is not there, before anything slow begins.

    Raises `ProblemsError` where it cannot be made or written.
    """
    folder = settings.data_folder
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _no_folder(str(folder), f"that it cannot be made ({error.strerror})") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _no_folder(str(folder), "a folder that may not be written")


def _no_folder(data: str, found: str) -> ProblemsError:
    return problem(
        found=found,
        expected="a folder that can be written",
        where=f"the data folder {data}",
        remedy="Correct CITY2CITY_DATA or its permissions.",
    )


def quiet_libraries(settings: Settings, *, console: bool = True) -> None:
    """Set what Prefect and Great Expectations read on import; what the user set stays.

    It does nothing once either is imported. Without `console` Prefect logs nothing to the terminal: the
    command line has one message for a failed run, not a traceback. A temporary Prefect server keeps its files
    beside the data, so that it neither meets nor changes another Prefect of the same user.
    """
    if "prefect" in sys.modules or "great_expectations" in sys.modules:
        return
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    if not console:
        os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    if settings.data_folder and not {"PREFECT_HOME", "PREFECT_API_URL", "PREFECT_PROFILE"} & set(os.environ):
        home = (settings.data_folder / "prefect").resolve()
        home.mkdir(parents=True, exist_ok=True)
        os.environ["PREFECT_HOME"] = str(home)
    keep_prefect_home_private()


def prefect_home(settings: Settings, environment: Mapping[str, str] = os.environ) -> Path:
    """The folder in which Prefect keeps its database and results on this machine."""
    if home := environment.get("PREFECT_HOME"):
        return Path(home)
    own = settings.data_folder and settings.data_folder / "prefect"
    return own if own and own.is_dir() else Path.home() / ".prefect"


def keep_prefect_home_private(environment: Mapping[str, str] = os.environ) -> None:
    """Let nobody else read what Prefect keeps: its database, its results, its logs.

    It keeps the parameters of runs and the text of failures. Its database and the folder of its results are
    made here, so that they are private from their first moment; SQLite gives its journals the same mode.
    Whatever another user owns is left alone.
    """
    home = Path(environment.get("PREFECT_HOME") or Path.home() / ".prefect")
    if not home.is_dir():
        return
    with contextlib.suppress(OSError):
        home.chmod(0o700)
        (home / "storage").mkdir(mode=0o700, exist_ok=True)
        if not environment.get("PREFECT_API_URL"):
            os.close(os.open(home / "prefect.db", os.O_RDWR | os.O_CREAT, 0o600))
    for path in home.rglob("*"):
        with contextlib.suppress(OSError):
            if not path.is_symlink():
                path.chmod(0o700 if path.is_dir() else 0o600)


def is_terminal() -> bool:
    """Whether a person is looking at standard output: decoration and progress are for people alone."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def operating_user() -> str:
    """Who runs this process, as the system knows them: who started a run where nobody says so."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown user"
