"""Right answers in other styles of the appendix on BERT, in the order of its notebooks."""

from autograder.alternatives.bert import data, embeddings, model, training
from autograder.catalogue import Alternative

ALTERNATIVES: list[Alternative] = [
    *data.ALTERNATIVES,
    *embeddings.ALTERNATIVES,
    *model.ALTERNATIVES,
    *training.ALTERNATIVES,
]
