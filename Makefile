# Sets up the course and runs its tasks; `make` alone lists them.
# Override: PYTHON=python3.12 (which Python makes .venv), WORKERS=4 (processes of the tests), COURSE_LANG=pt-BR (of JupyterLab, applications and benchmarks),
# MODEL=smollm2 (app-chat with a small assistant that others trained; 98 MB are downloaded once),
# QUICK=1 (applications that are there in less than half a minute on two idle cores, and err more),
# SHARE=1 (the part of what is proved already that `make test`, or one of its steps, runs all the same), SAMPLE_SEED=x (which part).

VENV := .venv
BIN := $(VENV)/bin
# Stamps of the installed sets. `instructor` includes `lab`, `all` includes everything.
LAB := $(VENV)/.ready-lab
INSTRUCTOR := $(VENV)/.ready-instructor
APPS := $(VENV)/.ready-apps
READY := $(VENV)/.ready-all
WORKERS ?= 2
COURSE_LANG ?= en
SHARE ?= 0.1
FULL_SHARE ?= 0
SAMPLE_SEED ?=
# Slow checks whose inputs are those with which they passed are left out, but for a share of them: see docs/verification.md.
CHANGED = --changed --sample-seed "$(SAMPLE_SEED)" --share
# As many notebooks as workers run at once; threads of torch on top of that wait for each other.
ONE_THREAD = OMP_NUM_THREADS=1
PYTEST = $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -p autograder.selection.pytest_plugin
# As root, for instance in a container, Jupyter needs an extra flag.
ROOT_FLAG := $(shell [ "$$(id -u)" = 0 ] && echo --allow-root)
# `make lab` speaks COURSE_LANG where it is given, else the language of the machine.
LESSONS = release/$(if $(filter file,$(origin COURSE_LANG)),$(shell tools/language.sh release),$(COURSE_LANG))

# nbgrader and Jupyter start other commands by name.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help demo lab app-spam app-chat test test-all clean lint build docs wheel colab-bundle colab check unit nbval nbval-full verify bench-grading bench-gpt bench-modern bench-bpe bench-labels \
        bench-tuning bench-quick bench-metrics bench-figures bench-restart data test-browser hooks system

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' Makefile

demo: system $(INSTRUCTOR) ## grade a demo class and write feedback for every student
	$(BIN)/autograder demo

lab: $(LAB) ## open the course's start page in JupyterLab, in the language of the machine or COURSE_LANG
	$(BIN)/jupyter lab $(ROOT_FLAG) --config=tools/student_lab.py --LabApp.default_url=/lab/tree/$(LESSONS)/00_start.ipynb

app-spam: $(APPS) ## the spam checker as a page of its own; the first time it trains for a quarter of a minute to a minute
	$(BIN)/python -m llmkit.apps.spam --lang $(COURSE_LANG) $(if $(QUICK),--quick)

app-chat: $(APPS) ## a chat with the tuned model as a page of its own; the first time it trains for three to twenty minutes
	$(BIN)/python -m llmkit.apps.chat --lang $(COURSE_LANG) $(if $(QUICK),--quick) $(if $(MODEL),--model $(MODEL))

test: $(READY) ## what a change needs: all quick checks, the slow ones that it can have broken, a tenth of the others
	@tools/system-packages.sh bubblewrap chromium postgresql
	@for step in lint check unit nbval $(LONG) verify; do $(MAKE) --no-print-directory $$step || exit 1; done
	@tools/heading.sh "all is well"

test-all: ## every check there is, at full length, too; takes long, and brings tests/proved.txt up to date
	@$(MAKE) --no-print-directory test SHARE=1 FULL_SHARE=1 LONG="nbval-full colab"

lint: $(READY) ## ruff on code and notebooks, mypy, import rules
	@tools/heading.sh "ruff, mypy, import-linter"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check -q .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo

build: $(READY) ## make release/ and solutions/ from source/
	$(BIN)/autograder build

docs: $(READY) ## the handbook of docs/ as web pages, in dist/docs; a warning is an error
	$(BIN)/sphinx-build -q -W --keep-going -c docs . dist/docs

wheel: $(LAB) ## what Colab installs, in dist/: llmkit and its data, no solution, no hidden test
	$(BIN)/pip wheel --quiet --no-deps -w dist .
	@ls -l dist/*.whl

colab-bundle: $(INSTRUCTOR) ## for a class without GitHub: a zip for Google Drive, wheel and notebooks, in dist/
	$(BIN)/autograder bundle

check: $(INSTRUCTOR) ## are release/ and solutions/ up to date, and do they leak nothing
	@tools/heading.sh "release/ and solutions/ against source/"
	$(BIN)/autograder build --check

unit: $(READY) ## the project's own tests
	@tools/heading.sh "tests"
	$(PYTEST) $(CHANGED) $(SHARE)

nbval: $(READY) ## run the solutions notebooks, with long training cut short
	@tools/heading.sh "solutions, executed"
	$(ONE_THREAD) LLMKIT_QUICK=1 $(PYTEST) $(CHANGED) $(SHARE) -q --nbval-lax solutions

nbval-full: $(READY) ## run the notebooks that train at full length; a result outside its band is an error
	@tools/heading.sh "solutions, executed at full length"
	$(ONE_THREAD) LLMKIT_STRICT=1 $(PYTEST) $(CHANGED) $(FULL_SHARE) -q --nbval-lax --nbval-cell-timeout=900 solutions

colab: $(READY) ## every release notebook in an emulation of Colab, saved there and graded
	@tools/heading.sh "release notebooks in Colab, emulated"
	$(BIN)/python tests/colab/every_notebook.py

verify: $(INSTRUCTOR) ## test the tests: solutions get all marks, blanks none, mistakes and mutants of the solutions lose some
	@tools/heading.sh "can the notebooks' tests be trusted"
	$(BIN)/autograder verify $(CHANGED) $(SHARE)

bench-grading: system $(READY) ## grading a class: stock nbgrader, an earlier build, this one with one and two processes
	$(BIN)/python benchmarks/grading.py

bench-gpt: $(READY) ## tokens per second of llmkit.models.gpt against transformers and a plain GPT
	$(BIN)/python benchmarks/gpt_speed.py

bench-modern: $(READY) ## tokens per second and memory of SmolLM2 in llmkit, in transformers and in llama.cpp, which is built for it
	$(BIN)/python benchmarks/modern.py

bench-bpe: $(READY) ## time of training a byte-pair encoding against the size of the text, with two peers
	$(BIN)/python benchmarks/bpe_speed.py

bench-labels: $(READY) ## accuracy of the spam classifier after 50, 200 and 1,000 labels, against two rivals
	$(BIN)/python benchmarks/label_efficiency.py --lang $(COURSE_LANG)

bench-tuning: $(READY) ## exact matches by task before and after instruction tuning
	$(BIN)/python benchmarks/instruction_tuning.py --lang $(COURSE_LANG)

bench-quick: $(READY) ## what QUICK=1 gives up in the applications, and what it saves
	$(BIN)/python benchmarks/quick_mode.py --lang $(COURSE_LANG)

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
