"""Right answers in other styles of chapter 5, in the order of its notebooks."""

from autograder.alternatives.ch05 import checkpoints, decoding, loss, schedule, training
from autograder.catalogue import Alternative

ALTERNATIVES: list[Alternative] = [
    *loss.ALTERNATIVES,
    *training.ALTERNATIVES,
    *schedule.ALTERNATIVES,
    *decoding.ALTERNATIVES,
    *checkpoints.ALTERNATIVES,
]
