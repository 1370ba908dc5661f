"""`make bench`: run all benchmarks, or the named modules (ARGS="page other_tools"), and print one table.

Every figure is a ratio to something measured in the same run, or has a bar in milliseconds. The two sides of a ratio
alternate, so that other work on the machine affects both alike.
"""

import os
import platform
import subprocess
import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.measured_row import HEAD, line
from scripts.chromium import find

MODULES = ("numpy_run", "training", "reading", "trace", "server_time_and_bytes", "page", "other_tools")


def main(arguments: list[str]) -> None:
    unknown = set(arguments) - set(MODULES)
    if unknown:
        raise SystemExit(f"there is no benchmark {', '.join(sorted(unknown))}; known: {', '.join(MODULES)}")
    print(machine(), end="\n\n")
    print(line(HEAD), line(("---",) * len(HEAD)), sep="\n", flush=True)
    for module in arguments or MODULES:
        for row in import_module(f"benchmarks.{module}").rows():
            print(line(row.cells()), flush=True)
    print(f"\nLoad average {os.getloadavg()[0]:.1f} at the end.")


def machine() -> str:
    """The machine and the versions of the software."""
    return "\n".join(
        (
            f"{cpu()}, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} before the start",
            f"{system()}, Python {platform.python_version()}, NumPy {version('numpy')} with {blas()}",
            f"PyTorch {installed('torch')}, Keras {installed('keras')}, {browser()}",
        )
    )


def cpu() -> str:
    names = [s.partition(": ")[2] for s in _lines("/proc/cpuinfo") if s.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def system() -> str:
    names = [s.partition("=")[2].strip('"') for s in _lines("/etc/os-release") if s.startswith("PRETTY_NAME")]
    return f"{names[0] if names else platform.system()} ({platform.release()})"


def blas() -> str:
    """The BLAS of NumPy, and the kernel that it chose for this processor."""
    import numpy  # noqa: F401  (loads it)
    from threadpoolctl import threadpool_info

    found = [i for i in threadpool_info() if i["user_api"] == "blas"]
    return ", ".join(f"{i['internal_api']} {i['version']} ({i.get('architecture')})" for i in found) or "unknown BLAS"


def browser() -> str:
    chromium = find()
    if not chromium:
        return "no Chromium"
    output = subprocess.run([chromium, "--version"], capture_output=True, text=True).stdout
    return " ".join(output.split()[:2]) or "Chromium"


def installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(missing)"


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text().splitlines() if file.exists() else []


if __name__ == "__main__":
    main(sys.argv[1:])
