"""The first call of every notebook: language, seed, device, and, in Colab, missing packages."""

from __future__ import annotations

import re
import subprocess
import sys

from llmkit import i18n, opened, passed, runtime

SEED = 123
# What llmkit needs besides torch and numpy, which are Colab's own, and lazy_loader, without which this is not reached. The set-up cell
# of a notebook installs llmkit alone. Each of them is imported by its package's name.
NEEDED = (
    "huggingface_hub",
    "ipywidgets",
    "matplotlib",
    "plotly",
    "pooch",
    "regex",
    "requests",
    "rich",
    "safetensors",
    "tiktoken",
    "tqdm",
    "typer",
)


def start(notebook: str, lang: str = "en", seed: int = SEED) -> None:
    """Prepares a notebook and prints one line about where it runs.

    Args:
        notebook: chapter and name, such as "ch03/03_causal_attention".
        lang: language of messages, such as "en" or "pt-BR".
        seed: for Python's, numpy's and torch's random numbers, and for the inputs of the tests.

    Raises:
        ValueError: the notebook's name or the language is unknown.
    """
    if not re.fullmatch(r"[a-z]+\d*/\w+", notebook):
        raise ValueError(f'notebook should look like "ch03/03_causal_attention", not {notebook!r}')
    i18n.set_language(lang)
    if runtime.environment() == "colab":
        install_missing()
    from llmkit import testing  # needs torch
    from llmkit.testing import failed_runs

    runtime.seed_everything(seed)
    testing.seed(f"{notebook}/{seed}")
    failed_runs.watch()
    opened.remember(notebook)
    if passed.note not in testing.checks.hears:
        testing.checks.hears.append(passed.note)
    print(runtime.detect())


def install_missing() -> None:
    """Installs with pip what the notebooks need and Colab lacks; never touches torch."""
    missing = [name for name in NEEDED if not runtime.installed(name)]
    if missing:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *missing], check=True)
