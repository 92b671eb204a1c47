# Everything a newcomer needs: `make report` and `make test`. `make help` names the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
FONTS := $(VENV)/share/shuzhi/fonts
COUNTY := build/qinghe
OUT := build/qinghe-2023
PAGES := src/workplace/assets/built/.vite/manifest.json

.DEFAULT_GOAL := help
.PHONY: help setup assets texts report demo test check fix docs bench bench-figures bench-amending bench-workplace clean lock prove-sealing prove-spark prove-hostile

help: ## Name what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/complete $(FONTS)/complete assets texts ## Set up .venv and the pages (done by every other target)

# Debian's python3 comes without ensurepip unless python3-venv is there.
$(VENV)/complete: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) -V)" >&2; exit 1; }
	@if ! test -x $(BIN)/python || ! $(BIN)/python -m pip -V >/dev/null 2>&1; then \
	  $(PYTHON) -m venv --clear $(VENV) >/dev/null 2>&1 \
	  || { (test "$$(id -u)" = 0 && SUDO= || SUDO="sudo -n"; \
	        $$SUDO apt-get -qq update && $$SUDO apt-get -qq install -y python3-venv) >/dev/null 2>&1; \
	       $(PYTHON) -m venv --clear $(VENV); } \
	  || { echo "Please run: sudo apt-get install python3-venv" >&2; exit 1; }; fi
	@$(BIN)/python -m pip -q --disable-pip-version-check install uv==$(UV_VERSION)
	@$(BIN)/uv -q pip install --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv -q pip install --python $(BIN)/python --no-deps -e .
	@touch $@

$(FONTS)/complete:
	@tools/fetch_fonts.sh $(FONTS)

assets: $(PAGES) ## Build the scripts and styles of the workplace's pages

$(PAGES): frontend/node_modules/complete $(wildcard frontend/*.js frontend/*.scss frontend/*/*.js frontend/*/*.scss)
	@if command -v npm >/dev/null; then cd frontend && npm run --silent build -- --logLevel warn; fi

frontend/node_modules/complete: frontend/package-lock.json frontend/.npmrc
	@tools/install_debian.sh npm "the workplace's pages will be without scripts and styles"
	@if command -v npm >/dev/null; then cd frontend && npm ci --silent --ignore-scripts; fi
	@mkdir -p $(@D) && touch $@

texts: $(VENV)/complete
	@$(BIN)/python -m workplace.web.compile_texts

$(COUNTY)/truth.json: $(VENV)/complete $(wildcard src/shuzhi/demo/*.py packs/annual-duty/*/*)
	@rm -rf $(COUNTY)
	@$(BIN)/shuzhi demo $(COUNTY)

report: setup $(COUNTY)/truth.json ## Run the main job on the example county → build/qinghe-2023
	@rm -rf $(OUT)
	@$(BIN)/shuzhi report $(COUNTY) --pack packs/annual-duty --period 2023 --out $(OUT)

demo: setup ## Set up the example county with a user a role, and serve it (PORT=8000)
	@mkdir -p build/demo && SHUZHI_DATA=build/demo $(BIN)/python -m workplace.new_secret
	@SHUZHI_DATA=build/demo SHUZHI_DEMO=1 $(BIN)/python -m workplace demo --port $(or $(PORT),8000)

test: setup ## Set up and run every test; those of the workplace on PostgreSQL as well
	@tools/install_debian.sh chromium "page tests will be skipped"
	@tools/install_debian.sh strace "one test of sealing will be skipped"
	@tools/install_debian.sh openjdk-17-jre-headless "tests of Spark will be skipped" java
	@echo "every test, the workplace on SQLite"
	@# one process more than processors: many tests wait, for a browser or for a child
	@time $(BIN)/python -m pytest -n $$(($$(nproc) + 1))
	@echo "the workplace on PostgreSQL"
	@time tools/with_postgresql.sh $(BIN)/python -m pytest tests/workplace -m "not at_size" \
	  $(addprefix --ignore tests/workplace/,browser access web desk demo test_query_counts.py) \
	  || { code=$$?; test $$code = 69; }

check: setup ## Lint, format, types, forbidden imports, stale generated docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	$(BIN)/shuzhi pack lint packs/annual-duty
	$(BIN)/shuzhi pack lint packs/workplace-safety

fix: setup ## Mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: setup ## Write the generated pages of docs/reference anew
	$(BIN)/python docs/generate.py

bench: setup ## Measure: the county, 100,000 rows, 1,000 unit reports
	$(BIN)/python bench/run.py

bench-figures: setup ## Measure figures at scale (ROWS=10M FIGURES=200 UNITS=50000 REPEAT=3)
	$(BIN)/python bench/figures/run.py --rows $(or $(ROWS),10M) --figures $(or $(FIGURES),200) \
	  --units $(or $(UNITS),50000) --repeat $(or $(REPEAT),3) --contenders "$(CONTENDERS)"

bench-amending: setup ## Measure fifty records sent again (ROWS=10M FIGURES=200 UNITS=50000)
	$(BIN)/python bench/amending.py build/bench --rows $(or $(ROWS),10M) \
	  --figures $(or $(FIGURES),200) --units $(or $(UNITS),50000) --check

bench-workplace: setup ## Measure pages over 100,000 records, uploads, writers; on both databases
	$(BIN)/python bench/workplace/run.py $(ASKED)
	tools/with_postgresql.sh $(BIN)/python bench/workplace/run.py $(ASKED)

lock: $(VENV)/complete ## Pin what pyproject.toml names anew (UPGRADE=1: all at their newest)
	$(BIN)/uv -q pip compile pyproject.toml --group dev --extra spark --extra web --universal --generate-hashes --no-header $(if $(UPGRADE),-U) -o requirements.lock

prove-sealing: setup report ## Kill and fail a sealing at N system calls (N=300; 0 for every one)
	@tools/install_debian.sh strace "this cannot be proven here"
	$(BIN)/shuzhi prove sealing $(OUT)/edition --n $(or $(N),300) --out build/prove-sealing.json

prove-spark: setup report ## Compare figures on a Spark cluster with DuckDB's (ROWS=0; so many more)
	@tools/install_debian.sh openjdk-17-jre-headless "this cannot be proven here" java
	$(BIN)/shuzhi prove spark $(OUT)/edition --rows $(or $(ROWS),0) --memory $(or $(MEMORY),2g) --out build/prove-spark.json

prove-hostile: setup ## Try N hostile workbooks and what goes with them (N=2000)
	$(BIN)/shuzhi prove hostile --n $(or $(N),2000) --out build/prove-hostile.json

clean: ## Remove what was built
	rm -rf build
