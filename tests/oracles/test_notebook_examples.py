"""The examples of docs/notebook.md run in the real frameworks and print what stands there."""

from contextlib import nullcontext

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
        with pytest.raises(RuntimeError) if "unrolled.explain()" in code else nullcontext():
            exec(compile(code, "example", "exec"), {})
        assert without_digits("".join(capsys.readouterr())) == without_digits(printed)
