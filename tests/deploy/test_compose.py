"""`deploy/compose.yaml`: who may do what, where its secrets are, and what the tool itself says of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.compose_file import DEPLOY, GATEWAY, ROOT, VARIABLE, compose, service, settings

FILE = compose(settings())
SERVICES: dict[str, Any] = FILE["services"]
ONCE = {"bucket", "deployments"}
ASKED_FOR = (
    "PYTHON_DIGEST",
    "POSTGRES_DIGEST",
    "CITY2CITY_IMAGE_TAG",
    "CITY2CITY_DESK_USER_HEADER",
    "CITY2CITY_DESK_HOSTS",
    "PREFECT_UI_ADDRESS",
)
OF_OTHERS = {"prefect-database", "warehouse-database"}


def test_all_that_is_needed_is_there() -> None:
    assert set(SERVICES) - ONCE == {*OF_OTHERS, "store", "server", "worker", "desk"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_may_do_little(name: str) -> None:
    said = SERVICES[name]
    assert said["user"] in ("10001:10001", "999:999")
    assert said["read_only"] is True
    assert said["cap_drop"] == ["ALL"]
    assert said["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in said
    assert all(port.startswith("127.0.0.1:") for port in said.get("ports", []))
    assert not any(volume.startswith(("/", ".")) for volume in said.get("volumes", []))


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ONCE))
def test_what_stays_has_a_health_check_and_is_started_again(name: str) -> None:
    assert service(FILE, name).check
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_who_waits_for_another_waits_until_it_is_healthy_or_done() -> None:
    waits = {
        (name, other): how["condition"]
        for name, said in SERVICES.items()
        for other, how in said.get("depends_on", {}).items()
    }
    assert waits
    for (_, other), condition in waits.items():
        assert condition == ("service_completed_successfully" if other in ONCE else "service_healthy")


def test_every_image_has_a_digest_or_is_built_here() -> None:
    for name, said in SERVICES.items():
        pinned = re.fullmatch(r"[a-z]+:[\w.-]+@sha256:[0-9a-f]{64}", said["image"])
        assert pinned if name in OF_OTHERS else said["image"].startswith("city2city"), name
        assert not said["image"].endswith((":latest", ":"))


@pytest.mark.parametrize("name", ASKED_FOR)
def test_what_is_asked_for_has_no_default(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        compose({**settings(), name: ""})


def test_the_example_has_no_digest_and_every_name_of_it_is_used() -> None:
    lines = (DEPLOY / ".env.example").read_text("utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert given["PYTHON_DIGEST"] == given["POSTGRES_DIGEST"] == ""
    used = set(VARIABLE.findall((DEPLOY / "compose.yaml").read_text("utf-8")))
    assert set(given) == {name for name, _, _ in used}


def test_no_secret_is_in_the_repository() -> None:
    text = (DEPLOY / "compose.yaml").read_text("utf-8") + (DEPLOY / ".env.example").read_text("utf-8")
    assert not re.search(
        r"(?i)(password|secret|token|key)[A-Z_]*[=:] *[0-9a-z]{6,}", text.replace("_FILE:", "=")
    )
    assert {Path(one["file"]).parts[0] for one in FILE["secrets"].values()} == {"secrets"}
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert {"/deploy/.env", "/deploy/secrets/"} <= set(ignored)


def test_every_secret_is_made_once_and_only_its_owner_enters_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    command = [sys.executable, str(DEPLOY / "make_secrets.py"), str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    made = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    assert {Path(one["file"]).name for one in FILE["secrets"].values()} == set(made)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o444}
    assert made["prefect_password"] in made["prefect_url"]
    assert made["warehouse_password"] in made["warehouse_url"]
    assert made["store_key"] in made["store_identities.json"]
    again = subprocess.run(command, check=True, capture_output=True, text=True)
    assert again.stdout == "Made nothing: every file is there.\n"
    assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == made


def test_secrets_become_variables_and_an_empty_one_sets_nothing(tmp_path: Path) -> None:
    (tmp_path / "ONE").write_text("a word $(id) 'with' \"marks\"")
    (tmp_path / "NONE").write_text("")
    done = subprocess.run(
        [str(DEPLOY / "with-secrets"), sys.executable, "-c", "import os; print(os.environ)"],
        env={"SECRETS_FOLDER": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "a word $(id)" in done.stdout
    assert "NONE" not in done.stdout


def test_the_proxy_of_the_desk_is_the_address_of_the_network() -> None:
    assert SERVICES["desk"]["environment"]["CITY2CITY_DESK_PROXIES"] == GATEWAY
    assert FILE["networks"]["inside"]["ipam"]["config"][0]["gateway"] == GATEWAY


def test_the_tool_itself_accepts_the_file(tmp_path: Path) -> None:
    docker = shutil.which("docker")
    if (
        docker is None
        or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode
    ):
        pytest.skip("docker compose is not here")
    lines = [f"{name}={value}\n" for name, value in settings().items()]
    (tmp_path / "env").write_text("".join(lines), "utf-8")
    done = subprocess.run(
        [
            docker,
            "compose",
            "--env-file",
            tmp_path / "env",
            "-f",
            DEPLOY / "compose.yaml",
            "config",
            "--quiet",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
