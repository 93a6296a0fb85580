# The two commands of the README, and what a developer needs beside them. Nothing is installed outside .venv.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: run build test lint bench lock assets clean readers chromium checkers

run: build
	$(BIN)/kg serve

build: $(VENV)/run.stamp
	$(BIN)/kg build

test: $(VENV)/dev.stamp lint readers checkers
	$(BIN)/pytest -n 2 --dist loadfile

# A third reader of the published RDF and a third engine to ask it, Debian's; without them, their tests are skipped.
readers:
	(command -v rapper && command -v virtuoso-t && command -v isql-vt) > /dev/null || if test "$$(id -u)" = 0 && command -v apt-get > /dev/null; \
	then apt-get update -qq && apt-get install -qq -y raptor2-utils virtuoso-opensource-7-bin > /dev/null; \
	else echo 'tests are skipped: apt install raptor2-utils virtuoso-opensource-7-bin (Debian)'; fi

# The checkers of RO-Crates, citations and DataCite's fields: in an environment of their own, since they need older
# versions of rich and jsonschema than the project.
checkers: $(VENV)/checkers.stamp

# The browser that the pages are tested in, Debian's; without it, its tests are skipped.
chromium:
	command -v chromium > /dev/null || if test "$$(id -u)" = 0 && command -v apt-get > /dev/null; \
	then apt-get update -qq && apt-get install -qq -y chromium > /dev/null; \
	else echo 'chromium is missing: the tests in a browser are skipped (Debian: apt install chromium)'; fi

lint: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# The endpoint beside its peers; what was measured is not measured again. Less of it: make bench BENCH="--data built 100k"
bench: build $(VENV)/dev.stamp
	$(BIN)/python -m benchmarks $(BENCH)

# `make lock` renews the pinned versions; the files name no index host.
lock: $(VENV)/dev.stamp
	$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 benchmarks/requirements.in -o benchmarks/requirements.lock
	$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 tests/export/checkers/requirements.in -o tests/export/checkers/requirements.lock

# `make assets` fetches the browser libraries on record again, through npm; to renew one, change its version there first.
assets: $(VENV)/run.stamp
	$(BIN)/python -m kg.web.vendor refresh kg/web/static/vendor kg/network/vendor tests/web/vendor

$(VENV)/run.stamp: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

$(VENV)/checkers.stamp: $(VENV)/run.stamp tests/export/checkers/requirements.lock
	test -x $(VENV)/checkers/bin/python || $(BIN)/python -m venv $(VENV)/checkers
	$(VENV)/checkers/bin/pip install --quiet --disable-pip-version-check --require-hashes -r tests/export/checkers/requirements.lock
	touch $@

clean:
	rm -rf $(VENV) build
