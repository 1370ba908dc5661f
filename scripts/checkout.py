"""`unrolled` in a checkout: an editable installation has this file as unrolled.py."""

import sys

import app

sys.modules[__name__] = app
