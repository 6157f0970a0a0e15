# What a person types here. Each target sets up what it needs first; `make help` lists them.

PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/ready  ## make the environment in .venv, exactly as the lock says

# The stamp goes first and comes back last. A .venv without it was left half made by an interrupted
# setup, which pip cannot always repair, so such a one is made anew. Two at once take turns.
.venv/ready: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Linewatch needs Python 3.11 or newer; name one with: make PYTHON=python3.12"; exit 1; }
	@$$(command -v flock && echo .venv.lock) sh -euc ' \
	  if [ ! .venv/ready -ot requirements-dev.lock ] && [ ! .venv/ready -ot pyproject.toml ] && [ -e .venv/ready ]; then exit 0; fi; \
	  if [ -e .venv/ready ]; then rm .venv/ready; else $(PYTHON) -m venv --clear .venv; fi; \
	  $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock; \
	  $(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	  touch .venv/ready'
