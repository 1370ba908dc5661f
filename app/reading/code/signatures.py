"""The arguments of a call, by the parameters of what is called."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

from .values import UNKNOWN, Constant, Value, frozen, frozen_by_identity

REQUIRED = UNKNOWN
"""The default of a parameter without one."""


@frozen
class Arguments:
    """The arguments of a call. ``is_complete`` is false if there may be others, from ``*args`` or ``**config``."""

    positional: Sequence[Value] = ()
    named: Mapping[str, Value] = field(default_factory=dict)
    is_complete: bool = True

    @property
    def all(self) -> list[Value]:
        """All arguments that are known, those with names last."""
        return [*self.positional, *self.named.values()]

    def after(self, first: Value) -> "Arguments":
        """These arguments after another one."""
        return Arguments((first, *self.positional), self.named, self.is_complete)

    def changed(self, change: Callable[[Value], Value]) -> "Arguments":
        """These arguments, each of which is changed."""
        named = {name: change(value) for name, value in self.named.items()}
        return Arguments([*map(change, self.positional)], named, self.is_complete)

    def get(self, name: str, place: int, default: Value) -> Value:
        """An argument by its name or place; unknown if it may be among those that are not known."""
        return self.positional[place] if place < len(self.positional) else self.named_or(name, default)

    def named_or(self, name: str, default: Value) -> Value:
        """An argument by its name; unknown if it may be among those that are not known."""
        return self.named.get(name, default if self.is_complete else UNKNOWN)

    def bound(self, parameters: Mapping[str, Value]) -> dict[str, Value]:
        """A value for each parameter, in their order: the argument, or the default."""
        return {name: self.get(name, n, default) for n, (name, default) in enumerate(parameters.items())}


@frozen_by_identity
class Partial(Value):
    """``functools.partial``: something that is called later, and its first arguments."""

    callee: Value
    arguments: Arguments

    def completed(self, later: Arguments) -> Arguments:
        """All arguments of a call."""
        first = self.arguments
        positional = (*first.positional, *later.positional)
        return Arguments(positional, {**first.named, **later.named}, first.is_complete and later.is_complete)


def defaults(**values: int | float | str | bool | None) -> dict[str, Value]:
    """Defaults as values."""
    return {name: Constant(value) for name, value in values.items()}
