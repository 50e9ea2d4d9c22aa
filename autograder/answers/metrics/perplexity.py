"""Answers to exercise 1 of 01_overlap_metrics: perplexity."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="python-numbers",
        description="Plain Python: lists, fsum and math.exp.",
        code="""def perplexity(log_probs, mask=None):
    logs = log_probs.double().reshape(-1).tolist()
    flags = [True] * len(logs) if mask is None else mask.reshape(-1).tolist()
    used = [value for value, flag in zip(logs, flags) if flag]
    if not used:
        raise ValueError("nothing to measure")
    return math.exp(-math.fsum(used) / len(used))
""",
    ),
    Alternative(
        name="where-and-divide",
        description="Masked places become zeros with where; the sum is divided by the number of tokens that count.",
        code="""def perplexity(log_probs, mask=None):
    if mask is None:
        mask = torch.ones_like(log_probs, dtype=torch.bool)
    count = mask.sum()
    if count == 0:
        raise ValueError("empty mask")
    total = torch.where(mask, log_probs, torch.zeros_like(log_probs)).sum()
    return (-total / count).exp()
""",
    ),
    Alternative(
        name="bits",
        description="Bits and two to the power of their mean, which is the same number; numpy.",
        code="""def perplexity(log_probs, mask=None):
    import numpy as np

    logs = log_probs.detach().numpy().astype(np.float64)
    logs = logs.ravel() if mask is None else logs[mask.numpy()]
    if logs.size == 0:
        raise ValueError("there is no token that counts")
    bits = -logs / np.log(2.0)
    return float(2.0 ** bits.mean())
""",
    ),
    Alternative(
        name="masked-select-of-surprises",
        description="Surprises first, masked_select, a tensor with one element as the result.",
        code="""def perplexity(log_probs, mask=None):
    surprise = log_probs.neg()
    if mask is not None:
        surprise = torch.masked_select(surprise, mask)
    if surprise.numel() < 1:
        raise ValueError
    return surprise.double().mean().exp()
""",
    ),
]

_RIGHT = """def perplexity(log_probs, mask=None):
    if mask is None:
        mask = torch.ones_like(log_probs, dtype=torch.bool)
    chosen = log_probs[mask]
    if chosen.numel() == 0:
        raise ValueError("no token counts")
    return math.exp(-chosen.mean().item())
"""

_mistake = partial(made_in, _RIGHT, see="01_overlap_metrics: Exercise 1: perplexity")

MISTAKES = [
    _mistake(
        "loss-and-not-perplexity",
        "You return the mean negative logarithm, which is the loss. The perplexity is its exponential.",
        ("math.exp(-chosen.mean().item())", "-chosen.mean().item()"),
    ),
    _mistake(
        "sign-missing",
        "The minus sign is missing: your result is below 1, and a perplexity never is. It is the exponential of the "
        "*negative* mean.",
        ("math.exp(-chosen", "math.exp(chosen"),
    ),
    _mistake(
        "two-for-e",
        "You raise 2 to the mean, which is right for bits. These logarithms are natural ones: raise e.",
        ("math.exp(-chosen.mean().item())", "2 ** -chosen.mean().item()"),
    ),
    _mistake(
        "sum-for-mean",
        "You take the exponential of the sum, so longer texts look worse. Take the mean over the tokens that count.",
        ("chosen.mean()", "chosen.sum()"),
    ),
    _mistake(
        "mean-of-inverse-probabilities",
        "You average 1 / p. One unlikely token then decides everything; average the logarithms, then take the exponential.",
        ("math.exp(-chosen.mean().item())", "torch.exp(-chosen).mean().item()"),
    ),
    _mistake(
        "inverse-of-the-mean-probability",
        "You invert the mean of the probabilities. The perplexity is a geometric mean: average the logarithms.",
        ("math.exp(-chosen.mean().item())", "1 / torch.exp(chosen).mean().item()"),
    ),
    _mistake(
        "mask-not-used",
        "You do not use the mask, so padding counts as if it were text.",
        ("log_probs[mask]", "log_probs.flatten()"),
    ),
    _mistake(
        "mask-upside-down",
        "You measure what is masked out: True stands for a token that counts.",
        ("log_probs[mask]", "log_probs[~mask | mask.all()]"),
    ),
    _mistake(
        "multiplied-by-the-mask",
        "You multiply by the mask. Where masked places hold -inf or NaN, 0 times that is NaN; choose the places that "
        "count, with `log_probs[mask]` or `torch.where`.",
        ("chosen = log_probs[mask]", "chosen = log_probs * mask"),
        ("if chosen.numel() == 0:", "if not mask.any():"),
        ("-chosen.mean().item()", "-(chosen.sum() / mask.sum()).item()"),
    ),
    _mistake(
        "multiplied-and-averaged",
        "You multiply by the mask and take the mean of all places: where the mask is False a 0 counts, the logarithm of probability 1. Take "
        "the mean of the tokens that count.",
        ("chosen = log_probs[mask]", "chosen = log_probs * mask"),
    ),
    _mistake(
        "divided-by-all-places",
        "You divide the sum by the number of all places, padding included. Divide by the number of tokens that count.",
        ("-chosen.mean().item()", "-chosen.sum().item() / log_probs.numel()"),
    ),
    _mistake(
        "mean-of-the-rows",
        "You take the perplexity of each row and then their mean. One mean of the logarithms over all tokens that count, "
        "then one exponential.",
        (
            "    return math.exp(-chosen.mean().item())\n",
            "    rows = [r[m] for r, m in zip(log_probs.reshape(-1, log_probs.shape[-1]), mask.reshape(-1, mask.shape[-1]))]\n"
            "    each = [math.exp(-row.mean().item()) for row in rows if len(row)]\n"
            "    return sum(each) / len(each)\n",
        ),
    ),
    _mistake(
        "every-row-the-same-weight",
        "You average each row first and then the rows, so a token of a short text weighs more. All tokens that count weigh "
        "the same.",
        (
            "    return math.exp(-chosen.mean().item())\n",
            "    rows = [r[m] for r, m in zip(log_probs.reshape(-1, log_probs.shape[-1]), mask.reshape(-1, mask.shape[-1]))]\n"
            "    each = [row.mean().item() for row in rows if len(row)]\n"
            "    return math.exp(-sum(each) / len(each))\n",
        ),
    ),
    _mistake(
        "nothing-gives-nan",
        "Where no token counts you return NaN. There is no mean then: raise `ValueError`.",
        ('    if chosen.numel() == 0:\n        raise ValueError("no token counts")\n', ""),
    ),
    _mistake(
        "minus-infinity-left-out",
        "You leave out logarithms that are -inf. A token that counts and had probability 0 makes the perplexity infinite.",
        ("log_probs[mask]", "log_probs[mask & torch.isfinite(log_probs)]"),
    ),
    _mistake(
        "written-into-the-input",
        "You write into the caller's tensor. Choose the places that count, or work on a copy.",
        (
            "    chosen = log_probs[mask]\n",
            "    log_probs[~mask] = 0\n    chosen = log_probs[mask]\n    log_probs.neg_().neg_()\n",
        ),
    ),
]
