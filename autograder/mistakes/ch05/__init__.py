"""Known mistakes of chapter 5, in the order of its notebooks."""

from autograder.catalogue import Mistake
from autograder.mistakes.ch05 import checkpoints, decoding, loss, schedule, training

MISTAKES: list[Mistake] = [
    *loss.MISTAKES,
    *training.MISTAKES,
    *schedule.MISTAKES,
    *decoding.MISTAKES,
    *checkpoints.MISTAKES,
]
