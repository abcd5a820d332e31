# Everything here needs only python3 (3.11 or newer) and make. `make` alone tells what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv --quiet
TEXTS := $(shell find src -name '*.po' 2>/dev/null)
DB ?= sqlite
JOBS ?= 2

export UV_PROJECT_ENVIRONMENT := $(VENV)
export UV_LINK_MODE ?= copy
# Compiling once here is quicker than at each start where nothing may be written.
export UV_COMPILE_BYTECODE ?= 1
# Behind a town hall's own certificates uv, like pip, must believe what the system believes, where it believes anything.
export UV_SYSTEM_CERTS ?= $(if $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem),1,0)

.PHONY: help demo test check bench faults setup setup-dev format clean
.DEFAULT_GOAL := help

help:
	@echo "make demo     set everything up and serve a demonstration at http://127.0.0.1:8000"
	@echo "make test     run the whole suite (DB=postgres: on PostgreSQL)"
	@echo "make check    style, types, floors of the house, templates, translations, migrations"
	@echo "make bench    measure speed beside a bare handler, in the same run"
	@echo "make faults   kill app and database 150 times, fill disks, turn clocks: nothing is lost (about an hour)"
	@echo "make format   put the code into shape"
	@echo "make setup    only install (into .venv)"

demo: $(VENV)/.ready
	@$(BIN)/veche demo

test: $(VENV)/.ready-dev
	@$(BIN)/python -m tests.run $(DB) -n $(JOBS) $(ARGS)

check: $(VENV)/.ready-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --profile=jinja --lint --quiet src tests
	$(BIN)/veche translations check
	$(BIN)/veche django makemigrations --check --dry-run

bench: $(VENV)/.ready-dev
	@$(BIN)/python benchmarks/places.py
	@$(BIN)/python benchmarks/journal.py
	@$(BIN)/python -m benchmarks $(ARGS)

faults: $(VENV)/.ready-dev
	@$(BIN)/pytest tests/faults -m "faults or slow" $(ARGS)

format: $(VENV)/.ready-dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

setup: $(VENV)/.ready
setup-dev: $(VENV)/.ready-dev

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Veche needs Python 3.11 or newer. Say where it is: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Making a place for the program in $(VENV) …"
	@$(PYTHON) -m venv $(VENV) || { echo "python3 cannot make a virtual environment here (Debian: apt install python3-venv)." >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9"
	@touch $@

$(VENV)/.locked: $(VENV)/.python pyproject.toml uv.lock
	@echo "Installing what the program needs …"
	@$(UV) sync --frozen --inexact --no-dev
	@touch $@

$(VENV)/.ready: $(VENV)/.locked $(TEXTS)
	@$(BIN)/veche translations compile >/dev/null
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	@$(UV) sync --frozen --inexact
	@touch $@
