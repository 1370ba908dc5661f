"""A page as a tree of elements."""

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

    def all(self, tag: str = "", **attributes: str) -> "list[Element]":
        """The elements within it of a tag, and with these attributes; a class is one of several."""
        found: list[Element] = []
        for child in (c for c in self.children if isinstance(c, Element)):
            fits = all(
                value in child["class"].split() if name == "class_" else child[name.replace("_", "-")] == value
                for name, value in attributes.items()
            )
            found += [child] * (fits and tag in ("", child.tag)) + child.all(tag, **attributes)
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
        if any(element.tag == tag for element in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parsed(html: bytes) -> Element:
    reader = _Reader()
    reader.feed(html.decode())
    return reader.open[0]
