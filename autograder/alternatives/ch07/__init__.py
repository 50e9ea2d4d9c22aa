"""Right answers in other styles of chapter 7, in the order of its notebooks."""

from autograder.alternatives.ch07 import collating, evaluation, prompts, responses, tuning
from autograder.catalogue import Alternative

ALTERNATIVES: list[Alternative] = [
    *prompts.ALTERNATIVES,
    *collating.ALTERNATIVES,
    *tuning.ALTERNATIVES,
    *responses.ALTERNATIVES,
    *evaluation.ALTERNATIVES,
]
