"""Answers to exercise 4 of the exam: smoothed_loss."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="wanted-probabilities",
        description="The wanted probabilities are written out, and compared by cross_entropy.",
        code="""def smoothed_loss(logits, targets, smoothing, pad_id):
    vocabulary = logits.size(-1)
    keep = (targets != pad_id).flatten()
    flat, ids = logits.reshape(-1, vocabulary)[keep], targets.flatten()[keep]
    if len(ids) == 0:
        return logits.sum() * 0.0
    wanted = torch.full(flat.shape, smoothing / (vocabulary - 1))
    wanted[torch.arange(len(ids)), ids] = 1 - smoothing
    return F.cross_entropy(flat, wanted)
""",
    ),
    Alternative(
        name="smoothing-of-torch",
        description="PyTorch's smoothing with another number, which makes up for the share of the right token.",
        code="""def smoothed_loss(logits, targets, smoothing, pad_id):
    V = logits.shape[-1]
    kept = targets != pad_id
    if not kept.any():
        return torch.zeros(())
    # PyTorch's smoothing s leaves 1 - s + s / V to the right token.
    plain = F.cross_entropy(logits[kept], targets[kept])
    uniform = -logits[kept].log_softmax(-1).mean()
    s = smoothing * V / (V - 1)
    return (1 - s) * plain + s * uniform
""",
    ),
    Alternative(
        name="loop",
        description="Position by position, in a loop.",
        code="""def smoothed_loss(logits, targets, smoothing, pad_id):
    total, count = torch.tensor(0.0), 0
    for b in range(targets.shape[0]):
        for t in range(targets.shape[1]):
            y = int(targets[b, t])
            if y == pad_id:
                continue
            logp = torch.log_softmax(logits[b, t], dim=0)
            rest = torch.cat([logp[:y], logp[y + 1 :]])
            total = total - (1 - smoothing) * logp[y] - smoothing * rest.mean()
            count += 1
    return total / count if count else total
""",
    ),
    Alternative(
        name="mask-that-multiplies",
        description="All positions are computed, and padding is multiplied by zero.",
        code="""def smoothed_loss(logits, targets, smoothing, pad_id):
    mask = (targets != pad_id).float()
    ids = torch.where(targets == pad_id, 0, targets)
    logp = logits - logits.logsumexp(dim=-1, keepdim=True)
    picked = torch.gather(logp, 2, ids.unsqueeze(-1)).squeeze(-1)
    other = (logp.sum(dim=-1) - picked) / (logits.shape[-1] - 1)
    loss = -((1 - smoothing) * picked + smoothing * other)
    return (loss * mask).sum() / mask.sum().clamp(min=1)
""",
    ),
]

_RIGHT = """def smoothed_loss(logits, targets, smoothing, pad_id):
    real = targets != pad_id
    log_probs = logits[real].log_softmax(1)
    right = log_probs.gather(1, targets[real][:, None]).squeeze(1)
    others = log_probs.sum(1) - right
    losses = (smoothing - 1) * right - smoothing / (logits.shape[2] - 1) * others
    return losses.sum() / max(len(losses), 1)
"""

_mistake = partial(made_in, _RIGHT)

MISTAKES = [
    _mistake(
        "smoothing-of-torch",
        "You share the smoothing among all tokens, as `label_smoothing` of PyTorch does. Here only the tokens that are not right share it.",
        (
            "(smoothing - 1) * right - smoothing / (logits.shape[2] - 1) * others",
            "(smoothing - 1) * right - smoothing / logits.shape[2] * (others + right)",
        ),
    ),
    _mistake(
        "divided-by-all-tokens",
        "You give each other token one part of V. There are V - 1 of them, and together they should have all of the smoothing.",
        ("/ (logits.shape[2] - 1)", "/ logits.shape[2]"),
    ),
    _mistake(
        "each-other-has-all",
        "Each of the other tokens gets the whole smoothing in your loss: they share it.",
        ("smoothing / (logits.shape[2] - 1) * others", "smoothing * others"),
    ),
    _mistake(
        "right-token-keeps-all",
        "The right token should get 1 less the smoothing, and gets 1.",
        ("(smoothing - 1) * right", "-right"),
    ),
    _mistake(
        "no-smoothing",
        "This is the plain cross-entropy: the other tokens have no part in it.",
        (
            "(smoothing - 1) * right - smoothing / (logits.shape[2] - 1) * others",
            "-right",
        ),
    ),
    _mistake(
        "others-forgotten",
        "You lower the part of the right token, and give it to nobody.",
        (" - smoothing / (logits.shape[2] - 1) * others", ""),
    ),
    _mistake(
        "exchanged",
        "You have exchanged the two parts: the right token gets the smoothing, and the others the rest.",
        (
            "(smoothing - 1) * right - smoothing / (logits.shape[2] - 1) * others",
            "-smoothing * right - (1 - smoothing) / (logits.shape[2] - 1) * others",
        ),
    ),
    _mistake(
        "sum-for-mean",
        "You add up the losses of the positions: the loss of the batch is their mean.",
        ("losses.sum() / max(len(losses), 1)", "losses.sum()"),
    ),
    _mistake(
        "mean-over-padding",
        "You divide by all positions, padding included. The mean is over those that are no padding.",
        ("max(len(losses), 1)", "targets.numel()"),
    ),
    _mistake(
        "mean-of-nothing",
        "Where everything is padding your loss is not a number: you divide by zero positions.",
        ("losses.sum() / max(len(losses), 1)", "losses.mean()"),
    ),
    _mistake(
        "only-minus-100",
        "You take -100 for padding, whatever `pad_id` is.",
        ("targets != pad_id", "targets != -100"),
    ),
    _mistake(
        "padding-by-sign",
        "You take negative targets for padding. Padding may have an id of the vocabulary: compare with `pad_id`.",
        ("targets != pad_id", "targets >= 0"),
    ),
    _mistake(
        "only-padding",
        "You keep the padding and leave out the rest.",
        ("targets != pad_id", "targets == pad_id"),
    ),
    _mistake(
        "log-of-softmax",
        "You take the logarithm of a softmax. For large logits it is minus infinity: use `log_softmax`.",
        ("log_softmax(1)", "softmax(1).log()"),
    ),
    _mistake(
        "no-logarithm",
        "You add up probabilities: the loss is made of their logarithms.",
        ("log_softmax(1)", "softmax(1)"),
    ),
    _mistake(
        "softmax-twice",
        "Your logits go through two softmaxes.",
        ("log_softmax(1)", "softmax(1).log_softmax(1)"),
    ),
    _mistake(
        "a-plain-number",
        "Your loss is a plain number: no gradient can go back through it.",
        ("return losses.sum() / max(len(losses), 1)", "return torch.tensor(losses.sum().item() / max(len(losses), 1))"),
    ),
    _mistake(
        "minus-forgotten",
        "The sign of your loss is wrong: it grows when the model gets better.",
        (
            "(smoothing - 1) * right - smoothing / (logits.shape[2] - 1) * others",
            "(1 - smoothing) * right + smoothing / (logits.shape[2] - 1) * others",
        ),
    ),
]
