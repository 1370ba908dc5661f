"""A page as a tree of elements, parsed as browsers do."""

from typing import Self

from selectolax.lexbor import LexborHTMLParser, LexborNode


class Element:
    """An element of a page."""

    def __init__(self, node: LexborNode) -> None:
        self.node = node

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Element) and self.node.mem_id == other.node.mem_id

    def __hash__(self) -> int:
        return self.node.mem_id

    @property
    def tag(self) -> str:
        return self.node.tag or ""

    def __getitem__(self, name: str) -> str:
        return self.node.attributes.get(name) or ""

    @property
    def raw(self) -> str:
        """Its text as it is in the page, without scripts."""
        return self.node.text()

    @property
    def text(self) -> str:
        """The same with single spaces."""
        return " ".join(self.raw.split())

    def all(self, tag: str = "", **attributes: str) -> list[Self]:
        """The elements within it of a tag, and with these attributes; a class is one of several."""
        found = self.node.css(tag + "".join(_selector(name, value) for name, value in attributes.items()) or "*")
        return [type(self)(node) for node in found if node.mem_id != self.node.mem_id]

    def one(self, tag: str = "", **attributes: str) -> Self:
        found = self.all(tag, **attributes)
        assert found, f"no <{tag} {attributes}>"
        return found[0]


def _selector(name: str, value: str) -> str:
    quoted = value.replace("\\", r"\\").replace('"', r"\"")
    return f'[class~="{quoted}"]' if name == "class_" else f'[{name.replace("_", "-")}="{quoted}"]'


def parsed(html: bytes) -> Element:
    page = LexborHTMLParser(html)
    page.strip_tags(["script", "style"])
    assert page.root
    return Element(page.root)
