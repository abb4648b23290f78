# `make` lists the words below. Everything happens inside .venv; nothing is installed elsewhere. The lock files name all
# there is to install, so pip is asked to resolve nothing: its older versions fail on names with extras.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
DEMO_NOW := 2026-03-04T06:30:00Z
PYTEST ?= -n auto --dist loadfile --max-worker-restart 2
UV := $(shell command -v uv 2>/dev/null)

.PHONY: help demo serve test check format bench bench-collect bench-group bench-render bench-send bench-subscribers \
        check-mail pictures torture fuzz soak docs lock pyz clean

help: ## list these words
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

.venv/.run: requirements.lock pyproject.toml
	@echo "making .venv (once)"
ifdef UV
	@test -x $(BIN)/python || uv venv --quiet --python $(PYTHON) .venv
	@uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@uv pip install --quiet --python $(BIN)/python --no-deps -e .
else
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --quiet --disable-pip-version-check --no-deps -e .
endif
	@touch $@

.venv/.dev: .venv/.run requirements-dev.lock
ifdef UV
	@uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
else
	@$(BIN)/pip install --quiet --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
endif
	@touch $@

.venv/.docs: .venv/.dev requirements-docs.lock
ifdef UV
	@uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-docs.lock
else
	@$(BIN)/pip install --quiet --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-docs.lock
endif
	@touch $@

demo: .venv/.run ## a first edition from samples/ into out/, no network
	@$(BIN)/digest demo --now $(DEMO_NOW)

serve: .venv/.run ## the scheduler and the pages, on http://127.0.0.1:8000
	@$(BIN)/digest serve

test: .venv/.dev ## every test
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest $(PYTEST) # what is compiled once starts hundreds of processes

check: .venv/.dev ## lint, types, layers, templates
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint --check --lint --quiet templates

format: .venv/.dev ## put the code into shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: bench-collect bench-group bench-render bench-send bench-subscribers ## every benchmark; BROADSHEET_DATA names the data folder

bench-collect: .venv/.dev ## reading feeds and pages, beside the libraries
	@$(BIN)/python -m benchmarks.collect

bench-group: .venv/.dev ## quality and cost of grouping, beside plain baselines
	@$(BIN)/python -m benchmarks.group

bench-render: .venv/.dev ## rendering, inlining, filling slots
	@$(BIN)/python -m benchmarks.render

bench-send: .venv/.dev ## sending, beside what the machine can do at most
	@$(BIN)/python -m benchmarks.send
	@$(BIN)/python -m benchmarks.ledger

bench-subscribers: .venv/.dev ## importing and asking a list of a million
	@$(BIN)/python -m benchmarks.subscribers
	@$(BIN)/python -m benchmarks.admin

check-mail: .venv/.dev ## the designs in every mail client's rules (needs node and chromium)
	@$(BIN)/python -m benchmarks.mailcheck

pictures: .venv/.dev ## the pictures of README and docs, taken anew (needs node and chromium)
	@$(BIN)/python docs/pictures/make.py
	@$(BIN)/python docs/pictures/admin.py

torture: .venv/.dev ## senders killed at random moments, every time zone: the long proofs
	@TORTURE=1 $(BIN)/python -m pytest -m torture -p no:randomly tests

soak: .venv/.dev ## thirty days of a newsletter, with kills, a day away and clocks that change
	@TORTURE=1 $(BIN)/python -m pytest -m torture -p no:randomly tests/schedule/test_soak.py

docs: .venv/.docs ## these documents as pages, in build/docs; warnings are errors
	@$(BIN)/python docs/generate.py
	@$(BIN)/sphinx-build -E -W --keep-going -q -b html docs build/docs

fuzz: .venv/.dev ## 100,000 broken feeds and pages
	@$(BIN)/python -m benchmarks.fuzz

lock: ## write the lock files anew (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra postgresql pyproject.toml -o requirements.lock
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group docs -c requirements.lock -c requirements-dev.lock -o requirements-docs.lock
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build -c requirements.lock -c requirements-dev.lock -o requirements-build.lock

pyz: .venv/.dev ## dist/broadsheet.pyz: everything in one file, for the Python and machine it was made on
	@rm -rf build/pyz && mkdir -p build dist
ifdef UV
	@uv pip install --quiet --python $(BIN)/python --target build/pyz --require-hashes --no-deps -r requirements.lock
	@uv pip install --quiet --python $(BIN)/python --target build/pyz --no-deps .
else
	@$(BIN)/pip install --quiet --quiet --disable-pip-version-check --target build/pyz --no-deps --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --quiet --disable-pip-version-check --target build/pyz --no-deps .
endif
	@$(BIN)/shiv --compressed --python '/usr/bin/env python3' --site-packages build/pyz --console-script digest --output-file dist/broadsheet.pyz >/dev/null
	@rm -rf build/pyz

clean: ## remove what was made here
	@rm -rf out var build dist .demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
