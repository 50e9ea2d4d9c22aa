"""Known mistakes of chapter 6, in the order of its notebooks' modules; those that are not written yet are left out."""

from importlib import import_module
from importlib.util import find_spec

from autograder.catalogue import Mistake

_NAMES = [f"{__name__}.{part}" for part in ("data", "classifier_head", "classifier_training", "using")]

MISTAKES: list[Mistake] = [entry for name in _NAMES if find_spec(name) for entry in import_module(name).MISTAKES]
