"""The largest sizes that a slider reaches."""

from app.query.field_types import Number
from app.query.fields import FIELDS

LARGEST = {f.name: f.high for f in FIELDS.values() if isinstance(f, Number) and f.slider}
