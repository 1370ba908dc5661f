"""The words of a page, and the links in its main part."""

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.scripts = 0
        self.in_main = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.in_main |= tag == "main"
        if tag == "a" and self.in_main:
            self.links.append(dict(attributes).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        self.in_main &= tag != "main"

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    return reader


def words(html: str) -> str:
    return " ".join(" ".join(read(html).words).split())


def links(html: str) -> list[str]:
    return read(html).links
