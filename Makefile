# Everything a new machine needs: git, make and Python 3.11 or later.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
STAMP := $(VENV)/.installed

.PHONY: demo test test-deep lint bench reports clean

demo: $(STAMP) ## the main job, on the bundled repository
	$(BIN)/unify-backend demo

# One process for each processor; each starts on a stretch of the tests and takes over from slower ones.
PARALLEL := -n auto --maxprocesses 8 --dist worksteal

test: $(STAMP) ## about 8 minutes on 2 processors
	$(BIN)/python -m pytest -q $(PARALLEL)

test-deep: export HYPOTHESIS_PROFILE := deep
test-deep: $(STAMP) ## all of `test`, the tests marked `deep`, and five times as many examples
	$(BIN)/python -m pytest -q $(PARALLEL) -m "deep or not deep"

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
