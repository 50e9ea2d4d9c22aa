"""Right answers in other styles of the appendix on metrics, in the order of its notebooks."""

from autograder.alternatives.metrics import judging, overlap
from autograder.catalogue import Alternative

ALTERNATIVES: list[Alternative] = [*overlap.ALTERNATIVES, *judging.ALTERNATIVES]
