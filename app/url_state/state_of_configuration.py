"""The picture of a configuration that was read from an error message."""

from collections.abc import Mapping
from dataclasses import asdict

from ..frameworks import FRAMEWORKS
from ..reading.facts import Configuration
from .field_types import FieldError
from .parsing import parse
from .url_state import UrlState

VARIANTS = {"gru": ("gru", "gru_reset_after")}
"""Cell -> its variants, of which a framework supports one."""


def url_state_of(
    configuration: Configuration, framework: str, batch_first: bool | None = None, **fields: object
) -> UrlState | None:
    """The picture of a configuration, with defaults for unknown sizes, in the framework's names if it is one of ours,
    and with the values of further ``fields``. None if a size is larger than a picture can be."""
    known = {name: value for name, value in asdict(configuration).items() if value is not None} | fields
    if framework in FRAMEWORKS:
        known["framework"] = framework
    if framework == "pytorch" and batch_first is not None:
        known["batch_first"] = batch_first
    cells = VARIANTS.get(configuration.cell or "", (configuration.cell,))
    views = [state_with(known | ({"cell": cell} if cell else {})) for cell in cells]
    return next((state for state in views if state and not state.chosen_model.unsupported), views[0])


def state_with(values: Mapping[str, object]) -> UrlState | None:
    """The UrlState with these values of fields, and defaults for the others. None if a size is larger than a picture
    can be."""
    try:
        return parse([(name, str(value).lower()) for name, value in values.items()], strict=True)
    except FieldError:
        return None
