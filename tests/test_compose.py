"""Dockerfile and compose files: images are pinned, containers are restricted, and docker compose accepts the files."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FILES = ("compose.yaml", "compose.scale.yaml")
SERVICES: list[tuple[str, dict[str, Any]]] = [
    (f"{file} {name}", service)
    for file in FILES
    for name, service in yaml.safe_load((ROOT / file).read_text())["services"].items()
]
PINNED = re.compile(r"[\w./-]+:\d+\.\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?")


def has_compose() -> bool:
    return (
        bool(shutil.which("docker"))
        and not subprocess.run(["docker", "compose", "version"], capture_output=True).returncode
    )


@pytest.mark.skipif(not has_compose(), reason="this machine has no docker compose")
@pytest.mark.parametrize("file", FILES)
def test_compose_accepts_the_file(file: str) -> None:
    subprocess.run(["docker", "compose", "-f", file, "config", "--quiet"], cwd=ROOT, check=True)


@pytest.mark.parametrize("service", [s for _, s in SERVICES], ids=[name for name, _ in SERVICES])
def test_every_container_is_restricted(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "build" in service or service["user"].split(":")[0] not in ("0", "root")


@pytest.mark.parametrize("service", [s for _, s in SERVICES], ids=[name for name, _ in SERVICES])
def test_third_party_images_are_pinned(service: dict[str, Any]) -> None:
    assert "build" in service or PINNED.fullmatch(service["image"])


def test_the_base_image_is_pinned_and_the_container_is_not_root() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    (base,) = re.findall(r"^ARG BASE=(.*)$", dockerfile, re.MULTILINE)
    assert PINNED.fullmatch(base)
    assert set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)) == {"${BASE}"}
    assert re.findall(r"^USER (.*)$", dockerfile, re.MULTILINE) == ["10001:10001"]


@pytest.mark.parametrize("file", FILES)
def test_every_documented_setting_is_passed_to_the_container(file: str) -> None:
    services = yaml.safe_load((ROOT / file).read_text())["services"]
    (service,) = (service for service in services.values() if "build" in service)
    documented = re.findall(r"`(\w+)`(?=[^|]*\|[^|]*\|)", (ROOT / "docs/deploy.md").read_text().partition("\n\n## ")[0])
    elsewhere = {"HOST", "PORT", "WORKERS", "REPLICAS"}
    assert service["environment"].keys() == {name for name in documented if name.isupper()} - elsewhere


def test_only_the_proxy_is_published() -> None:
    services = yaml.safe_load((ROOT / "compose.scale.yaml").read_text())
    assert [name for name, service in services["services"].items() if "ports" in service] == ["proxy"]
    assert services["networks"]["back"] == {"internal": True}
