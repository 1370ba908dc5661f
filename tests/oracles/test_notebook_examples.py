"""The examples of docs/notebook.md run in the real frameworks and print what stands there."""

import pytest
from notebook_examples import FRAMEWORKS, examples, without_digits


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_examples_of_a_framework_print_what_the_documentation_says(
    framework: str, capsys: pytest.CaptureFixture[str]
) -> None:
    programs = examples(framework)
    assert programs
    if framework == "keras":
        pytest.importorskip("keras").backend.clear_session()  # names have numbers
    for code, printed in programs:
        exec(compile(code, "example", "exec"), {})
        assert without_digits(capsys.readouterr().out) == without_digits(printed)
