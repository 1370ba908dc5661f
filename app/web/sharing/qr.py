"""A link as a QR code: dark on light whatever the theme, since telephones look for that."""

from io import BytesIO

import segno

from app.query.field_types import FieldError
from app.query.view import View

LONGEST = 2953
"""How many characters a QR code holds at most, by ISO/IEC 18004."""

QUIET = 4
"""Modules of light all around, as the standard asks for."""


def qr_svg(link: str) -> bytes:
    """A black code on white, as large as what holds it."""
    file = BytesIO()
    code = segno.make_qr(link, error="l")  # a larger correction where there is room for it
    code.save(file, kind="svg", xmldecl=False, border=QUIET, dark="#000", light="#fff", omitsize=True)
    return file.getvalue()


def check_length(view: View, link: str) -> None:
    """FieldError where no QR code holds a link. Its longest value is then to be shorter."""
    if len(link) > LONGEST:
        field = max(("text", "title", "lock", "hide"), key=lambda name: len(str(view[name])))
        message = f"this link has {len(link):,} characters, and a QR code holds {LONGEST:,}; make {field} shorter"
        raise FieldError(field, str(view[field]), message, {"characters": LONGEST})
