# make demo: try it. make test: all tests. make check: lint, types, contracts, flows, fast tests. make bench: measure.
# make pictures: look.
PYTHON ?= python3
BIN := .venv/bin
# What is installed: `make install LOCK=requirements-microsoft.lock` brings along Microsoft's libraries too.
LOCK ?= requirements.lock
RUN := .venv/$(LOCK).stamp
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help install demo test check bench pictures format clean lock

help:
	@echo "make demo    try Medvirk on a made-up municipality, in a browser"
	@echo "make install the environment and the command .venv/bin/medvirk; LOCK=requirements-microsoft.lock with Entra"
	@echo "make test    run all tests; what cannot run here is said at the end"
	@echo "make check   lint, types, import contracts, flow files and fast tests"
	@echo "make bench   measure, and print ratios side by side"
	@echo "make pictures  cards as platforms show them, in build/pictures, to be looked at"

# The environment for running, from a lock file with hashes. The stamp is newer than what it was made from.
$(RUN): $(LOCK) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Medvirk needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Set PYTHON=python3.12, say.") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "This Python cannot make environments. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Making the environment in .venv ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# The environment for testing: the same and the tools.
.venv/dev.stamp: requirements-dev.lock $(RUN)
	@echo "Adding the tools for tests ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

install: $(RUN)
	@echo "The command is .venv/bin/medvirk"

demo: $(RUN)
	@$(BIN)/medvirk demo

# A file's tests stay together, and the files come in the order of tests/conftest.py.
PYTEST := $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder
FAST := not stored and not slow and not chromium and not node
NOT_FAST := -m "not ($(FAST))"

test: .venv/dev.stamp
	$(PYTEST) $(ONLY)

check: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/medvirk flow check
	$(PYTEST) -q -m "$(FAST)"

bench: .venv/dev.stamp
	$(BIN)/python -m tests.bench $(ONLY)

pictures: .venv/dev.stamp
	$(BIN)/python -m tests.pictures

format: .venv/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The lock files hold hashes and no addresses. Microsoft's libraries are large, so they have one of their own.
COMPILE = uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml
RUN_EXTRAS = --extra install --extra postgres --extra slack
lock:
	$(COMPILE) $(RUN_EXTRAS) -o requirements.lock
	$(COMPILE) $(RUN_EXTRAS) --extra teams --extra graph -o requirements-microsoft.lock
	$(COMPILE) $(RUN_EXTRAS) --extra teams --extra graph --extra dev -o requirements-dev.lock

clean:
	rm -rf .venv var
