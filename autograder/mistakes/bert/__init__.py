"""Known mistakes of the appendix on BERT, in the order of its notebooks."""

from autograder.catalogue import Mistake
from autograder.mistakes.bert import data, embeddings, model, training

MISTAKES: list[Mistake] = [*data.MISTAKES, *embeddings.MISTAKES, *model.MISTAKES, *training.MISTAKES]
