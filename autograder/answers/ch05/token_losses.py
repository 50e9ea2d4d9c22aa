"""Answers to exercise 1 of 01_loss_and_perplexity: the loss of each token."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="transposed-cross-entropy",
        description="F.cross_entropy with the classes in dimension 1.",
        code="""def token_losses(logits, targets):
    return F.cross_entropy(logits.permute(0, 2, 1), targets, reduction="none")
""",
    ),
    Alternative(
        name="logsumexp-and-indices",
        description="The formula with logsumexp, and indexing with three tensors.",
        code="""def token_losses(logits, targets):
    B, T, _ = logits.shape
    rows = torch.arange(B)[:, None]
    places = torch.arange(T)[None, :]
    return logits.logsumexp(dim=2) - logits[rows, places, targets]
""",
    ),
    Alternative(
        name="one-hot",
        description="The sum over the vocabulary with a one-hot table.",
        code="""def token_losses(logits, targets):
    true = F.one_hot(targets, logits.size(-1)).to(logits.dtype)
    return -(F.log_softmax(logits, -1) * true).sum(-1)
""",
    ),
    Alternative(
        name="flat",
        description="Flattened to a table, log_softmax after the largest logit is taken away, shaped back.",
        code="""def token_losses(logits, targets):
    flat, ids = logits.reshape(-1, logits.shape[-1]), targets.reshape(-1)
    flat = flat - flat.max(dim=1, keepdim=True).values.detach()
    log_sum = torch.log(torch.exp(flat).sum(dim=1))
    return (log_sum - flat[range(len(ids)), ids]).view(targets.shape)
""",
    ),
    Alternative(
        name="loops",
        description="A loop over texts, a distribution object of PyTorch for each.",
        code="""def token_losses(logits, targets):
    found = []
    for text, ids in zip(logits, targets):
        found.append(-torch.distributions.Categorical(logits=text).log_prob(ids))
    return torch.stack(found)
""",
    ),
]

_RIGHT = """def token_losses(logits, targets):
    log_probs = torch.log_softmax(logits, dim=-1)
    picked = torch.gather(log_probs, 2, targets.unsqueeze(-1))
    return -picked.squeeze(-1)
"""

_FLAT_RIGHT = """def token_losses(logits, targets):
    B, T, V = logits.shape
    losses = F.cross_entropy(logits.transpose(1, 2), targets, reduction="none")
    return losses
"""

_SEE = "01_loss_and_perplexity: Exercise 1: the loss of each token"
_mistake = partial(made_in, _RIGHT, see=_SEE)
_flat_mistake = partial(made_in, _FLAT_RIGHT, see=_SEE)

MISTAKES = [
    _mistake(
        "no-minus",
        "Your losses are negative: the logarithm of a probability is at most 0. The loss is minus it.",
        ("return -picked", "return picked"),
    ),
    _mistake(
        "probability-for-logarithm",
        "You return the probability of the target, with a minus. The loss is the negative *logarithm* of it.",
        ("torch.log_softmax", "torch.softmax"),
    ),
    _mistake(
        "one-minus-the-probability",
        "You return 1 - p. The loss is -log p, which grows without limit when the truth was thought impossible.",
        ("torch.log_softmax", "torch.softmax"),
        ("-picked.squeeze(-1)", "1 - picked.squeeze(-1)"),
    ),
    _mistake(
        "softmax-over-the-places",
        "Your softmax runs over the places of the text. It belongs over the vocabulary, the last dimension.",
        ("logits, dim=-1", "logits, dim=1"),
    ),
    _mistake(
        "not-normalised",
        "You take the logit of the target for the logarithm of its probability. It becomes one by the softmax: subtract "
        "the log of the sum of all exponentials.",
        ("torch.log_softmax(logits, dim=-1)", "logits"),
    ),
    _mistake(
        "softmax-twice",
        "You take the softmax twice: log_softmax has one inside. It wants raw logits.",
        ("torch.log_softmax(logits", "torch.log_softmax(logits.softmax(dim=-1)"),
    ),
    _mistake(
        "log-of-softmax",
        "Your softmax gives exactly 0 for logits far below the largest, and its logarithm is infinite. `log_softmax` does "
        "both in one safe step.",
        ("torch.log_softmax(logits, dim=-1)", "torch.log(torch.softmax(logits, dim=-1))"),
    ),
    _mistake(
        "exponentials-overflow",
        "You compute the exponentials of the logits as they are, and those of large ones are infinite. `log_softmax` and "
        "`logsumexp` subtract the largest logit first.",
        ("torch.log_softmax(logits, dim=-1)", "logits - logits.exp().sum(dim=-1, keepdim=True).log()"),
    ),
    _mistake(
        "log-with-a-small-number",
        "You add a small number inside the logarithm to avoid log 0. This caps the loss and falsifies it; `log_softmax` "
        "needs no such help.",
        ("torch.log_softmax(logits, dim=-1)", "torch.log(torch.softmax(logits, dim=-1) + 1e-9)"),
    ),
    _mistake(
        "base-two",
        "Your logarithm has base 2, so your unit is the bit. Losses are in nats: natural logarithms.",
        ("-picked.squeeze(-1)", "-picked.squeeze(-1) / math.log(2)"),
    ),
    _mistake(
        "best-guess",
        "You take the probability of the model's own best guess. The loss asks for that of the target.",
        ("targets.unsqueeze(-1)", "logits.argmax(dim=-1, keepdim=True)"),
    ),
    _mistake(
        "shifted-twice",
        "You shift by one more place. Inputs and targets are shifted already: place t of the logits is the guess at "
        "target t.",
        ("log_probs, 2, targets.unsqueeze(-1)", "log_probs[:, :-1], 2, targets[:, 1:].unsqueeze(-1)"),
    ),
    _mistake(
        "already-averaged",
        "You return one number, the mean. Here each token keeps its own loss: shape (B, T).",
        ("-picked.squeeze(-1)", "-picked.mean()"),
    ),
    _mistake(
        "mean-over-the-text",
        "You average over each text. Here each token keeps its own loss: shape (B, T).",
        ("-picked.squeeze(-1)", "-picked.squeeze(-1).mean(dim=1)"),
    ),
    _mistake(
        "dimension-left-over",
        "Your result has a third dimension of size 1, left over from `gather`. Take it away with `squeeze(-1)`.",
        ("-picked.squeeze(-1)", "-picked"),
    ),
    _mistake(
        "all-small-dimensions-squeezed",
        "`squeeze()` without a number takes away every dimension of size 1: a batch of one text, or texts of one token, "
        "lose theirs too. Say which one.",
        ("picked.squeeze(-1)", "picked.squeeze()"),
    ),
    _mistake(
        "cut-off-from-the-gradient",
        "Your losses are cut off from the logits, so nothing could be trained with them: no `detach`, no `.data`, no "
        "`no_grad`.",
        ("torch.log_softmax(logits,", "torch.log_softmax(logits.detach(),"),
    ),
    _flat_mistake(
        "reshaped-for-transposed",
        "`view` and `reshape` to (B, V, T) keep the numbers in their order and cut them anew, so logits of different "
        "tokens get mixed up. Swap the dimensions: `transpose(1, 2)`.",
        ("logits.transpose(1, 2)", "logits.reshape(B, V, T)"),
    ),
    _flat_mistake(
        "softmax-before-cross-entropy",
        "You take a softmax before `F.cross_entropy`, which has one inside. It wants raw logits.",
        ("logits.transpose(1, 2)", "logits.softmax(dim=-1).transpose(1, 2)"),
    ),
    _flat_mistake(
        "averaged-by-cross-entropy",
        "`F.cross_entropy` averages unless it is told otherwise. Here each token keeps its own loss: "
        '`reduction="none"`.',
        (', reduction="none"', ""),
    ),
    _flat_mistake(
        "texts-and-places-swapped",
        "Your rows come back in another order than they went in: flattened by place first, shaped by text first. Flatten "
        "and shape in the same order.",
        (
            'F.cross_entropy(logits.transpose(1, 2), targets, reduction="none")',
            'F.cross_entropy(logits.transpose(0, 1).flatten(0, 1), targets.T.flatten(), reduction="none").view(B, T)',
        ),
    ),
]
