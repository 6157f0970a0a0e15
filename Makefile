# What a person types here. Each target sets up what it needs first; `make help` lists them.

PYTHON ?= python3
BIN := .venv/bin
OUT := var
SIZES := 100000

.DEFAULT_GOAL := help
.PHONY: help setup run serve test coverage check golden bench torture

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-9s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: .venv/ready  ## make the environment in .venv, exactly as the lock says

run: setup  ## make a small lender, run its nights, print where everything is
	$(BIN)/linewatch run-demo --borrowers 20000 --nights 3 --out $(OUT)

serve: setup  ## Prefect's server, its pages, the schedule and a worker, on this machine
	$(BIN)/linewatch serve

# A file's tests stay on one worker, so that what a module shares is made once; so do all of Prefect's.
test: setup  ## run the whole suite but what takes very long
	$(BIN)/python -m pytest -n 2 --dist loadgroup --durations 10

coverage: setup  ## the same, slower, and which lines no test of this process reached
	$(BIN)/python -m pytest -n 2 --dist loadgroup --cov --cov-report term

# Fastest first.
check: setup  ## everything that can be seen without running it, and whether a step got slower
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/python tests/lint/sql_lint.py
	$(BIN)/sqlfluff lint --disable-progress-bar sql
	$(BIN)/mypy
	$(BIN)/python -m benchmarks.small

golden: setup  ## make the golden night again; `git diff` then shows what changed
	$(BIN)/python tests/golden/rebuild.py

bench: setup .venv-bench/ready  ## measure the night against its floor and its peers: SIZES="100000 1000000"
	$(BIN)/python -m benchmarks --sizes $(SIZES) --on $$(date +%F) $(if $(ROUNDS),--rounds $(ROUNDS)) \
	  $(if $(PEERS),--peers $(PEERS)) $(if $(WORK),--work $(WORK))
	$(BIN)/python -m benchmarks.page
	$(BIN)/python -m benchmarks.scale > docs/scale.md

# One process: these measure and kill, and a neighbour would be in the way.
torture: setup  ## a million rows, kills at every instant, full disks, more examples
	HYPOTHESIS_PROFILE=explore $(BIN)/python -m pytest -rP -m "slow or torture" --durations 10; ended=$$?; \
	  $(BIN)/python -m tests.torture.page > docs/torture.md; exit $$ended

# --no-deps: the lock is whole, and pip 23 would look for a newer SQLAlchemy than it has before it believes it.
# The stamp goes first and comes back last. An environment without it was left half made by an interrupted
# setup, which pip cannot always repair, so it is made anew. Two makes at once take turns where the
# machine has flock.
define environment
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Linewatch needs Python 3.11 or newer. Name one: make setup PYTHON=python3.12"; exit 1; }
	@$$(command -v flock >/dev/null && echo flock .venv.lock) sh -euc ' \
	  if [ -e $@ ] && [ ! $@ -ot $< ] && [ ! $@ -ot pyproject.toml ]; then exit 0; fi; \
	  echo "Setting up $(@D), which takes a minute or two the first time"; \
	  if [ -e $@ ] && $(@D)/bin/python -c ""; then rm $@; else $(PYTHON) -m venv --clear $(@D); fi; \
	  pip="$(@D)/bin/python -m pip -qq --disable-pip-version-check install"; \
	  $$pip --no-deps --require-hashes -r $<; \
	  $(1) \
	  touch $@'
endef

.venv/ready: requirements-dev.lock pyproject.toml
	$(call environment,$$pip --no-deps --no-build-isolation -e .;)

# The peers run from this checkout and need none of its scripts.
.venv-bench/ready: requirements-bench.lock pyproject.toml
	$(call environment,)
