"""Keeps compiled templates beside their sources, as Python keeps modules.

Compiling them takes most of the time of the first page of a process.
"""

import sys
from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket, FileSystemBytecodeCache


class CompiledTemplates(FileSystemBytecodeCache):
    """The compiled templates in a folder. Without permission to write there, a process compiles them for itself.

    ``options`` is the file with the options of the environment. When it or Jinja changes, templates are compiled again.
    """

    def __init__(self, folder: Path, options: str) -> None:
        super().__init__(str(folder), f"%s.{sys.implementation.cache_tag}")
        self._folder, self._options = folder, options

    @cached_property
    def _compiler(self) -> bytes:
        return jinja2.__version__.encode() + Path(self._options).read_bytes()

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return name.replace("/", ".")

    def get_source_checksum(self, source: str) -> str:
        return sha256(self._compiler + source.encode()).hexdigest()

    def dump_bytecode(self, bucket: Bucket) -> None:
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            super().dump_bytecode(bucket)
