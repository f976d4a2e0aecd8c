# The two commands for a newcomer are `make demo` and `make test`; `make check` is what CI holds a change to.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check bench clean

demo: $(VENV)/core.stamp
	$(BIN)/treatygraph ask which-treaties-recognised --territory Vilnius --polity Lithuania --format table

test: $(VENV)/dev.stamp
	$(BIN)/pytest $(PYTEST_OPTIONS)

check: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/treatygraph tidy --check data

bench: $(VENV)/bench.stamp
	$(BIN)/python bench/run.py $(BENCH_OPTIONS)

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "treatygraph needs Python 3.11 or newer"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade "pip>=25.1"

$(VENV)/core.stamp: $(BIN)/python pyproject.toml
	$(BIN)/pip install --quiet --editable .
	touch $@

$(VENV)/dev.stamp: $(VENV)/core.stamp pyproject.toml
	$(BIN)/pip install --quiet --group dev --editable .
	touch $@

$(VENV)/bench.stamp: $(VENV)/dev.stamp pyproject.toml
	$(BIN)/pip install --quiet --group bench --editable .
	touch $@

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
