# The targets that people and their tools call; docs/reference/contract.md says what each promises.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
LOCK_OPTIONS := --quiet --python-version 3.11 --generate-hashes --no-header --no-annotate
PACKAGES := -e . -e plugins/forecasters -e plugins/douyin -e plugins/amazon

.PHONY: help demo test lint bench vectors schema up soak lock format messages

help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# --- Set-up: a stamp for each lock, so that nothing is installed twice -----------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || python3 -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11) and "StockHub needs Python 3.11 or newer")'

$(VENV)/.light: requirements.lock pyproject.toml $(wildcard plugins/*/pyproject.toml) | $(BIN)/python
	@echo "Installing dependencies …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(PACKAGES)
	@touch $@

$(VENV)/.heavy: requirements-heavy.lock $(VENV)/.light
	@echo "Installing what tests and linters need …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-heavy.lock
	@touch $@

$(VENV)/.soak: requirements-soak.lock $(VENV)/.heavy
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-soak.lock
	@touch $@

# --- The contract ------------------------------------------------------------------------------------------------------------

demo: $(VENV)/.light ## A generated shop, one round of cycles, Today; then serves. SERVE=0 stops after the list, SCALE=n multiplies the shop
	@$(BIN)/python manage.py demo --scale $(or $(SCALE),1) $(if $(filter 0,$(SERVE)),--no-serve)

test: $(VENV)/.heavy ## All tests: on SQLite, and those that touch the database again on PostgreSQL where there is one
	@$(BIN)/python -m tests.run

lint: $(VENV)/.heavy ## ruff, mypy, import-linter, migration and schema checks
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --verbose 2>&1 | tail -n 20; exit $${PIPESTATUS[0]}
	@$(BIN)/mypy
	@for plugin in plugins/*/; do $(BIN)/mypy $${plugin}tests || exit 1; done
	@$(BIN)/python manage.py check --fail-level WARNING
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python manage.py schema --check
	@$(BIN)/python -m tests.lint_migrations

bench: $(VENV)/.heavy ## The benchmarks, as ratios
	@DATABASE_URL=$${BENCH_DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres} $(BIN)/python -m benchmarks

vectors: $(VENV)/.heavy ## Every suite of DIR through stockhub.formulas
	@$(BIN)/python -m tests.formulas.run_vectors $(DIR)

schema: $(VENV)/.heavy ## Writes frontend_schema/schema.graphql and the TypeScript
	@$(BIN)/python manage.py schema

up: $(VENV)/.light ## Server, two workers, beat and dispatcher, on what the environment names
	@$(BIN)/python manage.py up

soak: $(VENV)/.soak ## The long fault tests
	@$(BIN)/python -m tests.soak

# --- For developers ----------------------------------------------------------------------------------------------------------

lock: $(BIN)/python ## Pins all dependencies anew
	@$(BIN)/pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip compile $(LOCK_OPTIONS) pyproject.toml requirements.in -o requirements.lock
	@$(BIN)/uv pip compile $(LOCK_OPTIONS) --constraint requirements.lock --extra test --extra lint --extra lock pyproject.toml requirements.in -o requirements-heavy.lock
	@$(BIN)/uv pip compile $(LOCK_OPTIONS) --constraint requirements-heavy.lock --extra test --extra lint --extra lock --extra soak pyproject.toml requirements.in -o requirements-soak.lock

format: $(VENV)/.heavy ## Formats the code
	@$(BIN)/ruff check --fix-only --quiet . ; $(BIN)/ruff format .

LOCALE := stockhub/config/locale/zh_Hans/LC_MESSAGES/django
messages: $(VENV)/.light ## Extracts texts and compiles the catalogue (needs gettext)
	@$(BIN)/python manage.py makemessages -l zh_Hans --no-location --no-wrap --no-obsolete --ignore 'tests/*' --ignore '.venv/*' --ignore 'plugins/*' --ignore 'benchmarks/*' --ignore var --ignore frontend_schema
	@sed -i '/^"POT-Creation-Date/d;/^"PO-Revision-Date/d' $(LOCALE).po
	@msgfmt --check-format -o $(LOCALE).mo $(LOCALE).po
