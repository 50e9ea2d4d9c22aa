"""Answers to exercise 1 of 06_multilayer_perceptron: how wrong was that?"""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="torch-loss",
        description="The library's loss; the gradient by the formula.",
        code="""def binary_cross_entropy(logits, targets):
    loss = F.binary_cross_entropy_with_logits(logits, targets.float())
    return loss, (1 / (1 + torch.exp(-logits)) - targets) / logits.numel()
""",
    ),
    Alternative(
        name="log-sigmoid",
        description="The two logarithms of the likelihood, each by logsigmoid.",
        code="""def binary_cross_entropy(logits, targets):
    likelihood = torch.where(targets > 0, F.logsigmoid(logits), F.logsigmoid(-logits))
    gradient = torch.where(targets > 0, -torch.sigmoid(-logits), torch.sigmoid(logits))
    return -likelihood.mean(), gradient / logits.shape[0]
""",
    ),
    Alternative(
        name="two-class-softmax",
        description="As two classes, of which class 0 has the logit zero.",
        code="""def binary_cross_entropy(logits, targets):
    both = torch.stack([torch.zeros_like(logits), logits], dim=1)
    loss = F.cross_entropy(both, targets.long())
    gradient = (both.softmax(dim=1) - F.one_hot(targets.long(), 2))[:, 1] / len(both)
    return loss, gradient
""",
    ),
    Alternative(
        name="loop",
        description="Point by point in plain Python.",
        code="""def binary_cross_entropy(logits, targets):
    losses, slopes = [], []
    for s, t in zip(logits.tolist(), targets.tolist()):
        sign = 1 if t == 1 else -1
        margin = sign * s
        losses.append(max(-margin, 0) + math.log1p(math.exp(-abs(margin))))
        wrong = math.exp(-margin) / (1 + math.exp(-margin)) if margin > 0 else 1 / (1 + math.exp(margin))
        slopes.append(-sign * wrong / len(logits))
    return torch.tensor(sum(losses) / len(losses)), torch.tensor(slopes)
""",
    ),
]

_RIGHT = """def binary_cross_entropy(logits, targets):
    targets = targets.to(logits.dtype)
    loss = (F.softplus(logits) - targets * logits).mean()
    gradient = (torch.sigmoid(logits) - targets) / len(logits)
    return loss, gradient
"""

_mistake = partial(made_in, _RIGHT, see="06_multilayer_perceptron: Exercise 1: how wrong was that?")

_LOSS = "(F.softplus(logits) - targets * logits).mean()"

MISTAKES = [
    _mistake(
        "gradient-turned-over",
        "Your gradient is true minus said. The loss rises with the logit where the answer was too high, so it is said "
        "minus true, the probability minus the target.",
        ("(torch.sigmoid(logits) - targets)", "(targets - torch.sigmoid(logits))"),
    ),
    _mistake(
        "gradient-of-the-sum",
        "Your gradient belongs to the sum of the losses. The loss is their mean, so each gradient is divided by the "
        "number of points.",
        (" / len(logits)", ""),
    ),
    _mistake(
        "sum-for-mean",
        "Your loss is the sum over the points. The exercise asks for the mean, so that the loss does not grow with the data.",
        (".mean()", ".sum()"),
    ),
    _mistake(
        "logits-as-probabilities",
        "Your gradient subtracts the target from the logit. Turn logits into probabilities first, by the sigmoid.",
        ("torch.sigmoid(logits) - targets", "logits - targets"),
    ),
    _mistake(
        "overflow",
        "Your loss takes the logarithm of a probability that a computer rounds to 0 or 1, and becomes infinite or NaN. "
        "Use the formula with `F.softplus`, which stays finite.",
        (
            _LOSS,
            "-(targets * torch.sigmoid(logits).log() + (1 - targets) * (1 - torch.sigmoid(logits)).log()).mean()",
        ),
    ),
    _mistake(
        "exponential-overflow",
        "Your loss computes e to the power of the logit, which is infinite for large logits. `F.softplus` computes "
        "log(1 + e^s) without it.",
        ("F.softplus(logits)", "torch.log(1 + torch.exp(logits))"),
    ),
    _mistake(
        "clamped-probabilities",
        "Your loss cuts probabilities off near 0 and 1, so a sure and wrong answer costs the same however sure it was. "
        "The formula with `F.softplus` needs no cutting.",
        (
            _LOSS,
            "F.binary_cross_entropy(torch.sigmoid(logits).clamp(1e-7, 1 - 1e-7), targets)",
        ),
    ),
    _mistake(
        "only-class-1",
        "Your loss counts only the points of class 1. The points of class 0 cost minus the logarithm of 1 - p.",
        (_LOSS, "-(targets * F.logsigmoid(logits)).mean()"),
    ),
    _mistake(
        "log-base-2",
        "Your loss is in bits. The exercise asks for nats, the natural logarithm, whose gradient is p - t.",
        (_LOSS, "(F.softplus(logits) - targets * logits).mean() / math.log(2)"),
    ),
    _mistake(
        "likelihood-not-negated",
        "Your loss is the logarithm of the likelihood, which should be large. A loss should be small: change its sign.",
        (_LOSS, "-(F.softplus(logits) - targets * logits).mean()"),
    ),
    _mistake(
        "squared-error",
        "Your loss is the squared distance of probability and target. The cross-entropy is the negative logarithm of "
        "the probability of what happened.",
        (_LOSS, "(torch.sigmoid(logits) - targets).square().mean()"),
    ),
    _mistake(
        "slope-of-the-sigmoid-left-in",
        "Your gradient is multiplied by p(1 - p), the slope of the sigmoid. In the cross-entropy it cancels: what stays is p - t.",
        (
            "(torch.sigmoid(logits) - targets)",
            "(torch.sigmoid(logits) - targets) * torch.sigmoid(logits) * (1 - torch.sigmoid(logits))",
        ),
    ),
    _mistake(
        "losses-not-averaged",
        "Your function returns one loss for each point. The loss is one number, their mean.",
        (".mean()", ""),
    ),
]
