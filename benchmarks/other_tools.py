"""The time to show the shapes of all tensors in an LSTM, compared with common tools.

Our side, warm and in one process: a query is parsed, weights and inputs are computed, the LSTM runs with every tensor
recorded, and the Plotly figure is serialized as JSON. The other side: a model of these sizes is built, and drawn by
Keras' `plot_model(show_shapes=True)` (PNG, with Graphviz) or torchview's `draw_graph` (SVG, with Graphviz), or run and
printed by torchinfo's `summary`. Sizes are the defaults of the page with another num_units each time.

Each tool shows two models. A ready-made layer is one box with the shapes of its input and its output, which is less
than we show. The equations of models_for_other_tools.py have every intermediate tensor of every step, as we show them
(except torchinfo, which lists only modules and leaves out sums and products).
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from statistics import median

import torch
from threadpoolctl import threadpool_limits

from app.url_state.parsing import parse
from app.url_state_to_picture.plotly_figure import figure_of
from app.url_state_to_picture.run_and_gradients import trace_of
from app.web.requests_and_responses.responses import json
from benchmarks.measured_row import Row, ratios

BATCH, FEATURES = 3, 2
REPEATS, PATIENCE = 15, 10.0
"""The largest number of repetitions, and the seconds after which no further one begins."""

Tool = Callable[[int, int], object]
"""Maps time_step and num_units to the picture or text."""

TORCHINFO = "torchinfo summary"
ONE_BOX, EVERY = "one LSTM layer answered (a box), ours faster by", "every tensor of {} steps answered, ours faster by"


def rows() -> Iterator[Row]:
    torch.set_num_threads(1)  # both sides, because on a busy machine threads wait for each other
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(1, "blas"):
        file = Path(folder, "model.png")
        for peer, needs, tools in (
            ("Keras plot_model", ("keras", "pydot", "dot"), partial(keras_tools, file)),
            ("torchview draw_graph", ("torchview", "dot"), torchview_tools),
            (TORCHINFO, ("torchinfo",), torchinfo_tools),
        ):
            if missing := [n for n in needs if find_spec(n) is None and shutil.which(n) is None]:
                yield Row(EVERY.format(4), peer, None, note=f"{', '.join(missing)} is missing")
                continue
            layer, cell = tools()
            yield compared(ONE_BOX, peer, layer, 4)
            yield compared(EVERY.format(4), peer, cell, 4)
            if "Keras" not in peer:  # it takes most of a minute
                yield compared(EVERY.format(28), peer, cell, 28)


def compared(what: str, peer: str, other_tool: Tool, time_step: int) -> Row:
    """The two tools alternate, each time with a new size."""
    units = count(6)
    pairs: list[tuple[float, float]] = []
    begun = time.monotonic()
    while len(pairs) < REPEATS + 1 and (len(pairs) < 3 or time.monotonic() - begun < PATIENCE):
        pairs.append((seconds(ours, time_step, next(units)), seconds(other_tool, time_step, next(units))))
    del pairs[0]  # the warm-up
    our, other = zip(*pairs, strict=True)
    note = f"{1000 * median(our):.1f} ms, theirs {1000 * median(other):,.1f} ms"
    return Row(what, peer, ratios(other, our), "x", 50, at_least=True, note=note, why=reason(what, peer))


def reason(what: str, peer: str) -> str:
    """Why a tool can be nearly as fast."""
    if peer == TORCHINFO:
        return "it prints modules, without a sum or a product, and draws nothing"
    return "one box shows no tensor inside" if what == ONE_BOX else "it draws few steps fast, and many slowly"


def seconds(tool: Tool, time_step: int, num_units: int) -> float:
    start = time.perf_counter()
    tool(time_step, num_units)
    return time.perf_counter() - start


def ours(time_step: int, num_units: int) -> bytes:
    state = parse([("time_step", str(time_step)), ("num_units", str(num_units))], strict=True)
    trace_of(state)
    return json(figure_of(state))


def keras_tools(file: Path) -> tuple[Tool, Tool]:
    from keras.utils import plot_model

    from benchmarks.models_for_other_tools import keras_cell, keras_layer

    def drawn(model: Callable[..., object]) -> Tool:
        return lambda t, u: plot_model(model(BATCH, t, FEATURES, u), to_file=file, show_shapes=True)

    return drawn(keras_layer), drawn(keras_cell)


def torchview_tools() -> tuple[Tool, Tool]:
    from torchview import draw_graph

    from benchmarks.models_for_other_tools import TorchCell, torch_layer

    def drawn(model: Callable[..., object]) -> Tool:
        return lambda t, u: draw_graph(
            model(FEATURES, u), input_size=(BATCH, t, FEATURES), expand_nested=True
        ).visual_graph.pipe(format="svg")

    return drawn(torch_layer), drawn(TorchCell)


def torchinfo_tools() -> tuple[Tool, Tool]:
    from torchinfo import summary

    from benchmarks.models_for_other_tools import TorchCell, torch_layer

    def printed(model: Callable[..., object]) -> Tool:
        return lambda t, u: str(summary(model(FEATURES, u), input_size=(BATCH, t, FEATURES), verbose=0))

    return printed(torch_layer), printed(TorchCell)
