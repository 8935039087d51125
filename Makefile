# Everything that a newcomer runs. Needs python3 (3.11 or newer, with venv) and make, and nothing else.
# Written for GNU make 3.81, which macOS carries.

SHELL    := /bin/sh
PORT     ?= 8000
DATA_DIR ?= .data
WORKERS  ?= 2
BIN      := .venv/bin
RUNTIME  := .venv/installed-runtime
DEV      := .venv/installed-dev
BENCH    := .venv/installed-bench
QUICK    ?=
INSTALL  := $(BIN)/python -m pip --disable-pip-version-check install --quiet --quiet --require-hashes --only-binary :all:
COMPILE  := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-strip-extras

.DEFAULT_GOAL := help
.PHONY: help demo test test-deep lint types contracts schema matrix lock bench bench-growth bench-soak clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: $(RUNTIME) ## Start everything here, with an invented region [PORT=8000] [DATA_DIR=.data]
	@exec $(BIN)/partnership demo --port "$(PORT)" --data-dir "$(DATA_DIR)"

test: lint types contracts ## Everything that must pass, in at most 15 minutes
	$(BIN)/pytest -n $(WORKERS) -m "not deep"

test-deep: lint types contracts ## The same properties for longer, and the kill tests
	$(BIN)/pytest -n $(WORKERS) --hypothesis-profile deep

lint: $(DEV) ## Check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV) ## Check types
	$(BIN)/mypy --strict service migrations bench

contracts: $(DEV) ## Check the direction of imports
	$(BIN)/lint-imports

schema: $(DEV) ## Write schema.graphql from the code
	@$(BIN)/partnership schema > .schema.graphql.new && mv .schema.graphql.new schema.graphql

matrix: $(DEV) ## Write docs/access-rooms.md, docs/access-acts.md and docs/routes.md from the code
	@$(BIN)/python -m service.access.matrix

lock: $(DEV) ## Choose versions again and write both lock files
	$(BIN)/uv $(COMPILE) --output-file requirements.lock pyproject.toml
	$(BIN)/uv $(COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	$(BIN)/uv $(COMPILE) --group bench --constraint requirements.lock --output-file requirements-bench.lock pyproject.toml

bench: $(BENCH) ## Measure the service beside its peers, in 10 minutes [QUICK=1: 2 minutes]
	@$(BIN)/python -m bench $(if $(QUICK),--quick)

bench-growth: $(BENCH) ## Measure as the data and the viewer's rooms grow [QUICK=1]
	@$(BIN)/python -m bench growth $(if $(QUICK),--quick)

bench-soak: $(BENCH) ## 100,000 mixed requests on one worker: its peak memory [QUICK=1: 5,000]
	@$(BIN)/python -m bench soak $(if $(QUICK),--requests 5000)

clean: ## Remove the virtual environment and caches, never the demo's data
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find service migrations tests bench -type d -name __pycache__ -prune -exec rm -rf {} +

# Before 3.12 a virtual environment brings setuptools, later ones none, so the package is put on the path by hand:
# no build, and nothing to fetch but what the lock names.
.venv/made:
	@for python in python3 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo 'Python 3.11 or newer is needed and was not found.' >&2; exit 1; fi; \
	if ! $$found -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "$$found has no venv: install it (Debian and Ubuntu: apt-get install python3-venv)." >&2; exit 1; \
	fi; \
	echo 'Making .venv and installing the locked dependencies, once.' >&2; \
	$$found -m venv .venv
	@$(BIN)/python -c 'import os, pathlib, sysconfig; \
	  pathlib.Path(sysconfig.get_path("purelib"), "partnership.pth").write_text(os.getcwd() + "\n")'
	@printf '#!/bin/sh\nexec "$$(dirname "$$0")/python" -m service.cli "$$@"\n' > $(BIN)/partnership
	@chmod +x $(BIN)/partnership
	@touch $@

$(RUNTIME): .venv/made requirements.lock
	@$(INSTALL) -r requirements.lock
	@touch $@

$(DEV): .venv/made requirements.lock requirements-dev.lock
	@$(INSTALL) -r requirements-dev.lock
	@touch $(RUNTIME) $@

$(BENCH): .venv/made requirements.lock requirements-bench.lock
	@$(INSTALL) -r requirements-bench.lock
	@touch $(RUNTIME) $@
