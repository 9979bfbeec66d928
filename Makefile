# Everything a person types here; `make help` explains it. Needs make and any Python 3.
PYTHON ?= $(shell command -v python3 || command -v python)
TOOLS  := var/tools
UV     := $(TOOLS)/bin/uv
PY     := .venv/bin/python
WIDGET := var/widget/bondgenoot.js
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export PYTHONPATH := $(CURDIR)
export BONDGENOOT_ACTIONS_PORT ?= 5055
# Python may keep what it compiled: Rasa has 6,000 modules, and every test of real processes imports them again.
export PYTHONDONTWRITEBYTECODE :=
# How many tests of a group run at once (JOBS=0: one after another, in one process).
JOBS     ?= 2
PYTEST   := $(PY) -m pytest -q
ABREAST  := $(PYTEST) -n $(JOBS)
# For tests that do their sums in their own process: two with two threads each are in each other's way.
ONE_EACH := OMP_NUM_THREADS=1 $(ABREAST)
GROUP     = @echo; echo "=== $@"
# The groups have the machine to themselves: some of them measure time.
.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help start cluster train widget content new preview say try publish rollback measure coverage check lint validate \
        test test-unit test-nlu test-stories test-whole test-faults test-cluster test-browser test-workshop faults vectors lock clean

help: ## show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

start: .venv/run-ready $(WIDGET) ## set up what is missing, train if needed, serve http://localhost:5005 until Ctrl-C
	@exec $(PY) -m bondgenoot start

cluster: .venv/run-ready $(WIDGET) ## try out two of everything behind nginx, on PostgreSQL and Redis (docs/cluster.md)
	@exec $(PY) -m bondgenoot cluster

train: .venv/run-ready ## train the model if content or language data changed
	@$(PY) -m bondgenoot train

widget: $(WIDGET) ## build the chat widget's script if it changed

content: .venv/run-ready ## check everything that trainers write, in seconds
	@$(PY) -m bondgenoot content check

new: .venv/run-ready ## write a new file, with comments: make new WHAT=dilemma, oefening, vraag or verhaal
	@$(PY) -m bondgenoot content new $(WHAT)$(if $(TITLE), --title "$(TITLE)")$(if $(ANSWERS), --answers "$(ANSWERS)")

preview: .venv/run-ready ## play one item in the terminal: make preview ID=the_wrong_pallet
	@$(PY) -m bondgenoot content preview "$(ID)"

say: .venv/run-ready ## what a sentence is understood as, and why: make say ZIN="..." (INTENT=... files it)
	@$(PY) -m bondgenoot content say "$(ZIN)"$(if $(INTENT), --intent "$(INTENT)")

try: .venv/run-ready ## train if needed, and chat in the terminal on an empty database
	@$(PY) -m bondgenoot content try

publish: .venv/dev-ready ## check, train, play all conversations, compare with what is live, and go live
	@$(PY) -m bondgenoot content publish

rollback: .venv/run-ready ## back to what was live before: model and texts
	@$(PY) -m bondgenoot content rollback

measure: train ## read the test sentences with the trained model, for the confusion on the workshop page
	@$(PY) -m bondgenoot content measure

coverage: .venv/run-ready ## write docs/coverage.md: which item of the seeds is found where
	@$(PY) -m bondgenoot coverage

lint: .venv/dev-ready ## ruff and mypy
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

validate: .venv/dev-ready ## Rasa's own validation of domain, data, rules and stories
	@$(PY) tests/validate.py

check: lint content validate ## everything that needs no model

test: check test-unit test-nlu test-stories test-whole test-faults test-cluster test-browser test-workshop ## all checks and tests

test-unit: .venv/dev-ready ## tests of plain Python, content, store, channels, safety net
	$(GROUP)
	@$(ONE_EACH) --dist worksteal tests/unit tests/content tests/followup tests/store tests/safety tests/channels tests/actions
	@$(ONE_EACH) --dist worksteal tests/messaging --ignore-glob='*test_main_job_on_*'
	@$(ONE_EACH) --dist loadfile tests/workshop --ignore tests/workshop/whole --ignore tests/workshop/page

test-nlu: train .venv/dev-ready ## what the trained model understands
	$(GROUP)
	@$(PYTEST) tests/nlu

test-stories: train .venv/dev-ready ## whole conversations against the trained model with real actions
	$(GROUP)
	@$(ONE_EACH) --dist worksteal tests/stories
	@$(ONE_EACH) tests/messaging/test_main_job_on_*.py

test-whole: train .venv/dev-ready ## the three real processes, a moved clock, a restart in between
	$(GROUP)
	@$(ABREAST) tests/whole

test-workshop: train .venv/dev-ready ## a story from the template goes live and back; sentences of ten people reach the workshop page
	$(GROUP)
	@$(ABREAST) --dist loadfile tests/workshop/whole

vectors: .venv/dev-ready ## renew data/vectors after training sentences changed, so that everybody's training stays short
	@$(PY) -m components.vector_table

test-browser: train $(WIDGET) .venv/dev-ready ## the chat widget and the workshop page in a real browser (chromium)
	$(GROUP)
	@$(ABREAST) --dist worksteal tests/widget
	@$(PYTEST) tests/workshop/page

test-faults: train .venv/dev-ready ## real servers at once, what is away comes back, follow-ups while processes are killed
	$(GROUP)
	@$(PYTEST) tests/faults

test-cluster: train $(WIDGET) .venv/dev-ready ## what deploy/ says, and the cluster of make cluster losing one of each
	$(GROUP)
	@$(PYTEST) tests/cluster

faults: train .venv/dev-ready ## the same in full: 2,000 messages, 1,000 follow-ups, every lock; takes long, writes docs/reliability.md
	@rm -f var/faults.json
	@BONDGENOOT_FAULTS=full RACE_MESSAGES=2000 $(PY) -m pytest -q tests/faults --timeout 3000
	@$(PY) tests/faults/follow_ups/report.py

lock: $(UV) ## renew the hash-locked requirements
	@$(UV) pip compile -q --python-version 3.10 --universal --generate-hashes --no-emit-index-url requirements.in -o requirements.txt
	@$(UV) pip compile -q --python-version 3.10 --universal --generate-hashes --no-emit-index-url requirements-dev.in -o requirements-dev.txt
	@$(UV) pip compile -q --python-version 3.8 --universal --generate-hashes --no-emit-index-url requirements-uv.in -o requirements-uv.txt
	@$(UV) pip compile -q --python-version 3.10 --universal --generate-hashes --no-emit-index-url requirements-node.in -o requirements-node.txt
	@cd widget && npm install --package-lock-only --ignore-scripts --no-audit --no-fund --loglevel=error --omit-lockfile-registry-resolved

clean: ## remove the environment, models and caches; conversations and keys in var/ stay
	@rm -rf .venv $(TOOLS) var/cache var/node var/widget widget/node_modules .rasa .mypy_cache .ruff_cache .pytest_cache models/*.tar.gz

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

$(WIDGET): widget/package-lock.json widget/build.mjs requirements-node.txt bondgenoot/widget_build.py $(wildcard widget/src/*) | .venv/run-ready
	@$(PY) -m bondgenoot widget
