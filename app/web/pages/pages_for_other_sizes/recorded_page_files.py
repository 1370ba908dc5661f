"""Stores the texts of recorded pages beside the compiled templates, so that a new process need not record them.

Recording a page takes as long as filling it ten times, and a class that opens many kinds of pages on a new server would
wait for all of them. ``app/precompute.py`` writes the files; servers only read them, so nothing that a visitor enters
is in them. They are valid for one build of the app and one version of Python, and trusted like the compiled templates
beside them.
"""

import pickle
import sys
from collections.abc import Container, Hashable, Iterator
from contextlib import suppress
from hashlib import sha256
from os import replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from zstandard import DICT_TYPE_RAWCONTENT, ZstdCompressionDict, ZstdCompressor, ZstdDecompressor

from .texts_filled_on_server import SlottedText

DIGEST = sha256().digest_size
LEVEL = 16
"""Of Zstandard: files are written once. Higher levels take a tenth longer and save nothing."""


class StoredPages:
    """The texts in a folder, one file for each page. ``build`` identifies the sources of the app.

    The texts of a page differ little: all but the first are compressed with the first as the dictionary, which makes
    the files a third as large.
    """

    def __init__(self, folder: Path, build: str) -> None:
        self._folder = folder
        self._version = f"{build}.{sys.implementation.cache_tag}"

    def read(self, page: Hashable, known: Container[int] = ()) -> Iterator[tuple[int, SlottedText]]:
        """The texts of a page, each with its number, but for those with ``known`` numbers; none if there is no file, or
        if it is damaged. Each is unpacked when the iterator reaches it, in 3 ms."""
        packed, dictionary = self._packed(page), None
        for number, text in enumerate(packed):
            if number not in known:
                if number and not dictionary:
                    dictionary = _dictionary(packed[0])
                yield number, pickle.loads(_unpacked(text, dictionary if number else None))

    def add(self, page: Hashable, text: SlottedText) -> int:
        """Add a text of a page, and return its number. The file is replaced at once: a server may read it at the same
        time. Raises OSError."""
        packed = self._packed(page)
        compressor = ZstdCompressor(LEVEL, dict_data=_dictionary(packed[0]) if packed else None)
        content = pickle.dumps([*packed, compressor.compress(pickle.dumps(text))])
        self._folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self._folder, delete=False) as part:
            part.write(sha256(content).digest() + content)
        replace(part.name, self._file(page))
        return len(packed)

    def _packed(self, page: Hashable) -> list[bytes]:
        with suppress(OSError):
            content = self._file(page).read_bytes()
            if sha256(content[DIGEST:]).digest() == content[:DIGEST]:
                texts: list[bytes] = pickle.loads(content[DIGEST:])
                return texts
        return []

    def remove_others(self) -> None:
        """Remove the files of other builds. Raises OSError."""
        for file in self._folder.glob("*.page"):
            if not file.name.startswith(self._version.split(".")[0]):
                file.unlink()

    def _file(self, page: Hashable) -> Path:
        return self._folder / f"{self._version}.{sha256(repr(page).encode()).hexdigest()}.page"


def _unpacked(text: bytes, dictionary: ZstdCompressionDict | None) -> bytes:
    return ZstdDecompressor(dict_data=dictionary).decompress(text)


def _dictionary(first: bytes) -> ZstdCompressionDict:
    return ZstdCompressionDict(_unpacked(first, None), dict_type=DICT_TYPE_RAWCONTENT)
