"""The fields of a class, each of whose attributes is annotated with the type of its values and with its Field."""

from dataclasses import replace
from typing import get_type_hints

from ..field_types import Field


def fields_of(values: type) -> list[Field]:
    """The fields of a class: each of its attributes is annotated with the type of the values and with the Field."""
    hints = get_type_hints(values, include_extras=True)
    return [replace(hint.__metadata__[0], name=name) for name, hint in hints.items()]
