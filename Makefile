# Everything needs only Python 3.11 or later and make; each verb makes the environment it uses.
.DEFAULT_GOAL := help
.PHONY: browser help setup setup-lint demo test lint bench bench-raw bench-mail bench-pages bench-size screenshots faults constraints fonts vendor clean

# The first Python that is new enough and can make environments. Override: make test PYTHON=python3.13
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$python -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --constraint constraints.txt --editable
FREEZE := freeze --exclude-editable --exclude pip --exclude setuptools

# The font of the PDFs: Latin, Greek and Cyrillic letters, punctuation and currency signs.
FONT := fontpkg-noto-sans==2.15
LETTERS := U+20-7E,U+A0-24F,U+2B0-2FF,U+300-30C,U+370-52F,U+1E00-1FFF,U+2000-206F,U+20A0-20CF,U+2100-214F,U+2150-215E,U+2190-2193,U+2212,U+2248,U+2260,U+2264-2265,U+25A1,U+FFFD

# What the pages use of others, and axe-core, which looks at them in tests.
VENDORED := htmx.org@4.0.1 @picocss/pico@2.1.1 axe-core@4.14.1

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/installed ## Make the environment in .venv/

setup-lint: .venv/installed-lint ## Add the tools that check the code

demo: setup ## Start a company to play with (ARGS=--once plays one order and ends)
	$(BIN)/countersign demo $(ARGS)

# The machine's own browser, else one of playwright's; where neither can be, its tests are skipped.
browser: setup
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
	|| $(BIN)/playwright install chromium \
	|| echo 'Without a browser its tests are skipped (Debian and Ubuntu: apt install chromium).' >&2

test: setup browser ## Run the tests (ARGS=tests/db runs some of them)
	$(BIN)/python -m pytest -q -n auto $(ARGS)

lint: setup-lint ## Check style, types and layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup build/bench-peers/installed ## Measure it beside its peers; writes docs/benchmarks.md
	$(BIN)/python -m bench.beside_peers $(ARGS)

bench-raw: setup ## Measure the engine beside the bare SQL it sends
	$(BIN)/python -m bench $(ARGS)

bench-pages: setup ## Measure the pages with 100,000 entries in the tables
	$(BIN)/python -m bench.pages $(ARGS)

bench-size: setup ## Compare a million approval entries with ten thousand
	$(BIN)/python -m bench.size $(ARGS)

bench-mail: setup build/bench-peers/installed ## Measure mail beside its peers
	$(BIN)/python -m bench.mail $(ARGS)

faults: setup ## Run the long tests: crashes, broken servers, many examples
	$(BIN)/python -m pytest -q -m faults --hypothesis-profile=long $(ARGS)

constraints: ## Write constraints.txt again from a clean installation
	rm -rf .venv
	$(MAKE) .venv/bin/python
	$(PIP) install --quiet --editable '.[test,lint]'
	{ echo '# The exact versions everything is tested with; `make constraints` writes them again.'; \
	  $(PIP) $(FREEZE); } > constraints.new
	mv constraints.new constraints.txt

fonts: setup ## Make the font of the PDFs again from its package
	rm -rf build/fonts
	$(PIP) install --quiet --no-deps --target build/fonts '$(FONT)'
	for style in Regular=400 Bold=700; do \
	  $(BIN)/fonttools subset 'build/fonts/fontpkg_noto_sans/files/NotoSans[wdth,wght].ttf' \
	    --unicodes='$(LETTERS)' --layout-features= --no-hinting --name-IDs='*' \
	    --output-file=build/fonts/letters.ttf \
	  && $(BIN)/fonttools varLib.instancer --quiet build/fonts/letters.ttf wght=$${style#*=} wdth=100 \
	    --update-name-table --no-recalc-timestamp -o templates/fonts/NotoSans-$${style%=*}.ttf \
	  || exit 1; done
	cp build/fonts/fontpkg_noto_sans/LICENSE templates/fonts/OFL.txt

screenshots: setup browser ## Take the pictures of the README again
	$(BIN)/python tests/browser/screenshots.py

vendor: ## Fetch what the pages use of others again, as it was published (needs npm)
	rm -rf build/vendor && mkdir -p build/vendor
	cd build/vendor && for package in $(VENDORED); do npm pack --silent $$package; done \
	  && for archive in *.tgz; do mkdir "$${archive%-*}" && tar -xzf "$$archive" -C "$${archive%-*}"; done
	cp build/vendor/htmx.org/package/dist/htmx.min.js web/static/vendor/htmx.min.js
	cp build/vendor/htmx.org/package/LICENSE web/static/vendor/htmx.LICENSE
	cp build/vendor/picocss-pico/package/css/pico.min.css web/static/vendor/pico.min.css
	cp build/vendor/picocss-pico/package/LICENSE.md web/static/vendor/pico.LICENSE
	cp build/vendor/axe-core/package/axe.min.js tests/vendor/axe.min.js
	cp build/vendor/axe-core/package/LICENSE tests/vendor/axe.LICENSE

clean: ## Remove the environment and everything that was built
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@test -n '$(PYTHON)' || { echo 'Countersign needs Python 3.11 or later with its venv module' \
		'(Debian and Ubuntu: apt install python3-venv).' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Countersign needs Python 3.11 or later; $(PYTHON) is older.' >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml constraints.txt | .venv/bin/python
	$(INSTALL) '.[test]'
	@touch $@

# Where a peer cannot be installed, the others are measured, and that is said.
PEERS := build/bench-peers/bin/python -m pip --disable-pip-version-check install --quiet
build/bench-peers/installed: bench/peers.txt
	@$(PYTHON) -m venv build/bench-peers
	@$(PEERS) --requirement bench/peers.txt || for peer in $$(grep -v '^#' bench/peers.txt); do \
		$(PEERS) --no-deps "$$peer" || echo "$$peer could not be installed." >&2; done
	@touch $@

.venv/installed-lint: .venv/installed
	$(INSTALL) '.[test,lint]'
	@touch $@
