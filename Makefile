# What people run. Every target makes its own environment first; nothing needs root.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && \
	echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
RUN := .venv/.run-installed
DEV := .venv/.dev-installed
PYCORD := build/pycord/.installed

.PHONY: help install rehearse run doctor test lint types bench eval lock clean

help:  ## Say what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(RUN)  ## Make the environment that runs the bot

rehearse: $(RUN)  ## Hear it work without Discord
	$(BIN)/tertulia rehearse $(ARGS)

run: $(RUN)  ## Run the bot with config.toml
	$(BIN)/tertulia run $(ARGS)

doctor: $(RUN)  ## Check this machine, the token and the permissions
	$(BIN)/tertulia doctor $(ARGS)

# Containers often set this; here each process would compile all of it anew.
test: export PYTHONDONTWRITEBYTECODE =
test: $(DEV)  ## Run the whole test suite
	$(BIN)/python -m pytest $(ARGS)

lint: $(DEV)  ## Check style and spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell

types: $(DEV)  ## Check types, of benchmarks and evaluation too
	$(BIN)/mypy

bench: $(DEV) $(PYCORD)  ## Measure speed and memory: build/bench.json
	$(BIN)/python -m tests.benchmarks $(ARGS)

eval: $(DEV)  ## Measure how right it is: build/eval.json
	$(BIN)/python -m tests.evaluation $(ARGS)

lock:  ## Renew the lock files (needs uv)
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --upgrade --extra build -o requirements.lock pyproject.toml
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --upgrade --extra build --extra dev -o requirements-dev.lock pyproject.toml

clean:  ## Remove the environment and everything built
	rm -rf .venv build *.egg-info

$(RUN): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed; none was found"; exit 2; }
	@# Debian's Python without python3-venv leaves one that has no pip.
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# A baseline of the benchmarks; without it they say so.
$(PYCORD): $(DEV) tests/benchmarks/pycord.txt
	-$(PIP) install --require-hashes --no-deps --upgrade --target build/pycord -r tests/benchmarks/pycord.txt && touch $@

$(DEV): $(RUN) requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
