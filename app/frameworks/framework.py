"""What every framework answers: how it stores weights, what it takes and returns, and what it cannot do."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial, reduce
from typing import TYPE_CHECKING, ClassVar

from app.core.axes import Sizes
from app.core.cell import Cell
from app.core.gradients import OF, Outputs, of_sum
from app.core.ops import Array
from app.core.stack import Place, Stack
from app.frameworks.io_arrays import IOArray, StoredArray
from app.frameworks.program_text import Code, assign
from app.frameworks.weight_layout import Blocks, Parameter, WeightLayout, widths
from app.translations.phrases import phrase

if TYPE_CHECKING:
    from app.frameworks.model import Model

Setting = bool | int | str
Settings = Mapping[str, Setting]
"""A framework's own switches by its own names: ``batch_first``, ``return_sequences``."""


@dataclass(frozen=True)
class FrameworkCell:
    """A framework's own of one of our cells: its class and its gates in order.

    Gates have our letters; ``letters`` gives the framework's where it has others.
    """

    name: str
    gates: str
    letters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Switch:
    """A setting of a framework that changes what goes in, comes out or is stored, in the stacks that it applies to."""

    name: str
    default: Setting
    choices: tuple[Setting, ...]
    help: str
    applies_to: Callable[[Stack], bool] = lambda stack: True


@dataclass(frozen=True)
class DerivedSwitch:
    """A setting whose value follows from the stack: Keras' ``reset_after``, which is two cells here.

    ``changes`` of fields and switches lead to its ``other`` value.
    """

    name: str
    value: Setting
    other: Setting
    changes: Mapping[str, Setting]
    help: str


@dataclass(frozen=True)
class NewBias:
    """The bias of a gate in a new model. ``stored`` is what its array holds, None where that is random; ``added`` is
    what each step adds to it."""

    stored: float | None
    added: float = 0.0


@dataclass(frozen=True)
class Limitation:
    """One thing that a framework does not have, and the changes that lead to the nearest that it has."""

    what: str
    nearest: Mapping[str, Setting]


def limitation(what: str, **nearest: Setting) -> Limitation:
    return Limitation(what, nearest)


def no_such_cell(title: str, stack: Stack, has: Iterable[Cell]) -> Limitation:
    """A framework has nothing for a cell. The nearest that it has carries the same states, if there is one."""
    known = list(has)
    nearest = next((cell for cell in known if cell.states.keys() == stack.states.keys()), known[0])
    what = phrase("{framework} has no {cell}", framework=title, cell=stack.program().cell.title)
    return limitation(what, cell=nearest.id)


class Unsupported(ValueError):
    """What a framework cannot do, and why: ``what``. ``nearest`` has the changes that make a stack that it can."""

    def __init__(self, everything: tuple[Limitation, ...]) -> None:
        self.what = reduce(_and_also, dict.fromkeys(one.what for one in everything))
        super().__init__(self.what)
        self.nearest = {name: value for one in everything for name, value in one.nearest.items()}


def _and_also(one: str, another: str) -> str:
    return phrase("{one}; {another}", one=one, another=another)


@dataclass(frozen=True)
class LastOutput:
    """The quantity whose gradients are shown: a sum over the output of the top layer at its last step.

    ``said`` names it. ``gradient`` gives its own gradient, from the outputs of the directions at that step, each
    batch_size × num_units. ``note`` is what else has to be known of it.
    """

    said: str
    gradient: Callable[[Outputs], Outputs] = of_sum
    note: str = ""


OF_BOTH = phrase("the sum of the output of both directions at the last step")


class Framework(ABC):
    """One framework, of which a file says everything. Names and orders are the framework's own."""

    id: ClassVar[str]
    title: ClassVar[str]
    switches: ClassVar[tuple[Switch, ...]] = ()
    size_names: ClassVar[tuple[tuple[str, str], ...]] = ()  # those of our sizes that are called otherwise there

    def model(self, stack: Stack, settings: Settings | None = None) -> "Model":
        """A stack in this framework; switches that ``settings`` leaves out have their defaults."""
        from app.frameworks.model import Model

        return Model(self, stack, {**self.defaults, **(settings or {})})

    @property
    def defaults(self) -> Settings:
        """The value that each switch has by itself."""
        return {switch.name: switch.default for switch in self.switches}

    @abstractmethod
    def limitations(self, stack: Stack, settings: Settings) -> Iterator[Limitation]:
        """Everything in which the framework falls short of this."""

    def refusal(self, stack: Stack, settings: Settings) -> Unsupported | None:
        """Why the framework has no such thing; None where it has. Only what it has may be asked for below."""
        everything = tuple(self.limitations(stack, settings))
        return Unsupported(everything) if everything else None

    def check(self, stack: Stack, settings: Settings) -> None:
        """Raise Unsupported where the framework has no such thing."""
        if refusal := self.refusal(stack, settings):
            raise refusal

    @abstractmethod
    def layout(self, stack: Stack, settings: Settings) -> WeightLayout:
        """How the weights of one cell are stored. Names are those of one cell alone; see ``full_name``."""

    @abstractmethod
    def full_name(self, name: str, place: Place, stack: Stack) -> str:
        """What a parameter is called among those of all layers and directions."""

    @abstractmethod
    def takes(self, stack: Stack, settings: Settings) -> IOArray:
        """The input."""

    @abstractmethod
    def returns(self, stack: Stack, settings: Settings) -> tuple[IOArray, ...]:
        """Everything that comes back, in order."""

    @abstractmethod
    def new_bias(self, gate: str, stack: Stack, settings: Settings) -> NewBias | None:
        """The bias of a gate before anything is learned; None where the framework makes no weights of its own."""

    @abstractmethod
    def code(self, stack: Stack, settings: Settings) -> str:
        """A complete program: the model, an input, what comes back, and every shape asserted.

        Given a file of weights, which ``weights_file`` makes, it computes with those and not with random ones.
        """

    def derived(self, stack: Stack) -> tuple[DerivedSwitch, ...]:
        """The settings whose values follow from the stack, with the way to their other values."""
        return ()

    def stored(self, stack: Stack, settings: Settings) -> tuple[StoredArray, ...]:
        """Every array of weights, in the framework's order."""
        layout = self.layout(stack, settings)
        return tuple(
            StoredArray(
                self.full_name(parameter.name, place, stack),
                parameter.axes(widths(stack, place)),
                partial(_packed, layout, parameter, place),
            )
            for place in stack.places
            for parameter in layout.parameters
        )

    def expression(self, name: str, place: Place, stack: Stack) -> str:
        """How a program reads one cell's array in a dict of all ``weights``."""
        return f'weights["{self.full_name(name, place, stack)}"]'

    def assignment(self, name: str, place: Place, stack: Stack, array: Code) -> Code:
        """How a program keeps one cell's array in a dict, ``made``, of which ``finished`` makes that of all."""
        return assign(f'made["{self.full_name(name, place, stack)}"]', array)

    def printed_output(self, stack: Stack, settings: Settings) -> str:
        """The array that a program prints at its end: every step, or the first output where none has every step."""
        outputs = self.returns(stack, settings)
        return next((array for array in outputs if array.tensor == "Y"), outputs[0]).name

    finished: ClassVar[str] = "made"

    def sizes(self, stack: Stack) -> Sizes:
        """Axis name -> size, with those axes that only frameworks have."""
        return {**stack.sizes, "directions": len(stack.directions), "num_layers": stack.num_layers, "biases": 2}

    def goes_backwards(self, settings: Settings) -> bool:
        """Whether the forward direction takes the steps from the last to the first."""
        return False

    def last_output(self, stack: Stack, settings: Settings) -> LastOutput:
        """The quantity whose gradients are shown. Side by side or apart, two directions are summed alike."""
        return LastOutput(OF_BOTH if stack.bidirectional else OF)

    def non_default(self, settings: Settings, *names: str) -> dict[str, Setting]:
        """Those of the settings that differ from what the framework takes by itself."""
        usual = {switch.name: switch.default for switch in self.switches}
        return {name: settings[name] for name in names if settings[name] != usual[name]}


def _packed(layout: WeightLayout, parameter: Parameter, place: Place, blocks: Mapping[Place, Blocks]) -> Array:
    return layout.array(parameter, blocks[place])
