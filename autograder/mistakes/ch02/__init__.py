"""Known mistakes of chapter 2, in the order of its notebooks' modules."""

from autograder.mistakes.ch02 import networks, tokenizers, windows

MISTAKES = [*tokenizers.MISTAKES, *networks.MISTAKES, *windows.MISTAKES]
