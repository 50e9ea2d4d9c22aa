"""Answers to exercise 1 of 04_training_and_masks: mlm_loss."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="ignore-index",
        description="F.cross_entropy with its ignore_index on a transposed tensor; the empty case by a sum.",
        code="""def mlm_loss(logits, labels):
    total = F.cross_entropy(logits.transpose(1, 2), labels, ignore_index=-100, reduction="sum")
    return total / (labels != -100).sum().clamp(min=1)
""",
    ),
    Alternative(
        name="gather-and-weights",
        description="Log-softmax and gather at all places, weighted by 0 and 1.",
        code="""def mlm_loss(logits, labels):
    weights = labels.ne(-100).to(logits.dtype)
    log_p = logits - logits.logsumexp(dim=-1, keepdim=True)
    picked = log_p.gather(-1, labels.clamp(min=0).unsqueeze(-1)).squeeze(-1)
    return -(picked * weights).sum() / max(weights.sum(), torch.tensor(1.0))
""",
    ),
    Alternative(
        name="one-hot-product",
        description="Places by nonzero, a product with one-hot vectors.",
        code="""def mlm_loss(logits, labels):
    rows, places = (labels != -100).nonzero(as_tuple=True)
    if rows.numel() == 0:
        return torch.zeros((), dtype=logits.dtype)
    said = F.log_softmax(logits[rows, places], -1)
    true = F.one_hot(labels[rows, places], logits.shape[-1])
    return -(said * true).sum(-1).mean()
""",
    ),
]

_RIGHT = """def mlm_loss(logits, labels):
    asked = labels != -100
    if asked.sum() == 0:
        return 0.0 * logits.sum()
    scores, wanted = logits[asked], labels[asked]
    log_probs = torch.log_softmax(scores, dim=-1)
    return -log_probs[torch.arange(len(wanted)), wanted].mean()
"""

_mistake = partial(made_in, _RIGHT, see="04_training_and_masks: Exercise 1: mlm_loss")

MISTAKES = [
    _mistake(
        "unmasked-tokens-counted",
        "You count all tokens, also those where nothing is asked. Only places with a label count.",
        (
            "scores, wanted = logits[asked], labels[asked]",
            "scores, wanted = logits.flatten(0, 1), labels.flatten().clamp(min=0)",
        ),
    ),
    _mistake(
        "divided-by-all-tokens",
        "You divide by the number of all tokens. Divide by the number of labelled places.",
        ("wanted].mean()", "wanted].sum() / labels.numel()"),
    ),
    _mistake(
        "divided-by-the-rows",
        "You divide by the number of rows. Divide by the number of labelled places.",
        ("wanted].mean()", "wanted].sum() / len(labels)"),
    ),
    _mistake(
        "sum",
        "You return the sum. It is the mean over the labelled places.",
        ("wanted].mean()", "wanted].sum()"),
    ),
    _mistake(
        "mean-of-the-rows",
        "You take the mean of each row and then the mean of the rows. All labelled places of the batch count alike.",
        (
            "    scores, wanted = logits[asked], labels[asked]\n",
            "    if len(labels) > 1:\n        rows = [mlm_loss(a[None], b[None]) for a, b in zip(logits, labels) if (b != -100).any()]\n"
            "        return sum(rows) / len(rows)\n    scores, wanted = logits[asked], labels[asked]\n",
        ),
    ),
    _mistake(
        "nan-without-labels",
        "Where no token has a label your loss is not zero: it is NaN, or counts what nobody asked for. Look for this case first.",
        ("    if asked.sum() == 0:\n        return 0.0 * logits.sum()\n", ""),
    ),
    _mistake(
        "shifted",
        "You compare each token with the label of the next one, as for a GPT. Here the answer stands at the same place.",
        (
            "    asked = labels != -100\n",
            "    logits, labels = logits[:, :-1], labels[:, 1:]\n    asked = labels != -100\n",
        ),
    ),
    _mistake(
        "sign-missing",
        "The minus sign is missing.",
        ("return -log_probs", "return log_probs"),
    ),
    _mistake(
        "softmax-twice",
        "You take the softmax of probabilities: `cross_entropy` and `log_softmax` want logits.",
        ("torch.log_softmax(scores, dim=-1)", "torch.log_softmax(scores.softmax(dim=-1), dim=-1)"),
    ),
    _mistake(
        "no-logarithm",
        "The logarithm is missing: the loss is minus the mean *logarithm* of the probabilities.",
        ("torch.log_softmax(scores", "torch.softmax(scores"),
    ),
    _mistake(
        "softmax-over-the-places",
        "Your softmax goes over the places. For each place the probabilities of all words sum to 1.",
        ("torch.log_softmax(scores, dim=-1)", "torch.log_softmax(scores, dim=0)"),
    ),
    _mistake(
        "bits",
        "Your logarithm has the base 2. The loss is in nats, with the natural logarithm.",
        ("wanted].mean()", "wanted].mean() / math.log(2)"),
        ("def mlm_loss", "import math\n\n\ndef mlm_loss"),
    ),
    _mistake(
        "overflows",
        "Large logits overflow in your `exp`. `log_softmax` and `cross_entropy` take care of that.",
        (
            "torch.log_softmax(scores, dim=-1)",
            "torch.log(torch.exp(scores) / torch.exp(scores).sum(dim=-1, keepdim=True))",
        ),
    ),
    _mistake(
        "word-zero-left-out",
        "You leave out labels that are 0. Only -100 means that nothing is asked.",
        ("labels != -100", "labels > 0"),
    ),
    _mistake(
        "no-gradient",
        "Your loss depends on nothing: `detach`, `.item()` and `no_grad` stop the gradient.",
        ("torch.log_softmax(scores, dim=-1)", "torch.log_softmax(scores.detach(), dim=-1) + 0 * scores"),
    ),
]
