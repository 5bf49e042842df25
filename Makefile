# Everything a new machine needs: git, make and Python 3.11 or later.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
STAMP := $(VENV)/.installed

.PHONY: demo test test-deep lint bench schemas reports clean

demo: $(STAMP) ## the main job, on the bundled repository
	$(BIN)/unify-backend demo

# One process for each processor; each begins with a stretch of the tests and takes over from slower ones.
PARALLEL := -n auto --maxprocesses 8 --dist worksteal

test: $(STAMP) ## the tests, in about 6 minutes on 2 processors
	$(BIN)/python -m pytest -q $(PARALLEL)

test-deep: export HYPOTHESIS_PROFILE := deep
test-deep: $(STAMP) ## what CI runs: these and those marked `deep`, each as thorough as it can be
	$(BIN)/python -m pytest -q $(PARALLEL) -m ""

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP) ## speed and memory beside other tools; needs BENCH_REPO=a clone to measure on
	$(BIN)/python -m pip install -q --group bench
	$(BIN)/python benchmarks/real_repository.py $(BENCH_REPO)

schemas: $(STAMP) ## the JSON Schemas, from the types of the documents
	$(BIN)/python -m tests.reporting.json.schemas

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
