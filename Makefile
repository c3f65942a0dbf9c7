# The two commands of a newcomer are `make run` and `make test`.
# ARGS goes to the program: make run ARGS="--demo", make test ARGS="tests/core -q".

ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test kills many gallery check bench canaries conformance fuzz setup ocr lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /make \1: /p' Makefile

run: setup ## open Lightbox
	@.venv/bin/lightbox $(ARGS)

test: setup ## run the whole test suite, without a display (ARGS=-n0: in one process)
	@QT_QPA_PLATFORM=offscreen .venv/bin/python -m pytest \
		--numprocesses logical --maxprocesses 4 $(ARGS)

kills: setup ## kill 200 imports, exports, receivers and fetchers, and finish each
	@LIGHTBOX_KILLS=200 .venv/bin/python -m pytest tests/services/test_import_processes.py \
		tests/services/test_receiving_kills.py tests/services/test_transfer_queue.py \
		tests/services/test_export_kills.py \
		--timeout 3600 $(ARGS)

many: setup ## export 30,000 instances and look for each
	@LIGHTBOX_EXPORTED=30000 .venv/bin/python -m pytest \
		tests/services/test_export_scale.py --timeout 3600 $(ARGS)

gallery: setup ## every file of FOLDER (LIGHTBOX_TEST_DATA) as a picture, or why not
	@.venv/bin/python -m tests.gallery $(if $(FOLDER),--folder "$(FOLDER)") $(ARGS)

check: setup ## style, types and layers
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

bench: setup ## measure, each figure beside its physical limit
	@QT_QPA_PLATFORM=offscreen .venv/bin/python -m tests.benchmarks $(ARGS)

canaries: setup ## plant six thousand identifiers, export them, and count who lives
	@.venv/bin/python -m tests.canaries $(ARGS)

conformance: setup ## write the conformance statement anew from the tables
	@.venv/bin/python -m viewer.dicom.deidentification.conformance \
		> resources/deidentification/CONFORMANCE.md

COUNT ?= 100000
SECONDS ?= 14400
SEED ?= 1

fuzz: setup ## spoil COUNT files in at most SECONDS, with the dice of SEED
	@QT_QPA_PLATFORM=offscreen .venv/bin/python -m tests.hostile \
		--count $(COUNT) --seconds $(SECONDS) --seed $(SEED) $(ARGS)

setup: ## prepare .venv and the system libraries; does nothing when all is there
	@packaging/setup.sh

ocr: setup ## add what finds names written in pictures (extra ocr, Python below 3.13)
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes --only-binary :all: --no-deps \
		--requirement packaging/requirements-ocr.lock

lock: ## choose the newest allowed versions anew (needs uv)
	@uv pip compile --universal --generate-hashes --python-version 3.11 --upgrade \
		--no-header --no-annotate --quiet --group dev pyproject.toml \
		--output-file packaging/requirements.lock
	@uv pip compile --universal --generate-hashes --python-version 3.11 --upgrade \
		--no-deps --no-header --no-annotate --quiet packaging/requirements-ocr.in \
		--output-file packaging/requirements-ocr.lock

clean: ## remove what can be made again
	@rm -rf .venv artefacts build dist .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache .hypothesis
