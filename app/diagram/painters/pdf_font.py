"""The letters of a PDF: a face within the document, with the glyphs that are used."""

import pydyf

from app.diagram.painters.typefaces import Face


def added(document: pydyf.PDF, thing: pydyf.Object) -> bytes:
    """Put a thing into a document. How others refer to it."""
    document.add_object(thing)
    reference: bytes = thing.reference
    return reference


def font(document: pydyf.PDF, face: Face, used: dict[int, str], small: bool) -> bytes:
    """A face with those of its glyphs that are used, and which characters they are, for who copies text."""
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
        "ToUnicode": added(document, pydyf.Stream([_meaning(used)], compress=small)),
    }
    return added(document, pydyf.Dictionary(whole))


def _thousandths(face: Face, *lengths: int) -> list[int]:
    return [round(1000 * length / face.units) for length in lengths]


def _meaning(used: dict[int, str]) -> str:
    """Which character each glyph is, as a map that PDF readers know; at most 100 stand in one block."""
    pairs = [f"<{glyph:04x}> <{character.encode('utf-16-be').hex()}>" for glyph, character in sorted(used.items())]
    blocks = (pairs[start : start + 100] for start in range(0, len(pairs), 100))
    told = "\n".join("\n".join((f"{len(block)} beginbfchar", *block, "endbfchar")) for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{told}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    )
