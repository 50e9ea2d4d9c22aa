"""Known mistakes of chapter 7, in the order of its notebooks."""

from autograder.catalogue import Mistake
from autograder.mistakes.ch07 import collating, evaluation, prompts, responses, tuning

MISTAKES: list[Mistake] = [
    *prompts.MISTAKES,
    *collating.MISTAKES,
    *tuning.MISTAKES,
    *responses.MISTAKES,
    *evaluation.MISTAKES,
]
