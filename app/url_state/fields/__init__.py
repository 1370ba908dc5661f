"""The fields of a query: one table for parsing, formatting, limits, the controls of the page, its scripts and the
docs. Each field is an attribute of a class, annotated with the type of its values, for mypy, and with its Field. Each
class has a file."""

from dataclasses import dataclass
from typing import Any

from ..field_types import BoundedInteger, Number
from .assignment_fields import AssignmentFields
from .cell_and_size_fields import SWITCHES_BY_NAME, CellAndSizeFields
from .code_fields import CodeFields
from .embed_fields import EmbedFields
from .fields_of_class import fields_of
from .focus_fields import FocusFields
from .image_fields import ImageFields
from .input_fields import DataFields
from .lesson_fields import LearnFields
from .look_fields import LookFields
from .model_fields import ModelFields
from .paging_fields import PagingFields
from .panel_fields import PanelFields
from .training_fields import TrainingFields


@dataclass(frozen=True)
class FieldValues(
    ModelFields,
    AssignmentFields,
    LearnFields,
    CodeFields,
    PagingFields,
    EmbedFields,
    ImageFields,
    LookFields,
    PanelFields,
    FocusFields,
    TrainingFields,
    DataFields,
    CellAndSizeFields,
):
    """A value for each field. Bases are in reverse: the fields of the last one come first."""


FIELDS = {field.name: field for field in fields_of(FieldValues)}
"""The fields by name, in the order of a canonical query."""


def bounded(name: str) -> BoundedInteger:
    """The field with a name that has whole numbers."""
    field = FIELDS[name]
    assert isinstance(field, BoundedInteger)
    return field


SWITCHES = {name: field for name, field in FIELDS.items() if name in SWITCHES_BY_NAME}
"""The switches of all frameworks, by name."""

SLIDERS = [f for f in FIELDS.values() if isinstance(f, Number) and f.slider]
"""The sizes with a slider on the page."""

QUERY: dict[str, Any] = {
    "parameters": [{"name": f.name, "in": "query", "description": f.help, "schema": f.schema} for f in FIELDS.values()]
}
"""The table as the parameters of an OpenAPI operation."""
