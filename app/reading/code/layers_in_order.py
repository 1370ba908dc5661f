"""The layers of a model in the order of its forward pass, read from its source, which is never executed."""

import ast
import gc
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import accumulate, islice

from .branches import joined_step
from .frameworks import pytorch
from .imported_names import is_model_base, is_of_program
from .interpreter import Interpreter
from .interpreter_limits import LONGEST_LINE, MOST_INPUTS, MOST_LAYERS, MOST_UNKNOWN
from .joined_values import joined_axes, joined_config
from .layers_of_pass import read_layer, read_layers
from .long_programs import run_module, within_steps
from .many_models import models_alone
from .methods_without_forward import outermost_methods, whole_passes
from .names_of_models import names_of_models
from .object_methods import FORWARD, is_keras_layer
from .open_sizes import SIZED, open_sizes
from .parts_of_values import ids_of_parts, items_in, objects_in
from .program_state import OutOfSteps
from .reading_result import Reading, ReadLayer, UnknownLine
from .reasons import reasons
from .separate_graphs import in_graphs
from .separate_keras_models import in_models, other_outputs
from .separate_sequentials import separated
from .signatures import Arguments
from .skipped_functions import out_of_reach
from .source_text import Source, parse
from .undecided_ways import each_way
from .unknown_results import note_unknown_result
from .values import (
    ANY,
    Argument,
    Axes,
    Chained,
    Config,
    Constant,
    Dictionary,
    Function,
    Instance,
    Key,
    Layer,
    List,
    Maybe,
    Part,
    Recording,
    Reference,
    Step,
    Tensor,
    Tuple,
    Unknown,
    UserClass,
    Value,
    frozen,
    is_decorated,
)


@contextmanager
def _without_collections() -> Iterator[None]:
    """Within this context no garbage is collected. Reading leaves none, see ``_free``, but makes so many objects that
    collections would go through all of them several times, in a tenth of the time of reading."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


FREEZING = re.compile(r"\b(?:trainable|requires_grad_?)\b(?!\s*=\s*True\b| param| weight| variable)")
"""What a program says that may leave the weights of layers as they are when it trains."""


@_without_collections()
def read(text: str) -> Reading:
    """Read the models of a source. Raises nothing, whatever the source is."""
    source = parse(text)
    program = Interpreter(source)
    passes: list[NamedPass] = []
    try:
        passes = _forward_passes(program, source)
    except RecursionError:  # statements, expressions and calls nest too deeply together
        program.unknown.add(1)
    steps = [step for one in passes if one.is_of_run for step in one.steps] if program.unsure else []
    certain = {step.layer.line for step in steps if not step.layer.is_uncertain}
    replaced = _replaced(program)
    unused = [layer for layer in program.layers if not layer.is_used and layer not in replaced]
    not_understood = source.unknown | program.unknown
    program.open_sizes |= open_sizes(program.layers, [one.steps for one in passes])
    places = {key: n for n, key in enumerate(program.origins)}
    each = (layer for one in passes for layer in read_layers(one.steps, places, one.returned))
    layers = [*islice(each, MOST_LAYERS + 1)]
    if beyond := {layer.line for layer in layers[MOST_LAYERS:] if layer.line}:
        program.beyond_layers |= beyond
        not_understood |= beyond
    unsure = {layer for layer in program.of_unknown_number if layer.kind in SIZED}
    several = {layer.line for layer in unsure - program.in_branches}
    program.made_in_branch |= {layer.line for layer in unsure & program.in_branches}
    options = {option for layer in program.recorded for option in layer.options}
    not_understood |= {layer.line for layer in unsure - options}
    of_layers = program.of_layers | (program.unsure - certain) | {layer.line for layer in unsure}
    lines = sorted(
        {*not_understood, *of_layers, *program.own_weights, *program.open_sizes, *(layer.line for layer in unused)}
    )
    lines = [n for n in lines if n <= len(source.lines)][:MOST_UNKNOWN]
    unknown = [
        UnknownLine(n, source.lines[n - 1].strip()[:LONGEST_LINE], reason)
        for n, reason in zip(lines, reasons(lines, several, source, program), strict=True)
    ]
    counts = accumulate((len(one.steps) for one in passes), initial=0)
    starts = [start for start in counts if start < min(len(layers), MOST_LAYERS)]
    shown = passes[: len(starts)]
    names, calls = [one.name for one in shown], [one.called_at for one in shown]
    results, ends = [one.result for one in shown], [one.end for one in shown]
    is_whole = len(layers) <= MOST_LAYERS and not program.has_stopped
    has_others = program.has_other_weights
    mistake = min(source.mistakes, default=None)
    inputs = program.inputs[:MOST_INPUTS]
    reading = Reading(
        layers[:MOST_LAYERS],
        unknown,
        starts,
        source.lines,
        is_whole,
        names,
        calls,
        inputs,
        mistake,
        not_understood=frozenset(not_understood),
        has_other_weights=has_others,
        has_other_layers=bool(unsure) or any(one.is_one_way for one in shown),
        results=results,
        ends=ends,
        loops=[one.has_loop for one in shown],
        one_way=[one.is_one_way for one in shown],
        given=[one.given for one in shown],
        outputs=[one.outputs for one in shown],
        unread_library=next(iter(program.unread_classes.values()), ""),
        unread_star=next((star for star in program.stars if is_of_program(star)), ""),
        is_notebook=source.is_notebook,
        foreign=_foreign_lines(shown, program.chains),
        weights=frozenset() if program.free_variables else frozenset(program.own_weights),
        may_freeze=FREEZING.search(source.text) is not None,
        unused=[] if program.has_stopped or source.is_cut else [*_unused_layers(unused[:MOST_LAYERS])],
    )
    _free(program)
    return reading


def _replaced(program: Interpreter) -> set[Layer]:
    """The layers that no model has any more, since its attribute got another value."""
    if not program.replaced:
        return set()
    chains: dict[str, Value] = {"": Tuple((*program.chains,))}
    holders = [*(one.attributes for one in program.instances), chains, program.module.names]
    return program.replaced - {layer for of in holders for layer, _ in _layer_names(of, "")}


def _unused_layers(layers: Sequence[Layer]) -> Iterator[ReadLayer]:
    """Layers that are never called, without those whose matrix may be that of another one."""
    for layer in layers:
        if not (layer.may_be_tied or layer.matrix_of is not layer):
            yield read_layer(Step(layer, layer.takes(layer, (ANY,)), (ANY,), layer.line), None, None)


def follow(program: Interpreter, source: Source) -> None:
    """Follow a program, and every model and function that it does not call itself. Raises nothing. The
    syntax tree is kept."""
    try:
        _forward_passes(program, source)
    except RecursionError:  # statements, expressions and calls nest too deeply together
        program.unknown.add(1)


def _free(program: Interpreter) -> None:
    """Free all of a program at once, with its syntax tree. Its names, functions, classes and objects refer to each
    other, so that only a garbage collection would free them, which takes as long as reading."""
    program.module.names.clear()
    for one in (*program.functions, *program.classes, *program.instances, program):
        vars(one).clear()


@frozen
class NamedPass:
    """A forward pass: its name, its steps, the line where the program calls it, if it does, whether the program
    makes the model when it runs, the axes of what it returns, whether it calls its first or its last layer in a loop,
    the axes of the tensors that it is called with, if all are known, the object whose pass it is, the axes of what it
    returns if they certainly are not those of its last layer, the layers that it returns, if they are certain,
    whether the steps are those of one of several branches, and the axes of what it returns beside that of its last
    layer, as far as they are certain."""

    name: str
    steps: Sequence[Step]
    called_at: int | None
    is_of_run: bool
    result: Axes
    has_loop: bool
    given: Sequence[Axes]
    owner: Instance | None
    end: Axes | None
    returned: frozenset[Layer | Part] | None
    is_one_way: bool
    outputs: Sequence[Axes]


def _foreign_lines(passes: Sequence[NamedPass], chains: Sequence[Chained]) -> list[frozenset[int]]:
    """For each model, the lines of the classes of other models that it is not made of. What is called outside of
    classes may be made of all that are in chains."""
    outside = _lines_of_classes(objects_in(chains))
    of_owners = [_lines_of_classes([one.owner]) if one.owner else outside for one in passes]
    of_all = frozenset().union(*of_owners)
    return [of_all - own for own in of_owners]


def _lines_of_classes(owners: Iterable[Instance]) -> frozenset[int]:
    """The lines of the classes of objects, of their parts, and of theirs."""
    left, found, classes = list(owners), set[int](), set[UserClass]()
    while left:
        one = left.pop()
        if id(one) not in found:
            found.add(id(one))
            classes.update(one.of.lineage)
            left += objects_in(one.attributes.values())
    ranges = (range(of.node.lineno, (of.node.end_lineno or of.node.lineno) + 1) for of in classes)
    return frozenset(line for of in ranges for line in of)


def _place_of(recording: Recording) -> int:
    """The line by which models are sorted: where it begins, or its first layer is made."""
    return recording.line or next((step.layer.line for step in recording.steps), 0)


def _forward_passes(program: Interpreter, source: Source) -> list[NamedPass]:
    """Follow the program, then every model, function and chain that it does not call itself. The steps of each."""
    try:
        run_module(program, _with_class_of_methods(source.statements))
        models = {of for of in program.classes if _is_model(of)}
        value_of = partial(program.name, scope=program.module)
        program.is_run = False
        skipped = out_of_reach(models, program.module.names, source.text.split("\n"), value_of)
        with within_steps(program):
            _follow_functions(program, skipped)
        alone = models_alone(models, program.module.names, source.lines)
        with within_steps(program):
            _follow_classes(program, models, skipped, alone)
        passes = [*_recorded(program), *_instance_passes(program, alone), *_chain_passes(program)]
        if not any(recording.steps for recording in passes):
            passes += _single_layer(program)
    except OutOfSteps:
        passes = [*program.recordings, *_instance_passes(program, may_call=False)]
    own = [instance for instance in reversed(program.instances) if instance.runs and is_keras_layer(instance.of)]
    names = {layer: name for chain in program.chains if chain.names for layer, name in _layer_names({"": chain}, "")}
    names = {layer: name.removeprefix(".") for layer, name in names.items()}
    names |= {layer: name for instance in own for layer, name in _layer_names(instance.attributes, "")}
    found: dict[tuple[Key, int], NamedPass] = {}
    passes = sorted(passes, key=_place_of)
    classes = {layer: of.of.node.name for of in own for layer, _ in _layer_names(of.attributes, "")}
    for recording, name in zip(passes, names_of_models(passes, classes, source.lines), strict=True):
        steps = [
            step if step.name else step.named(step.layer.name or names.get(step.layer)) for step in recording.steps
        ]
        key = recording.key, _number_of_model(recording, steps, found)
        of_pass = NamedPass(
            name,
            steps,
            recording.called_at,
            recording.is_of_run,
            recording.result,
            any(step.layer in recording.in_loops for step in (*steps[:1], *steps[-1:])),
            recording.given,
            recording.owner,
            recording.end or (recording.divided.get(steps[-1].layer) if steps else None),
            recording.returned,
            recording.is_one_way,
            other_outputs(recording),
        )
        if key in found and recording.is_of_run != found[key].is_of_run:  # the one that the program makes counts
            found[key] = of_pass if recording.is_of_run else found[key]
        elif key in found:
            joined_steps = _joined_steps(found[key].steps, steps)
            result = joined_axes(found[key].result, recording.result)
            has_loop = found[key].has_loop or of_pass.has_loop
            given = recording.given if recording.given == found[key].given else []
            one, another = found[key].end, recording.end
            end = joined_axes(one, another) if one is not None and another is not None else None
            found[key] = replace(found[key], steps=joined_steps, result=result, has_loop=has_loop, given=given, end=end)
            program.of_layers |= {step.layer.line for step in joined_steps if step.layer.is_uncertain}
        elif recording.key:
            found[key] = of_pass
    for stopped in {recording.key for recording in program.stopped_in}:  # another pass may have it whole
        if any(stopped == one[: len(stopped)] != one for one, _ in found):
            found.pop((stopped, 0), None)
    return sorted(found.values(), key=lambda one: not one.is_of_run)  # those that the program makes come first


def _number_of_model(recording: Recording, steps: Sequence[Step], found: Mapping[tuple[Key, int], "NamedPass"]) -> int:
    """The number of a model among those of the same class that the program itself makes with other sizes."""
    n = 0
    while (other := found.get((recording.key, n))) and _are_two_models(recording, steps, other):
        n += 1
    return n


def _are_two_models(recording: Recording, steps: Sequence[Step], other: NamedPass) -> bool:
    """Whether two objects of a class certainly have different layers."""
    if None in (recording.owner, other.owner) or recording.owner is other.owner:
        return False
    is_made = recording.is_of_run and other.is_of_run
    pairs = zip(steps, other.steps, strict=True)
    return is_made and any(_differ(one.layer.config, another.layer.config) for one, another in pairs)


def _differ(one: Config, another: Config) -> bool:
    """Whether settings that are known in both are not the same."""
    pairs = ((value, another.get(name)) for name, value in one.items())
    return any(isinstance(a, Constant) and isinstance(b, Constant) and a != b for a, b in pairs)


def _recorded(program: Interpreter) -> Iterator[Recording]:
    """The forward passes of the program outside of models."""
    origins = [origin for _, origin in program.origins.values()]
    ways = (way for one in program.recordings for way in each_way(one, program.in_branches))
    graphs = (one for recording in ways for one in in_graphs(recording, origins))
    recordings = [one for recording in graphs for one in in_models(recording)]
    chains = program.chains
    if len(chains) < 2:
        yield from recordings
        return
    parts = {id(item) for chain in chains for item in chain.items}
    whole = [chain for chain in chains if id(chain) not in parts]
    chain_of = {layer: chain for chain in whole for layer, _ in _layer_names({"": chain}, "")}
    for recording in recordings:
        yield from separated(recording, chain_of)


def _with_class_of_methods(statements: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Methods without their class, as people paste them, in a class."""
    methods = [s for s in statements if isinstance(s, ast.FunctionDef) and [a.arg for a in s.args.args[:1]] == ["self"]]
    if not methods:
        return list(statements)
    of = ast.ClassDef("_fragment_", [], [], list[ast.stmt](methods), [], lineno=methods[0].lineno)
    return [*(s for s in statements if s not in methods), of]


def _follow_functions(program: Interpreter, skipped: Container[Value]) -> None:
    """Call each function that nobody calls, with its defaults, and a function that it returns. The layers of one that
    another one calls later are those of that call."""
    made: dict[Function, tuple[Sequence[Layer], Recording, Value]] = {}
    for function in list(program.functions):
        if not function.is_called and function.scope is program.module and function not in skipped:
            count = len(program.layers)
            recording = Recording(function.node.lineno, 0)
            with program.recording(recording):
                value = program.call_function(function, _given(function))
            made[function], function.is_called = (program.layers[count:], recording, value), False
    for function, (layers, recording, value) in made.items():
        if function.is_called:
            for layer in layers:
                layer.is_used = True
                program.in_loops.pop(layer, None)
            others = (step.layer.line for one in program.recordings if one is not recording for step in one.steps)
            if {step.layer.line for step in recording.steps} <= {*others}:
                program.recordings.remove(recording)
        elif isinstance(value, Function) and not value.is_called:
            program.recordings.remove(recording)
            with program.recording(recording):
                program.call_function(value, _given(value))
        function.is_called = True


def _given(function: Function, first: Sequence[Value] = ()) -> Arguments:
    """Arguments for a function that nobody calls: those that have no default."""
    parameters = function.node.args
    plain = [*parameters.posonlyargs, *parameters.args]
    required = len(plain) - len(parameters.defaults)
    named: dict[str, Value] = {p.arg: Argument(p.arg) for p in plain[len(first) : required]}
    named |= {
        p.arg: Argument(p.arg) for p, d in zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True) if d is None
    }
    return Arguments(first, named)


def _follow_classes(
    program: Interpreter, models: Container[Value], skipped: Container[Value], made_late: Container[UserClass]
) -> None:
    """Make an object of each class that nobody uses: first those that may make models, then the models, those that
    contain others first. ``made_late``: models whose constructors are not called yet."""
    for of in program.classes:
        if not of.is_called and of not in models and of not in skipped:
            _follow_builder(program, of)
    unused, derived = list[Instance](), dict[Value, list[UserClass]]()
    for of in program.classes:
        for base in of.lineage[1:]:
            derived.setdefault(base, []).append(of)
    for of in reversed(program.classes):
        others = derived.get(of, [])
        if of.is_called or of not in models or (others and not of.method(*FORWARD)):
            continue
        if any(other.is_called for other in others):  # it is there only to be derived from
            continue
        instance = program.made_instance(of, of.node.lineno)
        if of not in made_late:
            _construct(program, instance)
        unused.append(instance)
    for instance in unused:
        if instance.of.is_called:  # by a model that is defined before its parts
            program.instances.remove(instance)
            for layer, _ in _layer_names(instance.attributes, ""):
                layer.is_used = True


def _construct(program: Interpreter, instance: Instance) -> None:
    """Call the constructor of a model with arguments of which nothing is known."""
    init = instance.of.member("__init__")
    if isinstance(init, Function):
        with program.recording(Recording(instance.of.node.lineno, 0, owner=instance)):
            program.call_function(init, _given(init, (instance,)))


def _follow_builder(program: Interpreter, of: UserClass) -> None:
    """A class that is no model but may make one, as a method ``build_model`` does."""
    init = of.member("__init__")
    instance = program.made_instance(of, of.node.lineno)
    methods = [init, *(m for name, m in of.members.items() if name != "__init__")]
    alone = list[tuple[Function, Recording]]()
    for method in methods:
        if isinstance(method, Function) and (method is init or not method.is_called):
            first = () if is_decorated(method, "staticmethod") else (instance,)
            recording = Recording(method.node.lineno, 0)
            with program.recording(recording):
                program.call_function(method, _given(method, first))
            method.is_called = False
            alone.append((method, recording))
    for method, recording in alone:
        others = (step.layer.line for one in program.recordings if one is not recording for step in one.steps)
        if method.is_called and {step.layer.line for step in recording.steps} <= {*others}:
            program.recordings.remove(recording)  # one of the others calls it
        method.is_called = True


def _is_model(of: UserClass) -> bool:
    """Whether a class is a model: by its base, or by a method that only models have."""
    bases = list(of.outer_bases())
    if is_model_base(base.path for base in bases if isinstance(base, Reference)):
        return True
    return isinstance(of.member("forward"), Function)


def _instance_passes(
    program: Interpreter, made_late: Container[UserClass] = (), may_call: bool = True
) -> Iterator[Recording]:
    """The forward passes of every model that is no part of another one, with the names of its layers, and of those that
    the program makes itself and gives to another one whose pass does not contain theirs. ``made_late``: models whose
    constructors are still to be called; ``may_call``: whether those that the program does not call are followed."""
    parts = ids_of_parts(program.instances, program.chains)
    whole = [instance for instance in program.instances if id(instance) not in parts]
    named = {id(value) for value in program.module.names.values()}
    passed_on = [instance for instance in program.instances if id(instance) in parts & named]
    lines, found = _lines_in_order(whole) | _lines_in_order(passed_on), set[Key]()
    for instance in (*sorted(whole, key=lines.__getitem__), *passed_on):
        names = _names_of_layers(instance)
        if instance in passed_on and instance.is_part_of_pass:
            continue
        if sum(map(len, found)) >= MOST_LAYERS and not instance.runs:  # the limit is reached before this model
            program.unknown.add(lines[instance])
            program.beyond_layers.add(lines[instance])
            for layer in names:
                layer.is_used = True
            continue
        if not instance.runs and may_call:
            if instance.of in made_late:
                count = len(program.recordings)
                _construct(program, instance)
                yield from program.recordings[count:]
            _call(program, instance)
            names = _names_of_layers(instance)
        for recording in (way for one in instance.runs for way in each_way(one, program.in_branches)):
            found.add(recording.key)
            steps = [step.named(names.get(step.layer)) for step in recording.steps]
            yield replace(recording, line=lines[instance], steps=steps, is_of_run=instance.is_of_run)


def _lines_in_order(instances: Sequence[Instance]) -> dict[Instance, int]:
    """The lines of the classes of models, by which their chains are sorted. Those that the program makes itself are in
    the order in which it makes them."""
    lines = {one: one.of.node.lineno for one in instances}
    made = [one for one in instances if one.line != lines[one]]
    return lines | dict(zip(made, sorted(lines[one] for one in made), strict=True))


def _call(program: Interpreter, instance: Instance) -> None:
    """Call a model with an input of which nothing is known."""
    forward = instance.of.stand_in or instance.of.method(*FORWARD)
    if forward is not None:
        _call_method(program, instance, forward)
        return
    layers = _names_of_layers(instance)
    has_input = any(isinstance(one, Chained) and one.input for one in instance.attributes.values())
    if layers and not has_input and not any(layer.is_used for layer in layers):
        for method in outermost_methods(instance.of):
            _call_method(program, instance, method)
        instance.runs = whole_passes(instance.runs)


def _call_method(program: Interpreter, instance: Instance, forward: Function) -> None:
    """Call a method of a model with an input of which nothing is known."""
    given = _given(forward, (instance,))
    names = [name for name in given.named if name not in ("training", "mask")]
    named: dict[str, Value] = {name: Tensor(instance.input) if n == 0 else Unknown() for n, name in enumerate(names)}
    said = {name: value for name, value in forward.defaults.items() if _decides(value)}
    named |= said
    program.has_default_branch |= bool(said)
    program.note_inputs(named.values())
    recording = Recording(instance.of.node.lineno, 0, owner=instance)
    instance.runs.append(recording)
    with program.recording(recording):
        value = program.call_function(forward, Arguments((instance,), named, is_complete=False))
    note_unknown_result(recording, value)
    program.note_result(recording, value)


def _decides(default: Value) -> bool:
    """Whether a default of a forward pass says which way it usually goes."""
    return isinstance(default, Constant) and isinstance(default.value, (bool, str))


def _names_of_layers(instance: Instance) -> dict[Layer, str]:
    """The layers of a model with their names: of one that has several, the first one."""
    names = dict[Layer, str]()
    for layer, name in _layer_names(instance.attributes, ""):
        names.setdefault(layer, name)
    return names


def _layer_names(attributes: dict[str, Value], prefix: str, depth: int = 0) -> Iterator[tuple[Layer, str]]:
    """Layers with their names, as the framework writes them: ``encoder.layers.0``."""
    for name, value in attributes.items() if depth < 6 else ():
        match value:
            case Layer():
                yield value, prefix + name
            case Instance():
                if isinstance(value.layer, Layer):
                    yield value.layer, prefix + name
                elif value.layer:
                    yield from _layer_names({name: value.layer}, prefix, depth + 1)
                yield from _layer_names(value.attributes, f"{prefix}{name}.", depth + 1)
            case List() | Chained() | Tuple():
                items = {str(n): item for n, item in enumerate(value.items or ())}
                if isinstance(value, Chained) and len(value.names) == len(items):
                    items = dict(zip(value.names, items.values(), strict=True))
                yield from _layer_names(items, f"{prefix}{name}.", depth + 1)
            case Dictionary(items=dict() as entries):
                yield from _layer_names(entries, f"{prefix}{name}.", depth + 1)


def _chain_passes(program: Interpreter) -> Iterator[Recording]:
    """The forward passes of chains that nobody calls, and that are no part of another one."""
    parts = {id(item) for chain in program.chains for item in chain.items}
    parts |= {id(chain) for instance in program.instances for chain in _modules(instance.attributes.values())}
    for chain in list(program.chains):
        if chain.is_used or id(chain) in parts:
            continue
        recording = Recording(chain.line, 0)
        with program.recording(recording):
            start = (Tensor(chain.input),) if chain.input is not None else ()
            recording.end = program.end_of(recording, program.call_chain(chain, Arguments(start)))
        program.recordings.remove(recording)
        yield recording


def _single_layer(program: Interpreter) -> Iterator[Recording]:
    """The call of the only layer of a source that has no model, as if someone asks what this layer does."""
    has_models = any(instance.of.method(*FORWARD, "__call__") for instance in program.instances)
    if len(program.layers) == 1 and not program.layers[0].is_used and not has_models:
        (layer,) = program.layers
        recording = Recording(layer.line, 0)
        with program.recording(recording):
            start = () if layer.input is None else (Tensor(layer.input),)
            program.call_layer(layer, Arguments(start), layer.line)
        yield recording


def _modules(values: Iterable[Value], depth: int = 0) -> Iterator[Chained]:
    """The nn.Sequentials among the parts of a model, whose forward pass decides what is called."""
    for value in values:
        if isinstance(value, Chained) and value.framework == pytorch.FRAMEWORK:
            yield value
        if isinstance(value, (Chained, List, Tuple, Dictionary, Maybe)) and depth < 4:
            yield from _modules(items_in(value), depth + 1)


def _joined_steps(ones: Sequence[Step], others: Sequence[Step]) -> list[Step]:
    """What is certain about the layers of a model that is made several times, with different sizes."""
    layers = {(one.layer, other.layer): one.layer for one, other in zip(ones, others, strict=True)}
    for one, other in layers:
        if one is not other:
            layers[one, other] = _joined_layer(one, other)
    joined = {one: layer for (one, _), layer in layers.items()}
    for layer in joined.values():
        layer.tied_to = joined.get(layer.tied_to, layer.tied_to) if layer.tied_to else None
        layer.wraps = joined.get(layer.wraps, layer.wraps) if layer.wraps else None
    return [
        _joined_step(replace(one, layer=layers[one.layer, other.layer]), other)
        for one, other in zip(ones, others, strict=True)
    ]


def _joined_layer(one: Layer, another: Layer) -> Layer:
    config = joined_config(one.config, another.config)
    layer = replace(one, config=config, is_exact=one.is_exact and another.is_exact)
    layer.is_exact_at_each_step &= another.is_exact_at_each_step
    layer.keeps_steps &= another.keeps_steps
    layer.parameters = layer.parameters if layer.parameters == another.parameters else None
    return layer


def _joined_step(one: Step, another: Step) -> Step:
    """What is certain about a call of a layer in two forward passes."""
    return replace(joined_step(one, another), has_other_samples=one.has_other_samples or another.has_other_samples)
