# One command for each need, here and in CI. `make help` lists them.

.DEFAULT_GOAL := help
SHELL := /bin/sh
PORT ?= 8000
RUN := $(or $(RUN_DIR),run)
PIP := -m pip install --quiet --quiet --disable-pip-version-check
MANAGE := .venv/bin/python manage.py
DEMO_SETTINGS := SITE_NAME="The Brackwater Courier" SITE_TAGLINE="Independent news from the estuary" \
  SECRET_KEY="$$(cat $(RUN)/secret-key)" BASE_URL=http://127.0.0.1:$(PORT) ALLOWED_HOSTS=127.0.0.1,localhost

BENCH ?=

.PHONY: help demo run test lint format soak bench bench-all bench-million screenshots shell clean

help: ## What can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/installed $(RUN)/secret-key ## Install, fill and serve the demo newsroom on http://127.0.0.1:8000 (PORT=…)
	@$(DEMO_SETTINGS) $(MANAGE) migrate --verbosity 0
	@$(DEMO_SETTINGS) $(MANAGE) collectstatic --no-input --verbosity 0
	@$(DEMO_SETTINGS) $(MANAGE) load_demo
	@$(DEMO_SETTINGS) $(MANAGE) serve --port $(PORT) --then 'load_demo --sign-ins'

run: .venv/installed $(RUN)/secret-key ## Serve what is in the database, with code and templates reloaded (PORT=…)
	@$(DEMO_SETTINGS) $(MANAGE) migrate --verbosity 0
	@DEBUG=true $(DEMO_SETTINGS) $(MANAGE) serve --develop --port $(PORT)

test: .venv/developing $(if $(findstring 6.1,$(PARTS)),django-6.1) node_modules/installed ## Every test at small size: SQLite, PostgreSQL, browser (PARTS="site django-6.1": more)
	@.venv/bin/python -m tests.run $(PARTS)

lint: .venv/developing ## Style, types, rooms, templates, migrations, production settings
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy .
	.venv/bin/lint-imports
	git ls-files '*.html' ':!tests/*' | xargs .venv/bin/djade --target-version 5.2 --check
	$(MANAGE) makemigrations --check --dry-run
	SECRET_KEY="$$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
	  BASE_URL=https://news.example.org SMTP_HOST=smtp.example.org $(MANAGE) check --deploy --fail-level WARNING

format: .venv/developing ## Put code and templates into shape
	.venv/bin/ruff check --fix
	.venv/bin/ruff format
	git ls-files '*.html' ':!tests/*' | xargs .venv/bin/djade --target-version 5.2

soak: .venv/developing ## The long runs: every random step, kill and payload
	@.venv/bin/python -m tests.run soak

bench: .venv/developing ## A whole newsroom of 10,000 articles beside what anybody can install (BENCH="--articles 100000": larger)
	@.venv/bin/python -u -m bench.newsroom $(BENCH)

bench-all: .venv/developing ## Every measurement, one after the other; results go to bench/results/
	@for name in $$(grep -l __main__ bench/*.py | xargs -n1 basename -s .py); do \
	  echo "== $$name"; .venv/bin/python -m "bench.$$name" || exit 1; done

bench-million: .venv/developing ## Articles You May Like with a million articles, once; an hour and 30 GB of disk
	@.venv/bin/python -m bench.related_cost --sizes --million
	@.venv/bin/python -m bench.related_report

screenshots: .venv/developing ## The guides' pictures, taken from the demo newsroom into docs/pictures/
	@.venv/bin/python -m tests.browser.screenshots

shell: .venv/installed $(RUN)/secret-key ## A Python prompt inside the newsroom
	@$(DEMO_SETTINGS) $(MANAGE) shell

clean: ## Remove environments, demo data and caches
	rm -rf .venv .venv-6.1 .venv-moto node_modules run .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info

# What the targets above need. A stamp file says that it is there and up to date.

.venv/bin/python:
	@python="$$(deploy/find-python 3.11)" || { \
	  echo "Newsroom needs Python 3.11 or later, with venv (on Debian: apt install python3-venv)."; \
	  echo "If it is not on the PATH, name it: make PYTHON=/path/to/python3 …"; exit 1; }; \
	  echo "Making .venv with $$python"; "$$python" -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml constraints/django-5.2.txt
	@echo "Installing Newsroom (once; a minute or two)"
	@.venv/bin/python $(PIP) --editable . --constraint constraints/django-5.2.txt
	@touch $@

.venv/developing: .venv/bin/python pyproject.toml constraints/django-5.2.txt
	@echo "Installing Newsroom with its tools (once; a minute or two)"
	@.venv/bin/python $(PIP) --editable '.[dev,postgres,redis,s3]' --constraint constraints/django-5.2.txt
	@touch .venv/installed $@

.venv-moto/installed: # a stand-in for S3, apart since it brings dozens of packages; without it its tests are left out
	@"$$(deploy/find-python 3.11)" -m venv .venv-moto
	@.venv-moto/bin/python $(PIP) 'moto[s3,server]>=5.1,<6'
	@touch $@

.PHONY: django-6.1
django-6.1: # Django 6.1 needs Python 3.12: where there is none, its tests are left out and say so
	@if deploy/find-python 3.12 > /dev/null; then $(MAKE) --no-print-directory .venv-6.1/developing; fi

.venv-6.1/developing: pyproject.toml constraints/django-6.1.txt
	@echo "Installing Newsroom with Django 6.1 (once; a minute or two)"
	@"$$(deploy/find-python 3.12)" -m venv .venv-6.1
	@.venv-6.1/bin/python $(PIP) --editable '.[dev,postgres,redis,s3]' --constraint constraints/django-6.1.txt
	@touch $@

node_modules/installed: package.json # axe and the Nu HTML checker; without npm their tests are left out and say so
	@mkdir -p node_modules
	@if command -v npm > /dev/null; then \
	  npm install --ignore-scripts --no-audit --no-fund --no-package-lock --silent && touch $@ || \
	  echo "npm could not install axe and the Nu HTML checker: their tests are left out"; fi

$(RUN)/secret-key: | .venv/bin/python
	@mkdir -p $(RUN)
	@umask 077 && .venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(50))' > $@
