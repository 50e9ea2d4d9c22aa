"""Right answers of chapter 4 in other styles, in the order of its notebooks."""

from autograder.alternatives.ch04 import blocks, generation, layers, model
from autograder.catalogue import Alternative

ALTERNATIVES: list[Alternative] = [
    *layers.ALTERNATIVES,
    *blocks.ALTERNATIVES,
    *model.ALTERNATIVES,
    *generation.ALTERNATIVES,
]
