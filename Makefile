# Everything a machine with Python >= 3.11 and make needs; `make demo` and `make test` set themselves up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

BENCHES := bench-crosscheck bench-crosscheck-unseen bench-ingest bench-scores bench-matching bench-expectations
.PHONY: setup demo test test-long check golden golden-write bench $(BENCHES) lock schedules docs clean

setup: $(READY)

# uv installs the locked set several times faster than pip; where it cannot, pip does the same.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "City2City needs Python 3.11 or newer, found " + sys.version.split()[0] + "; name another: make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked libraries into $(VENV) (a minute or two)"
	@if $(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(sed -n 's/^\(uv==[^ ]*\).*/\1/p' requirements.lock)" \
	    && $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --no-deps --require-hashes -r requirements.lock; then :; else \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock; fi
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup
	$(BIN)/city2city demo

test: setup check
	$(BIN)/pytest -q -n auto --dist loadfile --no-loadscope-reorder -m "not long"

test-long: setup
	$(BIN)/pytest -q -m long

# Whether every published table of four rounds still has the same content (tests/golden/hashes.json).
golden: setup
	$(BIN)/python -m tests.golden.hashes

golden-write: setup
	$(BIN)/python -m tests.golden.hashes --write

# Wall time of a whole run against an empty Prefect flow, in turn.
bench: setup
	$(BIN)/python tests/benchmarks/bench_run.py

$(BENCHES): setup
	$(BIN)/python -m tests.benchmarks.$(subst -,_,$@)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: setup
	$(BIN)/uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-strip-extras \
	    --custom-compile-command "make lock" --python-version 3.11 --quiet -o requirements.lock

# prefect.yaml, from programme/rounds.toml.
schedules: setup
	$(BIN)/python -m flows.deployments

docs: setup
	$(BIN)/python -m warehouse.docs

clean:
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
