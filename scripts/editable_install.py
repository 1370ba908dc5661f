"""The package `unrolled` in a checkout: the modules of `app`. An editable installation has this file as unrolled.py."""

import sys
from importlib.util import module_from_spec, spec_from_file_location

import app

spec = spec_from_file_location(__name__, app.__file__, submodule_search_locations=[*app.__path__])
assert spec and spec.loader
sys.modules[__name__] = package = module_from_spec(spec)
spec.loader.exec_module(package)
