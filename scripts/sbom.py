"""Writes the bill of materials of an environment as CycloneDX: its Python packages and Plotly's JavaScript."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    python, plotly = sys.argv[1:]
    tool = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", python]
    bill = json.loads(subprocess.run(tool, check=True, capture_output=True).stdout)
    bill["components"].append(plotly_js(Path(plotly)))
    json.dump(bill, sys.stdout, indent=1)


def plotly_js(file: Path) -> dict[str, Any]:
    """The component of a bundle of Plotly.js, whose first lines contain its version."""
    match = re.search(r"plotly\.js \(cartesian - minified\) v(\S+)", file.read_text()[:300])
    if not match:
        raise SystemExit(f"{file} is not the cartesian bundle of Plotly.js")
    version = match[1]
    return {
        "bom-ref": "plotly.js",
        "type": "library",
        "name": "plotly.js-cartesian-dist-min",
        "version": version,
        "purl": f"pkg:npm/plotly.js-cartesian-dist-min@{version}",
        "licenses": [{"license": {"id": "MIT"}}],
    }


if __name__ == "__main__":
    main()
