"""PDF -> PNG, at any scale, rendered by PDFium."""

import zlib
from collections.abc import Iterator
from math import ceil
from struct import pack
from threading import Lock

import pypdfium2
from pypdfium2 import raw

from ...core.ops import Array

ROWS = 256
"""The rows of pixels that are rendered at once, so that memory does not grow with the height of an image."""

LEVEL = 1
"""The compression level of zlib: a higher one takes longer than the rendering and saves little."""

_lock = Lock()
"""PDFium is not thread-safe."""


def png(document: bytes, scale: float = 1, transparent: bool = False) -> bytes:
    """The first page of a PDF as an image, with ``scale`` pixels per unit of the page."""
    packer, packed = zlib.compressobj(LEVEL), []
    with _lock, pypdfium2.PdfDocument(document) as pdf:
        page = pdf[0]
        width, height = (ceil(size * scale) for size in page.get_size())
        for rows in _rendered(page, width, height, transparent):
            for row in rows:
                packed.append(packer.compress(b"\0" + row.tobytes()))  # 0: no filter
        page.close()
    kind = pack(">IIBBBBB", width, height, 8, 6 if transparent else 2, 0, 0, 0)
    packed.append(packer.flush())
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", kind) + _chunk(b"IDAT", b"".join(packed)) + _chunk(b"IEND", b"")


def _rendered(page: pypdfium2.PdfPage, width: int, height: int, transparent: bool) -> Iterator[Array]:
    """The pixels from top to bottom, ROWS at a time: shape (rows, width, 3), or 4 with alpha where ``transparent``."""
    for top in range(0, height, ROWS):
        rows = min(ROWS, height - top)
        format = raw.FPDFBitmap_BGRA if transparent else raw.FPDFBitmap_BGR
        bitmap = pypdfium2.PdfBitmap.new_native(width, rows, format, rev_byteorder=True)
        bitmap.fill_rect((255, 255, 255, 0 if transparent else 255), 0, 0, width, rows)
        raw.FPDF_RenderPageBitmap(bitmap, page, 0, -top, width, height, 0, raw.FPDF_REVERSE_BYTE_ORDER)
        yield bitmap.to_numpy()
        bitmap.close()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))
