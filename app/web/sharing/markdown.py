"""Text in Markdown."""


def escape_markdown(text: str) -> str:
    """Escape a text so that Markdown shows it literally, even in brackets."""
    return "".join(f"\\{c}" if c in "\\[]*_`<>" else c for c in text)
