# Everything a fresh machine with Python 3.11+ and make needs. The address of no package registry stands here:
# pip and npm use the ones the machine is set up with.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export UV_PYTHON_DOWNLOADS := never
export KIZUNA_HOME ?= $(CURDIR)/var

.PHONY: setup demo test test-slow check fix lock docs clean

setup: $(VENV)/.ready kizuna/web/static/vendor/.ready

$(VENV)/.ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	command -v uv >/dev/null || test -x $(BIN)/uv || $(BIN)/pip install --quiet --disable-pip-version-check uv
	PATH="$$PATH:$(CURDIR)/$(BIN)" VIRTUAL_ENV=$(CURDIR)/$(VENV) uv pip install --quiet --compile-bytecode --require-hashes -r requirements.lock
	PATH="$$PATH:$(CURDIR)/$(BIN)" VIRTUAL_ENV=$(CURDIR)/$(VENV) uv pip install --quiet --no-deps --editable .
	touch $@

kizuna/web/static/vendor/.ready: package-lock.json $(VENV)/.ready
	PATH="$$PATH:$(CURDIR)/$(BIN)"; command -v npm >/dev/null || VIRTUAL_ENV=$(CURDIR)/$(VENV) uv pip install --quiet --require-hashes -r requirements-node.lock
	PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --ignore-scripts --silent
	$(BIN)/python -m kizuna.web.vendor
	touch $@

demo: setup
	$(BIN)/kizuna demo

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy kizuna tests
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check

# Records first on SQLite; then, where a PostgreSQL server is installed, all of it again there.
test: setup
	$(BIN)/pytest -n 2 -m "not slow"
	if $(BIN)/python -c "import conftest, sys; sys.exit(conftest.postgres_binaries() is None)"; \
	then KIZUNA_TEST_DB=postgres $(BIN)/pytest -n 2 -m "not slow and not browser"; \
	else echo "No PostgreSQL server found: its half of the suite was not run (Debian: apt-get install postgresql)"; fi

test-slow: setup
	$(BIN)/pytest -n 2 -m slow

fix: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock:
	PATH="$$PATH:$(CURDIR)/$(BIN)" uv lock --quiet
	PATH="$$PATH:$(CURDIR)/$(BIN)" uv export --quiet --no-header --no-annotate --no-emit-project --group dev -o requirements.lock
	PATH="$$PATH:$(CURDIR)/$(BIN)" uv export --quiet --no-header --no-annotate --no-emit-project --only-group node -o requirements-node.lock
	rm -f uv.lock

docs: setup
	$(BIN)/kizuna docs

clean:
	rm -rf $(VENV) node_modules kizuna/web/static/vendor
