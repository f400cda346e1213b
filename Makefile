SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
EXAMPLE ?= planwise
VARIANT ?= discrepant
EMPLOYEES ?= 100000
KILLS ?= 200
SEED ?=
ROWS ?= 1000000

.DEFAULT_GOAL := help

help: ## Show what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing locked dependencies into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(VENV)/.ready ## Create the virtual environment with locked dependencies

demo: setup ## Run the bot, a local Slack workspace and an example (EXAMPLE=planwise or clubos); open the page it prints
	@exec $(BIN)/python examples/demo.py --example $(EXAMPLE)

demo-reset: setup ## Forget what the demo has kept (EXAMPLE=planwise), and begin again with `make demo`
	@$(BIN)/python examples/demo.py --example $(EXAMPLE) --reset

demo-codes: setup ## Print the codes of those whose approval takes one, in the demo (EXAMPLE=clubos)
	@$(BIN)/python examples/demo.py --example $(EXAMPLE) --codes

example-data: setup ## Build the planwise example's databases (VARIANT=clean, EMPLOYEES=100000)
	@$(BIN)/python examples/planwise/generate.py --variant $(VARIANT) --employees $(EMPLOYEES) --force
	@$(BIN)/python examples/planwise/generate.py --variant clean --employees 2000 --out examples/planwise/staging --force

lint: setup ## Check style, types and who imports whom
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

test: setup lint ## Run all checks and tests
	@$(BIN)/pytest -n 3 --dist worksteal

test-peers: setup ## Run the tests that need installed parts; installs them (root, Debian)
	@tests/peers/install.sh
	@$(BIN)/pytest -n 0 -m peers tests/peers tests/browser

page: ## Build the local workspace's page again (needs Node.js 20)
	cd bot/sandbox/page && npm ci && npm run check && npm test && npm run build

lock: setup ## Write requirements.lock anew from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --extra dev --extra mysql pyproject.toml --output-file requirements.lock

bench-ack: setup ## Compare the time to acknowledge with a bare Bolt application
	@$(BIN)/python benchmarks/ack.py

bench-runs: setup ## Time a run's steps beside a shell script and ansible-playbook, presses, and waiting runs
	@$(BIN)/python benchmarks/runs.py

bench-reconcile: setup ## Compare tables of ROWS=1000000 rows beside a raw scan and other tools (the targets: 10000000)
	@ROWS=$(ROWS) $(BIN)/python benchmarks/reconcile.py

bench-slack-away: setup ## Take Slack away for two minutes inside a run, in three ways, beside one undisturbed
	@$(BIN)/python benchmarks/slack_away.py

chaos: setup ## Kill the bot KILLS=200 times (kill -9) and hold its records against what was done (SEED=)
	@KILLS=$(KILLS) SEED=$(SEED) $(BIN)/python benchmarks/chaos.py

clean: ## Remove what was built
	rm -rf build .pytest_cache .mypy_cache .ruff_cache

.PHONY: help setup demo demo-reset demo-codes example-data lint test test-peers page lock bench-ack bench-runs bench-reconcile bench-slack-away chaos clean
