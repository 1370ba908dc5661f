"""The manifests for Kubernetes are valid, and consistent with one another and with the app."""

import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from kubernetes_validate import ValidationError, validate

from app.settings import from_environment
from app.web.limits_and_timeouts import SHUTDOWN_TIMEOUT
from app.web.routes import ROUTES

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "deploy/k8s"
KUSTOMIZATION: dict[str, Any] = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
VERSIONS = ("1.32", "1.37")

Manifest = dict[str, Any]

MANIFESTS: list[Manifest] = [
    manifest for name in KUSTOMIZATION["resources"] for manifest in yaml.safe_load_all((FOLDER / name).read_text())
]


def find(kind: str, name: str = "unrolled") -> Manifest:
    (manifest,) = (m for m in MANIFESTS if m["kind"] == kind and m["metadata"]["name"] == name)
    return manifest


def pod(manifest: Manifest) -> Manifest:
    spec: Manifest = manifest["spec"]["template"]["spec"]
    return spec


WORKLOADS = (find("Deployment"), find("StatefulSet", "redis"))
CONTAINERS = [container for manifest in WORKLOADS for container in pod(manifest)["containers"]]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda m: f"{m['kind']} {m['metadata']['name']}")
def test_each_manifest_is_valid(manifest: Manifest, version: str) -> None:
    validate(manifest, version, strict=True)


def test_a_misspelt_key_is_detected() -> None:
    broken = yaml.safe_load(
        (FOLDER / "scaling.yaml").read_text().partition("---")[0].replace("minReplicas", "minReplica")
    )
    with pytest.raises(ValidationError):
        validate(broken, VERSIONS[-1], strict=True)


def test_every_kind_of_manifest_exists() -> None:
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
def test_kustomize_combines_the_manifests() -> None:
    result = subprocess.run(["kubectl", "kustomize", FOLDER], capture_output=True, text=True, check=True)
    combined = list(yaml.safe_load_all(result.stdout))
    assert len(combined) == len(MANIFESTS) + 1  # plus the ConfigMap
    for manifest in combined:
        validate(manifest, VERSIONS[-1], strict=True)
    (app,) = (m for m in combined if m["kind"] == "Deployment")
    (settings,) = (m for m in combined if m["kind"] == "ConfigMap")
    (container,) = pod(app)["containers"]
    assert container["envFrom"] == [{"configMapRef": {"name": settings["metadata"]["name"]}}]


@pytest.mark.parametrize("container", CONTAINERS, ids=lambda c: c["name"])
def test_containers_have_no_unneeded_privileges(container: Manifest) -> None:
    security = container["securityContext"]
    assert security["readOnlyRootFilesystem"] and not security["allowPrivilegeEscalation"]
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert container["resources"]["limits"]["memory"] and container["resources"]["requests"]["cpu"]


@pytest.mark.parametrize("manifest", WORKLOADS, ids=lambda m: m["kind"])
def test_nobody_is_root(manifest: Manifest) -> None:
    assert pod(manifest)["securityContext"]["runAsNonRoot"] and pod(manifest)["securityContext"]["runAsUser"] > 0


def test_selectors_match_the_labels_of_pods() -> None:
    for manifest in WORKLOADS:
        labels, name = manifest["spec"]["template"]["metadata"]["labels"], manifest["metadata"]["name"]
        assert manifest["spec"]["selector"]["matchLabels"] == labels
        assert find("Service", name)["spec"]["selector"] == labels
    assert find("PodDisruptionBudget")["spec"]["selector"]["matchLabels"] == find("Service")["spec"]["selector"]


def test_the_autoscaler_scales_the_app() -> None:
    target, app = find("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"], find("Deployment")
    assert target == {"apiVersion": app["apiVersion"], "kind": app["kind"], "name": app["metadata"]["name"]}
    assert "replicas" not in app["spec"], "otherwise each `kubectl apply` resets the number of replicas"


def test_the_ingress_routes_to_the_port_of_the_container() -> None:
    (container,) = pod(find("Deployment"))["containers"]
    (port,) = container["ports"]
    (rule,) = find("Ingress")["spec"]["rules"]
    (route,) = rule["http"]["paths"]
    service = find("Service", route["backend"]["service"]["name"])
    (service_port,) = service["spec"]["ports"]
    assert service_port["name"] == route["backend"]["service"]["port"]["name"]
    assert service_port["targetPort"] == port["name"]
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert f"PORT={port['containerPort']}\n" in dockerfile
    assert f"USER {pod(find('Deployment'))['securityContext']['runAsUser']}:" in dockerfile


def test_probes_use_paths_of_the_app() -> None:
    (container,) = pod(find("Deployment"))["containers"]
    paths = {container[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert paths == {"/healthz", "/readyz"} <= {route.path for route in ROUTES}
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz", "a missing Redis is no reason to restart"


def test_the_grace_period_is_long_enough_to_finish_responses() -> None:
    (container,) = pod(find("Deployment"))["containers"]
    before = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pod(find("Deployment"))["terminationGracePeriodSeconds"] > before + SHUTDOWN_TIMEOUT


def test_the_settings_are_valid_and_point_to_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    (settings,) = KUSTOMIZATION["configMapGenerator"]
    literals = dict(line.split("=", 1) for line in settings["literals"])
    for name, value in literals.items():
        monkeypatch.setenv(name, value)
    assert from_environment().log
    url = urlsplit(literals["ROOMS_URL"])
    (port,) = find("Service", "redis")["spec"]["ports"]
    assert (url.scheme, url.hostname, url.port) == ("redis", "redis", port["port"])


def test_redis_has_the_same_image_as_in_compose() -> None:
    compose = yaml.safe_load((ROOT / "compose.scale.yaml").read_text())
    (container,) = pod(find("StatefulSet", "redis"))["containers"]
    assert container["image"] == compose["services"]["redis"]["image"]
    assert container["args"] == compose["services"]["redis"]["command"]
