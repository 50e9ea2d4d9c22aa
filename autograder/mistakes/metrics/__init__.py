"""Known mistakes of the appendix on metrics, in the order of its notebooks."""

from autograder.catalogue import Mistake
from autograder.mistakes.metrics import judging, overlap

MISTAKES: list[Mistake] = [*overlap.MISTAKES, *judging.MISTAKES]
