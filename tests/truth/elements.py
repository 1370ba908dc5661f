"""A page as a tree of elements."""

from functools import cached_property
from html.parser import HTMLParser


class Element:
    """An element of a page: its tag, attributes, children and text."""

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag, self.attributes = tag, attributes
        self.children: list[Element | str] = []

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    @property
    def raw(self) -> str:
        """Its text as it is in the page, without scripts."""
        if self.tag in ("script", "style"):
            return ""
        return "".join(child if isinstance(child, str) else child.raw for child in self.children)

    @property
    def text(self) -> str:
        """The same with single spaces."""
        return " ".join(self.raw.split())

    @cached_property
    def every(self) -> "list[Element]":
        """All elements within it, in the order of the page."""
        inner = [child for child in self.children if isinstance(child, Element)]
        return [element for child in inner for element in (child, *child.every)]

    def all(self, tag: str = "", **attributes: str) -> "list[Element]":
        """The elements within it of a tag, and with these attributes; a class is one of several."""
        found = [element for element in self.every if tag in ("", element.tag)]
        for name, value in attributes.items():
            if name == "class_":
                found = [element for element in found if value in element["class"].split()]
            else:
                name = name.replace("_", "-")
                found = [element for element in found if element[name] == value]
        return found

    def one(self, tag: str = "", **attributes: str) -> "Element":
        found = self.all(tag, **attributes)
        assert found, f"no <{tag} {attributes}>"
        return found[0]


VOID = {"meta", "link", "input", "br", "img", "hr", "wbr", "source", "col"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("page", {})]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attributes})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attributes}))

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in reversed(self.open[1:])):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parsed(html: bytes) -> Element:
    reader = _Reader()
    reader.feed(html.decode())
    return reader.open[0]
