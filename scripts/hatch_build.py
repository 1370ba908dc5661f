"""Hatchling's build hook: adds Plotly's JavaScript to wheels, and the module `unrolled` to editable installations."""

import tomllib
from pathlib import Path
from runpy import run_path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parents[1]
VENDORED = ROOT / "static" / "vendor" / "plotly.css"


class BuildHook(BuildHookInterface[Any]):
    def dependencies(self) -> list[str]:
        """Plotly's Python package, which contains its JavaScript, unless the latter is in static/vendor already."""
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        packages: list[str] = project["dependency-groups"]["vendor"]
        return [] if VENDORED.exists() else packages

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            build_data["force_include_editable"]["scripts/editable_install.py"] = "unrolled.py"
        if not VENDORED.exists():
            run_path(str(ROOT / "scripts" / "fetch_plotly.py"), run_name="__main__")
