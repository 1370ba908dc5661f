# `make help` lists the targets. The only requirement is Python 3.11 or newer, with venv.
PYTHON ?= python3
# The oldest and the newest Python that `make check` and `make wheel` try, if they are installed.
PYTHONS := python3.11 python3.13
HOST ?= 127.0.0.1
PORT ?= 8000

# One environment for each Python: .venv, or .venv.13 with PYTHON=python3.13, ...
suffix := $(subst python3,,$(notdir $(PYTHON)))
VENV := .venv$(suffix)
# Separate environments for the real frameworks, because their dependencies conflict.
ORACLES := .venv-oracles$(suffix)
TENSORFLOW := .venv-tensorflow$(suffix)
FLAX := .venv-flax$(suffix)
VENDOR := static/vendor/plotly.css
# Each folder is checked separately, because tests import their helpers by bare names, as in pytest. The oracles share the
# configurations of tests/frameworks.
TYPED_TESTS := tests/equations tests/typed_cells tests/url_state tests/url_state_to_picture tests/notebook tests/reading tests/web tests/browser tests/rooms tests/teaching tests/translations tests/diagram tests/frameworks tests/oracles tests/truth tests/js tests/engines tests/wheel tests/recipes tests/training

# Three pytest workers for two cores, because some tests wait; each runs one module or class at a time.
PARALLEL := -n 3 --dist loadscope --no-loadscope-reorder

# The development environment has npm, in case the machine has none.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK = 1

# Modules are compiled when they are first imported: compiling all of them takes a third of the time.
define install  # $(1): the environment, $(2): its lock file
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; try make PYTHON=python3.13")'
	test -x $(1)/bin/pip || $(PYTHON) -m venv $(1)
	$(1)/bin/pip install --quiet --no-compile --require-hashes -r $(2)
	test -e $(VENDOR) || $(1)/bin/python scripts/fetch_plotly.py
	$(1)/bin/pip install --quiet --no-deps --editable .
endef

.PHONY: help run up image check test wheel lint golden environments oracles bench curves load fuzz mutants lock translations clean
.NOTPARALLEL:

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run: $(VENV)/.run $(VENDOR)  ## start the app on HOST:PORT
	HOST="$(HOST)" PORT="$(PORT)" $(VENV)/bin/python -m app serve

up:  ## start the app in a container, and print its URL for other computers
	address=$$($(PYTHON) -c 'from app.listening_addresses import own_address; print(own_address())') && \
	PUBLIC_URL=$${PUBLIC_URL:-$${address:+http://$$address:$(PORT)}} PORT=$(PORT) docker compose up --build

image:  ## build the image and check its limits, in a separate Docker engine; needs root
	.ci/image

check: export UNROLLED_TESTS = all
check:  ## run everything: lint, all combinations, load, the other Pythons, the image, mutants
	$(MAKE) lint test engines wheel oracles load
	set -e; default=$$($(PYTHON) -c 'import sys; print("python%d.%d" % sys.version_info[:2])'); \
	for python in $(PYTHONS); do \
		if [ $$python != $$default ] && command -v $$python; then $(MAKE) PYTHON=$$python test; fi; \
	done
	$(MAKE) image mutants

# Compiled modules make the processes that the tests start faster.
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/.dev $(VENDOR)  ## run the tests that every change must pass, including those in a browser
	$(VENV)/bin/python -m scripts.chromium
	$(VENV)/bin/python -m scripts.redis_server
	$(VENV)/bin/python -m scripts.nginx
	$(VENV)/bin/python -m pytest $(PARALLEL) $(ARGS)

engines: $(VENV)/.dev $(VENDOR)  ## test the page in Firefox and WebKitGTK
	$(VENV)/bin/python -m scripts.firefox_and_webkit
	$(VENV)/bin/python -m pytest tests/engines $(ARGS)

wheel: $(VENV)/.dev $(VENDOR)  ## build the wheel and test it outside of the checkout, on each installed Python
	$(VENV)/bin/python -m hatchling build --target wheel
	PYTHONS='$(PYTHONS)' $(VENV)/bin/python -m pytest tests/wheel $(ARGS)

golden: $(VENV)/.dev $(VENDOR)  ## rewrite the golden pictures
	$(VENV)/bin/python -m pytest -m golden --golden

lint: $(VENV)/.dev node_modules/.package-lock.json  ## check style and types, Python and JavaScript
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	set -e; for folder in $(TYPED_TESTS); do MYPYPATH=$$folder:tests:tests/core:tests/diagram:tests/equations:tests/frameworks:tests/reading:tests/js $(VENV)/bin/mypy $$folder; done
	node_modules/.bin/tsc

# One installation keeps one core busy.
environments: $(VENV)/.dev $(VENDOR)  ## install the environments of all other targets, two at a time
	printf '%s/.installed\n' $(ORACLES) $(TENSORFLOW) $(FLAX) | xargs -n 1 -P 2 $(MAKE)

# With --record, one process runs all tests, because it collects the results.
oracles: PARALLEL := $(if $(findstring --record,$(ARGS)),,-n 2)
oracles bench: export KERAS_BACKEND = torch
# TensorFlow logs no warnings about the machine, and its kernels, which messages name, are the same on every processor;
# JAX uses only the CPU and caches compiled functions.
oracles: export TF_CPP_MIN_LOG_LEVEL = 2
oracles: export TF_ENABLE_ONEDNN_OPTS = 0
oracles: export JAX_PLATFORMS = cpu
oracles: export JAX_COMPILATION_CACHE_DIR = $(CURDIR)/$(FLAX)/compiled
oracles: export JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS = 0
# Each of the two workers has one core; more threads would wait for each other.
oracles: export OMP_NUM_THREADS = 1
oracles: export TF_NUM_INTRAOP_THREADS = 1
# Programs for TensorFlow 1 switch a process to graphs, in which Keras 2 raises other errors and saves no files: files,
# mistakes and small programs have runs of their own.

FRAMEWORK_TESTS := tests/oracles/test_real_frameworks.py
GRADIENT_TESTS := tests/oracles/test_real_gradients.py
PROGRAM_TESTS := tests/oracles/test_programs.py
MISTAKE_TESTS := tests/oracles/test_provoked.py
SMALL_PROGRAM_TESTS := tests/oracles/test_small_programs.py
MARKED_TESTS := tests/oracles/test_marked_programs.py
TRACE_TESTS := tests/oracles/test_trace_keras.py
TYPED_CELL_TESTS := tests/oracles/test_typed_programs.py
FILE_TESTS := tests/oracles/test_model_files.py
# Without tests/conftest.py, whose fixtures require a browser.
RUN_TESTS = -m pytest $(PARALLEL) --confcutdir tests/oracles -o faulthandler_timeout=600 --frameworks

oracles: $(ORACLES)/.installed $(TENSORFLOW)/.installed $(FLAX)/.installed  ## compare with real frameworks, in pairs of settings
	$(ORACLES)/bin/python -m pytest tests/oracles --frameworks colah,pytorch,keras,onnx $(PARALLEL) $(ARGS)
	$(TENSORFLOW)/bin/python $(RUN_TESTS) tf1 $(FRAMEWORK_TESTS) $(GRADIENT_TESTS) $(PROGRAM_TESTS) $(ARGS)
	$(TENSORFLOW)/bin/python $(RUN_TESTS) tf1 $(FILE_TESTS) $(ARGS)
	$(TENSORFLOW)/bin/python $(RUN_TESTS) tf1 $(MISTAKE_TESTS) $(ARGS)
	$(TENSORFLOW)/bin/python $(RUN_TESTS) tf1 $(SMALL_PROGRAM_TESTS) $(ARGS)
	KERAS_BACKEND=tensorflow $(TENSORFLOW)/bin/python $(RUN_TESTS) keras $(FRAMEWORK_TESTS)::test_our_numbers_in_float64 $(GRADIENT_TESTS) $(TRACE_TESTS) $(ARGS)
	KERAS_BACKEND=tensorflow $(TENSORFLOW)/bin/python $(RUN_TESTS) tensorflow $(MARKED_TESTS) $(SMALL_PROGRAM_TESTS) $(ARGS)
	$(FLAX)/bin/python $(RUN_TESTS) flax $(FRAMEWORK_TESTS) $(MISTAKE_TESTS) $(MARKED_TESTS) $(TYPED_CELL_TESTS) $(SMALL_PROGRAM_TESTS) $(ARGS)

bench: $(ORACLES)/.installed $(VENDOR)  ## measure, and print the ratios
	$(ORACLES)/bin/python -m scripts.chromium
	env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE $(ORACLES)/bin/python -m benchmarks $(ARGS)

curves: $(VENV)/.dev  ## train on the digits at many num_units, for the curves of the training view
	$(VENV)/bin/python -m scripts.measure_training_curves

load: $(VENV)/.dev $(VENDOR)  ## run the load tests, and print which limits are kept
	$(VENV)/bin/python -m scripts.redis_server
	$(VENV)/bin/python -m scripts.nginx
	$(VENV)/bin/python -m load_tests $(ARGS)

fuzz: $(VENV)/.dev $(VENDOR)  ## send random requests of every kind for an hour, or for ARGS seconds
	$(VENV)/bin/python -m scripts.fuzz $(ARGS)

mutants: $(VENV)/.dev $(VENDOR)  ## change the program in many places, and count which changes the tests notice
	$(VENV)/bin/python -m scripts.chromium
	$(VENV)/bin/python -m scripts.redis_server
	$(VENV)/bin/python -m scripts.mutants $(ARGS)

lock: $(VENV)/.dev  ## update the lock files to the newest versions that pyproject.toml allows
	$(VENV)/bin/python scripts/lock.py

translations: $(VENV)/.dev  ## update the translation files to the English texts
	$(VENV)/bin/python scripts/translations.py

clean:  ## remove everything that the other targets created
	rm -rf .venv* node_modules static/vendor dist .mutants

$(VENV)/.run: requirements.lock pyproject.toml
	$(call install,$(VENV),requirements.lock)
	touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml
	$(call install,$(VENV),requirements-dev.lock)
	touch $(VENV)/.run $@

$(ORACLES)/.installed: requirements-oracles.lock requirements-torch.txt requirements-cells.txt pyproject.toml
	$(call install,$(ORACLES),requirements-oracles.lock)
	$(ORACLES)/bin/pip install --quiet --no-compile -r requirements-torch.txt
	$(ORACLES)/bin/pip install --quiet --no-deps -r requirements-cells.txt
	touch $@

.venv-%$(suffix)/.installed: requirements-%.lock pyproject.toml | $(VENDOR)
	$(call install,.venv-$*$(suffix),$<)
	touch $@

# The installed plotly package determines the version of Plotly.js.
$(VENDOR): requirements.lock scripts/fetch_plotly.py | $(VENV)/.run
	test $@ -nt requirements.lock -a $@ -nt scripts/fetch_plotly.py || $(VENV)/bin/python scripts/fetch_plotly.py

node_modules/.package-lock.json: package-lock.json | $(VENV)/.dev
	npm ci --silent
	touch $@
