# Everything a person types here; `make help` explains it. Needs make and any Python 3.
PYTHON ?= $(shell command -v python3 || command -v python)
TOOLS  := var/tools
UV     := $(TOOLS)/bin/uv
PY     := .venv/bin/python
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export PYTHONPATH := $(CURDIR)
export BONDGENOOT_ACTIONS_PORT ?= 5055
.DEFAULT_GOAL := help
.PHONY: help start train content coverage check lint validate test test-unit test-nlu test-stories test-whole lock clean

help: ## show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

start: .venv/run-ready ## set up what is missing, train if needed, serve http://localhost:5005 until Ctrl-C
	@exec $(PY) -m bondgenoot start

train: .venv/run-ready ## train the model if content or language data changed
	@$(PY) -m bondgenoot train

content: .venv/run-ready ## check everything that trainers write, in seconds
	@$(PY) -m bondgenoot check

coverage: .venv/run-ready ## write docs/coverage.md: which item of the seeds is found where
	@$(PY) -m bondgenoot coverage

lint: .venv/dev-ready ## ruff and mypy
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

validate: .venv/dev-ready ## Rasa's own validation of domain, data, rules and stories
	@$(PY) tests/validate.py

check: lint content validate ## everything that needs no model

test: check test-unit test-nlu test-stories test-whole ## all checks and tests

test-unit: .venv/dev-ready ## tests of plain Python, content, store, channels, safety net
	@$(PY) -m pytest -q tests/unit tests/content tests/followup tests/safety tests/channels tests/actions

test-nlu: train .venv/dev-ready ## what the trained model understands
	@$(PY) -m pytest -q tests/nlu

test-stories: train .venv/dev-ready ## whole conversations against the trained model with real actions
	@$(PY) -m pytest -q tests/stories

test-whole: train .venv/dev-ready ## the three real processes, a moved clock, a restart in between
	@$(PY) -m pytest -q tests/whole

lock: $(UV) ## renew the hash-locked requirements
	@$(UV) pip compile -q --python-version 3.10 --universal --generate-hashes --no-emit-index-url requirements.in -o requirements.txt
	@$(UV) pip compile -q --python-version 3.10 --universal --generate-hashes --no-emit-index-url requirements-dev.in -o requirements-dev.txt
	@$(UV) pip compile -q --python-version 3.8 --universal --generate-hashes --no-emit-index-url requirements-uv.in -o requirements-uv.txt

clean: ## remove the environment, models and caches; conversations and keys in var/ stay
	@rm -rf .venv $(TOOLS) var/cache .rasa .mypy_cache .ruff_cache .pytest_cache models/*.tar.gz

$(UV): requirements-uv.txt
	@test -n "$(PYTHON)" || { echo "bondgenoot: no Python found. Install Python 3, then run make again." >&2; exit 1; }
	@echo "Setting up: fetching uv, which makes the environment."
	@"$(PYTHON)" -m venv $(TOOLS) >/dev/null 2>&1 || { rm -rf $(TOOLS); echo "bondgenoot: '$(PYTHON) -m venv' does not work. On Debian and Ubuntu: apt-get install python3-venv." >&2; exit 1; }
	@$(TOOLS)/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@touch $@

.venv/run-ready: $(UV) requirements.txt .python-version
	@echo "Setting up: Python 3.10 and the packages (about 2.7 GB)."
	@test -x $(PY) || $(UV) venv -q --python 3.10 .venv || { echo "bondgenoot: Python 3.10 was not found and could not be fetched. Install it (pyenv, your system's packages), then run make again." >&2; exit 1; }
	@$(UV) pip install -q --python $(PY) --require-hashes -r requirements.txt
	@touch $@

.venv/dev-ready: .venv/run-ready requirements-dev.txt
	@$(UV) pip install -q --python $(PY) --require-hashes -r requirements-dev.txt
	@touch $@
