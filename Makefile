# make run    the application on this machine, with a demo district on a first run (Ctrl-C stops it)
# make test   environment, lint, types, import layers, every test
# make bench  benchmarks      make backup   database and files into one archive      make clean   all but the data

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTEST_WORKERS ?= 2

.PHONY: run test lint format bench backup restore lock stop clean

run: $(VENV)/.stamp
	@exec $(BIN)/python -m bacyen.run

test: lint
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist loadfile

lint: $(VENV)/.stamp-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/.stamp-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.stamp-test
	$(BIN)/python -m benchmarks $(ARGS)

backup: $(VENV)/.stamp
	@$(BIN)/python -m bacyen.backup back_up

restore: $(VENV)/.stamp
	@$(BIN)/python -m bacyen.backup restore "$(ARCHIVE)"

stop: $(VENV)/.stamp
	@$(BIN)/python -m bacyen.local_servers stop

lock: $(VENV)/.stamp-test
	$(BIN)/pip-compile $(LOCK) -o requirements.txt requirements.in
	$(BIN)/pip-compile $(LOCK) -o requirements-test.txt requirements-test.in

LOCK := --generate-hashes --strip-extras --allow-unsafe --quiet --no-header \
        --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

$(VENV)/.stamp: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.stamp-test: requirements-test.txt $(VENV)/.stamp
	$(PIP) install --require-hashes -r requirements-test.txt
	@touch $@

clean: stop
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
