"""The fonts of PDF and PNG, independent of the fonts of the machine. scripts/subset_fonts.py writes the files in
fonts/."""

import json
import struct
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from math import radians, tan
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

FONTS = Path(__file__).with_name("fonts")

ACCENTS = {"\u0301": "´", "\u0302": "ˆ", "\u0303": "˜", "\u0304": "¯", "\u0306": "˘", "\u0307": "˙", "\u030c": "ˇ"}
"""The glyphs of combining characters, which are set above the letter before."""

REPLACEMENT = "□"
"""Drawn for a character that no face has."""


@dataclass(frozen=True)
class Face:
    """The outlines of some characters; the n-th of them has the glyph n + 1. Lengths are in units; ``units`` of them
    are an em."""

    file: str
    name: str
    units: int
    box: tuple[int, int, int, int]
    ascent: int
    descent: int
    slant: float
    characters: str
    advances: tuple[int, ...]

    @cached_property
    def glyphs(self) -> dict[str, int]:
        return {character: n for n, character in enumerate(self.characters, 1)}

    def width(self, glyph: int) -> float:
        """The advance of a glyph, in em."""
        return self.advances[glyph] / self.units

    @lru_cache(256)  # noqa: B019  # the faces live as long as the program
    def bounds(self, glyph: int) -> tuple[float, float, float]:
        """The left end, the right end and the top of a glyph, in em."""
        head, glyf, loca = (self._tables[tag] for tag in ("head", "glyf", "loca"))
        wide = struct.unpack_from(">h", head, 50)[0]
        start = _numbers("I" if wide else "H", loca, 1 if wide else 2)[glyph]
        left, _, right, top = struct.unpack_from(">4h", glyf, start + 2)
        return left / self.units, right / self.units, top / self.units

    def with_only(self, glyphs: set[int]) -> bytes:
        """A TrueType file in which all other glyphs are empty, to keep it small."""
        tables = dict(self._tables)
        wide = struct.unpack_from(">h", tables["head"], 50)[0]
        offsets = _numbers("I" if wide else "H", tables["loca"], 1 if wide else 2)
        outlines, starts = bytearray(), [0]
        for glyph, (start, end) in enumerate(pairwise(offsets)):
            if glyph in glyphs:
                outlines += tables["glyf"][start:end] + bytes(-(end - start) % 4)
            starts.append(len(outlines))
        tables["glyf"], tables["loca"] = bytes(outlines), struct.pack(f">{len(starts)}I", *starts)
        tables["head"] = tables["head"][:50] + struct.pack(">h", 1) + tables["head"][52:]
        return _file(tables)

    @cached_property
    def _tables(self) -> dict[str, bytes]:
        data = (FONTS / self.file).read_bytes()
        entries = (struct.unpack_from(">4sIII", data, 12 + 16 * n) for n in range(struct.unpack_from(">H", data, 4)[0]))
        return {tag.decode(): data[start : start + length] for tag, _, start, length in entries}


def _numbers(kind: str, table: bytes, times: int) -> list[int]:
    return [times * n for n in struct.unpack(f">{len(table) // struct.calcsize(kind)}{kind}", table)]


def _file(tables: dict[str, bytes]) -> bytes:
    """Tables as a TrueType file."""
    power = len(tables).bit_length() - 1
    head = struct.pack(">IHHHH", 0x10000, len(tables), 16 << power, power, 16 * len(tables) - (16 << power))
    body, start = bytearray(), len(head) + 16 * len(tables)
    for tag, table in sorted(tables.items()):
        padded = table + bytes(-len(table) % 4)
        checksum = sum(_numbers("I", padded, 1)) % 2**32
        head += struct.pack(">4sIII", tag.encode(), checksum, start + len(body), len(table))
        body += padded
    return head + bytes(body)


def _read() -> dict[str, Face]:
    faces = json.loads((FONTS / "faces.json").read_text("utf-8"))
    return {
        font: Face(f"{font}.ttf", **face | {"box": tuple(face["box"]), "advances": tuple(face["advances"])})
        for font, face in faces.items()
    }


FACES = _read()
"""Faces by the names of font families, one for Chinese, and those of words in another weight."""

WEIGHTS = {
    ("heading", "sans"): "sans_bold",
    ("heading", "serif"): "serif_bold",
    ("text", "mono"): "mono_regular",
}
"""The faces of words in another weight, by their kind and font: labels are bold, and so is the face ``mono``."""


_CHARACTERS = frozenset(character for face in FACES.values() for character in face.characters)


class GlyphRun(NamedTuple):
    """Consecutive characters of one face. An accent, which has no width, is ``moved`` to the right and up, in em."""

    face: str
    text: str
    glyphs: tuple[int, ...]
    moved: tuple[float, float] | None = None

    @property
    def width(self) -> float:
        """The width of the run, in em."""
        return 0.0 if self.moved else sum(map(FACES[self.face].width, self.glyphs))


@lru_cache(2**12)
def glyph_runs(text: str, font: str) -> tuple[GlyphRun, ...]:
    """A text as glyphs: each character in the font, or else in the first face that has it; accents above letters."""
    runs: list[GlyphRun] = []
    for character in _in_parts(text):
        face, glyph = _glyph(character, font)
        before = runs[-1] if runs else None
        if character in ACCENTS and before and not before.moved:
            runs.append(_accent(character, before))
        elif before and before.face == face and not before.moved:
            runs[-1] = GlyphRun(face, before.text + character, (*before.glyphs, glyph))
        else:
            runs.append(GlyphRun(face, character, (glyph,)))
    return tuple(runs)


def _in_parts(text: str) -> str:
    """A text in which a letter with an accent that no face has is that letter, then the accent."""
    return text if text.isascii() else "".join(c if c in _CHARACTERS else normalize("NFD", c) for c in text)


def _accent(character: str, before: GlyphRun) -> GlyphRun:
    """An accent over the middle of the last glyph of a run, as far above it as above an x."""
    face, letter = FACES[before.face], before.glyphs[-1]
    name, accent = _glyph(ACCENTS[character], before.face)
    left, right, top = face.bounds(letter)
    begin, end, _ = FACES[name].bounds(accent)
    up = max(0.0, top - face.bounds(face.glyphs.get("x", letter))[2])
    lean = up * tan(radians(-face.slant)) / 2
    across = (left + right - begin - end) / 2 - face.width(letter) + lean
    return GlyphRun(name, character, (accent,), (across, up))


def text_width(text: str, font: str) -> float:
    """The width of a text, in em."""
    return sum(run.width for run in glyph_runs(text, font))


def _glyph(character: str, font: str) -> tuple[str, int]:
    for face in (font, *FACES):
        if glyph := FACES[face].glyphs.get(character):
            return face, glyph
    return "sans", FACES["sans"].glyphs[REPLACEMENT]
