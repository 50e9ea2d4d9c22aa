"""Known mistakes of chapter 4, in the order of its notebooks."""

from autograder.catalogue import Mistake
from autograder.mistakes.ch04 import blocks, generation, layers, model

MISTAKES: list[Mistake] = [*layers.MISTAKES, *blocks.MISTAKES, *model.MISTAKES, *generation.MISTAKES]
