"""Answers to exercise 3 of 04_decoding: top-p."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="shifted-mask",
        description="The mask of sums above p, moved on by one place.",
        code="""def top_p_filter(logits, p):
    sorted_logits, sorted_indices = torch.sort(logits, descending=True)
    cumulative = torch.cumsum(torch.softmax(sorted_logits, dim=-1), dim=-1)
    remove = cumulative > p
    remove[..., 1:] = remove[..., :-1].clone()
    remove[..., 0] = False
    mask = torch.empty_like(remove).scatter_(-1, sorted_indices, remove)
    return torch.where(mask, torch.full_like(logits, -torch.inf), logits)
""",
    ),
    Alternative(
        name="from-below",
        description="Sorted upwards: what together has at most 1 - p goes; the largest always stays.",
        code="""def top_p_filter(logits, p):
    probs, order = torch.softmax(logits, dim=-1).sort(dim=-1)
    remove = probs.cumsum(dim=-1) <= 1 - p
    remove[:, -1] = False
    return logits.masked_fill(remove.gather(1, order.argsort(dim=-1)), float("-inf"))
""",
    ),
    Alternative(
        name="comparing-all-pairs",
        description="The probability of all that are more probable, by comparing each with each; no sort.",
        code="""def top_p_filter(logits, p):
    probs = logits.softmax(-1)
    larger = (probs[:, None, :] > probs[:, :, None]).to(probs.dtype)
    before = torch.einsum("bij,bj->bi", larger, probs)
    return logits + torch.where(before < p, 0.0, -torch.inf)
""",
    ),
    Alternative(
        name="lists",
        description="A loop over rows and tokens with a running sum, in a copy.",
        code="""def top_p_filter(logits, p):
    out = logits.clone()
    for row in range(len(logits)):
        total = 0.0
        probs = torch.softmax(logits[row].double(), dim=0)
        for token in torch.argsort(probs, descending=True).tolist():
            if total >= p:
                out[row, token] = -math.inf
            total += probs[token].item()
    return out
""",
    ),
    Alternative(
        name="threshold",
        description="How many stay, the smallest logit of them, and a comparison with it.",
        code="""def top_p_filter(logits, p):
    ordered = logits.sort(dim=1, descending=True).values
    sums = ordered.softmax(dim=1).cumsum(dim=1)
    last = (sums < p).sum(dim=1, keepdim=True).clamp(max=logits.shape[1] - 1)
    return torch.where(logits >= ordered.gather(1, last), logits, -torch.inf)
""",
    ),
]

_RIGHT = """def top_p_filter(logits, p):
    sorted_logits, sorted_indices = torch.sort(logits, dim=-1, descending=True)
    probs = torch.softmax(sorted_logits, dim=-1)
    before = torch.cumsum(probs, dim=-1) - probs
    sorted_remove = before >= p
    remove = sorted_remove.scatter(1, sorted_indices, sorted_remove)
    return logits.masked_fill(remove, float("-inf"))
"""

_mistake = partial(made_in, _RIGHT, see="04_decoding: Exercise 3: top-p")

MISTAKES = [
    _mistake(
        "crossing-token-dropped",
        "You drop the token with which the sum crosses p, and when the first token crosses it, nothing is left. It stays: look "
        "at the sum of the tokens before.",
        ("    before = torch.cumsum(probs, dim=-1) - probs\n", "    before = torch.cumsum(probs, dim=-1)\n"),
        ("before >= p", "before > p"),
    ),
    _mistake(
        "crossing-token-dropped-but-one-kept",
        "You drop the token with which the sum crosses p, and only make sure that one token stays. What stays must have at "
        "least the probability p together.",
        ("    before = torch.cumsum(probs, dim=-1) - probs\n", "    before = torch.cumsum(probs, dim=-1)\n"),
        ("    sorted_remove = before >= p\n", "    sorted_remove = before > p\n    sorted_remove[:, 0] = False\n"),
    ),
    _mistake(
        "one-too-many",
        "You keep one token more than are needed to reach p.",
        (
            "    sorted_remove = before >= p\n",
            "    sorted_remove = (before - probs.roll(1, dims=-1) * (torch.arange(probs.size(-1)) > 0)) >= p\n",
        ),
    ),
    _mistake(
        "not-put-back",
        "Your mask is in sorted order, and you lay it on logits that are not. Put each entry back to its token's place, with "
        "`scatter`.",
        ("sorted_remove.scatter(1, sorted_indices, sorted_remove)", "sorted_remove"),
    ),
    _mistake(
        "gather-for-scatter",
        "You bring the mask back with `gather`, which goes the other way. The entry of rank r belongs to the place order[r]: "
        "that is `scatter`.",
        ("sorted_remove.scatter(1, sorted_indices, sorted_remove)", "sorted_remove.gather(1, sorted_indices)"),
    ),
    _mistake(
        "sorted-logits-returned",
        "You return the logits in sorted order, so that they belong to other tokens. They stay at their old places.",
        (
            'return logits.masked_fill(remove, float("-inf"))',
            'return sorted_logits.masked_fill(sorted_remove, float("-inf"))',
        ),
    ),
    _mistake(
        "sorted-upwards",
        "You sort upwards, so that you keep the least probable tokens: `descending=True`.",
        (", descending=True", ""),
    ),
    _mistake(
        "sums-of-logits",
        "You add up logits. It is probabilities that sum to 1: take the softmax first.",
        ("torch.softmax(sorted_logits, dim=-1)", "sorted_logits"),
    ),
    _mistake(
        "a-threshold-for-each-token",
        "You cut every token whose own probability is below p. It is the sum of the most probable ones that has to reach p.",
        ("before >= p", "probs < p"),
    ),
    _mistake(
        "share-of-the-largest",
        "You keep the tokens with at least p times the largest probability. That is another filter, min-p; here the sum of the "
        "most probable ones has to reach p.",
        ("before >= p", "probs < p * probs[:, :1]"),
    ),
    _mistake(
        "one-minus-p",
        "You take p for the share that is cut off. It is the share that stays.",
        ("before >= p", "before >= 1 - p"),
    ),
    _mistake(
        "softmax-over-the-batch",
        "Your softmax runs over the texts, so that a row's probabilities do not sum to 1. It runs over the vocabulary: "
        "`dim=-1`.",
        ("torch.softmax(sorted_logits, dim=-1)", "torch.softmax(sorted_logits, dim=0)"),
    ),
    _mistake(
        "sums-over-the-batch",
        "Your running sum runs over the texts. It runs along each row: `dim=-1`.",
        ("torch.cumsum(probs, dim=-1) - probs", "torch.cumsum(probs, dim=0) - probs"),
    ),
    _mistake(
        "as-many-as-the-first-row",
        "Every row keeps as many tokens as the first one. Each row has its own number.",
        ("    sorted_remove = before >= p\n", "    sorted_remove = (before >= p)[:1].expand_as(probs)\n"),
    ),
    _mistake(
        "zero-for-minus-infinity",
        "What is cut gets the logit 0, and e to the power of 0 is 1: it can still be drawn. It needs -inf.",
        ('masked_fill(remove, float("-inf"))', "masked_fill(remove, 0.0)"),
    ),
    _mistake(
        "probabilities",
        "You return probabilities. What stays keeps its logit; the softmax comes later.",
        (
            'return logits.masked_fill(remove, float("-inf"))',
            'return torch.softmax(logits.masked_fill(remove, float("-inf")), dim=-1)',
        ),
    ),
    _mistake(
        "only-the-first",
        "You keep nothing but the most probable token of each row.",
        ("before >= p", "before > 0"),
    ),
    _mistake(
        "input-changed",
        "You write -inf into the caller's logits: methods that end in an underscore work in place. Make a new tensor.",
        ("logits.masked_fill(remove", "logits.masked_fill_(remove"),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "outside = torch.zeros_like(logits, dtype=torch.bool).scatter(1, order, reached_before >= p)",
        ">= → >",
        "The two differ where a sum equals p to the last digit, which rounding decides; the statement leaves that open.",
    ),
]
