"""Build the image, run it as its users do, and check its bars: in a separate Docker engine, which is removed
afterwards.

Where no registry is in reach, the images that others made are stood in for by ones made of Debian's packages; what is
built on them is the project's own Dockerfile in any case.
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
LOCKED = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges:true")

MEGABYTES, READY, RESIDENT, STOP = 350, 2.0, 150, 10.0
"""Of the image, seconds until it is ready, megabytes at rest, seconds that Docker gives it to stop."""

DEBIAN = "trixie"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
LEAVE_OUT = ("man", "doc", "locale")

failures: list[str] = []


def main() -> None:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="unrolled-image-", dir="/var/tmp") as folder, engine(Path(folder)):
        bases(Path(folder))
        step("build", docker, "build", "--quiet", "--network", "host", "-t", IMAGE, ".")
        alone()
        scaled()
    print(f"{time.monotonic() - began:.0f} s in all")
    if failures:
        sys.exit("not held: " + "; ".join(failures))


def step(what: str, do: Callable[..., object], *arguments: object) -> None:
    """Run it and print how long it took."""
    began = time.monotonic()
    do(*arguments)
    print(f"{what}: {time.monotonic() - began:.0f} s", flush=True)


def held(what: str, holds: bool, figure: str = "", bar: str = "") -> None:
    """A check: its figure and its bar, and whether it holds."""
    line = f"{what}: {figure}{f' (bar: {bar})' if bar else ''}" if figure else what
    print(f"{'  ' if holds else '! '}{line}", flush=True)
    if not holds:
        failures.append(line)


def docker(*arguments: str) -> str:
    """The output of docker. Raises an error if it fails."""
    done = tried(*arguments)
    if done.returncode:
        sys.exit(f"docker {' '.join(arguments)}\n{done.stdout}\n{done.stderr}")
    return done.stdout.strip()


def tried(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", *arguments], cwd=ROOT, text=True, capture_output=True)


@contextmanager
def engine(folder: Path) -> Iterator[None]:
    """A Docker engine with its socket and everything else in a folder; it touches no rule of a firewall."""
    os.environ["DOCKER_HOST"] = f"unix://{folder}/docker.sock"
    own = {"host": os.environ["DOCKER_HOST"], "data-root": folder / "data", "exec-root": folder / "exec"}
    own |= {"pidfile": folder / "pid", "bridge": "none", "iptables": "false", "ip6tables": "false"}
    log = (folder / "log").open("w")
    process = subprocess.Popen(["dockerd", *(f"--{k}={v}" for k, v in own.items())], stdout=log, stderr=log)
    try:
        for _ in range(300):
            if process.poll() is not None:
                sys.exit(f"no Docker engine can run here:\n{(folder / 'log').read_text()[-2000:]}")
            if subprocess.run(["docker", "version"], capture_output=True).returncode == 0:
                break
            time.sleep(0.1)
        yield
    finally:
        running = tried("ps", "-aq").stdout.split()
        if running:
            tried("rm", "-f", *running)
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
        for mount in sorted((m for m in mounts if m.startswith(str(folder))), reverse=True):
            subprocess.run(["umount", "-l", mount], check=True)


def bases(folder: Path) -> None:
    """The other images: pulled, or built from Debian's packages."""
    found = re.search(r"^ARG BASE=(\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert found
    others = [name for name in docker(*SCALE, "config", "--images").split() if name != IMAGE]
    if in_reach("registry-1.docker.io"):
        for name in (found[1], *others):
            step(f"pull {name}", docker, "pull", "--quiet", name)
        return
    print(f"no registry is in reach: {', '.join((found[1], *others))} are made of Debian's packages")
    step("Debian's packages", debian, folder)
    python = f"""
        FROM scratch
        ADD base.tar /
        COPY ca.crt {CERTIFICATES}
        RUN rm -f /usr/lib/python3.*/EXTERNALLY-MANAGED && cd /usr/local/bin \
            && ln -s /usr/bin/python3 python && ln -s /usr/bin/python3 python3 && ln -s /usr/bin/pip3 pip
        ENV LANG=C.UTF-8 NODE_EXTRA_CA_CERTS={CERTIFICATES}"""
    rest = f"""
        FROM {found[1]}
        RUN apt-get update && apt-get install -y --no-install-recommends nginx-light redis-server \
            && mkdir -p /data && chown 999:1000 /data"""
    for name, text in ((found[1], python), (others[0], rest)):
        (folder / "context" / "Dockerfile").write_text(text)
        step(f"stand-in {name}", docker, "build", "--quiet", "--network", "host", "-t", name, str(folder / "context"))
    for name in others[1:]:
        docker("tag", others[0], name)


def debian(folder: Path) -> None:
    """A file system with Python, as an archive."""
    context = folder / "context"
    context.mkdir()
    shutil.copy(CERTIFICATES, context / "ca.crt")
    options = [f"--dpkgopt=path-exclude=/usr/share/{what}/*" for what in LEAVE_OUT]
    packages = "--include=ca-certificates,python3,python3-venv,python3-pip"
    source = f"deb {mirror()} {DEBIAN} main"
    command = ["mmdebstrap", "--quiet", "--variant=minbase", packages, *options, DEBIAN, str(context / "base.tar")]
    subprocess.run([*command, source], check=True)


def mirror() -> str:
    """The Debian mirror of this machine."""
    asked = ["apt-get", "indextargets", "--format", "$(SITE) $(CODENAME)", "Identifier: Packages"]
    for line in subprocess.run(asked, capture_output=True, text=True).stdout.splitlines():
        site, _, codename = line.partition(" ")
        if codename == DEBIAN:
            return site
    sys.exit(f"no images of others are in reach, and apt knows no Debian {DEBIAN} to make some of")


def in_reach(host: str) -> bool:
    try:
        socket.create_connection((host, 443), timeout=5).close()
    except OSError:
        return False
    return True


def alone() -> None:
    """The image on a laptop: without privileges, and within its bars."""
    size = int(docker("image", "inspect", "--format", "{{.Size}}", IMAGE)) / 1e6
    held("image", size <= MEGABYTES, f"{size:.0f} MB", f"{MEGABYTES} MB")
    times = [started() for _ in range(3)]
    line = ", ".join(f"{t:.2f}" for t in times)
    held("ready after", min(times) <= READY, f"{line} s", f"{READY} s, the best of three")
    url = f"http://127.0.0.1:{PORT}"
    for path, word in (("/", "<svg"), ("/diagram.svg", "<svg"), ("/healthz", "ok")):
        status, body, _ = get(url + path)
        held(f"GET {path}", status == 200 and word in body, str(status))
    held("metrics are not for visitors", get(url + "/metrics")[0] == 404)
    process = Path("/proc", docker("inspect", "--format", "{{.State.Pid}}", "alone"), "status").read_text()
    resident = int(field(process, "VmRSS").split()[0]) * 1024 / 1e6
    held("resident at rest", resident <= RESIDENT, f"{resident:.0f} MB", f"{RESIDENT} MB")
    held("not root", field(process, "Uid").split()[0] == "10001", field(process, "Uid").split()[0])
    held("no capabilities", int(field(process, "CapBnd"), 16) == 0, field(process, "CapBnd"))
    held("nothing can be written", tried("exec", "alone", "touch", "/srv/unrolled/x").returncode == 1)
    materials()
    began = time.monotonic()
    docker("stop", "alone")
    seconds = time.monotonic() - began
    code = docker("inspect", "--format", "{{.State.ExitCode}}", "alone")
    held("stops by itself", code in ("0", "143") and seconds < STOP, f"{seconds:.1f} s, code {code}", f"{STOP:.0f} s")


def started() -> float:
    """Seconds from the start of a container until it is ready."""
    tried("rm", "-f", "alone")
    began = time.monotonic()
    where = ("--network", "host", "-e", "HOST=127.0.0.1", "-e", f"PORT={PORT}")
    docker("run", "-d", "--name", "alone", *LOCKED, *where, IMAGE)
    return until(f"http://127.0.0.1:{PORT}/readyz") - began


def until(url: str) -> float:
    """The time at which an address responded with 200."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if get(url)[0] == 200:
            return time.monotonic()
        time.sleep(0.02)
    sys.exit(f"{url} does not answer:\n{tried('logs', 'alone')}")


def materials() -> None:
    """The bill of materials names every package that is installed, with its version."""
    bill = json.loads(docker("exec", "alone", "cat", "/srv/unrolled/sbom.json"))
    named = {(c["name"].lower(), c["version"]) for c in bill["components"]}
    ask = "from importlib.metadata import distributions as d; print(*(f'{p.name} {p.version}' for p in d()), sep='\\n')"
    installed = {tuple(line.lower().split()) for line in docker("exec", "alone", "python", "-c", ask).splitlines()}
    held("bill of materials", bill["bomFormat"] == "CycloneDX" and installed <= named, f"{len(named)} components")
    held("with Plotly.js", any(name == "plotly.js-cartesian-dist-min" for name, _ in named))


def scaled() -> None:
    """Two replicas, a proxy and Redis: responses are cached, and a replica may fail."""
    os.environ |= {"PORT": str(PORT), "REPLICAS": "2"}
    began = time.monotonic()
    docker(*SCALE, "up", "-d", "--no-build", "--wait", "--wait-timeout", "90")
    print(f"compose up: {time.monotonic() - began:.0f} s", flush=True)
    url = f"http://127.0.0.1:{PORT}"
    try:
        status, body, _ = get(url + "/")
        held("page through the proxy", status == 200 and "<svg" in body, str(status))
        static = re.search(r'href="(/static/[^"]*page\.css)"', body)
        for path in ("/diagram.json?num_units=7", static[1] if static else "/static"):
            kept = [get(url + path)[2].get("X-Cache", "none") for _ in range(2)]
            held(f"kept by the proxy: {path}", kept == ["MISS", "HIT"], ", ".join(kept))
        tag = get(url + "/diagram.json?num_units=7")[2].get("ETag", "")
        held("unchanged", get(url + "/diagram.json?num_units=7", {"If-None-Match": tag})[0] == 304, tag)
        held("metrics are not for visitors", get(url + "/metrics")[0] == 404)
        held("a room's socket passes", "101" in upgraded(), upgraded())
        first, *others = docker(*SCALE, "ps", "-q", "app").split()
        held("replicas", bool(others), str(1 + len(others)))
        docker("kill", first)
        began = time.monotonic()
        statuses = [get(f"{url}/diagram.svg?seed={seed}")[0] for seed in range(1, 31)]
        slowest = time.monotonic() - began
        held("one killed, 30 answers", set(statuses) == {200}, f"{set(statuses)} in {slowest:.1f} s")
    finally:
        tried(*SCALE, "down", "-v", "-t", "3")


def upgraded() -> str:
    """What a browser that asks for a room's socket gets."""
    ask = ["GET /rooms/ABCDE HTTP/1.1", "Host: localhost", "Connection: Upgrade", "Upgrade: websocket"]
    ask += ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", ""]
    with socket.create_connection(("127.0.0.1", PORT), timeout=5) as connection:
        connection.sendall("\r\n".join(ask).encode())
        return connection.recv(4096).decode(errors="replace").splitlines()[0]


def field(status: str, name: str) -> str:
    """Of /proc/.../status."""
    return next(line.partition(":")[2].strip() for line in status.splitlines() if line.startswith(f"{name}:"))


def get(url: str, headers: dict[str, str] | None = None) -> tuple[int, str, Message]:
    """Status, body and headers; the status is 0 if nothing responds."""
    try:
        with urlopen(Request(url, headers=headers or {}), timeout=10) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except HTTPError as error:
        return error.code, "", error.headers
    except (URLError, OSError):
        return 0, "", Message()


PORT = free_port()

if __name__ == "__main__":
    main()
