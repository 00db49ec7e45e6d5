# Everything somebody new needs: `make demo` shows the bot, `make test` tries it, `make help` lists
# the rest. Needs Python 3.11 or newer and make; what it installs goes into .venv and nowhere else.

VENV := .venv
BIN := $(VENV)/bin
KILLS ?= 20
INPUTS ?= 200000
TALKS ?= 200
ANEW ?= 1
# More words for pytest, such as: make test ARGS="tests/storage -x"
ARGS ?=

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	if $$name -c '$(NEW_ENOUGH)' 2>/dev/null; then echo $$name; break; fi; done)

.PHONY: help demo test browser check bench chaos fuzz random catalogue migration requirements clean
.DEFAULT_GOAL := help

help: ## List what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 14

demo: $(VENV)/.runtime ## Show the bot in a browser: a town, phones, no token
	@$(BIN)/cabildo demo

test: $(VENV)/.dev ## Run the tests, on SQLite and PostgreSQL
	@$(BIN)/python -m pytest -n 2 --dist loadfile -q -m "not browser" $(ARGS)

browser: $(VENV)/.dev ## Drive the page of phones in real Chromium
	@$(BIN)/python -m pytest -q -m browser tests/browser $(ARGS)

check: $(VENV)/.dev ## Style, walls between the rooms, types, catalogues
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m locales.catalogue check

bench: $(VENV)/.dev ## Measure speed; with FILE=requests.csv a city's requests, with BARRIOS=x.geojson growth
	@$(BIN)/python -m bench.turns
	@$(BIN)/python -m bench.courier
	@$(BIN)/python -m bench.due
	@if [ -n "$(FILE)" ]; then $(BIN)/python -m bench.replay "$(FILE)"; fi
	@if [ -n "$(BARRIOS)" ]; then $(BIN)/python -m bench.growth "$(BARRIOS)"; fi

chaos: $(VENV)/.dev ## Kill the bot KILLS times under load, on both databases
	@$(BIN)/python -m bench.chaos --kills $(KILLS)

fuzz: $(VENV)/.dev ## Send INPUTS forged taps and malformed updates: nobody gains, nothing breaks
	@$(BIN)/python -m bench.fuzz --inputs $(INPUTS)

random: $(VENV)/.dev ## Have TALKS random conversations: an answer each time, no dead end, no untranslated key
	@TALKS=$(TALKS) ANEW=$(ANEW) $(BIN)/python -m pytest -q tests/conversations/test_random.py $(ARGS)

catalogue: $(VENV)/.dev ## Bring the catalogues up to date with the sentences in the code
	@$(BIN)/python -m locales.catalogue update

migration: $(VENV)/.dev ## Write the next migration: make migration NAME="Say what changes"
	@$(BIN)/python -m storage.schema revision "$(NAME)"

# The hashed lists that everybody installs from. setuptools is in them because Cabildo itself is
# installed with it, from what is there and without asking anybody.
COMPILE = uv pip compile -q --universal --generate-hashes --no-emit-index-url --upgrade \
	--custom-compile-command "make requirements"

requirements: ## Choose the newest libraries anew (needs uv)
	@echo 'setuptools>=77' | $(COMPILE) pyproject.toml - -o requirements.txt >/dev/null
	@echo 'setuptools>=77' | $(COMPILE) --extra dev pyproject.toml - -o requirements-dev.txt >/dev/null

clean: ## Remove what make and the tools have made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info build dist

# A stamp for each step, so that a second `make` begins at once.
PIP := $(BIN)/python -m pip --disable-pip-version-check

$(VENV)/.made:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Cabildo needs Python 3.11 or newer; none was found. Install one, or name it: make PYTHON=/path/to/python3"; \
		exit 1; fi
	@if ! $(PYTHON) -c '$(NEW_ENOUGH)'; then \
		echo "Cabildo needs Python 3.11 or newer, and $(PYTHON) is not: name another, as in make PYTHON=python3.12"; \
		exit 1; fi
	@echo "Making $(VENV) with $$($(PYTHON) --version) (only this once)"
	@$(PYTHON) -m venv $(VENV) || { \
		echo "Python's venv is missing: on Debian and Ubuntu, install the package python3-venv."; \
		rm -rf $(VENV); exit 1; }
	@touch $@

$(VENV)/.runtime: requirements.txt pyproject.toml $(VENV)/.made
	@echo "Installing the libraries into $(VENV) (a minute or two, only this once)"
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing what tests and checks need"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@
