# Everything a new machine needs: git, make and Python 3.11 or later.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
STAMP := $(VENV)/.installed

.PHONY: demo test lint bench reports clean

demo: $(STAMP) ## the main job, on the bundled repository
	$(BIN)/unify-backend demo

test: $(STAMP) ## everything that CI runs
	$(BIN)/python -m pytest -q

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP) ## speed and memory beside other tools; needs BENCH_REPO=a clone to measure on
	$(BIN)/python -m pip install -q --group bench
	$(BIN)/python benchmarks/real_repository.py $(BENCH_REPO)

reports: $(STAMP) ## what `demo` produces, kept in the repository as an example
	$(BIN)/unify-backend demo --quiet --reports reports

$(STAMP): pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or later is needed: make PYTHON=python3.12')"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade "pip>=25.1"
	$(BIN)/python -m pip install -q -e . --group dev
	$(BIN)/python -c "open('$(STAMP)', 'w').close()"

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
