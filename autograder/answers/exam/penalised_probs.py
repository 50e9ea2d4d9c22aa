"""Answers to exercise 3 of the exam: penalised_probs."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="bincount",
        description="PyTorch counts, and a mask of what is kept.",
        code="""def penalised_probs(logits, written):
    recent = torch.tensor(written[-VARIANT_memory:], dtype=torch.long)
    counts = torch.bincount(recent, minlength=len(logits))
    p = F.softmax((logits - VARIANT_penalty * counts) / VARIANT_temperature, dim=-1)
    p = torch.where(p >= VARIANT_min_p * p.max(), p, torch.zeros_like(p))
    return p / p.sum()
""",
    ),
    Alternative(
        name="on-a-copy",
        description="A copy of the logits, lowered token by token.",
        code="""def penalised_probs(logits, written):
    lowered = logits.clone()
    start = max(0, len(written) - VARIANT_memory)
    for place in range(start, len(written)):
        lowered[written[place]] -= VARIANT_penalty
    probs = torch.softmax(lowered / VARIANT_temperature, 0)
    probs[probs < probs.max() * VARIANT_min_p] = 0.0
    return probs / probs.sum()
""",
    ),
    Alternative(
        name="threshold-in-logits",
        description="The threshold is put to the logits, as a logarithm, and the softmax comes last.",
        code="""import math
from collections import Counter


def penalised_probs(logits, written):
    times = Counter(written[-VARIANT_memory:])
    lowered = torch.stack([one - VARIANT_penalty * times[token] for token, one in enumerate(logits)])
    scaled = lowered / VARIANT_temperature
    dropped = scaled < scaled.max() + math.log(VARIANT_min_p)
    return scaled.masked_fill(dropped, -math.inf).softmax(dim=0)
""",
    ),
    Alternative(
        name="one-hot",
        description="The counts as a sum of one-hot rows; the rest is divided in place of a softmax.",
        code="""def penalised_probs(logits, written):
    recent = torch.tensor(written, dtype=torch.long)[-VARIANT_memory:]
    counts = F.one_hot(recent, num_classes=logits.numel()).sum(dim=0)
    x = (logits - counts * VARIANT_penalty).div(VARIANT_temperature)
    shares = (x - x.max()).exp()
    shares = shares * (shares >= VARIANT_min_p)
    return shares / shares.sum()
""",
    ),
]

_RIGHT = """def penalised_probs(logits, written):
    counts = torch.zeros_like(logits)
    for token in written[-VARIANT_memory:]:
        counts[token] += 1
    probs = ((logits - VARIANT_penalty * counts) / VARIANT_temperature).softmax(0)
    kept = probs.masked_fill(probs < VARIANT_min_p * probs.max(), 0)
    return kept / kept.sum()
"""

_mistake = partial(made_in, _RIGHT)

MISTAKES = [
    _mistake(
        "counts-everything",
        "You penalise all that has been written: only the last tokens count.",
        ("written[-VARIANT_memory:]", "written"),
    ),
    _mistake(
        "counts-the-oldest",
        "You count the first tokens that were written: it should be the last ones.",
        ("written[-VARIANT_memory:]", "written[:VARIANT_memory]"),
    ),
    _mistake(
        "remembers-one-less",
        "You look back one token too few.",
        ("written[-VARIANT_memory:]", "written[-VARIANT_memory + 1 :]"),
    ),
    _mistake(
        "counts-only-once",
        "You penalise a token once, however often it occurs. Each time counts.",
        ("counts[token] += 1", "counts[token] = 1"),
    ),
    _mistake(
        "no-penalty",
        "Nothing is penalised: lower the logits of what was written lately.",
        ("(logits - VARIANT_penalty * counts)", "logits"),
    ),
    _mistake(
        "a-reward",
        "You raise the logits of what has been written, and so reward repetition.",
        ("logits - VARIANT_penalty", "logits + VARIANT_penalty"),
    ),
    _mistake(
        "penalty-divides",
        "You divide by the penalty. It is subtracted, once for each time.",
        ("(logits - VARIANT_penalty * counts)", "logits / VARIANT_penalty**counts"),
    ),
    _mistake(
        "penalty-after-temperature",
        "You divide by the temperature before the penalty: the penalty comes first, and is divided, too.",
        (
            "((logits - VARIANT_penalty * counts) / VARIANT_temperature)",
            "(logits / VARIANT_temperature - VARIANT_penalty * counts)",
        ),
    ),
    _mistake(
        "times-the-temperature",
        "You multiply by the temperature: the logits are divided by it.",
        ("/ VARIANT_temperature)", "* VARIANT_temperature)"),
    ),
    _mistake(
        "no-temperature",
        "The temperature is missing: divide the logits by it before the softmax.",
        (" / VARIANT_temperature)", ")"),
    ),
    _mistake(
        "fixed-threshold",
        "Your threshold is a probability. It is a share of the largest one.",
        ("VARIANT_min_p * probs.max()", "VARIANT_min_p"),
    ),
    _mistake(
        "threshold-before-temperature",
        "You look for the threshold at temperature 1. It applies to the probabilities that the temperature has made.",
        (
            "probs < VARIANT_min_p * probs.max()",
            "(plain := (logits - VARIANT_penalty * counts).softmax(0)) < VARIANT_min_p * plain.max()",
        ),
    ),
    _mistake(
        "threshold-before-penalty",
        "You look for the threshold in the probabilities without the penalty. It applies to those after it.",
        (
            "probs < VARIANT_min_p * probs.max()",
            "(plain := (logits / VARIANT_temperature).softmax(0)) < VARIANT_min_p * plain.max()",
        ),
    ),
    _mistake(
        "no-threshold",
        "The threshold is missing: unlikely tokens keep their probability.",
        ("kept = probs.masked_fill(probs < VARIANT_min_p * probs.max(), 0)", "kept = probs"),
    ),
    _mistake(
        "threshold-upside-down",
        "You drop the likely tokens and keep the unlikely ones.",
        ("probs < VARIANT_min_p * probs.max()", "(probs >= VARIANT_min_p * probs.max()) & (probs < probs.max())"),
    ),
    _mistake(
        "not-divided-again",
        "Your probabilities do not sum to one after the threshold: divide what is kept by its sum.",
        ("return kept / kept.sum()", "return kept"),
    ),
    _mistake(
        "softmax-again",
        "You take a softmax of probabilities. What the threshold has dropped comes back in it; divide by the sum.",
        ("return kept / kept.sum()", "return kept.softmax(0)"),
    ),
    _mistake(
        "logits-changed",
        "You lower the logits that you were given. Work on a copy.",
        (
            "    counts = torch.zeros_like(logits)\n",
            "    counts, lowered = torch.zeros_like(logits), logits\n",
        ),
        ("        counts[token] += 1\n", "        lowered[token] -= VARIANT_penalty\n"),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "probs = ((logits - VARIANT_penalty * counts) / VARIANT_temperature).softmax(0)",
        "0 → -1",
        "There is one dimension only, so the first is the last.",
    ),
    Equivalent(
        "kept = probs.masked_fill(probs < VARIANT_min_p * probs.max(), 0)",
        "< → <=",
        "No probability is exactly the threshold, once it has been rounded.",
    ),
]
