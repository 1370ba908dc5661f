"""Pictures as TikZ: only known commands, the words and outlines of the SVG, and no commands from typed text."""

import re
import shutil
import subprocess
from collections import Counter
from math import isfinite
from pathlib import Path

import pypdfium2
import pytest
from all_pictures import EVERY, MORE, drawn
from pairing import in_turn, some

from app.diagram.elements import Label, Picture, Text
from app.diagram.painters.svg import svg
from app.diagram.painters.tikz import escape, tikz
from app.diagram.text_spans import TextSpan
from app.diagram.theme import LIGHT, THEMES, Theme
from app.translations.languages import LANGUAGES

every_picture = pytest.mark.parametrize(("lang", "query"), in_turn(LANGUAGES, [*EVERY, *MORE]))

MEANINGS = {
    "textbackslash": "\\", "textasciicircum": "^", "textasciitilde": "~", "textless": "<",
    "textgreater": ">", "textbar": "|", "dots": "…", "times": "×", "$": "$", "cdot": "·", "-": "−", "partial": "∂",
    "sigma": "σ", "rightarrow": "→", "downarrow": "↓", "ast": "∗", "unknown": "□",
}  # fmt: skip
"""The characters that the commands in a text represent."""

ACCENTS = {"'": "áéíóú", "~": "ñ", '"': "ü"}
"""The letters of Spanish with these accents."""

STRUCTURE = {
    "RequirePackage", "documentclass", "usepackage", "newcommand", "definecolor", "begin", "end",
    "fontsize", "selectfont", "size", "sub", "raisebox", "itshape", "ttfamily", "bfseries", "sffamily", "rmfamily",
    "useasboundingbox", "fill", "draw", "filldraw", "node",
    "unknown", "fboxsep", "framebox", "rule", "cjk", "ifdefined", "directlua", "else", "fi",
    "newfontfamily", "chinese", "IfFontExistsTF", "IfFileExists", "CJK",
}  # fmt: skip
"""All other commands of a document."""

NODE = re.compile(r"\\node\[(?P<options>.*?)\] at \((?P<x>\S+),(?P<y>\S+)\) \{(?P<text>.*)\};")

HOSTILE = (
    r"\input{/etc/passwd}", r"\write18{rm -rf /}", r"\immediate\openout3=x", r"\csname input\endcsname", "^^5cinput{x}",
    "$x$", "a_b^c", "~ ~~", "100 % & # {}", "}}];\\end{document}\\input{x}", r"\\\\", "\\", "{", "}", "%",
    "-- --- ``''", "\n\\input x\n", "\r\\relax", "\u2028\\relax", "\0\x1b",
    "<<>>|\"'", "?` !`", "añ 中文。", "🡒 ٣ ж", "e\u0301",
)  # fmt: skip


def commands(text: str) -> set[str]:
    return set(re.findall(r"\\([a-zA-Z]+|[^a-zA-Z])", text))


def depths(text: str) -> list[int]:
    """The number of open groups after each brace."""
    found, depth = [], 0
    for brace in re.findall(r"\\.|[{}]", text, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        found.append(depth)
    return found


def read(text: str) -> str:
    """The text that TeX sets. Fails on anything that is not plain text or a command for a character."""
    rest, found = re.sub(r"^(\\(itshape|mdseries|bfseries) )*", "", text), ""
    patterns = (
        (r"\\textsubscript\{(?:(\d)|\\ensuremath\{-\})\}", lambda m: "₀₁₂₃₄₅₆₇₈₉"[int(m[1])] if m[1] else "₋"),
        (r"\\cjk\{([\u3000-\uffef]+)\}", lambda m: m[1]),
        (r"\\sub\{[\d.]+\}\{[\d.]+\}\{(.*)\}$", lambda m: read(m[1])),
        (r"\\ensuremath\{\\?([a-z]+|[-$])\}", lambda m: MEANINGS[m[1]]),
        (r"\\(['~\"])\{([a-z])\}", lambda m: next(a for a in ACCENTS[m[1]] if plain(a) == m[2])),
        (r"\\([{}$&#%_])", lambda m: m[1]),
        (r"\\([a-z]+)\{\}", lambda m: MEANINGS[m[1]]),
        (r"\?`\{\}", lambda m: "¿"),
        (r"--\{\}", lambda m: "–"),
        (r"([-'`])\{\}", lambda m: {"-": "-", "'": "’", "`": "‘"}[m[1]]),
        (r"\{\}", lambda m: ""),
        (r"~", lambda m: "\u00a0"),
        (r"([ a-zA-Z0-9.,:;!?()\[\]=+*/@\"])", lambda m: m[1]),
    )
    while rest:
        pattern, meaning = next(
            (re.match(pattern, rest), meaning) for pattern, meaning in patterns if re.match(pattern, rest)
        )
        assert pattern
        found, rest = found + meaning(pattern), rest[pattern.end() :]
    return found


def plain(letter: str) -> str:
    return letter.translate(str.maketrans("áéíóúñü", "aeiounu"))


@every_picture
def test_a_document_has_known_commands_in_closed_groups(lang: str, query: dict[str, str]) -> None:
    document = tikz(drawn(query, lang), LIGHT)
    of_text = {name for text in (node["text"] for node in NODE.finditer(document)) for name in commands(text)}

    assert commands(re.sub(NODE, "", document)) <= STRUCTURE | {"\n"}
    shapes = {"itshape", "mdseries", "bfseries"}
    assert of_text <= {*MEANINGS, *ACCENTS, *"{}$&#%_", "ensuremath", "textsubscript", *shapes, "sub", "cjk"}
    assert min(depths(document)) == depths(document)[-1] == 0
    opened = re.findall(r"\\(begin|end)\{(document|tikzpicture|scope)\}", document)
    within: list[str] = []
    for command, name in opened:
        within.append(name) if command == "begin" else None
        assert command == "begin" or within.pop() == name
    assert not within


@every_picture
def test_every_point_is_in_the_picture(lang: str, query: dict[str, str]) -> None:
    picture = drawn(query, lang)
    points = re.findall(r"\((\S+?),(\S+?)\)", tikz(picture, LIGHT).partition(r"\useasboundingbox")[2])

    assert len(points) > len(picture.shapes)
    for x, y in points:
        assert isfinite(float(x)) and isfinite(float(y))
        assert 0 <= float(x) <= picture.width and 0 <= float(y) <= picture.height


@every_picture
def test_it_draws_what_the_svg_draws_in_the_same_order(lang: str, query: dict[str, str]) -> None:
    picture = drawn(query, lang)
    document = tikz(picture, LIGHT, background=False)
    by_svg = re.findall(
        r'<path class="(area|head|wire|line) |<(tspan class|text class="(?!label))', svg(picture, LIGHT)
    )
    by_tikz = re.findall(r"^\\(filldraw|fill|draw|node)\b", document, re.MULTILINE)

    kinds = {"area": "filldraw", "head": "fill", "wire": "draw", "line": "draw", "": "node"}
    assert by_tikz == [kinds[kind] for kind, _ in by_svg]


@every_picture
def test_it_writes_the_words_of_the_picture(lang: str, query: dict[str, str]) -> None:
    picture = drawn(query, lang)
    found = Counter(read(node["text"]) for node in NODE.finditer(tikz(picture, LIGHT)))
    subscripts = Counter(s.text + s.sub for s in picture.shapes if isinstance(s, Text))
    labels = Counter(run.text for s in picture.shapes if isinstance(s, Label) for _, _, run in s.placed())

    assert found == Counter({text.replace("'", "’"): n for text, n in (subscripts + labels).items()})


def test_an_elbow_is_a_curve() -> None:
    assert len(re.findall(r"\\draw.*\.\. controls \(.*\) and \(.*\) \.\. \(", tikz(drawn({}), LIGHT))) > 10


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_each_colour_is_defined_once_by_the_name_of_its_role(theme: Theme) -> None:
    document = tikz(drawn({}), theme)
    defined = re.findall(r"\\definecolor\{(\S+?)\}\{HTML\}\{(\S+?)\}", document)
    used = set(re.findall(r"(?:fill|edge|ink)-\w+", document.partition(r"\begin{document}")[2]))

    assert len(defined) == len(used) and {name for name, _ in defined} == used
    assert all(theme.variables()[f"--{name}"] == f"#{value.lower()}" for name, value in defined)


def test_the_background_is_paper_or_nothing() -> None:
    assert "fill-paper" in tikz(drawn({}), LIGHT) and "fill-paper" not in tikz(drawn({}), LIGHT, background=False)


def test_rotated_words_keep_their_middle() -> None:
    """The middle of a vertical word is as far to the left of its base line as that of a horizontal one is above it."""
    level, upright = (
        NODE.search(tikz(Picture(200, 200, (Text(100, 90, "lone", 20, angle=angle),), ""), LIGHT)) for angle in (0, 90)
    )
    assert level and upright

    assert (level["x"], upright["y"]) == ("100.0", "90.0")
    assert float(level["y"]) - 90 == float(upright["x"]) - 100 > 0
    assert "rotate=90" in upright["options"] and "rotate" not in level["options"]


@pytest.mark.parametrize("text", HOSTILE)
def test_typed_text_is_only_text(text: str) -> None:
    shapes = (Text(20, 20, text, 12, sub=text), Label(50, 50, ((TextSpan(text, "ink"),),), 12))
    document = tikz(Picture(100, 100, shapes, text), LIGHT)
    nodes = [node["text"] for node in NODE.finditer(document)]

    assert len(nodes) == 2 == document.count(r"\node")
    assert commands(escape(text)) <= {*MEANINGS, *ACCENTS, *"{}$&#%_", "ensuremath", "cjk"}
    assert not re.search(r"(?<!\\)[$&#%^_]", escape(text)) and "^^" not in escape(text)
    assert min([0, *depths(escape(text))]) == 0 == [0, *depths(escape(text))][-1]
    assert "\n" not in escape(text) and "\r" not in escape(text)


def test_every_character_of_a_keyboard_is_written_as_itself() -> None:
    keyboard = [chr(n) for n in range(32, 127)]
    assert {key: read(escape(key)) for key in keyboard} == {key: key for key in keyboard} | {"'": "’", "`": "‘"}


@pytest.mark.parametrize("text", ["--", "---", "?`", "!`", "``", "''", "fi", "<<", ">>"])
def test_adjacent_characters_form_no_ligatures(text: str) -> None:
    assert read(escape(text)) == text.translate(str.maketrans("'`", "’‘"))


def test_a_combining_accent_joins_its_letter() -> None:
    assert escape("K\u0303, h\u0302, \u03b1, \u03b1\u0303, \u039b") == (
        r"\~{K}, \^{h}, \ensuremath{\alpha}, \ensuremath{\tilde{\alpha}}, \ensuremath{\Lambda}"
    )
    assert read(escape("pe\u0301ndulo, n\u0303")) == "péndulo, ñ"


def test_subscripts_in_a_symbol_are_set() -> None:
    assert escape("h₋₁, x₂₀") == (
        r"h\textsubscript{\ensuremath{-}}\textsubscript{1}, x\textsubscript{2}\textsubscript{0}"
    )
    assert read(escape("h₋₁, x₀₁₂₃₄₅₆₇₈₉")) == "h₋₁, x₀₁₂₃₄₅₆₇₈₉"


def test_a_character_that_tex_cannot_set_is_a_box() -> None:
    assert read(escape("a\N{PILE OF POO}b")) == "a□b"


@pytest.mark.parametrize(
    "link", ["https://class.example/?title=%0A", "x\n\\input{y}", "x\r\\input{y}", "x\u2028\\input{y}"]
)
def test_the_link_is_in_a_comment_of_one_line(link: str) -> None:
    first, rest = tikz(drawn({}), LIGHT, link=link).split("\n", 1)

    assert first == "% " + "".join(sign for sign in link if sign not in "\n\r\u2028")
    assert rest == tikz(drawn({}), LIGHT)


needs_tex = pytest.mark.skipif(not shutil.which("pdflatex"), reason="needs LaTeX with TikZ")


def compiled(document: str, folder: Path, program: str = "pdflatex") -> pypdfium2.PdfDocument:
    (folder / "picture.tex").write_text(document, encoding="utf-8")
    command = [program, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "picture.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace")
    assert done.returncode == 0, done.stdout[-2000:]
    return pypdfium2.PdfDocument(folder / "picture.pdf")


@needs_tex
@pytest.mark.parametrize("query", some([{}, *MORE[:-1], *EVERY], 6), ids=str)
def test_the_page_of_tex_is_as_large_as_the_picture(tmp_path: Path, query: dict[str, str]) -> None:
    picture = drawn(query, "es")
    with compiled(tikz(picture, LIGHT), tmp_path) as file:
        assert len(file) == 1
        assert file[0].get_size() == pytest.approx((picture.width, picture.height), abs=0.1)


@needs_tex
def test_tex_sets_typed_text(tmp_path: Path) -> None:
    hostile = [text for text in HOSTILE if "中" not in text]
    shapes = tuple(Text(10, 20 * n + 20, text, 12, anchor="start", sub=text) for n, text in enumerate(hostile))
    with compiled(tikz(Picture(600, 600, shapes, ""), LIGHT), tmp_path) as file:
        assert len(file) == 1
        set_by_tex = file[0].get_textpage().get_text_bounded()

    assert "input{/etc/passwd}" in set_by_tex and "root:" not in set_by_tex
