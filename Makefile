# The few commands people type. `make` alone lists them.

PYTHON ?= python3
FUZZ ?= 10
BIN := .venv/bin
READY := .venv/.ready
EXTRACT := -q extract -F locales/babel.cfg -k t -k plural:1,2 -k in_context:1c,2 \
	--add-location=file --no-wrap --sort-output --omit-header -o locales/messages.pot .
UPDATE := -q update -i locales/messages.pot -d locales \
	--no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
PIN := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-find-links --no-emit-options --no-header

.DEFAULT_GOAL := help
# Every worker would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help demo test fuzz check messages bench requirements clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

demo: $(READY) ## play the main job in the terminal, then leave the playground open
	@$(BIN)/hadir demo

test: $(READY) ## all tests
	@command -v pg_ctlcluster >/dev/null || [ -n "$$HADIR_TEST_POSTGRES" ] || \
		echo "No PostgreSQL here and no HADIR_TEST_POSTGRES: the tests of the tables run on SQLite only."
	@command -v chromium >/dev/null || echo "No chromium here: the tests of the playground's page in a browser are skipped."
	@command -v strace >/dev/null || echo "No strace here: the test that looks for the disk under an update is skipped."
	@$(BIN)/python -c 'import aiogram' 2>/dev/null || \
		echo "Without requirements/bench.txt the tests of the benchmarks' peers are skipped."
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

fuzz: $(READY) ## throw far more requests at the gateway than the tests do; FUZZ=100 for more yet
	HADIR_TEST_FUZZ=$(FUZZ) $(BIN)/pytest -s tests/gateway/test_fuzz.py tests/gateway/test_nasty.py

check: $(READY) ## format, lint, types, layers, translations
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy --strict
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/test_catalogues.py tests/test_house.py tests/test_readme.py

messages: $(READY) ## bring the catalogues up to date with the sentences in the code
	$(BIN)/pybabel $(EXTRACT)
	$(BIN)/pybabel $(UPDATE)

bench: $(READY) requirements/bench.txt ## measure clocking, the gateway, pictures, alerts, into benchmarks/RESULTS*.md
	$(BIN)/pip install --quiet --require-hashes -r requirements/bench.txt
	$(BIN)/python -m benchmarks.clocking
	$(BIN)/python -m benchmarks.gateway
	$(BIN)/python -m benchmarks.pictures
	$(BIN)/python -m benchmarks.absence
	$(BIN)/python -m benchmarks.outbox

requirements: $(READY) ## pin everything anew, with hashes
	$(BIN)/pip install --quiet pip-tools
	$(PIN) --upgrade --all-extras -o requirements/bench.txt pyproject.toml
	$(PIN) --extra dev -c requirements/bench.txt -o requirements/dev.txt pyproject.toml
	$(PIN) -c requirements/bench.txt -o requirements/run.txt pyproject.toml
	sed -i '/^    #.*-c requirements/d' requirements/dev.txt requirements/run.txt

clean: ## remove .venv and every cache
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Made again when a pin or pyproject.toml changes, and only then. pip is used as it is configured on this machine.
$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Hadir needs Python 3.11 or newer; name one: make PYTHON=python3.11 …"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "This Python cannot make virtual environments; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "Setting up .venv; the first time this takes a minute or two."
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
