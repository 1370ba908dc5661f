"""``with unrolled.explain()`` around errors that are raised by hand. tests/oracles has those of the real frameworks."""

import sys
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

import app
from app.notebook.explained_error import ExplainedError
from app.reading.errors.explanation import explain
from app.translations.languages import translator
from app.translations.phrases import phrase

MESSAGE = "Expected hidden[0] size (2, 3, 20), got [2, 5, 20]"
TEXT = """\
The framework expected the initial state h_0 with shape (2, 3, 20), but got (2, 5, 20): they differ in batch_size.

          layers × directions  batch_size  num_units
expected  2                    3           20
yours     2                    5           20
                               ≠

The batch is smaller than the one for which the state was made: often it is the last one.
  − h_0 = c_0 = torch.zeros(2, 5, 20)
  + h_0 = c_0 = torch.zeros(2, x.size(0), 20)  # x.size(1) without batch_first
"""


def raise_in_block(error: BaseException) -> None:
    """Raise an error in a block of ``explain``; it must come out as the same object."""
    with pytest.raises(type(error)) as raised, app.explain():
        raise error
    assert raised.value is error


def test_a_terminal_prints_the_sentence_both_shapes_and_the_corrected_lines(capsys: pytest.CaptureFixture[str]) -> None:
    raise_in_block(RuntimeError(MESSAGE))

    out, err = capsys.readouterr()
    assert (out, err[: len(TEXT)]) == ("", TEXT)


@pytest.mark.parametrize("error", [ValueError("no"), KeyError(3), KeyboardInterrupt(), SystemExit(2)], ids=repr)
def test_another_error_is_raised_without_a_word(error: BaseException, capsys: pytest.CaptureFixture[str]) -> None:
    raise_in_block(error)
    assert capsys.readouterr() == ("", "")


def test_of_nested_blocks_only_the_inner_one_explains_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    error = RuntimeError(MESSAGE)
    for _ in range(2):  # the second time, outer blocks have forgotten the error of the first time
        with pytest.raises(RuntimeError) as raised, app.explain(), app.explain(), app.explain():
            raise error
        assert raised.value is error
        assert capsys.readouterr().err.count("The framework expected") == 1


def test_an_error_that_the_inner_block_does_not_know_may_be_known_to_the_outer_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(RuntimeError), app.explain():
        try:
            with app.explain():
                raise ValueError("no")
        except ValueError as error:
            raise RuntimeError(MESSAGE) from error
    assert capsys.readouterr().err.count("The framework expected") == 1


def test_each_error_of_a_group_is_explained_once(capsys: pytest.CaptureFixture[str]) -> None:
    """As the errors of an asyncio.TaskGroup."""
    others = [RuntimeError(MESSAGE), RuntimeError("input.size(-1) must be equal to input_size. Expected 10, got 12")]
    raise_in_block(ExceptionGroup("tasks", [ValueError("no"), RuntimeError(MESSAGE), ExceptionGroup("more", others)]))

    printed = capsys.readouterr().err
    assert [printed.count(f"but got {what}") for what in ("(2, 5, 20)", "12")] == [1, 1]


def test_an_error_that_the_inner_block_explained_is_not_explained_again_in_a_group(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(ExceptionGroup), app.explain():
        try:
            with app.explain():
                raise RuntimeError(MESSAGE)
        except RuntimeError as error:
            raise ExceptionGroup("tasks", [error]) from None
    assert capsys.readouterr().err.count("The framework expected") == 1


def test_of_nested_blocks_only_the_inner_one_explains_the_errors_of_a_group(capsys: pytest.CaptureFixture[str]) -> None:
    errors = [RuntimeError(MESSAGE), RuntimeError(MESSAGE.replace("20", "30"))]
    with pytest.raises(ExceptionGroup), app.explain(), app.explain():
        raise ExceptionGroup("tasks", errors)
    assert capsys.readouterr().err.count("The framework expected") == 2


def test_the_explanation_is_in_the_chosen_language(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError), app.explain(lang="zh"):
        raise RuntimeError(MESSAGE)
    printed = capsys.readouterr().err
    error = ExplainedError(explain(MESSAGE), translator("zh"))

    assert printed == f"{error!r}\n"
    words = (error.sentence, translator("zh")(phrase("expected")), translator("zh")(error.causes[0].sentence))
    assert not set(words) & {"expected", *ExplainedError(explain(MESSAGE))._lines()}
    assert all(text in printed and text in error._repr_html_() for text in words)
    header, expected, *_ = printed.splitlines()[2:]
    assert (header.index("层"), expected.index("2")) == (6, 4), "two Chinese characters have four columns"
    with pytest.raises(ValueError, match="lang must be"):
        app.explain(lang="xx")


def test_causes_with_the_same_corrected_line_are_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    message = "LSTM: mat1 and mat2 shapes cannot be multiplied (3x32 and 16x4)"
    raise_in_block(RuntimeError(message))
    printed = capsys.readouterr().err

    assert sum("nn.Linear(32, 4)" in cause.fix for cause in explain(message).mismatch.causes) == 2
    assert printed.count("+ nn.Linear(32, 4)") == 1
    assert "+ nn.Linear(32, 4)  # 2 * hidden_size\n" in printed


def test_nothing_happens_without_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    with app.explain():
        pass
    assert capsys.readouterr() == ("", "")


def test_an_error_while_explaining_does_not_take_the_place_of_the_error_in_the_block(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ExplainedError, "__repr__", lambda self: 1 / 0)
    raise_in_block(RuntimeError(MESSAGE))
    assert capsys.readouterr().err == ""


def test_a_notebook_displays_the_picture(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    shown: list[Any] = []
    notebook = SimpleNamespace(get_ipython=lambda: SimpleNamespace(kernel=None))
    monkeypatch.setitem(sys.modules, "IPython", notebook)
    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=shown.append))
    raise_in_block(RuntimeError(MESSAGE))

    (error,) = shown
    assert len(LexborHTMLParser(error._repr_html_()).css("svg")) == 2, "both shapes, and the layer with its states"
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "message",
    [
        MESSAGE,
        "input.size(-1) must be equal to input_size. Expected 10, got 12",
        "LSTM: Expected input to be 2D or 3D, got 4D instead",
        "<script>alert(1)</script> GRU: mat1 and mat2 shapes cannot be multiplied (160x128 and 64x10)",
    ],
)
def test_html_has_the_text_and_no_script_and_links_only_to_a_known_server(
    message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = ExplainedError(explain(f"RuntimeError: {message}"))
    page = LexborHTMLParser(error._repr_html_())
    assert [one.text() for one in page.css(".sentence")] == [error.sentence]
    assert [line.text() for line in page.css("pre .added")] == [f"+ {cause.fix}" for cause in error.causes]
    assert not page.css("script, a")

    monkeypatch.setenv("PUBLIC_URL", "http://127.0.0.1:8000")
    links = [link.attributes["href"] or "" for link in LexborHTMLParser(error._repr_html_()).css("a")]
    assert all(link.startswith("http://127.0.0.1:8000/?") for link in links)
    assert len(links) == len(error.explanation.configurations[:1])


@pytest.mark.parametrize(("setting", "cell"), [("", "gru_reset_after"), (", reset_after=False", "gru")])
def test_the_link_is_that_of_the_layer_that_fails(setting: str, cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "http://127.0.0.1:8000")
    program = f"model = keras.Sequential([keras.Input((24, 3)), layers.GRU(64), layers.GRU(32{setting})])"
    message = "ValueError: Input 0 of layer 'gru_1' is incompatible with the layer: expected ndim=3, found ndim=2."
    shown = LexborHTMLParser(ExplainedError(explain(f"{program}\n{message}"))._repr_html_())
    (link,) = [one.attributes["href"] or "" for one in shown.css("a")]
    query = dict(parse_qsl(urlsplit(link).query))

    assert (query.get("cell"), query.get("features"), query.get("num_units")) == (cell, "64", "32")
