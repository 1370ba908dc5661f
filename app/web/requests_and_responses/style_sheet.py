"""The style sheet of the pages, joined from the files of static/css, so that a page needs one request."""

from functools import cache

from .installed_files import ROOT

PARTS = (
    *("base", "header", "share_menu", "fullscreen", "layout", "room", "lesson", "quiz", "picture", "stack_map"),
    *("controls", "player", "inputs_and_outputs", "side_panel", "values", "tables", "text_pages", "questions"),
    *("explain", "framework", "below_picture", "model", "cell_editor", "cell_equations", "cell_gallery", "cell"),
    *("main_page_in_wide_windows", "main_page_in_narrow_windows", "training", "print", "embed"),
)
"""The files, in the order of the cascade: of two rules with equal specificity the later one wins."""


@cache
def page_style_sheet() -> str:
    return "".join((ROOT / "static/css" / f"{name}.css").read_text(encoding="utf-8") for name in PARTS)
