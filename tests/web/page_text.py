"""The words of a page, the links in its main part, and a page with one picture."""

from selectolax.lexbor import LexborHTMLParser


def text_of(html: str) -> str:
    """The text of a page as it is, with that of its scripts."""
    return LexborHTMLParser(html).text()


def words(html: str) -> str:
    """The words of a page, with single spaces between them and between elements."""
    return " ".join(LexborHTMLParser(html).text(separator=" ").split())


def links(html: str) -> list[str]:
    return [link.attributes.get("href") or "" for link in LexborHTMLParser(html).css("main a")]


def scripts(html: str) -> int:
    """The number of scripts."""
    return len(LexborHTMLParser(html).css("script"))


def with_one_picture(link: str) -> str:
    """A link to the same page with the picture in one format only, which is made faster."""
    return f"{link}{'&' if '?' in link else '?'}only=page"
