"""Builds the image, runs it like its users, and checks its limits, in a separate Docker engine that is removed
afterwards.

If no registry can be reached, images built from Debian's packages replace the base images; the project's own Dockerfile
is used in any case.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from scripts.free_port import free_port

ROOT = Path(__file__).parents[1]
IMAGE, SCALE = "unrolled", ("compose", "-f", "compose.scale.yaml")
RESTRICTIONS = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges:true")

MAX_SIZE, MAX_START, MAX_RESIDENT, MAX_STOP = 350, 2.0, 150, 10.0
"""The limits: MB of the image, seconds until it is ready, MB at rest, and seconds in which it must stop."""

DEBIAN = "trixie"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
EXCLUDED = ("man", "doc", "locale")

failures: list[str] = []


def main() -> None:
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="unrolled-image-", dir="/var/tmp") as folder, engine(Path(folder)):
        provide_base_images(Path(folder))
        step("build", docker, "build", "--quiet", "--network", "host", "-t", IMAGE, ".")
        check_single()
        check_scaled()
    print(f"{time.monotonic() - start:.0f} s in all")
    if failures:
        sys.exit("failed: " + "; ".join(failures))


def step(name: str, action: Callable[..., object], *arguments: object) -> None:
    """Run an action and print how long it took."""
    start = time.monotonic()
    action(*arguments)
    print(f"{name}: {time.monotonic() - start:.0f} s", flush=True)


def check(name: str, passes: bool, value: str = "", limit: str = "") -> None:
    """Print a check with its value and limit, and record a failure."""
    line = f"{name}: {value}{f' (limit: {limit})' if limit else ''}" if value else name
    print(f"{'  ' if passes else '! '}{line}", flush=True)
    if not passes:
        failures.append(line)


def docker(*arguments: str) -> str:
    """Run docker and return its output. Exit if it fails."""
    result = try_docker(*arguments)
    if result.returncode:
        sys.exit(f"docker {' '.join(arguments)}\n{result.stdout}\n{result.stderr}")
    return result.stdout.strip()


def try_docker(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", *arguments], cwd=ROOT, text=True, capture_output=True)


@contextmanager
def engine(folder: Path) -> Iterator[None]:
    """Run a Docker engine with its socket and all its files in a folder. It does not change the firewall."""
    os.environ["DOCKER_HOST"] = f"unix://{folder}/docker.sock"
    options = {"host": os.environ["DOCKER_HOST"], "data-root": folder / "data", "exec-root": folder / "exec"}
    options |= {"pidfile": folder / "pid", "bridge": "none", "iptables": "false", "ip6tables": "false"}
    log = (folder / "log").open("w")
    process = subprocess.Popen(["dockerd", *(f"--{k}={v}" for k, v in options.items())], stdout=log, stderr=log)
    try:
        for _ in range(300):
            if process.poll() is not None:
                sys.exit(f"no Docker engine can run here:\n{(folder / 'log').read_text()[-2000:]}")
            if subprocess.run(["docker", "version"], capture_output=True).returncode == 0:
                break
            time.sleep(0.1)
        yield
    finally:
        running = try_docker("ps", "-aq").stdout.split()
        if running:
            try_docker("rm", "-f", *running)
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
        for mount in sorted((m for m in mounts if m.startswith(str(folder))), reverse=True):
            subprocess.run(["umount", "-l", mount], check=True)


def provide_base_images(folder: Path) -> None:
    """Pull the images that we use, or build replacements from Debian's packages."""
    base = re.search(r"^ARG BASE=(\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert base
    others = [name for name in docker(*SCALE, "config", "--images").split() if name != IMAGE]
    if can_reach("registry-1.docker.io"):
        for name in (base[1], *others):
            step(f"pull {name}", docker, "pull", "--quiet", name)
        return
    print(f"no registry can be reached: building {', '.join((base[1], *others))} from Debian's packages")
    step("Debian's packages", make_root_archive, folder)
    python = f"""
        FROM scratch
        ADD base.tar /
        COPY ca.crt {CERTIFICATES}
        RUN rm -f /usr/lib/python3.*/EXTERNALLY-MANAGED && cd /usr/local/bin \
            && ln -s /usr/bin/python3 python && ln -s /usr/bin/python3 python3 && ln -s /usr/bin/pip3 pip
        ENV LANG=C.UTF-8 NODE_EXTRA_CA_CERTS={CERTIFICATES}"""
    rest = f"""
        FROM {base[1]}
        RUN apt-get update && apt-get install -y --no-install-recommends nginx-light redis-server \
            && mkdir -p /data && chown 999:1000 /data"""
    for name, text in ((base[1], python), (others[0], rest)):
        (folder / "context" / "Dockerfile").write_text(text)
        step(
            f"replacement for {name}",
            docker,
            "build",
            "--quiet",
            "--network",
            "host",
            "-t",
            name,
            str(folder / "context"),
        )
    for name in others[1:]:
        docker("tag", others[0], name)


def make_root_archive(folder: Path) -> None:
    """Write an archive of a root file system with Python."""
    context = folder / "context"
    context.mkdir()
    shutil.copy(CERTIFICATES, context / "ca.crt")
    options = [f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in EXCLUDED]
    packages = "--include=ca-certificates,python3,python3-venv,python3-pip"
    source = f"deb {mirror()} {DEBIAN} main"
    command = ["mmdebstrap", "--quiet", "--variant=minbase", packages, *options, DEBIAN, str(context / "base.tar")]
    subprocess.run([*command, source], check=True)


def mirror() -> str:
    """The Debian mirror that apt on this machine uses."""
    command = ["apt-get", "indextargets", "--format", "$(SITE) $(CODENAME)", "Identifier: Packages"]
    for line in subprocess.run(command, capture_output=True, text=True).stdout.splitlines():
        site, _, codename = line.partition(" ")
        if codename == DEBIAN:
            return site
    sys.exit(f"no registry can be reached, and apt has no mirror of Debian {DEBIAN}")


def can_reach(host: str) -> bool:
    try:
        socket.create_connection((host, 443), timeout=5).close()
    except OSError:
        return False
    return True


def check_single() -> None:
    """Check the image as on a laptop: it has no privileges and keeps the limits."""
    size = int(docker("image", "inspect", "--format", "{{.Size}}", IMAGE)) / 1e6
    check("image", size <= MAX_SIZE, f"{size:.0f} MB", f"{MAX_SIZE} MB")
    times = [start_container() for _ in range(3)]
    line = ", ".join(f"{t:.2f}" for t in times)
    check("ready after", min(times) <= MAX_START, f"{line} s", f"{MAX_START} s, the best of three")
    url = f"http://127.0.0.1:{PORT}"
    for path, word in (("/", "<svg"), ("/diagram.svg", "<svg"), ("/healthz", "ok")):
        status, body, _ = get(url + path)
        check(f"GET {path}", status == 200 and word in body, str(status))
    check("metrics are not for visitors", get(url + "/metrics")[0] == 404)
    process = Path("/proc", docker("inspect", "--format", "{{.State.Pid}}", "single"), "status").read_text()
    resident = int(field(process, "VmRSS").split()[0]) * 1024 / 1e6
    check("resident at rest", resident <= MAX_RESIDENT, f"{resident:.0f} MB", f"{MAX_RESIDENT} MB")
    check("not root", field(process, "Uid").split()[0] == "10001", field(process, "Uid").split()[0])
    check("no capabilities", int(field(process, "CapBnd"), 16) == 0, field(process, "CapBnd"))
    check("nothing can be written", try_docker("exec", "single", "touch", "/srv/unrolled/x").returncode == 1)
    check_bill_of_materials()
    start = time.monotonic()
    docker("stop", "single")
    seconds = time.monotonic() - start
    code = docker("inspect", "--format", "{{.State.ExitCode}}", "single")
    check(
        "stops by itself",
        code in ("0", "143") and seconds < MAX_STOP,
        f"{seconds:.1f} s, code {code}",
        f"{MAX_STOP:.0f} s",
    )


def start_container() -> float:
    """Start a container and return the seconds until it is ready."""
    try_docker("rm", "-f", "single")
    start = time.monotonic()
    options = ("--network", "host", "-e", "HOST=127.0.0.1", "-e", f"PORT={PORT}")
    docker("run", "-d", "--name", "single", *RESTRICTIONS, *options, IMAGE)
    return wait_for(f"http://127.0.0.1:{PORT}/readyz") - start


def wait_for(url: str) -> float:
    """Wait until a URL responds with 200, and return the time."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if get(url)[0] == 200:
            return time.monotonic()
        time.sleep(0.02)
    sys.exit(f"{url} does not respond:\n{try_docker('logs', 'alone')}")


def check_bill_of_materials() -> None:
    """Check that the bill of materials has every installed package with its version."""
    bill = json.loads(docker("exec", "single", "cat", "/srv/unrolled/sbom.json"))
    listed = {(c["name"].lower(), c["version"]) for c in bill["components"]}
    code = (
        "from importlib.metadata import distributions as d; print(*(f'{p.name} {p.version}' for p in d()), sep='\\n')"
    )
    installed = {tuple(line.lower().split()) for line in docker("exec", "single", "python", "-c", code).splitlines()}
    check("bill of materials", bill["bomFormat"] == "CycloneDX" and installed <= listed, f"{len(listed)} components")
    check("with Plotly.js", any(name == "plotly.js-cartesian-dist-min" for name, _ in listed))


def check_scaled() -> None:
    """Check two replicas with a proxy and Redis: responses are cached, and a replica may fail."""
    os.environ |= {"PORT": str(PORT), "REPLICAS": "2"}
    start = time.monotonic()
    docker(*SCALE, "up", "-d", "--no-build", "--wait", "--wait-timeout", "90")
    print(f"compose up: {time.monotonic() - start:.0f} s", flush=True)
    url = f"http://127.0.0.1:{PORT}"
    try:
        status, body, _ = get(url + "/")
        check("page through the proxy", status == 200 and "<svg" in body, str(status))
        static = re.search(r'href="(/static/[^"]*page\.css)"', body)
        for path in ("/diagram.json?num_units=7", static[1] if static else "/static"):
            cache = [get(url + path)[2].get("X-Cache", "none") for _ in range(2)]
            check(f"cached by the proxy: {path}", cache == ["MISS", "HIT"], ", ".join(cache))
        tag = get(url + "/diagram.json?num_units=7")[2].get("ETag", "")
        check("unchanged", get(url + "/diagram.json?num_units=7", {"If-None-Match": tag})[0] == 304, tag)
        check("metrics are not for visitors", get(url + "/metrics")[0] == 404)
        check("a room's socket passes", "101" in upgrade(), upgrade())
        first, *others = docker(*SCALE, "ps", "-q", "app").split()
        check("replicas", bool(others), str(1 + len(others)))
        docker("kill", first)
        start = time.monotonic()
        statuses = [get(f"{url}/diagram.svg?seed={seed}")[0] for seed in range(1, 31)]
        seconds = time.monotonic() - start
        check("one replica killed, 30 responses", set(statuses) == {200}, f"{set(statuses)} in {seconds:.1f} s")
    finally:
        try_docker(*SCALE, "down", "-v", "-t", "3")


def upgrade() -> str:
    """The status line of the response to a WebSocket handshake."""
    request = ["GET /rooms/ABCDE HTTP/1.1", "Host: localhost", "Connection: Upgrade", "Upgrade: websocket"]
    request += ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", ""]
    with socket.create_connection(("127.0.0.1", PORT), timeout=5) as connection:
        connection.sendall("\r\n".join(request).encode())
        return connection.recv(4096).decode(errors="replace").splitlines()[0]


def field(status: str, name: str) -> str:
    """The value of a field in /proc/.../status."""
    return next(line.partition(":")[2].strip() for line in status.splitlines() if line.startswith(f"{name}:"))


def get(url: str, headers: dict[str, str] | None = None) -> tuple[int, str, Message]:
    """Get a URL: status, body and headers. The status is 0 if there is no response."""
    try:
        with urlopen(Request(url, headers=headers or {}), timeout=10) as response:
            return response.status, response.read().decode(), response.headers
    except HTTPError as error:
        return error.code, "", error.headers
    except (URLError, OSError):
        return 0, "", Message()


PORT = free_port()

if __name__ == "__main__":
    main()
