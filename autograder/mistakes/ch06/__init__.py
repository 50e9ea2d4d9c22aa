"""Known mistakes of chapter 6, in the order of its notebooks."""

from autograder.catalogue import Mistake
from autograder.mistakes.ch06 import classifier_head, classifier_training, data, using

MISTAKES: list[Mistake] = [*data.MISTAKES, *classifier_head.MISTAKES, *classifier_training.MISTAKES, *using.MISTAKES]
