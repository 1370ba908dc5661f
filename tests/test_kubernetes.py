"""What Kubernetes is handed is what it understands, and its parts fit one another and the app."""

import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from kubernetes_validate import ValidationError, validate

from app.cli import GRACE
from app.settings import from_environment
from app.web.routes import ROUTES

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "deploy/k8s"
KUSTOMIZATION: dict[str, Any] = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
VERSIONS = ("1.32", "1.37")

Manifest = dict[str, Any]

MANIFESTS: list[Manifest] = [
    manifest for name in KUSTOMIZATION["resources"] for manifest in yaml.safe_load_all((FOLDER / name).read_text())
]


def named(kind: str, name: str = "unrolled") -> Manifest:
    (found,) = (m for m in MANIFESTS if m["kind"] == kind and m["metadata"]["name"] == name)
    return found


def pod(manifest: Manifest) -> Manifest:
    spec: Manifest = manifest["spec"]["template"]["spec"]
    return spec


DEPLOYED = (named("Deployment"), named("StatefulSet", "redis"))
CONTAINERS = [container for manifest in DEPLOYED for container in pod(manifest)["containers"]]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda m: f"{m['kind']} {m['metadata']['name']}")
def test_each_is_what_its_kind_asks_for(manifest: Manifest, version: str) -> None:
    validate(manifest, version, strict=True)


def test_a_misspelt_name_would_be_found() -> None:
    broken = yaml.safe_load(
        (FOLDER / "scaling.yaml").read_text().partition("---")[0].replace("minReplicas", "minReplica")
    )
    with pytest.raises(ValidationError):
        validate(broken, VERSIONS[-1], strict=True)


def test_every_part_is_there() -> None:
    kinds = {m["kind"] for m in MANIFESTS}
    assert kinds >= {
        "Deployment",
        "Service",
        "Ingress",
        "HorizontalPodAutoscaler",
        "PodDisruptionBudget",
        "StatefulSet",
    }


@pytest.mark.skipif(not shutil.which("kubectl"), reason="this machine has no kubectl")
def test_kustomize_puts_them_together() -> None:
    done = subprocess.run(["kubectl", "kustomize", FOLDER], capture_output=True, text=True, check=True)
    together = list(yaml.safe_load_all(done.stdout))
    assert len(together) == len(MANIFESTS) + 1  # and the settings
    for manifest in together:
        validate(manifest, VERSIONS[-1], strict=True)
    (app,) = (m for m in together if m["kind"] == "Deployment")
    (settings,) = (m for m in together if m["kind"] == "ConfigMap")
    (container,) = pod(app)["containers"]
    assert container["envFrom"] == [{"configMapRef": {"name": settings["metadata"]["name"]}}]


@pytest.mark.parametrize("container", CONTAINERS, ids=lambda c: c["name"])
def test_nothing_runs_with_more_rights_than_it_needs(container: Manifest) -> None:
    security = container["securityContext"]
    assert security["readOnlyRootFilesystem"] and not security["allowPrivilegeEscalation"]
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert container["resources"]["limits"]["memory"] and container["resources"]["requests"]["cpu"]


@pytest.mark.parametrize("manifest", DEPLOYED, ids=lambda m: m["kind"])
def test_nobody_is_root(manifest: Manifest) -> None:
    assert pod(manifest)["securityContext"]["runAsNonRoot"] and pod(manifest)["securityContext"]["runAsUser"] > 0


def test_what_selects_pods_selects_those_that_there_are() -> None:
    for manifest in DEPLOYED:
        labels, name = manifest["spec"]["template"]["metadata"]["labels"], manifest["metadata"]["name"]
        assert manifest["spec"]["selector"]["matchLabels"] == labels
        assert named("Service", name)["spec"]["selector"] == labels
    assert named("PodDisruptionBudget")["spec"]["selector"]["matchLabels"] == named("Service")["spec"]["selector"]


def test_the_autoscaler_scales_the_app() -> None:
    target, app = named("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"], named("Deployment")
    assert target == {"apiVersion": app["apiVersion"], "kind": app["kind"], "name": app["metadata"]["name"]}
    assert "replicas" not in app["spec"], "or each `kubectl apply` would undo what the autoscaler did"


def test_traffic_finds_its_way() -> None:
    (container,) = pod(named("Deployment"))["containers"]
    (port,) = container["ports"]
    (rule,) = named("Ingress")["spec"]["rules"]
    (way,) = rule["http"]["paths"]
    service = named("Service", way["backend"]["service"]["name"])
    (served,) = service["spec"]["ports"]
    assert served["name"] == way["backend"]["service"]["port"]["name"]
    assert served["targetPort"] == port["name"]
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert f"PORT={port['containerPort']}\n" in dockerfile
    assert f"USER {pod(named('Deployment'))['securityContext']['runAsUser']}:" in dockerfile


def test_probes_ask_what_the_app_answers() -> None:
    (container,) = pod(named("Deployment"))["containers"]
    asked = {container[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert asked == {"/healthz", "/readyz"} <= {route.path for route in ROUTES}
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz", "Redis away is no reason to start anew"


def test_there_is_time_to_finish_answers() -> None:
    (container,) = pod(named("Deployment"))["containers"]
    before = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pod(named("Deployment"))["terminationGracePeriodSeconds"] > before + GRACE


def test_the_settings_are_understood_and_rooms_are_where_redis_is(monkeypatch: pytest.MonkeyPatch) -> None:
    (settings,) = KUSTOMIZATION["configMapGenerator"]
    literals = dict(line.split("=", 1) for line in settings["literals"])
    for name, value in literals.items():
        monkeypatch.setenv(name, value)
    assert from_environment().log
    url = urlsplit(literals["ROOMS_URL"])
    (port,) = named("Service", "redis")["spec"]["ports"]
    assert (url.scheme, url.hostname, url.port) == ("redis", "redis", port["port"])


def test_the_image_of_redis_is_the_one_that_compose_has() -> None:
    compose = yaml.safe_load((ROOT / "compose.scale.yaml").read_text())
    (container,) = pod(named("StatefulSet", "redis"))["containers"]
    assert container["image"] == compose["services"]["redis"]["image"]
    assert container["args"] == compose["services"]["redis"]["command"]
