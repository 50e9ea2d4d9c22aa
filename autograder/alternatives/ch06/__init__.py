"""Right answers in other styles of chapter 6, in the order of its notebooks."""

from autograder.alternatives.ch06 import classifier_head, classifier_training, data, using
from autograder.catalogue import Alternative

ALTERNATIVES: list[Alternative] = [
    *data.ALTERNATIVES,
    *classifier_head.ALTERNATIVES,
    *classifier_training.ALTERNATIVES,
    *using.ALTERNATIVES,
]
