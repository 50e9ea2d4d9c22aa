"""Answers to exercise 1 of 07_mlp_in_pytorch: cross-entropy for many classes."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="log-softmax-indexed",
        description="log_softmax, indexed by rows and classes.",
        code="""def cross_entropy(logits, targets):
    table = torch.log_softmax(logits, dim=1)
    return -table[torch.arange(len(table)), targets].mean()
""",
    ),
    Alternative(
        name="one-hot",
        description="Exponentials after taking the largest logit off, and a product with one-hot rows.",
        code="""def cross_entropy(logits, targets):
    shifted = logits - logits.max(dim=1, keepdim=True).values
    log_sum = shifted.exp().sum(dim=1).log()
    true = (shifted * F.one_hot(targets, logits.shape[1])).sum(dim=1)
    return (log_sum - true).sum() / len(logits)
""",
    ),
    Alternative(
        name="loop",
        description="Point by point.",
        code="""def cross_entropy(logits, targets):
    losses = []
    for row, target in zip(logits, targets):
        losses.append(torch.logsumexp(row, 0) - row[target])
    return torch.stack(losses).mean()
""",
    ),
]

_RIGHT = """def cross_entropy(logits, targets):
    log_probabilities = logits - torch.logsumexp(logits, dim=-1, keepdim=True)
    return -log_probabilities[torch.arange(len(logits)), targets].mean()
"""

_mistake = partial(made_in, _RIGHT, see="07_mlp_in_pytorch: Exercise 1: cross-entropy for many classes")

_PICKED = "log_probabilities[torch.arange(len(logits)), targets]"
_LOGS = "logits - torch.logsumexp(logits, dim=-1, keepdim=True)"

MISTAKES = [
    _mistake(
        "softmax-over-the-points",
        "Your softmax runs over the points. The probabilities of one point, a row, sum to one: it runs over the classes.",
        ("dim=-1", "dim=0"),
    ),
    _mistake(
        "sum-for-mean",
        "Your loss is the sum over the points; the exercise asks for the mean.",
        (".mean()", ".sum()"),
    ),
    _mistake(
        "mean-over-everything",
        "Your loss averages over points and classes. Only the true class of each point counts, so divide by the number "
        "of points.",
        (f"{_PICKED}.mean()", f"{_PICKED}.sum() / logits.numel()"),
    ),
    _mistake(
        "likelihood-not-negated",
        "Your loss is the logarithm of the likelihood, which should be large. A loss should be small: change its sign.",
        ("return -log", "return log"),
    ),
    _mistake(
        "log-base-2",
        "Your loss is in bits; the exercise asks for nats, the natural logarithm.",
        (".mean()", ".mean() / math.log(2)"),
    ),
    _mistake(
        "logits-for-probabilities",
        "Your loss is minus the logit of the true class. Without the softmax the loss could fall for ever, and the "
        "other classes would not matter.",
        (_LOGS, "logits"),
    ),
    _mistake(
        "probability-for-logarithm",
        "Your loss is minus the probability of the true class. Likelihoods multiply, so it is the logarithm that is averaged.",
        (_LOGS, "torch.softmax(logits, dim=-1)"),
    ),
    _mistake(
        "softmax-twice",
        "Your loss takes the softmax of probabilities. `F.cross_entropy` and `log_softmax` want the logits as they are.",
        (_LOGS, "torch.log_softmax(torch.softmax(logits, dim=-1), dim=-1)"),
    ),
    _mistake(
        "log-of-softmax",
        "Your loss takes the logarithm of a probability that a computer rounds to zero, and becomes infinite. "
        "`torch.log_softmax` does both steps at once, safely.",
        (_LOGS, "torch.softmax(logits, dim=-1).log()"),
    ),
    _mistake(
        "overflow",
        "Your loss computes e to the power of a large logit, which is infinite. `torch.logsumexp` takes the largest "
        "logit off first.",
        (_LOGS, "logits - logits.exp().sum(dim=-1, keepdim=True).log()"),
    ),
    _mistake(
        "all-pairs",
        "You took the columns of the targets for every row. Each row has one target: index with rows and targets together.",
        (_PICKED, "log_probabilities[:, targets]"),
    ),
    _mistake(
        "rows-for-classes",
        "You picked rows by the targets. The targets are columns: in row i, take column t_i.",
        (_PICKED, "log_probabilities[targets]"),
    ),
    _mistake(
        "squared-error",
        "Your loss is the squared distance of the probabilities from the truth. The cross-entropy is minus the "
        "logarithm of the true class's probability.",
        (
            f"-{_PICKED}",
            "(log_probabilities.exp() - F.one_hot(targets, logits.shape[1])).square()",
        ),
    ),
    _mistake(
        "graph-cut",
        "Your loss has lost its graph, so no gradient reaches the logits. Leave out `.item()`, `.detach()` and "
        "`torch.tensor(...)` on the way.",
        (".mean()", ".mean().detach().requires_grad_()"),
    ),
]
