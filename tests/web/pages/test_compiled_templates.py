"""Compiled templates are used until their source or the options of the environment change."""

import sys
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from app.web.pages.compiled_templates import CompiledTemplates


def compiled(monkeypatch: pytest.MonkeyPatch, folder: Path, source: str, options: str) -> tuple[str, bool]:
    """The text of a template in a new process, and whether it was compiled."""
    was_compiled = []

    class Counting(Environment):
        def _generate(self, *arguments: object, **names: object) -> str:
            was_compiled.append(True)
            return str(super()._generate(*arguments, **names))  # type: ignore[arg-type]

    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    cache = CompiledTemplates(folder, options)
    environment = Counting(loader=DictLoader({"parts/a.html": source}), bytecode_cache=cache)
    return environment.get_template("parts/a.html").render(n=5), bool(was_compiled)


def test_a_template_is_compiled_once_and_again_after_a_change(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    options = tmp_path / "options.py"
    options.write_text("trim_blocks=True")
    folder = tmp_path / "compiled"

    assert compiled(monkeypatch, folder, "{{ n }} units", str(options)) == ("5 units", True)
    assert compiled(monkeypatch, folder, "{{ n }} units", str(options)) == ("5 units", False)
    assert compiled(monkeypatch, folder, "{{ n }} steps", str(options)) == ("5 steps", True)
    options.write_text("trim_blocks=False")
    assert compiled(monkeypatch, folder, "{{ n }} steps", str(options)) == ("5 steps", True)


def test_a_folder_that_cannot_be_written_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        assert compiled(monkeypatch, Path("/proc/compiled"), "{{ n }} units", __file__) == ("5 units", True)
