"""`deploy/compose.yaml` and `deploy/Dockerfile` as processes of this machine.

Belongs here: reading both, and saying for each service which command it starts with which environment and
which secrets, as a container engine would; and what a container's own names become here. Must stay out:
starting it.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
GATEWAY = "10.203.17.1"
"""From where the office's proxy comes, as containers see it."""
VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)(?::([?-])([^}]*))?\}")


def settings() -> dict[str, str]:
    """`.env.example`, as a person would fill it in."""
    lines = (DEPLOY / ".env.example").read_text("utf-8").splitlines()
    found = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {
        name: value or f"sha256:{64 * '0'}" if "DIGEST" in name else value for name, value in found.items()
    }


def compose(values: Mapping[str, str]) -> dict[str, Any]:
    """The file with its variables filled in; raises `ValueError` where one that is asked for has no value."""

    def filled(node: Any) -> Any:
        if isinstance(node, str):
            return VARIABLE.sub(lambda found: _value(found, values), node)
        if isinstance(node, list):
            return [filled(item) for item in node]
        return {name: filled(item) for name, item in node.items()} if isinstance(node, dict) else node

    return dict(filled(yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))))


def _value(found: re.Match[str], values: Mapping[str, str]) -> str:
    name, kind, text = found.groups()
    if value := values.get(name):
        return value
    if kind == "?":
        raise ValueError(f"{name}: {text}")
    return text or ""


@dataclass(frozen=True)
class Stage:
    """What a target of the Dockerfile says of the containers that are made of it."""

    entrypoint: list[str]
    command: list[str]
    environment: dict[str, str]
    user: str


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order, as name and rest: lines joined, without comments."""
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    text = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^#.*\n", "", text))
    return [
        (name.upper(), rest) for name, _, rest in (line.partition(" ") for line in text.splitlines() if line)
    ]


def stages() -> dict[str, list[tuple[str, str]]]:
    """The instructions of each target, without its first line."""
    found: dict[str, list[tuple[str, str]]] = {}
    name = ""
    for word, rest in instructions():
        if word == "FROM":
            name = rest.rpartition(" ")[2]
            found[name] = []
        elif name:
            found[name].append((word, rest))
    return found


def stage(name: str) -> Stage:
    """One target of the Dockerfile."""
    rows = stages()[name]
    last = dict(rows)
    variables = [part for word, rest in rows if word == "ENV" for part in shlex.split(rest)]
    return Stage(
        json.loads(last.get("ENTRYPOINT", "[]")),
        json.loads(last.get("CMD", "[]")),
        dict(part.split("=", 1) for part in variables),
        last.get("USER", ""),
    )


@dataclass(frozen=True)
class Service:
    """A service of compose, with what its image says where it says nothing itself."""

    name: str
    argv: list[str]
    environment: dict[str, str]
    secrets: dict[str, str]
    check: list[str]
    """The command of its health check; empty where it has none."""


def service(file: Mapping[str, Any], name: str) -> Service:
    """One service; `secrets` maps the name of the file in its container to that in the folder of secrets."""
    said = file["services"][name]
    image = stage("store" if "city2city-store" in said["image"] else "program")
    own = said["image"].startswith("city2city")
    entrypoint = said.get("entrypoint", image.entrypoint if own else [])
    command = said.get("command", image.command if own and "entrypoint" not in said else [])
    secrets = [
        {"source": one, "target": one} if isinstance(one, str) else one for one in said.get("secrets", [])
    ]
    return Service(
        name,
        [*entrypoint, *command],
        {**(image.environment if own else {}), **said.get("environment", {})},
        {one["target"]: Path(file["secrets"][one["source"]]["file"]).name for one in secrets},
        said.get("healthcheck", {}).get("test", [])[1:],
    )


@dataclass(frozen=True)
class Here:
    """What the names of containers are on this machine.

    `ports` maps a service and its port to one of this machine; `folders` what a container's path is here.
    """

    ports: Mapping[tuple[str, int], int]
    folders: Mapping[str, str]

    def put(self, text: str, own: str) -> str:
        """A text of a service with addresses, ports and folders of this machine."""
        for (name, port), here in self.ports.items():
            text = re.sub(rf"\b{re.escape(name)}:{port}\b", f"127.0.0.1:{here}", text)
            if name == own:
                text = re.sub(rf"(?<![\d.]){port}(?!\d)", str(here), text)
        text = re.sub(rf"(?<==){re.escape(own)}$", "127.0.0.1", text)
        for address in ("0.0.0.0", GATEWAY):  # noqa: S104
            text = text.replace(address, "127.0.0.1")
        if not self.folders:
            return text
        there = "|".join(sorted(map(re.escape, self.folders), key=len, reverse=True))
        return re.sub(rf"(?<![\w/])({there})(?![\w-])", lambda found: self.folders[found[0]], text)

    def of(self, service: Service) -> Service:
        """The same service on this machine."""
        return Service(
            service.name,
            [self.put(part, service.name) for part in service.argv],
            {name: self.put(value, service.name) for name, value in service.environment.items()},
            service.secrets,
            [self.put(part, service.name) for part in service.check],
        )
