"""Right answers of chapter 2 in other styles, in the order of its notebooks' modules."""

from autograder.alternatives.ch02 import networks, tokenizers, windows

ALTERNATIVES = [*tokenizers.ALTERNATIVES, *networks.ALTERNATIVES, *windows.ALTERNATIVES]
