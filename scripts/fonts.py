"""Cut the fonts of images out of DejaVu and Droid Sans Fallback: the characters that pictures use, outlines alone.

On Debian or Ubuntu: apt-get install fonts-dejavu-core fonts-dejavu-extra fonts-droid-fallback
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

SHARED = Path("/usr/share/fonts")
FONTS = Path(__file__).parents[1] / "app/diagram/painters/fonts"
CHINESE = Path(__file__).parents[1] / "app/translations/zh.po"

WRITTEN = (
    (0x20, 0x7E),
    (0xA0, 0x17F),  # the languages of western and central Europe
    (0x370, 0x3FF),  # Greek
    (0x2010, 0x2027),
    (0x2030, 0x203A),
    (0x2070, 0x209C),  # raised and lowered
    (0x2190, 0x2199),
    (0x2200, 0x22FF),
    (0x25A1, 0x25A1),  # stands for what no font has
)
IDEOGRAPHS = 0x2E80

SOURCES = {
    "sans": "truetype/dejavu/DejaVuSans.ttf",
    "mono": "truetype/dejavu/DejaVuSansMono-Bold.ttf",
    "serif": "truetype/dejavu/DejaVuSerif-Italic.ttf",
    "chinese": "truetype/droid/DroidSansFallbackFull.ttf",
}


def main() -> None:
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "fonttools"], check=True)
    western = {code for first, last in WRITTEN for code in range(first, last + 1)}
    chinese = {ord(sign) for sign in CHINESE.read_text("utf-8") if ord(sign) >= IDEOGRAPHS}
    told = {name: cut(name, path, chinese if name == "chinese" else western) for name, path in SOURCES.items()}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(face, ensure_ascii=False)}" for name, face in told.items())
    (FONTS / "faces.json").write_text(f"{{\n{lines}\n}}\n", "utf-8")


def cut(name: str, path: str, codes: set[int]) -> dict[str, Any]:
    """Write one font; what is to be known of it. Its n-th character has the glyph n + 1: glyph 0 is of none."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont

    source = TTFont(SHARED / path)
    glyphs, names = source.getGlyphSet(), source.getBestCmap()
    characters = sorted(codes & names.keys())
    origin = {".notdef": ".notdef"} | {f"u{code:04X}": names[code] for code in characters}
    drawn = {}
    for own, theirs in origin.items():
        flat, pen = DecomposingRecordingPen(glyphs), TTGlyphPen(None)
        glyphs[theirs].draw(flat)
        flat.replay(pen)
        drawn[own] = pen.glyph()
    advances = [round(glyphs[theirs].width) for theirs in origin.values()]
    built = FontBuilder(source["head"].unitsPerEm)
    built.setupGlyphOrder(list(origin))
    built.setupCharacterMap({})
    built.setupGlyf(drawn)
    bearings = [built.font["glyf"][own].xMin if drawn[own].numberOfContours else 0 for own in origin]
    built.setupHorizontalMetrics(dict(zip(origin, zip(advances, bearings, strict=True), strict=True)))
    line = source["hhea"]
    built.setupHorizontalHeader(ascent=line.ascent, descent=line.descent)
    built.font["head"].created = built.font["head"].modified = source["head"].modified
    for table in ("cmap", "name", "OS/2", "post"):  # of no use where glyphs are named by number
        if table in built.font:
            del built.font[table]
    built.font.recalcTimestamp = False
    built.font.save(FONTS / f"{name}.ttf")
    head = built.font["head"]
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
