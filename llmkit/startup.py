"""The first call of every notebook: language, seed, device, and, in Colab, missing packages."""

from __future__ import annotations

import re
import subprocess
import sys

from llmkit import i18n, opened, passed, runtime

SEED = 123
# Module and package of what notebooks use besides torch. torch is Colab's own, and nbgrader must not be installed there.
NEEDED = {
    "tiktoken": "tiktoken",
    "plotly": "plotly",
    "ipywidgets": "ipywidgets",
    "matplotlib": "matplotlib",
    "safetensors": "safetensors",
    "pooch": "pooch",
    "huggingface_hub": "huggingface_hub",
}


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
    missing = [package for module, package in NEEDED.items() if not runtime.installed(module)]
    if missing:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *missing], check=True)
