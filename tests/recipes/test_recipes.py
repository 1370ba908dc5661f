"""Follows each recipe of CONTRIBUTING.md with an example in a copy of the program."""

import pytest
from copies import Copy, recipes

MINIMAL_GATED_UNIT = '''"""The minimal gated unit: Zhou and others, 2016."""

from ..cell import Cell
from ..symbols import Symbol, concatenate, sigmoid, tanh
from .tensor_names import RUN


def mgu(x: Symbol, h_prev: Symbol, W_f: Symbol, W_h: Symbol) -> dict[str, Symbol]:
    joined = concatenate(h_prev, x)
    a_f = joined @ W_f
    f = sigmoid(a_f)
    kept = f * h_prev
    candidate_in = concatenate(kept, x)
    a_h = candidate_in @ W_h
    candidate = tanh(a_h)
    new = f * candidate
    share = 1 - f
    old = share * h_prev
    h = old + new
    return locals()


NAMES = "joined W_f W_h a_f f kept candidate_in a_h candidate new share old".split()

MGU = Cell(
    id="mgu",
    title="minimal gated unit",
    step=mgu,
    states={"h": "batch_size, num_units"},
    weights={"W_f": "num_units+features, num_units", "W_h": "num_units+features, num_units"},
    words={
        **RUN,
        **{name: (name, name) for name in NAMES},
    },
    source="Zhou and others, 2016",
    short_title="MGU",
)
'''


@pytest.mark.recipe("A cell")
def test_a_new_cell_is_run_drawn_and_written_as_a_program(copy: Copy) -> None:
    copy.create("app/core/cells/mgu.py", MINIMAL_GATED_UNIT)
    copy.insert("app/core/cells/__init__.py", "from .mgu import MGU", before="from ")
    copy.replace("app/core/cells/__init__.py", "GRU_RESET_AFTER, RNN)}", "GRU_RESET_AFTER, RNN, MGU)}")

    copy.run("""
for view in ("unrolled", "rolled", "batch", "units", "weights", "gradients"):
    assert client.get(f"/?cell=mgu&view={view}").status_code == 200
    assert "<svg" in client.get(f"/diagram.svg?cell=mgu&view={view}").text
shapes = {t["id"]: t["shape"] for t in client.get("/trace.json?cell=mgu&num_units=7").json()["tensors"]}
assert shapes["W_h"] == [9, 7]
program = client.get("/code?cell=mgu").text
exec(program, {"__name__": "program"})
""")


SOFTSIGN = """SOFTSIGN = Op(
    kind="function",
    axes=unchanged,
    compute=lambda a, out=None: np.divide(a, 1 + np.abs(a), out=out),
    gradient=lambda n, g, inputs, out: g * (1 - np.abs(out)) ** 2,
    formula="softsign({a})",
    source="{a} / (1 + np.abs({a}))",
    sign="softsign",
    flops=flops_each(3),
)

"""


@pytest.mark.recipe("An operation")
def test_an_operation_is_computed_differentiated_drawn_and_written(copy: Copy) -> None:
    copy.insert("app/core/ops/activations.py", SOFTSIGN, before="TANH = Op(")
    copy.insert("app/core/ops/__init__.py", "from .activations import SOFTSIGN", before="from ")
    copy.replace("app/core/ops/__init__.py", '    "tanh": TANH,', '    "tanh": TANH,\n    "softsign": SOFTSIGN,')
    libraries = {"np": "({0} / (1 + np.abs({0})))", "torch": "nn.functional.softsign({0})"}
    for module, call in libraries.items():
        begin = f'module="{module}",\n    functions={{\n'
        copy.replace("app/typed_cells/code/numpy_torch_jax.py", begin, f'{begin}        "softsign": "{call}",\n')
    in_the_rnn = """
import sys
import app.core.cells.rnn
from app.core.symbols import apply
sys.modules["app.core.cells.rnn"].tanh = lambda a: apply("softsign", a)
"""
    copy.run(
        """
trace = client.get("/trace.json?cell=rnn").json()
h = next(t for t in trace["tensors"] if t["id"] == "h")
assert h["op"] == "softsign", h
assert "softsign" in client.get("/diagram.svg?cell=rnn&labels=names").text
assert client.get("/?cell=rnn&tensor=h&view=gradients").status_code == 200
program = client.get("/code?cell=rnn").text
assert "1 + np.abs(" in program
exec(program, {"__name__": "program"})
from app.equations.notation import read
typed = {"cell": "own", "equations": read(r"h_t = \\mathrm{softsign}(W x_t + U h_{t-1})").text}
calls = {"colah": " / (1 + np.abs(", "pytorch": "nn.functional.softsign(", "flax": " / (1 + jnp.abs("}
for framework, call in calls.items():
    assert call in client.get("/code", params=typed | {"framework": framework}).text, framework
""",
        first=in_the_rnn,
    )


@pytest.mark.recipe("A view")
def test_a_view_is_drawn_in_all_formats_and_offered_on_the_page(copy: Copy) -> None:
    copy.create(
        "app/diagram/views/states.py",
        '''"""The states alone."""

from ..drawing import Drawing
from ..scene import Scene
from ..elements import Picture, Text


def states(scene: Scene) -> Picture:
    """Draw the shape of each state."""
    shapes = [Text(40.0 + 120 * n, 30.0, state, 12.0) for n, state in enumerate(scene.program.cell.states)]
    return Picture(300, 60, tuple(shapes), "states")
''',
    )
    copy.insert("app/diagram/views/__init__.py", "from .states import states", before="from ")
    copy.replace(
        "app/diagram/views/__init__.py", '    "rolled": rolled,', '    "rolled": rolled,\n    "states": states,'
    )
    copy.replace(
        "app/web/pages/parts/view_tabs.py",
        '    "rolled": phrase("Rolled"),',
        '    "rolled": phrase("Rolled"),\n    "states": phrase("States"),',
    )

    copy.run("""
page = client.get("/?view=states").text
assert ">States</a>" in page, page
for name in ("svg", "png", "pdf", "json"):
    assert client.get(f"/diagram.{name}?view=states").status_code == 200
""")


SQUARE_INPUT = """SQUARE = InputKind(
    id="square",
    title=phrase("Square wave"),
    formula=phrase("square wave"),
    make=lambda view: square(view.sizes),
    sizes=lambda values: {"features": 1},
)

"""

SQUARE_TASK = """@lru_cache(1)
def _square(text: str) -> Data:
    return Data(1, *map(np.sign, _wave(text)[1:]))


SQUARE = Task(
    id="square",
    input="square",
    reads_every_output=True,
    measure=Measure(phrase("error of the square wave"), is_error=True),
    labels=lambda text: (),
    data=_square,
    title=phrase("square wave"),
    about=phrase("{time_step} values of a square wave."),
    learned=phrase("{num_units} units predict the square wave with an error of {error}"),
    shown=phrase("how well they predict the square wave"),
)

"""


@pytest.mark.recipe("A task of the training")
def test_a_task_is_offered_trained_and_described_and_its_input_can_be_read(copy: Copy) -> None:
    copy.insert(
        "app/core/input_data.py",
        """def square(sizes: Sizes, dtype: DTypeLike = np.float32) -> Array:
    return np.sign(wave(sizes, dtype))


""",
        before="def height(",
    )
    copy.replace("app/url_state/input_kinds.py", "one_hot, wave", "one_hot, square, wave")
    copy.insert("app/url_state/input_kinds.py", SQUARE_INPUT, before="INPUTS = ")
    copy.replace("app/url_state/input_kinds.py", "WAVE, DIGIT)", "WAVE, DIGIT, SQUARE)")
    copy.insert("app/training/tasks.py", SQUARE_TASK, before="TASKS = ")
    copy.replace("app/training/tasks.py", "TEXT, WAVE)", "TEXT, WAVE, SQUARE)")

    copy.run("""
page = client.get("/?view=training&task=square").text
assert "how well they predict the square wave" in page and "values of a square wave." in page
assert "error of the square wave" in client.get("/diagram.svg?view=training&task=square").text
assert client.get("/training.json?task=square&num_units=2&epochs=1").json()["task"] == "square"
trained = "task=square&num_units=2&epochs=1&trained=true"
assert "units predict the square wave with an error of" in client.get(f"/?view=training&{trained}").text
assert "Square wave" in client.get("/").text
assert "square wave" in client.get(f"/?data=square&tensor=X&{trained}").text
assert client.get("/trace.json?data=square").status_code == 200
assert client.get("/trace.json?data=square&features=2").status_code == 422
""")


@pytest.mark.recipe("A framework")
def test_a_new_framework_has_names_programs_and_pages(copy: Copy) -> None:
    copy.create(
        "app/frameworks/toy.py",
        '''"""A framework like PyTorch, with another name of its input."""

from .framework_types import Framework
from .pytorch import PYTORCH, PyTorchModel

TOY = Framework(id="toy", title="Toy", model_type=PyTorchModel, switches=PYTORCH.switches)
''',
    )
    copy.insert("app/frameworks/__init__.py", "from .toy import TOY", before="from ")
    copy.replace("app/frameworks/__init__.py", "ONNX, FLAX)", "ONNX, FLAX, TOY)")

    copy.run("""
assert "Toy" in client.get("/").text
assert "weight_ih_l0" in client.get("/?framework=toy").text
assert client.get("/code?framework=toy&to=keras").status_code == 200
""")


@pytest.mark.recipe("A query field")
def test_a_query_field_is_parsed_bounded_and_written(copy: Copy) -> None:
    copy.insert(
        "app/url_state/fields/image_fields.py",
        '    zoom: Annotated[int, Number(1, phrase("how large"), 1, 4)]',
        before="    arrays: Annotated[",
    )

    copy.run("""
from app.url_state.parsing import parse
assert parse([("zoom", "3")], strict=True).query() == "?zoom=3"
assert client.get("/diagram.json?zoom=9").status_code == 422
assert "zoom" in client.get("/docs").text
""")


@pytest.mark.recipe("A page")
def test_a_page_is_served_linked_and_described(copy: Copy) -> None:
    copy.create(
        "app/web/pages/about.py",
        '''"""What Unrolled is."""

from starlette.requests import Request
from starlette.responses import Response

from ..requests_and_responses.language import language_of
from ..requests_and_responses.responses import respond_at_once, url_state_of
from .rendering import base_context, html


async def about(request: Request) -> Response:
    """What Unrolled is."""
    view = url_state_of(request)
    context = base_context(request, view, language_of(request, view), "/about")
    return await respond_at_once(request, lambda: html("about.html", **context))
''',
    )
    copy.create(
        "templates/about.html", '{% extends "base.html" %}{% block body %}<main id="main">Shapes.</main>{% endblock %}'
    )
    copy.insert("app/web/routes.py", "from .pages.about import about", before="from ")
    copy.insert("app/web/routes.py", '    Route("/about", about, PAGE, HTML, REVALIDATED),', before='    Route("/docs"')
    copy.replace(
        "templates/base.html",
        '<a href="{{ root }}/docs',
        '<a href="{{ root }}/about">About</a> <a href="{{ root }}/docs',
    )

    copy.run("""
page = client.get("/about")
assert "Shapes." in page.text and "script-src" in page.headers["Content-Security-Policy"]
assert 'href="/about"' in client.get("/questions").text
assert "/about" in client.get("/openapi.json").json()["paths"]
""")


@pytest.mark.recipe("An export")
def test_an_export_is_served_as_a_file_and_offered(copy: Copy) -> None:
    copy.create(
        "app/web/exports/shapes_text.py",
        '''"""/shapes.txt: a line for each tensor."""

from starlette.requests import Request
from starlette.responses import Response

from ..requests_and_responses.responses import respond_at_once, url_state_of


async def shapes_text(request: Request) -> Response:
    """The shapes as lines of text."""
    view = url_state_of(request)
    lines = [f"{t.id} {t.shape(view.sizes)}" for t in view.program.tensors]
    return await respond_at_once(request, lambda: "\\n".join(lines))
''',
    )
    copy.insert("app/web/routes.py", "from .exports.shapes_text import shapes_text", before="from ")
    copy.insert(
        "app/web/routes.py",
        '    Route("/shapes.txt", shapes_text, DATA, TEXT, FRESH, download="shapes.txt"),',
        before='    Route("/table.csv"',
    )
    copy.replace(
        "templates/parts/downloads.html",
        '<li>{{ file("/table.csv"',
        '<li>{{ file("/shapes.txt", "TXT") }}</li>\n<li>{{ file("/table.csv"',
    )

    copy.run("""
file = client.get("/shapes.txt?num_units=7")
assert "h (3, 7)" in file.text.splitlines()
assert file.headers["Content-Disposition"] == 'attachment; filename="shapes.txt"'
assert client.get("/shapes.txt?num_unit=7").status_code == 422
assert 'href="/shapes.txt?num_units=7"' in client.get("/?num_units=7").text
""")


@pytest.mark.recipe("A painter")
def test_a_painter_is_served_and_offered(copy: Copy) -> None:
    copy.create(
        "app/diagram/painters/outline.py",
        '''"""A picture as the names of its shapes."""

from ..elements import Picture


def outline(picture: Picture) -> str:
    """A line for each shape."""
    return "\\n".join(type(shape).__name__ for shape in picture.shapes)
''',
    )
    copy.insert("app/web/exports/picture_files.py", "from ...diagram.painters.outline import outline", before="from ")
    copy.insert(
        "app/web/exports/picture_files.py",
        '''async def diagram_txt(request: Request) -> Response:
    """The picture as the names of its shapes."""
    view = url_state_of(request)
    return await respond_at_once(request, lambda: outline(image_of(view)))


''',
        before="async def diagram_png",
    )
    copy.insert("app/web/routes.py", "from .exports.picture_files import diagram_txt", before="from ")
    copy.insert(
        "app/web/routes.py",
        '    Route("/diagram.txt", diagram_txt, IMAGE, TEXT, FRESH, download="unrolled.txt", inline=True),',
        before='    Route("/diagram.png"',
    )
    copy.replace(
        "templates/parts/downloads.html",
        '{{ _("the picture:") }} ',
        '{{ _("the picture:") }} {{ file("/diagram.txt", "TXT") }}, ',
    )

    copy.run("""
assert "Wire" in client.get("/diagram.txt?num_units=7").text.split()
assert 'href="/diagram.txt?num_units=7"' in client.get("/?num_units=7").text
""")


@pytest.mark.recipe("A room message")
def test_a_new_room_message_changes_the_room_and_has_a_button(copy: Copy) -> None:
    copy.insert(
        "app/rooms/message_handlers.py",
        '        case {"restart": True} if connection.leads:\n'
        "            await _change(hub, lambda room: room.restarts(time()))",
        before='        case {"close": True}',
    )
    copy.insert(
        "app/rooms/room.py",
        "    def restarts(self, now: float) -> 'Room':\n        return self._changed(now, query=\"\", asked=None)\n",
        before="    def closes(",
    )
    copy.insert(
        "templates/parts/room.html",
        '<button type="button" id="room-restart" data-sends="restart" hidden>Restart</button>',
        before='<button type="button" id="room-close"',
    )

    copy.run("""
room = client.post("/rooms").json()
with client.websocket_connect(f"/rooms/{room['code']}?member=t") as teacher:
    for message in ({"lead": room["secret"]}, {"show": "?num_units=9"}, {"restart": True}):
        teacher.send_json(message)
    states = []
    while not states or "num_units" in states[-1] or len(states) < 3:
        states += [m["room"]["query"] for m in [teacher.receive_json()] if "room" in m]
page = client.get(f"/room/{room['code']}")
assert '<button type="button" id="room-restart" data-sends="restart"' in page.text
assert states[-2:] == ["?num_units=9", ""], states
""")


@pytest.mark.recipe("A language")
def test_a_language_is_offered_and_its_texts_are_used(copy: Copy) -> None:
    copy.replace("app/translations/languages.py", '"es": "Español",', '"es": "Español", "pl": "Polski",')
    copy.create(
        "app/translations/pl.po",
        """msgid ""
msgstr ""
"Language: pl\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

msgid "Questions"
msgstr "Pytania"
""",
    )
    copy.run("""
assert ">Pytania</a>" in client.get("/?lang=pl").text
assert 'lang="pl"' in client.get("/", headers={"Accept-Language": "pl"}).text
""")


@pytest.mark.recipe("An example model")
def test_an_example_model_is_offered_with_its_link(copy: Copy) -> None:
    copy.insert(
        "app/teaching/example_models.py",
        '    ExampleModel("Toy", lstm(2, 3, 4, 97), "a test"),',
        before='    ExampleModel("PyTorch docs"',
    )
    copy.run("""
page = client.get("/").text
assert '&amp;num_units=97" rel="nofollow">Toy <span class="hint">a test</span></a>' in page
""")


@pytest.mark.recipe("A question")
def test_a_question_is_listed_and_answered(copy: Copy) -> None:
    copy.replace(
        "app/teaching/questions/units_and_layers.py",
        "UNITS = {\n",
        """UNITS = {
    "toy": Question(TextPage("Is this a toy?", "{h} is {h.shape}.", {"num_units": 9}), "nowhere"),
""",
    )
    copy.run("""
assert "Is this a toy?" in client.get("/questions").text
assert "Is this a toy?" in client.get("/questions/toy").text
""")


@pytest.mark.recipe("An error message")
def test_an_error_message_is_explained_with_its_cause(copy: Copy) -> None:
    copy.insert(
        "app/reading/errors/framework_messages/inputs/inputs.py",
        """    MessageTemplate("toy", "pytorch", "3", "A toy has {expected:n} features, not {got:last}", toy),""",
        before="""    MessageTemplate("onnx-rank",""",
    )
    copy.insert(
        "app/reading/errors/framework_messages/inputs/inputs.py",
        """def toy(found: Found) -> Mismatch:
    return wrong_size("x", "features", found.number("expected"), found.number("got"), [cause("toy", "pytorch")])

""",
        before="OF_KERAS = ",
    )
    copy.insert(
        "app/reading/errors/causes/inputs.py",
        """    "toy": CauseText(phrase("A toy"), phrase("It is a toy."), {OTHERS: "no_toy()"}),""",
        before="""    "batch_first": CauseText(""",
    )
    copy.run("""
found = client.post("/explain.json", json={"text": "ValueError: A toy has 3 features, not 4"}).json()
assert (found["tensor"], found["axis"], found["expected"], found["got"]) == ("x", "features", [3], [4])
assert found["causes"] == [{"id": "toy", "sentence": "It is a toy.", "fix": "no_toy()"}]
""")


def test_every_recipe_has_a_test() -> None:
    marks = [mark for value in globals().values() for mark in getattr(value, "pytestmark", ())]
    assert sorted(mark.args[0] for mark in marks if mark.name == "recipe") == sorted(recipes())
