"""Makes the fonts of images: subsets of DejaVu and Droid Sans Fallback with only the outlines of the characters in use.

On Debian or Ubuntu: apt-get install fonts-dejavu-core fonts-dejavu-extra fonts-droid-fallback
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

SYSTEM_FONTS = Path("/usr/share/fonts")
FONTS = Path(__file__).parents[1] / "app/diagram/painters/fonts"
CHINESE_TEXTS = Path(__file__).parents[1] / "app/translations/zh.po"

WESTERN_RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x17F),  # the languages of western and central Europe
    (0x2C6, 0x2C7),  # accents above letters that no character has with them
    (0x2D8, 0x2D9),
    (0x2DC, 0x2DC),
    (0x370, 0x3FF),  # Greek
    (0x1D40, 0x1D40),  # the sign of a transposed matrix
    (0x2010, 0x2027),
    (0x2030, 0x203A),
    (0x2070, 0x209C),  # superscripts and subscripts
    (0x2190, 0x2199),
    (0x2200, 0x22FF),
    (0x25A1, 0x25A1),  # the replacement for characters that no font has
)
WORD_RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x2010, 0x2027),
    (0x2190, 0x2193),
    (0x2212, 0x2212),
)
"""The characters of words in another weight; others are taken from the faces above."""

IDEOGRAPHS = 0x2E80

SOURCES = {
    "sans": "truetype/dejavu/DejaVuSans.ttf",
    "mono": "truetype/dejavu/DejaVuSansMono-Bold.ttf",
    "serif": "truetype/dejavu/DejaVuSerif-Italic.ttf",
    "chinese": "truetype/droid/DroidSansFallbackFull.ttf",
}

WORDS = {
    "sans_bold": "truetype/dejavu/DejaVuSans-Bold.ttf",
    "serif_bold": "truetype/dejavu/DejaVuSerif-Bold.ttf",
    "mono_regular": "truetype/dejavu/DejaVuSansMono.ttf",
}
"""The faces in another weight: of headings, and of numbers that are no shapes."""


def main() -> None:
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "fonttools"], check=True)
    western = {code for first, last in WESTERN_RANGES for code in range(first, last + 1)}
    chinese = {ord(character) for character in CHINESE_TEXTS.read_text("utf-8") if ord(character) >= IDEOGRAPHS}
    words = {code for first, last in WORD_RANGES for code in range(first, last + 1)}
    faces = {name: subset(name, path, chinese if name == "chinese" else western) for name, path in SOURCES.items()}
    faces |= {name: subset(name, path, words) for name, path in WORDS.items()}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(face, ensure_ascii=False)}" for name, face in faces.items())
    (FONTS / "faces.json").write_text(f"{{\n{lines}\n}}\n", "utf-8")


def subset(name: str, path: str, codes: set[int]) -> dict[str, Any]:
    """Write the subset of a font and return its metrics. Character n has glyph n + 1; glyph 0 belongs to no
    character."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont

    source = TTFont(SYSTEM_FONTS / path)
    glyphs, names = source.getGlyphSet(), source.getBestCmap()
    characters = sorted(codes & names.keys())
    origin = {".notdef": ".notdef"} | {f"u{code:04X}": names[code] for code in characters}
    outlines = {}
    for glyph, original in origin.items():
        flat, pen = DecomposingRecordingPen(glyphs), TTGlyphPen(None)
        glyphs[original].draw(flat)
        flat.replay(pen)
        outlines[glyph] = pen.glyph()
    advances = [round(glyphs[original].width) for original in origin.values()]
    builder = FontBuilder(source["head"].unitsPerEm)
    builder.setupGlyphOrder(list(origin))
    builder.setupCharacterMap({})
    builder.setupGlyf(outlines)
    bearings = [builder.font["glyf"][glyph].xMin if outlines[glyph].numberOfContours else 0 for glyph in origin]
    builder.setupHorizontalMetrics(dict(zip(origin, zip(advances, bearings, strict=True), strict=True)))
    line = source["hhea"]
    builder.setupHorizontalHeader(ascent=line.ascent, descent=line.descent)
    builder.font["head"].created = builder.font["head"].modified = source["head"].modified
    for table in ("cmap", "name", "OS/2", "post"):  # not needed, because glyphs are used by number
        if table in builder.font:
            del builder.font[table]
    builder.font.recalcTimestamp = False
    builder.font.save(FONTS / f"{name}.ttf")
    head = builder.font["head"]
    return {
        "name": Path(path).stem,
        "units": head.unitsPerEm,
        "box": [head.xMin, head.yMin, head.xMax, head.yMax],
        "ascent": line.ascent,
        "descent": line.descent,
        "slant": source["post"].italicAngle,
        "characters": "".join(map(chr, characters)),
        "advances": advances,
    }


if __name__ == "__main__":
    main()
