# Sets up the course and runs its tasks; `make` alone lists them.
# Override: PYTHON=python3.12 (which Python makes .venv), WORKERS=4 (processes of the tests), COURSE_LANG=pt-BR (of applications and benchmarks),
# QUICK=1 (applications that train for less than a minute, and err more).

VENV := .venv
BIN := $(VENV)/bin
# Stamps of the installed sets. `instructor` includes `lab`, `all` includes everything.
LAB := $(VENV)/.ready-lab
INSTRUCTOR := $(VENV)/.ready-instructor
APPS := $(VENV)/.ready-apps
READY := $(VENV)/.ready-all
WORKERS ?= 2
COURSE_LANG ?= en
# As root, for instance in a container, Jupyter needs an extra flag.
ROOT_FLAG := $(shell [ "$$(id -u)" = 0 ] && echo --allow-root)
LESSONS := $(firstword $(wildcard release/en) $(wildcard release))

# nbgrader and Jupyter start other commands by name.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help demo lab app-spam app-chat test clean lint build check unit nbval nbval-full verify verify-full bench bench-gpt bench-bpe bench-labels \
        bench-tuning bench-metrics bench-figures bench-restart data test-browser hooks system

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' Makefile

demo: system $(INSTRUCTOR) ## grade a demo class and write feedback for every student
	$(BIN)/autograder demo

lab: $(LAB) ## open the course in JupyterLab
	$(BIN)/jupyter lab $(ROOT_FLAG) --LabApp.default_url=/lab/tree/$(LESSONS)

app-spam: $(APPS) ## the spam checker as a page of its own; the first time it trains for a minute or two
	$(BIN)/python -m llmkit.apps.spam --lang $(COURSE_LANG) $(if $(QUICK),--quick)

app-chat: $(APPS) ## a chat with the tuned model as a page of its own; the first time it trains for a few minutes
	$(BIN)/python -m llmkit.apps.chat --lang $(COURSE_LANG) $(if $(QUICK),--quick)

test: system $(READY) ## everything that must hold before a change goes in
	@for step in lint check unit nbval verify; do $(MAKE) --no-print-directory $$step || exit 1; done
	@tools/heading.sh "all is well"

lint: $(READY) ## ruff on code and notebooks, mypy, import rules
	@tools/heading.sh "ruff, mypy, import-linter"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check -q .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo

build: $(READY) ## make release/ and solutions/ from source/
	$(BIN)/autograder build

check: $(INSTRUCTOR) ## are release/ and solutions/ up to date, and do they leak nothing
	@tools/heading.sh "release/ and solutions/ against source/"
	$(BIN)/autograder build --check

unit: $(READY) ## the project's own tests
	@tools/heading.sh "tests"
	$(BIN)/pytest -n $(WORKERS) --dist loadfile

nbval: $(READY) ## run the solutions notebooks, with long training cut short
	@tools/heading.sh "solutions, executed"
	LLMKIT_QUICK=1 $(BIN)/pytest -q -n $(WORKERS) --dist loadfile --nbval-lax solutions

nbval-full: $(READY) ## run the notebooks that train at full length; a result outside its band is an error (slow)
	LLMKIT_STRICT=1 $(BIN)/pytest -q --nbval-lax --nbval-cell-timeout=900 $(wildcard solutions/*/ch05 solutions/*/ch06 solutions/*/ch07 solutions/*/bert)

verify: $(INSTRUCTOR) ## test the tests: solutions get all marks, blanks none, mistakes lose some
	@tools/heading.sh "can the notebooks' tests be trusted"
	$(BIN)/autograder verify --no-mutants

verify-full: $(INSTRUCTOR) ## the same with automatic mutants of the solutions (slow)
	$(BIN)/autograder verify

bench: system $(READY) ## CPU time of grading against stock nbgrader
	$(BIN)/python benchmarks/autograde_cpu.py

bench-gpt: $(READY) ## tokens per second of llmkit.models.gpt against transformers and a plain GPT
	$(BIN)/python benchmarks/gpt_speed.py

bench-bpe: $(READY) ## time of training a byte-pair encoding against the size of the text, with two peers
	$(BIN)/python benchmarks/bpe_speed.py

bench-labels: $(READY) ## accuracy of the spam classifier after 50, 200 and 1,000 labels, against two rivals
	$(BIN)/python benchmarks/label_efficiency.py --lang $(COURSE_LANG)

bench-tuning: $(READY) ## exact matches by task before and after instruction tuning
	$(BIN)/python benchmarks/instruction_tuning.py --lang $(COURSE_LANG)

bench-metrics: $(READY) ## largest difference of each metric from a peer library, and the ratio of times
	$(BIN)/python benchmarks/metrics_peers.py

bench-figures: $(READY) ## how long the set-up cell and the first figure of a notebook of each chapter take
	$(BIN)/python benchmarks/first_figure.py

bench-restart: system $(READY) ## gradings killed at random moments and started again: is anything lost
	$(BIN)/python benchmarks/kill_and_restart.py

data: $(READY) ## regenerate the shipped texts, retrain the tokenizer; for the checkpoint: python data/train_mini.py
	for set in story_world messages instructions; do $(BIN)/python -m data.$$set || exit 1; done
	$(BIN)/python data/train_tokenizer.py
	$(BIN)/python tools/register_data.py

test-browser: $(READY) ## the tests that drive JupyterLab and the applications in Chromium
	@tools/system-packages.sh bubblewrap chromium
	$(BIN)/pytest -m browser

hooks: $(READY) ## check every commit before it is made
	$(BIN)/pre-commit install

clean: ## remove what make made: .venv, demo/ and caches
	rm -rf $(VENV) demo dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

system:
	@tools/system-packages.sh bubblewrap

$(VENV)/.ready-%: pyproject.toml constraints.txt tools/set-up.sh
	@tools/set-up.sh $(VENV) $*
