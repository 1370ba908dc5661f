"""PDF -> PNG, at any scale: the pixels are PDFium's."""

import zlib
from collections.abc import Iterator
from math import ceil
from struct import pack
from threading import Lock

import pypdfium2
from pypdfium2 import raw

from app.core.ops import Array

ROWS = 256
"""Rows of pixels that are painted in one go: the memory that an image needs does not grow with its height."""

LEVEL = 1
"""How hard an image is compressed: more would cost more time than the painting, for little."""

_one_at_a_time = Lock()
"""PDFium paints in one thread."""


def png(document: bytes, scale: float = 1, transparent: bool = False) -> bytes:
    """The first page of a PDF as an image, with so many pixels for each of its units."""
    packer, packed = zlib.compressobj(LEVEL), []
    with _one_at_a_time, pypdfium2.PdfDocument(document) as pdf:
        page = pdf[0]
        width, height = (ceil(size * scale) for size in page.get_size())
        for rows in _painted(page, width, height, transparent):
            for row in rows:
                packed.append(packer.compress(b"\0" + row.tobytes()))  # 0: a row stands as it is
        page.close()
    kind = pack(">IIBBBBB", width, height, 8, 6 if transparent else 2, 0, 0, 0)
    packed.append(packer.flush())
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", kind) + _chunk(b"IDAT", b"".join(packed)) + _chunk(b"IEND", b"")


def _painted(page: pypdfium2.PdfPage, width: int, height: int, transparent: bool) -> Iterator[Array]:
    """The pixels, some rows at a time from above: red, green and blue; ``transparent`` ones say how opaque they are."""
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
