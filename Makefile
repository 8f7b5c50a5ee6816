# Everything a machine with Python 3.11 to 3.14 and make needs; `make demo` and `make test` set themselves up.
# PYTHON is the first of these that is new enough; name another with `make PYTHON=python3.12`.
CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11
IS_SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
PYTHON ?= $(or $(shell for candidate in $(CANDIDATES); do \
    $$candidate -c '$(IS_SUPPORTED)' 2>/dev/null && echo $$candidate && break; done),python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TESTS := -q -n auto --dist loadfile --no-loadscope-reorder -m "not long"
CHECK := $(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

INSTALL := install another and name it: make PYTHON=python3.12

define CHECK_PYTHON
import sys
found = sys.version_info[:2]
if not (3, 11) <= found <= (3, 14):
    sys.exit("City2City needs Python 3.11 to 3.14, this is %d.%d; $(INSTALL)" % found)
try:
    import venv, ensurepip
except ImportError:
    sys.exit("Python %d.%d lacks venv; install it (Debian, Ubuntu: apt install python%d.%d-venv)" % (found * 2))
endef
export CHECK_PYTHON

BENCHES := bench-crosscheck bench-crosscheck-unseen bench-namesakes bench-ingest bench-scores bench-matching bench-fairness bench-expectations bench-letters bench-desk bench-parts
.PHONY: setup demo test test-long attack replay-matrix test-pythons check golden golden-write mutation bench bench-scale $(BENCHES) lock schedules alerts docs screenshots clean

setup: $(READY)

# uv installs the locked set several times faster than pip; where it cannot, pip does the same. Like all the others
# uv itself is installed by its hash: its lines of the lock are a list of their own.
$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "City2City needs Python 3.11 to 3.14, $(PYTHON) is not there" >&2; exit 1; }
	@$(PYTHON) -c "$$CHECK_PYTHON"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked libraries into $(VENV) (a minute or two)"
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.lock
	@if $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(VENV)/uv.lock \
	    && $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --no-deps --require-hashes -r requirements.lock; then :; else \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock; fi
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup
	$(BIN)/city2city demo

# The checks run beside the tests: nearly all of their time is mypy on one processor, and tests also wait. One thread
# of polars in each test process: with more of them than processors they would wait for each other.
test: setup
	@mkdir -p build
	@{ $(CHECK); } > build/check.txt 2>&1 & check=$$!; \
	    POLARS_MAX_THREADS=1 $(BIN)/pytest $(TESTS); tests=$$?; \
	    wait $$check; checked=$$?; cat build/check.txt; test $$tests -eq 0 -a $$checked -eq 0

# Demo and tests on every interpreter from 3.11 to 3.14 that is found, each with its own environment below build/.
test-pythons: setup
	$(BIN)/python -m tests.installation.every_python $(ONLY)

# The long tests, then every property of the quick ones with ten times as many examples (tests/examples.py).
test-long: setup
	$(BIN)/pytest -q -m long
	$(BIN)/pytest -q -m "hypothesis and not long" --hypothesis-profile thorough

# The same content hashes on each Python, with one thread or two, in another zone and locale, on SQLite and Postgres,
# in a folder and a bucket; and every version replayed by each.
replay-matrix: setup
	$(BIN)/python -m tests.installation.replay_matrix $(ONLY)

# Kills, failing disks, power cuts, races, damaged files, hostile cells: a table of what each broke; all must be zero.
attack: setup
	POLARS_MAX_THREADS=1 $(BIN)/python -m tests.attack $(ONLY)

# Whether every published table of four rounds still has the same content (tests/golden/hashes.json).
golden: setup
	$(BIN)/python -m tests.golden.hashes

golden-write: setup
	$(BIN)/python -m tests.golden.hashes --write

# Whether the fast tests notice small changes of the modules that judge and verify (docs/mutation.md); an hour or two.
mutation: setup
	$(BIN)/mutmut run
	$(BIN)/mutmut results --all true | $(BIN)/python -m tests.mutation_score

# Large rounds, step by step: make bench-scale ONLY=5000 (or 20000, 100000, signatories; FOLDER=DIR for one of yours).
bench-scale: setup
	$(BIN)/python -m tests.benchmarks.bench_scale $(if $(ONLY),--only $(ONLY)) $(if $(FOLDER),--folder $(FOLDER))

# Wall time of a whole run against an empty Prefect flow, in turn.
bench: setup
	$(BIN)/python -m tests.benchmarks.bench_run

$(BENCHES): setup
	$(BIN)/python -m tests.benchmarks.$(subst -,_,$@)

check: setup
	$(CHECK)

# One resolution for all supported Pythons, with markers where a library differs; versions change only where they must.
# It sets itself up from what is installed, so that it also runs when pyproject.toml names a library that is not locked.
lock:
	@test -x $(BIN)/uv || $(MAKE) setup
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-strip-extras --custom-compile-command "make lock" --quiet -o requirements.lock

# prefect.yaml, from programme/rounds.toml. For workers elsewhere: make schedules FOLDER=/opt/city2city POOL=containers
# IMAGE=registry.example.org/city2city:1 OUT=prefect.containers.yaml
schedules: setup
	$(BIN)/python -m flows.deployments $(if $(FOLDER),--folder $(FOLDER)) $(if $(POOL),--pool $(POOL)) \
	    $(if $(IMAGE),--image $(IMAGE)) $(if $(OUT),--out $(OUT))

# Automations of the Prefect server that PREFECT_API_URL names: what failed, crashed, was stopped or is late is told
# to CITY2CITY_ALERT_MAIL and CITY2CITY_ALERT_WEBHOOK. It can be called again at any time.
alerts: setup
	$(BIN)/python -m flows.alerts

docs: setup
	$(BIN)/python -m warehouse.docs

# The pictures in docs/images, from the rounds of the demo; needs Chromium on the path.
screenshots: setup
	$(BIN)/python -m tests.pages.screenshots
	$(BIN)/python -m tests.desk.screenshots

clean:
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis build mutants *.egg-info
