"""Fonts of a PDF: faces embedded in the document, with only the glyphs that are used."""

import pydyf

from .pdf_and_png_fonts import Face


def added(document: pydyf.PDF, object: pydyf.Object) -> bytes:
    """Add an object to a document, and return a reference to it."""
    document.add_object(object)
    reference: bytes = object.reference
    return reference


def font(document: pydyf.PDF, face: Face, used: dict[int, str], small: bool) -> bytes:
    """Embed a face with the glyphs that are used, and their characters, so that text can be searched and copied.
    Returns a reference to it."""
    name = f"/UNROLL+{face.name}"
    file = face.with_only(set(used))
    descriptor = {
        "Type": "/FontDescriptor",
        "FontName": name,
        "Flags": 4,
        "FontBBox": pydyf.Array(_thousandths(face, *face.box)),
        "ItalicAngle": face.slant,
        "Ascent": _thousandths(face, face.ascent)[0],
        "Descent": _thousandths(face, face.descent)[0],
        "CapHeight": _thousandths(face, face.ascent)[0],
        "StemV": 80,
        "FontFile2": added(document, pydyf.Stream([file], {"Length1": len(file)}, compress=small)),
    }
    widths = pydyf.Array(f"{glyph} [{_thousandths(face, face.advances[glyph])[0]}]" for glyph in sorted(used))
    descendant = {
        "Type": "/Font",
        "Subtype": "/CIDFontType2",
        "BaseFont": name,
        "CIDSystemInfo": "<</Registry (Adobe) /Ordering (Identity) /Supplement 0>>",
        "CIDToGIDMap": "/Identity",
        "FontDescriptor": added(document, pydyf.Dictionary(descriptor)),
        "W": widths,
    }
    whole = {
        "Type": "/Font",
        "Subtype": "/Type0",
        "BaseFont": name,
        "Encoding": "/Identity-H",
        "DescendantFonts": pydyf.Array([added(document, pydyf.Dictionary(descendant))]),
        "ToUnicode": added(document, pydyf.Stream([_character_map(used)], compress=small)),
    }
    return added(document, pydyf.Dictionary(whole))


def _thousandths(face: Face, *lengths: int) -> list[int]:
    return [round(1000 * length / face.units) for length in lengths]


def _character_map(used: dict[int, str]) -> str:
    """Glyph -> character, as a ToUnicode CMap: at most 100 entries in a block (PDF 1.7, section 9.10.3)."""
    pairs = [f"<{glyph:04x}> <{character.encode('utf-16-be').hex()}>" for glyph, character in sorted(used.items())]
    blocks = (pairs[start : start + 100] for start in range(0, len(pairs), 100))
    mapping = "\n".join("\n".join((f"{len(block)} beginbfchar", *block, "endbfchar")) for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{mapping}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    )
