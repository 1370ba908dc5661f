"""Model files that the real frameworks write, with the layers in them: name, kind, features, num_units, num_layers,
bidirectional, num_proj; and the text of their chain.

``python -m model_files_of pytorch`` in the environment of a framework records the small ones for tests/js."""

import json
import pickle
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import chain, product
from pathlib import Path
from typing import Any

Recurrent = tuple[str, str, int, int, int, bool, int]

RECORDED = Path(__file__).parents[1] / "js" / "model_files"


@dataclass(frozen=True)
class ModelFile:
    """A file that a framework writes. ``recorded``: also in the repository."""

    name: str
    write: Callable[[Path], object]
    layers: list[Recurrent]
    text: str
    recorded: bool = False


def pytorch() -> Iterator[ModelFile]:
    """State dicts, checkpoints and modules in all versions of the format, TorchScript and exported programs."""
    import torch
    from torch.utils.mobile_optimizer import optimize_for_mobile
    from torch_modules import (
        Activated,
        Attending,
        BothStates,
        BothWays,
        Bridged,
        Cells,
        Continued,
        Decoding,
        Dropping,
        EachStep,
        Flattened,
        Forecast,
        LastState,
        Looped,
        Packed,
        Projected,
        Shared,
        Tagged,
        Tagger,
        Unbound,
        Weighted,
        Words,
    )

    tagger, projected, cells = Tagger().eval(), Projected().eval(), Cells()
    ids, vectors = torch.zeros(2, 6, dtype=torch.long), torch.zeros(5, 2, 3)
    both: list[Recurrent] = [("encoder.rnn", "lstm", 4, 3, 2, True, 0), ("gru", "gru", 6, 2, 1, False, 0)]
    one: list[Recurrent] = [("lstm", "lstm", 3, 4, 1, True, 2)]
    tagged = "embedding(5,4).lstm(3,bi,seq,layers=2).gru(2,seq).other.dense(2,3)"
    other = "lstm(3,4,bi,seq,proj=2)"

    def saved(value: Any, **options: Any) -> Callable[[Path], object]:
        return lambda path: torch.save(value, path, **options)

    def saving(module: Any) -> Callable[[Path], object]:
        return lambda path: module.save(str(path))

    def traced(path: Path) -> None:
        torch.jit.trace(tagger, (ids,), check_trace=False).save(str(path))

    state = tagger.state_dict()
    checkpoint = {
        "epoch": 3,
        "best": torch.tensor(0.5),
        "model": state,
        "optimizer": torch.optim.Adam(tagger.parameters()).state_dict(),
    }
    yield ModelFile("state.pt", saved(projected.state_dict()), one, other, recorded=True)
    yield ModelFile("legacy.pth", saved(state, _use_new_zipfile_serialization=False), both, tagged, recorded=True)
    for protocol in (2, 3, 4, 5):
        yield ModelFile(f"protocol{protocol}.pt", saved(state, pickle_protocol=protocol), both, tagged)
    yield ModelFile("checkpoint.pt", saved(checkpoint), both, tagged)
    average = {"model": state, "average": Tagger().state_dict()}
    yield ModelFile("average.pt", saved(average), both, tagged)
    yield ModelFile("pickled.pkl", lambda path: path.write_bytes(pickle.dumps(state)), both, tagged)
    yield ModelFile("compiled.pt", saved(torch.compile(tagger)), both, tagged)
    yield ModelFile("whole.pt", saved(projected), one, other, recorded=True)
    yield ModelFile("whole_legacy.pt", saved(tagger, _use_new_zipfile_serialization=False), both, tagged)
    pair: list[Recurrent] = [("first", "lstm_cell", 3, 4, 1, False, 0), ("second", "rnn_cell", 4, 2, 1, False, 0)]
    yield ModelFile("cells.pt", saved(cells.state_dict()), pair, "lstm_cell(3,4).rnn_cell(2,nobias).other")
    yield ModelFile("cells_whole.pt", saved(cells), pair, "lstm_cell(3,4).rnn_cell(2,nobias).other")
    yield ModelFile("list.pt", saved([state, {"epoch": 3}]), both, tagged)
    yield ModelFile("scripted.pt", lambda path: torch.jit.script(projected).save(str(path)), one, other)
    whole = "embedding(5,4).lstm(3,bi,seq,layers=2).gru(2).dense(3)"
    yield ModelFile("traced.pt", traced, both, whole, recorded=True)
    last: list[Recurrent] = [("rnn", "lstm", 3, 4, 2, False, 0)]
    last_state = torch.jit.script(LastState())
    text = "lstm(3,4,layers=2).dense(2)"
    yield ModelFile("last_state.pt", lambda path: last_state.save(str(path)), last, text, recorded=True)

    each_step: list[Recurrent] = [("cell", "gru_cell", 3, 4, 1, False, 0)]
    looped = torch.jit.script(EachStep())
    text = "input(t,3).step.gru_cell(4,runs=t).dense(2)"
    yield ModelFile("looped.pt", lambda path: looped.save(str(path)), each_step, text, recorded=True)
    gru_cells: list[Recurrent] = [("there", "gru_cell", 3, 4, 1, False, 0), ("back", "gru_cell", 3, 4, 1, False, 0)]
    text = "input(t,3).step.gru_cell(4,runs=t).elsewhere(t,3).step.gru_cell(4,runs=t).other(others,params=0).dense(8,2)"
    yield ModelFile("both_ways.pt", saving(torch.jit.script(BothWays())), gru_cells, text, recorded=True)
    pairs: list[Recurrent] = [("encoder", "lstm_cell", 3, 4, 1, False, 0), ("decoder", "lstm_cell", 1, 4, 1, False, 0)]
    decoding, later = Decoding(), "elsewhere.lstm_cell(1,4,runs=6).dense(1,runs=6).other(6,params=0)"
    scripted = torch.jit.script(decoding)
    yield ModelFile(
        "decoding.pt", saving(scripted), pairs, f"input(t,3).step.lstm_cell(4,runs=t).{later}", recorded=True
    )
    trace = torch.jit.trace(decoding, (torch.zeros(2, 5, 3),), check_trace=False)
    yield ModelFile("decoding_trace.pt", saving(trace), pairs, f"input(t,3).step.lstm_cell(4,runs=5).{later}")
    tagged_cell: list[Recurrent] = [("cell", "lstm_cell", 5, 4, 1, False, 0)]
    text = "input(t,3).step.dense(5,runs=t).lstm_cell(4,runs=t).dense(2,runs=t).other(t,2,params=0)"
    yield ModelFile("tagged.pt", saving(torch.jit.script(Tagged())), tagged_cell, text, recorded=True)
    last_step: list[Recurrent] = [("rnn", "gru", 3, 4, 1, False, 0)]
    scripted = torch.jit.script(Dropping())
    yield ModelFile("dropping.pt", saving(scripted), last_step, "gru(3,4).dropout.dense(2)", recorded=True)
    text = "input(t,3).step.gru_cell(4,runs=t).other(t,4,params=0).dense(2)"
    yield ModelFile("unbound.pt", saving(torch.jit.script(Unbound())), each_step, text)
    attending = [("encoder", "gru", 3, 4, 1, False, 0), ("cell", "gru_cell", 6, 4, 1, False, 0)]
    text = (
        "gru(3,4,seq).elsewhere.dense(4,4,runs=7).other(others,params=0).gru_cell(6,4,runs=7).dense(2,runs=7)"
        ".other(7,2,params=0)"
    )
    yield ModelFile("attending.pt", saving(torch.jit.script(Attending())), attending, text)
    convolving: list[Recurrent] = [("rnn", "lstm", 3, 4, 1, False, 0)]
    text = "convolution(params=40).other(params=0).convolution(params=39).other(params=0).lstm(3,4,seq).dense(2)"
    activated = torch.jit.script(Activated())
    yield ModelFile("activated.pt", saving(activated), convolving, text, recorded=True)
    run = torch.jit.trace(Activated(), (torch.zeros(2, 3, 8),), check_trace=False)
    yield ModelFile("activated_trace.pt", saving(run), convolving, text)
    phone = optimize_for_mobile(torch.jit.script(Flattened().eval()))
    packed: list[Recurrent] = [("rnn", "gru", 3, 4, 1, False, 0)]
    lite = phone._save_for_lite_interpreter
    yield ModelFile(
        "mobile.ptl", lambda path: lite(str(path)), packed, "gru(3,4,seq).other(params=0).dense(20,2)", recorded=True
    )
    frozen = torch.jit.freeze(torch.jit.script(projected))
    yield ModelFile("frozen.pt", lambda path: frozen.save(str(path)), one, other, recorded=True)
    unnamed: list[Recurrent] = [("lstm_1", *both[0][1:]), ("gru_2", *both[1][1:])]
    constant = torch.jit.freeze(torch.jit.trace(tagger, (ids,), check_trace=False))
    yield ModelFile("frozen_trace.pt", lambda path: constant.save(str(path)), unnamed, whole)
    optimized = torch.jit.optimize_for_inference(torch.jit.script(Packed().eval()))
    sequences: list[Recurrent] = [("rnn", "gru", 3, 4, 1, False, 0)]
    text = "embedding(5,3).gru(4).dense(2)"
    yield ModelFile("optimized.pt", lambda path: optimized.save(str(path)), sequences, text, recorded=True)
    quantized = torch.ao.quantization.quantize_dynamic(tagger, {torch.nn.LSTM, torch.nn.GRU, torch.nn.Linear})
    yield ModelFile("quantized.pt", saved(quantized.state_dict()), both, tagged, recorded=True)
    yield ModelFile("quantized_whole.pt", saved(quantized), both, tagged)
    run = torch.jit.trace(quantized, (ids,), check_trace=False)
    yield ModelFile("quantized_trace.pt", lambda path: run.save(str(path)), both, whole)
    yield ModelFile("quantized_frozen.pt", lambda path: torch.jit.freeze(run).save(str(path)), unnamed, whole)

    def exported(module: Any, *given: Any) -> Callable[[Path], object]:
        return lambda path: torch.export.save(torch.export.export(module, given), str(path))

    yield ModelFile("tagger.pt2", exported(tagger, ids), both, f"input(6).{whole}")
    flattened: list[Recurrent] = [("rnn", "gru", 3, 4, 1, False, 0)]
    text = "input(5,3).gru(3,4,seq).other(20,params=0).dense(2)"
    yield ModelFile("flattened.pt2", exported(Flattened(), torch.zeros(2, 5, 3)), flattened, text)
    cell: list[Recurrent] = [("cell", "gru_cell", 3, 4, 1, False, 0)]
    yield ModelFile(
        "looped.pt2", exported(Looped(), vectors), cell, "input(5,3).other(3,params=0).gru_cell(4,runs=3).dense(2)"
    )
    words: list[Recurrent] = [("cell", "lstm_cell", 3, 4, 1, False, 0)]
    three = torch.zeros(3, 5, dtype=torch.long)
    calls, each = "lstm_cell(4,runs=5).dense(2,runs=5)", "step.embedding(9,3,runs=5)"
    for is_in_loop, is_last in ((False, False), (True, False), (True, True)):
        module = Words(is_in_loop, is_last).eval()
        name = f"words{is_in_loop:d}{is_last:d}"
        before = f"{each}.{calls}" if is_in_loop else f"embedding(9,3).step.{calls}"
        end = "other(2,params=0)" if is_last else "other(5,2,params=0)"
        yield ModelFile(
            f"{name}.pt2", exported(module, three), words, f"input(5).{before}.{end}", recorded=not is_in_loop
        )
        trace = torch.jit.trace(module, (three,), check_trace=False)
        text = f"{'input(t).' if is_in_loop else ''}{before}.{end}"
        yield ModelFile(f"{name}.pt", saving(trace), words, text, recorded=not is_in_loop)
    going_on: list[Recurrent] = [("rnn", "gru", 3, 4, 1, False, 0)]
    continued = torch.jit.trace(Continued(), (torch.zeros(2, 5, 3), torch.zeros(1, 2, 4)))
    yield ModelFile("continued.pt", saving(continued), going_on, "gru(3,4,seq).dense(2).output", recorded=True)
    yield ModelFile("last_state.pt2", exported(LastState(), vectors), last, "input(5,3).lstm(3,4,layers=2).dense(2)")
    each_way: list[Recurrent] = [("rnn", "gru", 3, 4, 1, True, 0)]
    of_states = torch.jit.trace(BothStates(), (torch.zeros(2, 5, 3),))
    text = "gru(3,4,bi,ends).other(params=0).dense(8,2)"
    yield ModelFile("both_states.pt", lambda path: of_states.save(str(path)), each_way, text)
    scripted = torch.jit.script(BothStates())
    yield ModelFile("scripted_states.pt", lambda path: scripted.save(str(path)), each_way, text)
    text = "input(5,3).gru(3,4,bi,ends).other(8,params=0).dense(2)"
    yield ModelFile("both_states.pt2", exported(BothStates(), torch.zeros(2, 5, 3)), each_way, text)
    bridged: list[Recurrent] = [("encoder", "lstm", 3, 4, 1, True, 0), ("decoder", "gru", 2, 5, 1, False, 0)]
    bridge = torch.jit.script(Bridged())
    text = "lstm(3,4,bi,seq).elsewhere.dense(8,5).elsewhere.gru(2,5,seq).elsewhere.dense(8,5)"
    yield ModelFile(
        "bridged.pt", lambda path: bridge.save(str(path)), bridged, f"{text}.other(others,params=0).dense(10,6)"
    )
    text = "input(9,3).lstm(3,4,bi,seq).elsewhere(8).dense(5).elsewhere(7,2).gru(5,seq).elsewhere(9,8).dense(5)"
    two = torch.zeros(3, 9, 3), torch.zeros(3, 7, 2)
    yield ModelFile("bridged.pt2", exported(Bridged(), *two), bridged, f"{text}.other(7,10,others,params=0).dense(6)")
    shared: list[Recurrent] = [("rnn", "gru", 3, 4, 1, False, 0)]
    twins = torch.zeros(3, 9, 3), torch.zeros(3, 9, 3)
    text = "input(9,3).gru(3,4,runs=2).dense(2,runs=2).other(params=0)"
    yield ModelFile("shared.pt2", exported(Shared(), *twins), shared, text, recorded=True)
    own: list[Recurrent] = [("rnn", "gru", 3, 4, 1, False, 0)]
    steps = "input(5,3).gru(3,4,seq,params=112).other(5,params=4).other(4,others,params=0).dense(2).other(2,params=1)"
    yield ModelFile("weighted.pt2", exported(Weighted(), torch.zeros(2, 5, 3)), own, steps, recorded=True)
    ways: list[Recurrent] = [("encoder", "lstm", 3, 4, 1, False, 0), ("cell", "lstm_cell", 2, 4, 1, False, 0)]
    text = "input(5,3).lstm(3,4,states).elsewhere(2).lstm_cell(4,runs=3).dense(2,runs=3).other(3,2,params=0)"
    yield ModelFile("forecast.pt2", exported(Forecast(), torch.zeros(3, 5, 3)), ways, text)
    yield ModelFile("projected.pt2", exported(projected, vectors), one, f"input(5,3).{other}", recorded=True)


def onnx() -> Iterator[ModelFile]:
    """Exports of PyTorch, some with dissolved layers; an LSTM in an If, in a function, and with computed weights."""
    import numpy as np
    import onnx
    import torch
    from onnx import TensorProto, helper, numpy_helper
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, quantize_dynamic, quantize_static
    from torch_modules import Directions, Ends, Feedback, LastStep, Normalized, OneStep, Projected, Steps, Tagger

    def exported(module: Any, *given: Any, version: int = 17) -> Callable[[Path], object]:
        return lambda path: torch.onnx.export(module.eval(), given, str(path), opset_version=version, dynamo=False)

    ids = torch.zeros(2, 6, dtype=torch.long)
    for version in (11, 13, 17):
        layers: list[Recurrent] = [("/rnn/GRU", "gru", 4, 3, 1, True, 0)]
        directions = exported(Directions(), ids, version=version)
        text = "input(6).embedding(5,4).gru(3,bi,seq,after).dense(2)"
        yield ModelFile(f"opset{version}.onnx", directions, layers, text)
    tagged: list[Recurrent] = [
        ("/rnn/LSTM", "lstm", 4, 3, 1, True, 0),
        ("/rnn/LSTM_1", "lstm", 6, 3, 1, True, 0),
        ("/gru/GRU", "gru", 6, 2, 1, False, 0),
    ]
    text = "input(6).embedding(5,4).lstm(3,bi,seq).lstm(3,bi,seq).gru(2,after).dense(3)"
    tagger = exported(Tagger(), ids)
    yield ModelFile("last_step.onnx", tagger, tagged, text)

    def quantized(path: Path) -> None:
        tagger(path)
        quantize_dynamic(path, path)

    quant: list[Recurrent] = [(one[0] + "_quant" * ("LSTM" in one[0]), *one[1:]) for one in tagged]
    yield ModelFile("quantized.onnx", quantized, quant, text, recorded=True)

    class Once(CalibrationDataReader):  # type: ignore[misc]
        """One input, from which the scales are computed."""

        def __init__(self) -> None:
            self.left = [{"x": np.ones((2, 1, 3), np.float32)}]

        def get_next(self) -> Any:
            return self.left.pop() if self.left else None

    def quantized_all(path: Path) -> None:
        """With operations on quantized numbers, and a normalization in single operations."""
        given = (torch.zeros(2, 1, 3),)
        torch.onnx.export(Normalized().eval(), given, str(path), input_names=["x"], opset_version=14, dynamo=False)
        quantize_static(path, path, Once(), quant_format=QuantFormat.QOperator)

    levels: list[Recurrent] = [("/rnn/GRU", "gru", 3, 4, 1, False, 0), ("/rnn/GRU_1", "gru", 4, 4, 1, False, 0)]
    text = "input(2,3).gru(3,4,seq,after).gru(4,after).normalization(params=8).dense(5).dense(2)"
    yield ModelFile("quantized_all.onnx", quantized_all, levels, text, recorded=True)
    dissolved: list[Recurrent] = [
        ("gru", "gru", 3, 4, 1, False, 0),
        ("lstm", "lstm", 4, 2, 1, False, 0),
        ("rnn", "rnn", 2, 2, 1, False, 0),
    ]
    steps = exported(Steps(), torch.zeros(3, 1, 3))
    text = "input(3,3).gru(3,4,seq,before,params=96).lstm(2,seq).rnn(2).dense(3)"
    yield ModelFile("steps.onnx", steps, dissolved, text, recorded=True)
    feedback: list[Recurrent] = [("cell", "lstm", 5, 4, 1, False, 0)]
    loop = exported(Feedback(), torch.zeros(2, 3, 3))
    text = "lstm(5,4,seq).step.dense(2,runs=3).other(params=0)"
    yield ModelFile("feedback.onnx", loop, feedback, text, recorded=True)
    ends: list[Recurrent] = [("/rnn/GRU", "gru", 3, 4, 1, True, 0), ("/rnn/GRU_1", "gru", 8, 4, 1, True, 0)]
    text = "input(5,3).gru(3,4,bi,seq,after).gru(4,bi,ends,after).other(8,params=0).dense(2)"
    yield ModelFile("ends.onnx", exported(Ends().eval(), torch.zeros(2, 5, 3)), ends, text, recorded=True)
    one_step = exported(OneStep(), torch.zeros(1, 3), torch.zeros(1, 4), torch.zeros(1, 4))
    cell: list[Recurrent] = [("lstm", "lstm_cell", 3, 4, 1, False, 0)]
    yield ModelFile("step.onnx", one_step, cell, "lstm_cell(3,4).dense(2).output(4).output(4)")

    def newer(module: Any, *sizes: int) -> Callable[[Path], object]:
        """The newer exporter gives the length of projections as hidden_size; ONNX Runtime rejects the file."""

        def write(path: Path) -> None:
            model = torch.onnx.export(module.eval(), (torch.zeros(sizes),), dynamo=True, verbose=False).model_proto
            for each in (*model.graph.node, *model.graph.value_info):
                del each.metadata_props[:]  # with the paths of a machine
            onnx.save(model, str(path))

        return write

    if find_spec("onnxscript"):  # which that exporter needs; it is not in the lock file
        short: list[Recurrent] = [("node_lstm__2", "lstm", 3, 4, 1, True, 2)]
        projected = newer(Projected(), 2, 1, 3)
        yield ModelFile("projected.onnx", projected, short, "input(2,3).lstm(3,4,bi,seq,proj=2)", recorded=True)
        simple: list[Recurrent] = [("tanh_3", "rnn", 3, 4, 1, False, 0), ("tanh_7", "rnn", 4, 4, 1, False, 0)]
        last_step, text = newer(LastStep(), 2, 4, 3), "input(4,3).rnn(3,4,seq).rnn(4).dense(2)"
        yield ModelFile("dissolved.onnx", last_step, simple, text, recorded=True)

    def tensor(name: str, *shape: int) -> Any:
        return numpy_helper.from_array(np.zeros(shape, np.float32), name)

    def value(name: str, *shape: Any) -> Any:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    def lstm(name: str, output: str) -> Any:
        return helper.make_node("LSTM", ["X", "W", "R"], [output, ""], name=name, hidden_size=4, direction="reverse")

    def saved(nodes: list[Any], initializers: list[Any]) -> Callable[[Path], object]:
        graph = helper.make_graph(nodes, "g", [value("X", "t", 1, 3)], [value("Y", "t", 1, 1, 4)], initializers)
        return lambda path: onnx.save(helper.make_model(graph), str(path))

    branches = [helper.make_graph([lstm(f"{n}/LSTM", f"Y{n}")], n, [], [value(f"Y{n}", "t", 1, 1, 4)]) for n in "ab"]
    condition = numpy_helper.from_array(np.array(True), "condition")
    inner = helper.make_node("If", ["condition"], ["Y"], then_branch=branches[0], else_branch=branches[1])
    once: list[Recurrent] = [("b/LSTM", "lstm", 3, 4, 1, False, 0)]
    weights = [tensor("W", 1, 16, 3), tensor("R", 1, 16, 4)]
    text = "lstm(3,4,seq,apart,back,nobias)"
    yield ModelFile("in_if.onnx", saved([inner], [condition, *weights]), once, text, recorded=True)

    def in_function(path: Path) -> None:
        """A function with the attribute of its call, which is called twice."""
        node = lstm("own", "y")
        del node.attribute[:]
        units = helper.make_attribute("hidden_size", 0)
        units.ref_attr_name = "units"
        node.attribute.append(units)
        domains = [helper.make_opsetid("", 17), helper.make_opsetid("own", 1)]
        function = helper.make_function(
            "own", "Layer", ["X", "W", "R"], ["z"], [node, squeezed("y", "z")], domains, ["units"]
        )
        calls = [
            helper.make_node("Layer", ["X", "W", "R"], ["Y0"], domain="own", units=4, name="first"),
            helper.make_node("Layer", ["Y0", "W1", "R"], ["Y"], domain="own", units=4, name="second"),
        ]
        graph = helper.make_graph(
            calls, "g", [value("X", "t", 1, 3)], [value("Y", "t", 1, 4)], [*weights, tensor("W1", 1, 16, 4)]
        )
        onnx.save(helper.make_model(graph, functions=[function], opset_imports=domains), str(path))

    def squeezed(name: str, output: str) -> Any:
        return helper.make_node("Squeeze", [name], [output])

    called: list[Recurrent] = [(f"{n}/own", "lstm", 3 + k, 4, 1, False, 0) for k, n in enumerate(("first", "second"))]
    yield ModelFile("in_function.onnx", in_function, called, "lstm(3,4,seq,nobias).lstm(4,seq,nobias)", recorded=True)

    def constant(name: str, *numbers: int) -> Any:
        return helper.make_node("Constant", [], [name], value=numpy_helper.from_array(np.array(numbers)))

    gates = [("i", 0, 4), ("o", 12, 16), ("fc", 4, 12)]
    nodes = [constant("axes", 0), lstm("lstm", "Y")]
    for name, start, end in gates:
        nodes[1:1] = [
            constant(f"{name}_start", start),
            constant(f"{name}_end", end),
            helper.make_node("Slice", ["weights", f"{name}_start", f"{name}_end", "axes"], [name]),
        ]
    nodes[-1:-1] = [
        helper.make_node("Concat", [name for name, *_ in gates], ["reordered"], axis=0),
        helper.make_node("Unsqueeze", ["reordered", "axes"], ["W"]),
    ]
    computed: list[Recurrent] = [("lstm", "lstm", 3, 4, 1, False, 0)]
    initializers = [tensor("weights", 16, 3), tensor("R", 1, 16, 4)]
    yield ModelFile("computed.onnx", saved(nodes, initializers), computed, text, recorded=True)


def unrolled() -> Iterator[ModelFile]:
    """Exports of Keras to ONNX with PyTorch, in which every step of a layer is single operations."""
    import numpy as np
    from keras import Input, Model, Sequential, layers

    def exported(model: Any, *axes: int, kind: str = "float32") -> Callable[[Path], object]:
        def write(path: Path) -> None:
            given = [np.zeros((1, *axes), kind) for _ in model.inputs]
            model(given if len(given) > 1 else given[0])
            model.export(str(path), format="onnx", verbose=False)

        return write

    kinds = {"rnn": layers.SimpleRNN, "lstm": layers.LSTM, "gru": layers.GRU}
    blocks = {"rnn": 1, "lstm": 4, "gru": 3}
    last = {"rnn": "/Tanh_4_output_0", "lstm": "/Mul_27_output_0", "gru": "/Add_28_output_0"}
    for kind, layer in kinds.items():
        count = "" if kind == "gru" else f",params={2 * blocks[kind] * 5 * (3 + 5 + 1)}"
        after = ",after" if kind == "gru" else ""
        for merge, returned in product(("concat", "sum", "mul", "ave"), (False, True)):
            both = layers.Bidirectional(layer(5, return_sequences=returned), merge_mode=merge)
            model = Sequential([Input((4, 3)), both, layers.Dense(2)])
            said = ",bi" + (f",{merge}" if merge != "concat" else "") + (",seq" if returned else ",ends")
            text = f"input(4,3).{kind}(3,5{said}{after}{count}).dense(2)"
            found: list[Recurrent] = [(last[kind], kind, 3, 5, 1, True, 0)]
            yield ModelFile(f"{kind}_{merge}_{returned}.onnx", exported(model, 4, 3), found, text)
    words = Sequential(
        [
            Input((2,)),
            layers.Embedding(7, 4, mask_zero=True),
            layers.Bidirectional(layers.GRU(5, return_sequences=True, reset_after=False), merge_mode="sum"),
            layers.SimpleRNN(3, use_bias=False),
            layers.Dense(2),
        ]
    )
    text = "embedding(7,4).gru(5,bi,sum,seq,before,params=300).rnn(3,nobias).dense(2)"
    summed: list[Recurrent] = [
        ("/Add_15_output_0", "gru", 4, 5, 1, True, 0),
        ("/Tanh_8_output_0", "rnn", 5, 3, 1, False, 0),
    ]
    yield ModelFile("unrolled_masked.onnx", exported(words, 2, kind="int32"), summed, text, recorded=True)
    stack = [layers.Bidirectional(layers.LSTM(4, return_sequences=n < 2)) for n in range(3)]
    deep = Sequential([Input((3, 2)), *stack])
    text = "input(3,2).lstm(2,4,bi,seq,params=224).lstm(4,bi,seq,params=416).lstm(4,bi,ends,params=416)"
    levels: list[Recurrent] = [
        (f"/Mul_{n}_output_0", "lstm", features, 4, 1, True, 0) for n, features in ((20, 2), (62, 8), (104, 8))
    ]
    yield ModelFile("deep.onnx", exported(deep, 3, 2), levels, text)
    cells = layers.RNN([layers.LSTMCell(4), layers.GRUCell(5)], go_backwards=True)
    text = "input(3,2).lstm(2,4,seq,back,params=112).gru(5,after).dense(2)"
    chained: list[Recurrent] = [
        ("/Mul_20_output_0", "lstm", 2, 4, 1, False, 0),
        ("/Add_35_output_0", "gru", 4, 5, 1, False, 0),
    ]
    yield ModelFile("cells.onnx", exported(Sequential([Input((3, 2)), cells, layers.Dense(2)]), 3, 2), chained, text)
    one, other, hard = Input((2, 2)), Input((2, 2)), layers.GRU(4, recurrent_activation="hard_sigmoid")
    shared = Model([one, other], layers.Dense(2)(layers.Concatenate()([hard(one), hard(other)])))
    text = "input(2,2).gru(2,4,after,own,runs=2).other(params=0).dense(8,2)"
    twice: list[Recurrent] = [("/_wrapped", "gru", 2, 4, 1, False, 0)]
    yield ModelFile("unrolled_shared.onnx", exported(shared, 2, 2), twice, text, recorded=True)


def keras() -> Iterator[ModelFile]:
    """.keras and .h5 files of Keras 3: models, and their weights."""
    from keras import Input, Model, Sequential, layers

    yield from _keras(Input, Model, Sequential, layers, "3")
    integers = Sequential([Input((6,)), layers.Embedding(5, 4), layers.LSTM(3, name="lstm"), layers.Dense(2)])
    integers.quantize("int8")  # all but the LSTM
    text = "input(6).embedding(5,4).lstm(3).dense(2)"
    lstm: list[Recurrent] = [("lstm", "lstm", 4, 3, 1, False, 0)]
    yield ModelFile("quantized3.keras", partial(_saved, integers), lstm, text, recorded=True)


def _keras(Input: Any, Model: Any, Sequential: Any, layers: Any, version: str) -> Iterator[ModelFile]:
    model = Sequential(
        [
            Input((None,)),
            layers.Embedding(5, 4),
            layers.Bidirectional(layers.LSTM(3, return_sequences=True), merge_mode="sum", name="both"),
            layers.Dropout(0.1),
            layers.GRU(2, go_backwards=True, name="gru"),
            layers.Dense(3),
        ]
    )
    given = Input((9, 4))
    hidden = layers.SimpleRNN(3, name="rnn")(given)
    small = Model(given, layers.Dense(2)(hidden))
    both: list[Recurrent] = [("both", "lstm", 4, 3, 1, True, 0), ("gru", "gru", 3, 2, 1, False, 0)]
    text = "embedding(5,4).lstm(3,bi,sum,seq).dropout.gru(2,back).dense(3)"
    plain = "embedding(5,4).lstm(3,bi,sum,seq).gru(2,seq).other.dense(2,3)"
    for name in (f"keras{version}.keras", f"keras{version}.h5"):
        yield ModelFile(name, lambda path: model.save(str(path)), both, text)
    unnamed: list[Recurrent] = [("bidirectional", *both[0][1:]), both[1]]
    found = both if version == "3" else unnamed
    yield ModelFile(f"keras{version}.weights.h5", lambda path: model.save_weights(str(path)), found, plain)
    cells = layers.StackedRNNCells([layers.GRUCell(4, reset_after=False, name="a"), layers.LSTMCell(2, name="b")])
    stacked = Sequential([Input((9, 3)), layers.RNN(cells, go_backwards=True, name="rnn"), layers.Dense(2)])
    chained: list[Recurrent] = [("rnn/a", "gru", 3, 4, 1, False, 0), ("rnn/b", "lstm", 4, 2, 1, False, 0)]
    text = "input(9,3).gru(3,4,seq,back,before).lstm(2).dense(2)"
    yield ModelFile(f"stacked{version}.keras", lambda path: stacked.save(str(path)), chained, text)
    lower, upper = layers.GRUCell(4, name="a"), layers.LSTMCell(2, name="b")
    run = layers.RNN([lower, upper], return_sequences=True, name="rnn")
    directed = Sequential([Input((9, 3)), layers.Bidirectional(run, name="both"), layers.Dense(2)])
    twice: list[Recurrent] = [
        (f"both/{way}/{cell}", *sizes)
        for way in ("forward", "backward")
        for cell, sizes in (("a", chained[0][1:]), ("b", chained[1][1:]))
    ]
    directions = "gru(3,4,seq).lstm(2,seq).elsewhere(9,3).gru(4,seq,back).lstm(2,seq)"
    text = f"input(9,3).{directions}.other(9,4,others,params=0).dense(2)"
    yield ModelFile(f"directions{version}.keras", lambda path: directed.save(str(path)), twice, text)
    norms = [layers.BatchNormalization(), layers.LayerNormalization(center=False), layers.PReLU(shared_axes=[1])]
    counted = Sequential([Input((9, 3)), layers.Conv1D(4, 2), *norms, layers.LSTM(2, name="lstm")])
    text = (
        "input(9,3).convolution(8,4,params=28).normalization(params=8).normalization(params=4).prelu(params=4).lstm(2)"
    )
    single: list[Recurrent] = [("lstm", "lstm", 4, 2, 1, False, 0)]
    for name in (f"counted{version}.keras", f"counted{version}.h5"):
        yield ModelFile(name, lambda path: counted.save(str(path)), single, text)

    columns = [layers.Conv2D(2, 3, padding="same"), layers.MaxPooling2D(2), layers.Permute((2, 1, 3))]
    picture = Sequential([Input((6, 8, 1)), *columns, layers.Reshape((4, 6)), layers.LSTM(2, name="lstm")])
    text = "input(6,8,1).convolution(6,8,2,params=20).pooling(3,4,2).transpose(2,1,3).reshape(4,6).lstm(2)"
    by_column: list[Recurrent] = [("lstm", "lstm", 6, 2, 1, False, 0)]
    for name in (f"permuted{version}.keras", f"permuted{version}.h5"):
        yield ModelFile(name, lambda path: picture.save(str(path)), by_column, text)

    each = [layers.Conv2D(2, 3), layers.BatchNormalization(), layers.MaxPooling2D(2), layers.Flatten()]
    video = Sequential([Input((5, 8, 6, 3)), *map(layers.TimeDistributed, each), layers.LSTM(2, name="lstm")])
    windows = "convolution(5,6,4,2,params=56).normalization(params=4).pooling(5,3,2,2).reshape(5,12)"
    of_frames: list[Recurrent] = [("lstm", "lstm", 12, 2, 1, False, 0)]
    for name in (f"video{version}.keras", f"video{version}.h5"):
        yield ModelFile(name, lambda path: video.save(str(path)), of_frames, f"input(5,8,6,3).{windows}.lstm(2)")

    alone = [layers.DepthwiseConv2D((3, 1), depth_multiplier=2), layers.SeparableConv2D(5, (1, 3), use_bias=False)]
    between = layers.Conv2DTranspose(3, (3, 2), strides=(2, 3))
    wide = layers.Conv2DTranspose(4, 3, strides=2, padding="same")
    joined = [layers.Reshape((34, 144)), layers.LSTM(2, name="lstm")]
    kinds = Sequential([Input((10, 8, 2)), *alone, between, wide, *joined])
    convolutions = "convolution(8,8,4,params=16).convolution(8,6,5,params=32).convolution(17,18,3,params=93)"
    text = f"input(10,8,2).{convolutions}.convolution(34,36,4,params=112).reshape(34,144).lstm(2)"
    of_rows: list[Recurrent] = [("lstm", "lstm", 144, 2, 1, False, 0)]
    yield ModelFile(f"convolutions{version}.keras", partial(_saved, kinds), of_rows, text)

    class Encoder(layers.Layer):  # type: ignore[misc]
        """A layer of one's own, of which a file has only the weights."""

        def __init__(self) -> None:
            super().__init__(name="encoder")
            self.embedding, self.gru = layers.Embedding(5, 4, name="embedding"), layers.GRU(3, name="gru")

        def call(self, x: Any) -> Any:
            return self.gru(self.embedding(x))

    class OwnLSTM(layers.LSTM):  # type: ignore[misc]
        """A class that is derived from that of Keras."""

    middle = Sequential([Input((9, 4)), OwnLSTM(3, return_sequences=True, name="low")], name="middle")
    derived = Sequential([Input((9, 4)), middle, OwnLSTM(2, name="top"), layers.Dense(5)], name="derived")
    for end in ("keras", "h5") if version == "3" else ():  # the weights of Keras 2 do not have these names
        inherited: list[Recurrent] = [("middle/low", "lstm", 4, 3, 1, False, 0), ("top", "lstm", 3, 2, 1, False, 0)]
        text = "input(9,4).lstm(4,3,seq).lstm(2).dense(5)"
        yield ModelFile(f"own_lstm3.{end}", partial(_saved, derived), inherited, text, recorded=end == "keras")

    own = Sequential([Input((9,)), Encoder()])
    for end in ("keras", "h5"):
        inner: list[Recurrent] = [("encoder/gru", "gru", 4, 3, 1, False, 0)]
        write = partial(_saved, own)
        recorded = version == "3" and end == "keras"
        yield ModelFile(f"own_layer{version}.{end}", write, inner, "embedding(5,4).gru(3,seq)", recorded)

    class OwnCell(layers.Layer):  # type: ignore[misc]
        """A cell that Keras does not have, with four arrays."""

        def __init__(self, units: int, **options: Any) -> None:
            super().__init__(**options)
            self.units = self.state_size = units

        def build(self, shape: Any) -> None:
            matrices = {"kernel": (shape[-1], self.units), "recurrent_kernel": (self.units, self.units)}
            vectors = {name: (self.units,) for name in ("bias", "decay")}
            self.arrays = [self.add_weight(name=name, shape=size) for name, size in (matrices | vectors).items()]
            self.built = True

        def call(self, x: Any, states: Any) -> Any:
            W, U, b, decay = self.arrays
            h = decay * states[0] + x @ W + states[0] @ U + b
            return h, [h]

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "units": self.units}

    known = import_module(Model.__module__.partition(".")[0]).utils.custom_object_scope({"OwnCell": OwnCell})
    with known:
        both_ways = layers.Bidirectional(layers.RNN(OwnCell(3), return_sequences=True))
    own_cells = Sequential([Input((9, 4)), both_ways, layers.RNN(OwnCell(2)), layers.Dense(5)])
    end = "keras" if version == "3" else "h5"  # which has no shapes between layers, and the units of the cells
    text = "input(9,4).other(9,6,own,params=54).other(2,own,params=20).dense(5)"
    yield ModelFile(f"own_cells{version}.{end}", partial(_saved, own_cells), [], text, version == "3")
    ahead, back = layers.LSTM(3, return_sequences=True, name="ahead"), {"go_backwards": True, "return_sequences": True}
    both_kinds = layers.Bidirectional(ahead, backward_layer=layers.GRU(3, name="back", **back), name="both")
    mixed = Sequential([Input((9, 4)), both_kinds, layers.GRU(2, name="gru")])
    ways: list[Recurrent] = [
        (f"both/forward/{'forward_' * (version == '3')}ahead", "lstm", 4, 3, 1, False, 0),
        ("both/backward/back", "gru", 4, 3, 1, False, 0),
        ("gru", "gru", 6, 2, 1, False, 0),
    ]
    text = "input(9,4).lstm(4,3,seq).elsewhere(9,4).gru(3,seq,back).other(9,6,others,params=0).gru(2)"
    yield ModelFile(f"mixed{version}.keras", partial(_saved, mixed), ways, text)
    one: list[Recurrent] = [("rnn", "rnn", 4, 3, 1, False, 0)]
    short = "input(9,4).rnn(4,3).dense(2)"
    for name in (f"functional{version}.keras", f"functional{version}.h5"):
        yield ModelFile(name, lambda path: small.save(str(path)), one, short, recorded=version == "3")

    repeated = Sequential(
        [Input((9, 4)), layers.LSTM(3, name="lower"), layers.RepeatVector(5), layers.LSTM(3, name="upper")]
    )
    found = [(name, "lstm", size, 3, 1, False, 0) for name, size in (("lower", 4), ("upper", 3))]
    if version == "3":  # which gives each layer a group, also those without weights
        text = "lstm(4,3,seq).other.lstm(3,3,seq)"
        yield ModelFile("repeated.weights.h5", lambda path: repeated.save_weights(str(path)), found, text)
    x, y = Input((9, 4)), Input((5, 4))
    lower = layers.LSTM(3, return_sequences=True, return_state=True, name="lower")
    values, *states = lower(x)
    begin = [layers.Concatenate()([state, state]) for state in states]
    upper = layers.LSTM(6, return_sequences=True, name="upper")(y, initial_state=begin)
    short = layers.Dense(6)(values)
    attended = layers.Attention()([upper, short])
    merged = layers.Multiply()([layers.Subtract()([upper, attended]), attended])
    scores = layers.Dot((2, 2))([merged, short])
    text = (
        "input(9,4).lstm(4,3,seq).elsewhere(3).concatenate(6).elsewhere(3).concatenate(6).elsewhere(5,4).lstm(6,seq)"
        ".elsewhere(9,3).dense(6).attention(5,6,params=0).subtract(5,6).multiply(5,6).dot(5,9)"
    )
    pair = [("lower", "lstm", 4, 3, 1, False, 0), ("upper", "lstm", 4, 6, 1, False, 0)]
    attention = Model([x, y], scores)
    yield ModelFile(f"attention{version}.keras", partial(_saved, attention), pair, text)


def tensorflow() -> Iterator[ModelFile]:
    """Files of Keras 2, and TFLite models."""
    import tensorflow
    from tf_keras import Input, Model, Sequential, layers

    yield from _keras(Input, Model, Sequential, layers, "2")
    given = Input((5, 3), batch_size=1)
    stack = Sequential([given, layers.LSTM(4, return_sequences=True), layers.LSTM(2)])
    loops = Sequential([given, layers.Bidirectional(layers.GRU(4)), layers.Dense(7, "relu"), layers.Softmax()])
    loops.set_weights([weight + 1 for weight in loops.get_weights()])  # a bias of zeros would be left out

    def converted(model: Any) -> Callable[[Path], object]:
        return lambda path: path.write_bytes(tensorflow.lite.TFLiteConverter.from_keras_model(model).convert())

    def with_lists(path: Path) -> None:
        """With operations of TensorFlow, which a batch of any size needs."""
        model = Sequential([Input((5, 3)), layers.LSTM(4, return_sequences=True), layers.LSTM(2), layers.Dense(7)])
        model.set_weights([weight + 1 for weight in model.get_weights()])
        converter = tensorflow.lite.TFLiteConverter.from_keras_model(model)
        sets = tensorflow.lite.OpsSet
        converter.target_spec.supported_ops = [sets.TFLITE_BUILTINS, sets.SELECT_TF_OPS]
        converter._experimental_lower_tensor_list_ops = False
        path.write_bytes(converter.convert())

    loops_of: list[Recurrent] = [("while", "lstm", 3, 4, 1, False, 0), ("while", "lstm", 4, 2, 1, False, 0)]
    yield ModelFile("lists.tflite", with_lists, loops_of, "input(5,3).lstm(3,4,seq).lstm(2).dense(7)")
    both: list[Recurrent] = [
        ("tfl.unidirectional_sequence_lstm", "lstm", 3, 4, 1, False, 0),
        ("tfl.unidirectional_sequence_lstm1", "lstm", 4, 2, 1, False, 0),
    ]
    ways = [
        layers.Bidirectional(layers.LSTM(5, unroll=True, return_sequences=True), merge_mode="sum"),
        layers.Bidirectional(layers.SimpleRNN(5, unroll=True)),
    ]
    steps = Sequential([Input((4, 3), batch_size=1), *ways, layers.LeakyReLU(), layers.Dense(2)])
    steps.set_weights([weight + 1 for weight in steps.get_weights()])
    text = "input(4,3).lstm(3,5,bi,sum,seq).rnn(5,bi,ends).dense(2)"
    unrolled: list[Recurrent] = [
        ("sequential_13/bidirectional_2/forward_lstm_3/lstm_cell", "lstm", 3, 5, 1, True, 0),
        ("sequential_13/bidirectional_3/forward_simple_rnn/simple_rnn_cell", "rnn", 5, 5, 1, True, 0),
    ]
    yield ModelFile("unrolled.tflite", converted(steps), unrolled, text)
    yield ModelFile("stack.tflite", converted(stack), both, "input(5,3).lstm(3,4,seq).lstm(2)", recorded=True)

    source, target = (Input((steps, 3), batch_size=1, name=name) for name, steps in (("source", 5), ("target", 6)))
    _, *states = layers.LSTM(4, return_state=True, name="encoder")(source)
    decoded = layers.LSTM(4, return_sequences=True, name="decoder")(target, initial_state=states)
    translator = Model([source, target], layers.Dense(7, bias_initializer="ones")(decoded))
    pair: list[Recurrent] = [
        ("while", "lstm", 3, 4, 1, False, 0),
        ("tfl.unidirectional_sequence_lstm", "lstm", 3, 4, 1, False, 0),
    ]
    text = "input(5,3).lstm(3,4).elsewhere(6,3).lstm(4,seq).dense(7)"
    yield ModelFile("translator.tflite", converted(translator), pair, text)

    def to_onnx(path: Path) -> None:
        """Loops that are given their weights, as tf2onnx makes of GRUs."""
        import tf2onnx

        cell = layers.GRUCell(4, reset_after=False, name="cell")
        wrapped = layers.Bidirectional(layers.RNN(cell, return_sequences=True, name="rnn"), name="both")
        model = Sequential([Input((5, 3)), wrapped, layers.Dense(7)], name="model")
        model.set_weights([weight + 1 for weight in model.get_weights()])
        tf2onnx.convert.from_keras(model, opset=15, output_path=str(path))

    if find_spec("tf2onnx"):  # it is not in the lock file
        with_layers: list[Recurrent] = [("model/both/forward_rnn/while/cell", "gru", 3, 4, 1, True, 0)]
        text = "input(5,3).gru(3,4,bi,seq,before,params=192).dense(7)"
        yield ModelFile("loops.onnx", to_onnx, with_layers, text, recorded=True)
    one: list[Recurrent] = [("while", "gru", 3, 4, 1, True, 0)]
    yield ModelFile("directions.tflite", converted(loops), one, "input(5,3).gru(3,4,bi).dense(7)", recorded=True)


def _saved(model: Any, path: Path) -> None:
    model.save(str(path))


BY_FRAMEWORK: dict[str, Callable[[], Iterator[ModelFile]]] = {
    "pytorch": pytorch,
    "onnx": lambda: chain(onnx(), unrolled()),
    "keras": lambda: chain(keras(), hdf5()),
    "tf1": tensorflow,
}


def hdf5() -> Iterator[ModelFile]:
    """HDF5 in old and new versions: few and many groups, by name or by creation, after a block of the user."""
    import h5py
    import numpy as np

    def weights(path: Path, groups: int, ordered: bool, **options: Any) -> None:
        with h5py.File(path, "w", track_order=ordered, **options) as file:
            for n in range(groups):
                cell = file.create_group(f"layers/lstm_{n}/cell/vars", track_order=ordered)
                for index, shape in enumerate([(3, 16), (4, 16), (16,)]):
                    cell[str(index)] = np.zeros(shape, np.float32)

    def with_own_layer(path: Path) -> None:
        """A layer of one's own with two matrices, which is not recurrent."""
        with h5py.File(path, "w", libver="latest") as file:
            for name, shapes in {
                "attention/vars": [(4, 4), (4, 4)],
                "gru/cell/vars": [(3, 12), (4, 12), (2, 12)],
            }.items():
                for index, shape in enumerate(shapes):
                    file[f"layers/{name}/{index}"] = np.zeros(shape, np.float32)

    def configured(path: Path) -> None:
        layer = {"class_name": "LSTM", "config": {"units": 4, "batch_input_shape": [None, None, 3], "name": "lstm_0"}}
        with h5py.File(path, "w", libver="latest") as file:
            file.attrs.update({f"other{n}": n for n in range(20)})
            file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": {"layers": [layer]}})

    def coding(path: Path) -> None:
        """An encoder and a decoder of series, with layers without weights between them."""
        from keras import Model, layers

        class Autoencoder(Model):  # type: ignore[misc]
            def __init__(self) -> None:
                super().__init__()
                self.encoder, self.repeated = layers.Bidirectional(layers.LSTM(4)), layers.RepeatVector(9)
                self.mean, self.deviation, self.noise = layers.Dense(5), layers.Dense(5), layers.GaussianNoise(0.1)
                self.decoder, self.head = layers.LSTM(6, return_sequences=True), layers.Dense(3)

            def call(self, x: Any) -> Any:
                code = self.encoder(x)
                sample = self.mean(code) + self.deviation(code) * self.noise(0 * self.mean(code))
                return self.head(self.decoder(self.repeated(sample)))

        model = Autoencoder()
        model(np.zeros((2, 9, 3), np.float32))
        model.save_weights(path)

    def nested(path: Path) -> None:
        """A model in a model."""
        from keras import Input, Sequential, layers

        rnns = [Input((9, 4)), layers.LSTM(3, return_sequences=True, name="low"), layers.GRU(2, name="high")]
        model = Sequential([Input((9, 4)), Sequential(rnns, name="backbone"), layers.Dense(5, name="head")])
        model.save_weights(path)

    def tables(path: Path) -> None:
        """Two embeddings, of which only the first one has the name of its class, and a dense layer without a bias."""
        from keras import Model, layers

        class Reader(Model):  # type: ignore[misc]
            def __init__(self) -> None:
                super().__init__()
                self.a, self.b, self.c = layers.Embedding(7, 4), layers.Embedding(8, 4, name="tokens"), layers.GRU(3)
                self.d = layers.Dense(2, use_bias=False)

            def call(self, ids: Any) -> Any:
                return self.d(self.c(self.a(ids) + self.b(ids)))

        model = Reader()
        model(np.zeros((2, 9), np.int32))
        model.save_weights(path)

    for version in (None, "v108", "v110", "latest"):
        for groups in (1, 60):
            for ordered in (False, True):
                layers: list[Recurrent] = [(f"lstm_{n}", "lstm", 3, 4, 1, False, 0) for n in range(groups)]
                text = ".other.".join(["lstm(3,4,seq)"] * groups)
                write = partial(weights, groups=groups, ordered=ordered, libver=version)
                yield ModelFile(f"{version}_{groups}_{ordered}.h5", write, layers, text)
    one: list[Recurrent] = [("lstm_0", "lstm", 3, 4, 1, False, 0)]
    block = partial(weights, groups=1, ordered=False, userblock_size=1024)
    yield ModelFile("block.h5", block, one, "lstm(3,4,seq)")
    halves: list[Recurrent] = [("encoder", "lstm", 3, 4, 1, True, 0), ("decoder", "lstm", 5, 6, 1, False, 0)]
    text = "lstm(3,4,bi,seq).other.dense(8,5).other.lstm(5,6,seq).other.dense(6,3).other.dense(8,5)"
    yield ModelFile("coding.weights.h5", coding, halves, text, recorded=True)
    yield ModelFile("many_attributes.h5", configured, one, "lstm(3,4)")
    inner: list[Recurrent] = [("backbone/low", "lstm", 4, 3, 1, False, 0), ("backbone/high", "gru", 3, 2, 1, False, 0)]
    text = "lstm(4,3,seq).gru(2,seq).other.dense(2,5)"
    yield ModelFile("nested.weights.h5", nested, inner, text, recorded=True)
    reader: list[Recurrent] = [("c", "gru", 4, 3, 1, False, 0)]
    text = "embedding(7,4).gru(3,seq).other.dense(3,2,nobias)"
    yield ModelFile("tables.weights.h5", tables, reader, text, recorded=True)
    single: list[Recurrent] = [("gru", "gru", 3, 4, 1, False, 0)]
    yield ModelFile("own_layer.weights.h5", with_own_layer, single, "gru(3,4,seq)", recorded=True)


def record_outside(folder: Path) -> None:
    """HDF5 files with data outside of themselves."""
    import h5py

    folder.mkdir(exist_ok=True)
    with h5py.File(folder / "external.h5", "w") as file:
        file.create_dataset("kernel", (3, 4), "f4", external=[("/etc/passwd", 0, 48)])
    with h5py.File(folder / "link.h5", "w") as file:
        file["kernel"] = h5py.ExternalLink("/etc/passwd", "/kernel")
    with h5py.File(folder / "virtual.h5", "w", libver="latest") as file:
        layout = h5py.VirtualLayout((3, 4), "f4")
        layout[:] = h5py.VirtualSource("/etc/passwd", "kernel", (3, 4))
        file.create_virtual_dataset("kernel", layout)


def compress(path: Path) -> None:
    """Write the members of an archive again, so that the repository stays small, and without the paths of a machine."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if not name.endswith(".debug_pkl")}
    if path.suffix == ".pt2":
        (name,) = (name for name in members if name.endswith("models/model.json"))
        program = json.loads(members[name])
        for node in program["graph_module"]["graph"]["nodes"]:
            node["metadata"].pop("stack_trace", None)
        members[name] = json.dumps(program).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def main() -> None:
    warnings.simplefilter("ignore")
    RECORDED.mkdir(exist_ok=True)
    if "keras" in sys.argv:
        record_outside(RECORDED.with_name("outside_files"))
    for framework in sys.argv[1:]:
        for file in BY_FRAMEWORK[framework]():
            if file.recorded:
                file.write(RECORDED / file.name)
            if file.recorded and file.name.endswith(
                (
                    ".pt2",
                    ".ptl",
                    ".keras",
                    "frozen.pt",
                    "optimized.pt",
                    "quantized.pt",
                    "traced.pt",
                    "last_state.pt",
                    "looped.pt",
                    "both_ways.pt",
                    "decoding.pt",
                    "dropping.pt",
                    "tagged.pt",
                    "words00.pt",
                    "continued.pt",
                    "activated.pt",
                )
            ):
                compress(RECORDED / file.name)


if __name__ == "__main__":
    main()
