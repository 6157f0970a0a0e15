# What a person types here. Each target sets up what it needs first; `make help` lists them.

PYTHON ?= python3
BIN := .venv/bin
OUT := var

.DEFAULT_GOAL := help
.PHONY: help setup run serve test check golden bench torture

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-9s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: .venv/ready  ## make the environment in .venv, exactly as the lock says

run: setup  ## make a small lender, run its nights, print where everything is
	$(BIN)/linewatch run-demo --borrowers 20000 --nights 3 --out $(OUT)

serve: setup  ## Prefect's server, its pages, the schedule and a worker, on this machine
	$(BIN)/linewatch serve

# A file's tests stay on one worker, so that what a module shares is made once; so do all of Prefect's.
test: setup  ## run the whole suite but what takes very long
	$(BIN)/python -m pytest -n 2 --dist loadgroup --durations 10 --cov --cov-report term

# Fastest first.
check: setup  ## everything that can be seen without running it
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/python tests/lint/sql_lint.py
	$(BIN)/sqlfluff lint --disable-progress-bar sql
	$(BIN)/mypy

golden: setup  ## make the golden night again; `git diff` then shows what changed
	$(BIN)/python tests/golden/rebuild.py

bench: setup  ## how long a million borrowers take to validate, and how much memory
	$(BIN)/python -m benchmarks.validate

# One process: these measure and kill, and a neighbour would be in the way.
torture: setup  ## a million rows, kills at every instant, full disks, more examples
	HYPOTHESIS_PROFILE=explore $(BIN)/python -m pytest -m "slow or torture" --durations 10

# --no-deps: the lock is whole, and pip 23 would look for a newer SQLAlchemy than it has before it believes it.
# The stamp goes first and comes back last. A .venv without it was left half made by an interrupted
# setup, which pip cannot always repair, so it is made anew. Two makes at once take turns where the
# machine has flock.
.venv/ready: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Linewatch needs Python 3.11 or newer. Name one: make setup PYTHON=python3.12"; exit 1; }
	@$$(command -v flock >/dev/null && echo flock .venv.lock) sh -euc ' \
	  if [ -e $@ ] && [ ! $@ -ot requirements-dev.lock ] && [ ! $@ -ot pyproject.toml ]; then exit 0; fi; \
	  echo "Setting up .venv, which takes a minute or two the first time"; \
	  if [ -e $@ ] && $(BIN)/python -c ""; then rm $@; else $(PYTHON) -m venv --clear .venv; fi; \
	  pip="$(BIN)/python -m pip -qq --disable-pip-version-check install"; \
	  $$pip --no-deps --require-hashes -r requirements-dev.lock; \
	  $$pip --no-deps --no-build-isolation -e .; \
	  touch $@'
