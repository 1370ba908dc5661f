"""The largest sizes that a slider reaches."""

from app.url_state.field_types import Number
from app.url_state.fields import FIELDS

LARGEST = {f.name: f.high for f in FIELDS.values() if isinstance(f, Number) and f.slider}
