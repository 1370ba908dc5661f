"""A layer of the program's own that Keras refuses the output of a recurrent layer."""

import pytest

from app.reading.errors.explanation import NotFoundError, explain

PROGRAM = """import keras
from keras import layers

class Grade(layers.Layer):
    def __init__(self):
        super().__init__()
        self.input_spec = layers.InputSpec({spec})

    def call(self, x):
        return keras.ops.mean(x, -1)

inputs = keras.Input((14, 5))
{made}
{called}
Traceback (most recent call last):
  File "/home/me/grade.py", line 14, in <module>
    {called}
ValueError: Input 0 with name 'None' of layer 'grade' is incompatible with the layer: {message}
"""
SPECS = {"max_ndim=2": "expected max_ndim=2, found ndim=3", "ndim=2": "expected ndim=2, found ndim=3"}
EVERY, LAST = "layers.GRU(19, return_sequences=True)", "layers.GRU(19)"


@pytest.mark.parametrize(
    ("made", "called", "wrong", "fix"),
    [
        ("h = {}(inputs)", "y = Grade()(h)", "h = {}(inputs)", "h = {}(inputs)"),
        ("rnn, grade = {}, Grade()", "y = grade(rnn(inputs))", "rnn, grade = {}, Grade()", "rnn, grade = {}, Grade()"),
    ],
)
@pytest.mark.parametrize("spec", SPECS)
def test_an_own_layer_that_reads_vectors_needs_the_last_step(
    spec: str, made: str, called: str, wrong: str, fix: str
) -> None:
    text = PROGRAM.format(spec=spec, made=made.format(EVERY), called=called, message=SPECS[spec])
    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.expected, mismatch.got) == ("output", 2, 3)
    assert mismatch.causes[0].lines == ((wrong.format(EVERY), fix.format(LAST)),)


def test_the_underlined_part_of_a_line_calls_an_own_layer() -> None:
    called = "print(Grade()(h).shape)"
    values = {"spec": "max_ndim=2", "made": f"h = {EVERY}(inputs)", "called": called, "message": SPECS["max_ndim=2"]}
    text = PROGRAM.format(**values).replace("\nValueError", "\n          ^^^^^^^^^^\nValueError")

    assert explain(text).mismatch.causes[0].lines == ((f"h = {EVERY}(inputs)", f"h = {LAST}(inputs)"),)


def test_an_own_layer_that_reads_steps_needs_all_of_them() -> None:
    values = {"spec": "min_ndim=3", "made": f"h = {LAST}(inputs)", "called": "y = Grade()(h)"}
    mismatch = explain(PROGRAM.format(**values, message="expected min_ndim=3, found ndim=2")).mismatch

    assert (mismatch.tensor, mismatch.expected, mismatch.got) == ("output", 3, 2)
    assert [one.id for one in mismatch.causes] == ["return_sequences"]


def test_an_own_layer_that_reads_something_else_is_not_explained() -> None:
    values = {"spec": "max_ndim=2", "made": f"h = {EVERY}(inputs)", "called": "y = Grade()(keras.Input((3, 4)))"}
    with pytest.raises(NotFoundError):
        explain(PROGRAM.format(**values, message="expected max_ndim=2, found ndim=3"))


def test_the_lines_that_ipython_shows_tell_what_an_own_layer_gets() -> None:
    text = f"""Cell In[3], line 9
      7 inputs = keras.Input((14, 5))
      8 h = {EVERY}(inputs)
----> 9 y = Grade()(h)

ValueError: Input 0 with name 'None' of layer 'grade' is incompatible with the layer: {SPECS["max_ndim=2"]}"""

    assert [one.id for one in explain(text).mismatch.causes] == ["not_return_sequences"]


SHOWN_BY_IPYTHON = """Cell In[3], line 12
      8     def call(self, x):
      9         return keras.ops.mean(x, -1)
     10 {model}
---> 12 grade(week)
"""
SHOWN_BY_RICH = """╭───────────────── Traceback (most recent call last) ─────────────────╮
│ /home/me/grade.py:12 in <module>                                     │
│                                                                      │
│    9 │   │   self.axis = -1                                          │
│   10 {model} │
│ ❱ 12 grade(week)                                                     │
╰──────────────────────────────────────────────────────────────────────╯
"""


@pytest.mark.parametrize("shown", [SHOWN_BY_IPYTHON, SHOWN_BY_RICH])
@pytest.mark.parametrize("spec", SPECS)
def test_shown_lines_may_lack_the_class_of_the_layer_above(spec: str, shown: str) -> None:
    made = "grade = keras.Sequential([{layer}, Grade()])"
    error = f"ValueError: Input 0 with name 'None' of layer 'grade' is incompatible with the layer: {SPECS[spec]}"
    likely = explain(f"{shown.format(model=made.format(layer=EVERY))}\n{error}").mismatch.causes[0]

    assert likely.lines == ((made.format(layer=EVERY), made.format(layer=LAST)),)


IN_A_LIST = """grade = keras.Sequential([
    keras.Input((14, 5)),
    {made},
    GradeOfWeek(),
])"""
ADDED = """grade = keras.Sequential()
grade.add(keras.Input((14, 5)))
grade.add({made})
grade.add(GradeOfWeek())"""


@pytest.mark.parametrize("model", [IN_A_LIST, ADDED])
@pytest.mark.parametrize("spec", SPECS)
def test_an_own_layer_of_a_sequential_reads_what_the_layer_below_returns(model: str, spec: str) -> None:
    lines = model.format(made=EVERY)
    failed = lines.split("\n")[0 if model == IN_A_LIST else -1]
    program = PROGRAM.format(spec=spec, made=lines, called=failed, message=SPECS[spec].replace("'grade'", ""))
    program = program.replace("class Grade(", "class GradeOfWeek(").replace("'grade'", "'grade_of_week'")
    program = program.replace(f"{lines}\n{failed}\n", f"{lines}\n")
    mismatch = explain(program).mismatch

    assert (mismatch.tensor, mismatch.expected, mismatch.got) == ("output", 2, 3)
    ((wrong, fix),) = mismatch.causes[0].lines
    assert EVERY in wrong and fix == wrong.replace(EVERY, LAST)


def test_an_own_layer_of_a_sequential_after_another_layer_is_not_explained() -> None:
    lines = IN_A_LIST.format(made=f"{EVERY},\n    layers.Conv1D(3, 2)")
    values = {"spec": "max_ndim=2", "made": lines, "called": lines.split("\n")[0], "message": SPECS["max_ndim=2"]}
    program = PROGRAM.format(**values).replace("Grade(", "GradeOfWeek(").replace("'grade'", "'grade_of_week'")
    with pytest.raises(NotFoundError):
        explain(program)
