"""Compiled catalogs are used until their .po file changes."""

import sys
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest

from app.translations import compiled_catalogs
from app.translations.compiled_catalogs import compiled, compiled_catalog

PO = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "step"
msgstr "{step}"
"""


def test_a_catalog_is_compiled_once_and_again_after_a_change(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file, sources = tmp_path / "es.po", list[bytes]()

    def counted(po: bytes) -> bytes:
        sources.append(po)
        return compiled(po)

    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(compiled_catalogs, "compiled", counted)
    for word in ("paso", "paso", "etapa", "etapa"):
        file.write_text(PO.format(step=word))
        assert GNUTranslations(BytesIO(compiled_catalog(file))).gettext("step") == word

    assert len(sources) == 2
    assert [path.name for path in (tmp_path / "__pycache__").iterdir()] == ["es.mo"]


def test_a_folder_that_cannot_be_written_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "es.po").write_text(PO.format(step="paso"))
    (tmp_path / "__pycache__").touch()  # no folder
    monkeypatch.setattr(sys, "dont_write_bytecode", False)

    assert compiled_catalog(tmp_path / "es.po") == compiled(PO.format(step="paso").encode())
