"""Whether a request comes from a phone."""

from starlette.datastructures import Headers


def is_phone(headers: Headers) -> bool:
    """Whether a browser's ``User-Agent`` is that of a phone: it has "Mobi" there, and that of a tablet has not."""
    return "Mobi" in headers.get("User-Agent", "")
