"""Answers to exercise 4 of 04_decoding: sample_next."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, in_other_choices, made_in

ALTERNATIVES = [
    Alternative(
        name="all-in-one",
        description="Everything anew in one function, an arg-max for temperature 0.",
        code="""def sample_next(logits, temperature=1.0, top_k=None, top_p=None, generator=None):
    if temperature == 0:
        return torch.argmax(logits, dim=-1, keepdim=True)
    probs = torch.softmax(logits / temperature, dim=-1)
    if top_k:
        least = torch.topk(probs, min(top_k, probs.shape[-1])).values[:, -1:]
        probs = torch.where(probs < least, 0.0, probs)
        probs = probs / probs.sum(dim=-1, keepdim=True)
    if top_p:
        ordered, order = torch.sort(probs, descending=True)
        keep = ordered.cumsum(dim=-1) - ordered < top_p
        probs = torch.zeros_like(probs).scatter(1, order, ordered * keep)
    return torch.multinomial(probs, 1, generator=generator)
""",
    ),
    Alternative(
        name="gumbel",
        description="The arg-max of logits with Gumbel noise, which is a draw from the softmax.",
        code="""def sample_next(logits, temperature=1.0, top_k=None, top_p=None, generator=None):
    if temperature == 0:
        return logits.argmax(-1, keepdim=True)
    logits = logits / temperature
    if top_k is not None:
        logits = most_probable(logits, top_k)
    if top_p is not None:
        logits = nucleus(logits, top_p)
    u = torch.rand(logits.shape, generator=generator).clamp(min=1e-12)
    return (logits - torch.log(-torch.log(u))).argmax(dim=-1, keepdim=True)
""",
    ),
    Alternative(
        name="inverse-distribution-function",
        description="A uniform number for each row, looked up in the running sums, in double precision.",
        code="""def sample_next(logits, temperature=1.0, top_k=None, top_p=None, generator=None):
    z = tempered(logits, temperature)
    z = most_probable(z, top_k or z.shape[1])
    z = nucleus(z, top_p or 1.0)
    sums = z.double().softmax(dim=-1).cumsum(dim=-1)
    u = torch.rand(len(z), 1, dtype=torch.float64, generator=generator) * sums[:, -1:]
    return torch.searchsorted(sums, u, right=True)
""",
    ),
    Alternative(
        name="in-sorted-order",
        description="Sorts once, cuts ranks, draws a rank, looks up its token.",
        code="""def sample_next(logits, temperature=1.0, top_k=None, top_p=None, generator=None):
    ordered, order = logits.sort(dim=-1, descending=True)
    if temperature == 0:
        return order[:, :1]
    ordered = (ordered / temperature)[:, :top_k]
    probs = ordered.softmax(dim=-1)
    if top_p is not None:
        probs = probs * ((probs.cumsum(-1) - probs) < top_p)
    ranks = torch.multinomial(probs, 1, generator=generator)
    return order.gather(1, ranks)
""",
    ),
]

_RIGHT = """def sample_next(logits, temperature=1.0, top_k=None, top_p=None, generator=None):
    if temperature == 0:
        return logits.argmax(dim=-1, keepdim=True)
    logits = logits / temperature
    if top_k is not None:
        least = logits.topk(min(top_k, logits.size(-1))).values[:, -1:]
        logits = logits.masked_fill(logits < least, float("-inf"))
    if top_p is not None:
        ordered, order = logits.sort(dim=-1, descending=True)
        shares = ordered.softmax(dim=-1)
        gone = shares.cumsum(dim=-1) - shares >= top_p
        logits = logits.masked_fill(gone.scatter(1, order, gone), float("-inf"))
    probs = torch.softmax(logits, dim=-1)
    return torch.multinomial(probs, num_samples=1, generator=generator)
"""

_TOP_P_LINES = """    if top_p is not None:
        ordered, order = logits.sort(dim=-1, descending=True)
        shares = ordered.softmax(dim=-1)
        gone = shares.cumsum(dim=-1) - shares >= top_p
        logits = logits.masked_fill(gone.scatter(1, order, gone), float("-inf"))
"""

_mistake = partial(made_in, _RIGHT, see="04_decoding: Exercise 4: sample_next")

MISTAKES = [
    _mistake(
        "always-the-best",
        "You always take the most probable token. Draw one with the probabilities: `torch.multinomial`.",
        ("torch.multinomial(probs, num_samples=1, generator=generator)", "probs.argmax(dim=-1, keepdim=True)"),
    ),
    _mistake(
        "temperature-ignored",
        "The temperature changes nothing in your function. Divide the logits by it before anything else, and take the most probable token "
        "at 0.",
        (
            "    if temperature == 0:\n        return logits.argmax(dim=-1, keepdim=True)\n    logits = logits / temperature\n",
            "",
        ),
    ),
    _mistake(
        "temperature-multiplied",
        "You multiply the logits by the temperature. They are divided by it.",
        ("logits / temperature", "logits * temperature"),
    ),
    _mistake(
        "no-case-for-zero",
        "At temperature 0 you divide by zero. Temperature 0 takes the most probable token of each row.",
        ("    if temperature == 0:\n        return logits.argmax(dim=-1, keepdim=True)\n", ""),
    ),
    _mistake(
        "zero-as-one",
        "You take temperature 0 for no temperature at all, and draw. It takes the most probable token.",
        (
            "    if temperature == 0:\n        return logits.argmax(dim=-1, keepdim=True)\n    logits = logits / temperature\n",
            "    if temperature > 0:\n        logits = logits / temperature\n",
        ),
    ),
    _mistake(
        "zero-takes-one-for-all",
        "At temperature 0 your arg-max runs over the whole batch. Each row has its own most probable token: `dim=-1`.",
        (
            "return logits.argmax(dim=-1, keepdim=True)",
            "return (logits.argmax() % logits.size(-1)).expand(len(logits), 1)",
        ),
    ),
    _mistake(
        "top-p-before-the-temperature",
        "Your top-p comes before the temperature, which changes the probabilities afterwards. First the temperature, then "
        "top-k, then top-p.",
        ("    logits = logits / temperature\n", ""),
        ("    probs = torch.softmax(logits, dim=-1)\n", "    probs = torch.softmax(logits / temperature, dim=-1)\n"),
    ),
    _mistake(
        "top-p-before-top-k",
        "Your top-p comes before top-k, so its probabilities are those of all tokens. It comes last, with what top-k has left.",
        (_TOP_P_LINES, ""),
        ("    if top_k is not None:\n", _TOP_P_LINES + "    if top_k is not None:\n"),
    ),
    _mistake(
        "top-k-ignored",
        "Your top-k has no effect: the filtered logits must be what goes into the next steps.",
        (
            '        logits = logits.masked_fill(logits < least, float("-inf"))\n',
            '        logits.masked_fill(logits < least, float("-inf"))\n',
        ),
    ),
    _mistake(
        "top-p-ignored",
        "Your top-p has no effect: the filtered logits must be what goes into the next steps.",
        (
            '        logits = logits.masked_fill(gone.scatter(1, order, gone), float("-inf"))\n',
            '        logits.masked_fill(gone.scatter(1, order, gone), float("-inf"))\n',
        ),
    ),
    _mistake(
        "top-p-or-top-k",
        "When top-k is given, you leave top-p out. Both can be given, and then both filter.",
        ("    if top_p is not None:\n", "    if top_p is not None and top_k is None:\n"),
    ),
    _mistake(
        "crossing-token-dropped",
        "Your top-p drops the token with which the sum crosses p. It stays.",
        (
            "shares.cumsum(dim=-1) - shares >= top_p",
            "(shares.cumsum(dim=-1) > top_p) & (torch.arange(shares.size(-1)) > 0)",
        ),
    ),
    _mistake(
        "too-large-k-crashes",
        "When top_k is larger than the vocabulary, `topk` raises an error. Then nothing is cut.",
        ("min(top_k, logits.size(-1))", "top_k"),
    ),
    _mistake(
        "evenly-among-those-left",
        "You draw evenly among the tokens that are left. Draw with their probabilities.",
        ("    probs = torch.softmax(logits, dim=-1)\n", "    probs = logits.isfinite().float()\n"),
    ),
    _mistake(
        "drawn-from-logits",
        "You draw from logits. `torch.multinomial` needs weights that are not negative: take the softmax first.",
        ("torch.softmax(logits, dim=-1)", "logits.clamp(min=0)"),
    ),
    _mistake(
        "softmax-over-the-batch",
        "Your softmax runs over the texts. It runs over the vocabulary: `dim=-1`.",
        ("    probs = torch.softmax(logits, dim=-1)\n", "    probs = torch.softmax(logits, dim=0)\n"),
    ),
    _mistake(
        "one-draw-for-all-rows",
        "You draw once, from the first row, and give all rows that token. Each row is drawn by itself, from its own "
        "probabilities.",
        (
            "torch.multinomial(probs, num_samples=1, generator=generator)",
            "torch.multinomial(probs[:1], num_samples=1, generator=generator).expand(len(probs), 1)",
        ),
    ),
    _mistake(
        "one-random-number-for-all-rows",
        "You use one random number for all rows, so that equal rows get equal tokens. Each row is drawn by itself.",
        (
            "torch.multinomial(probs, num_samples=1, generator=generator)",
            "(probs.cumsum(dim=-1) < torch.rand(1, generator=generator)).sum(dim=-1, keepdim=True).clamp(max=probs.size(-1) - 1)",
        ),
    ),
    _mistake(
        "generator-ignored",
        "You do not hand the generator on, so a seed makes nothing repeatable: `torch.multinomial(…, generator=generator)`.",
        (", generator=generator)\n", ")\n"),
    ),
    _mistake(
        "generator-wound-back",
        "You set the generator back to its seed in each call, so that it gives the same numbers again and again. Let it go on.",
        (
            "    probs = torch.softmax",
            "    if generator is not None:\n        generator.manual_seed(generator.initial_seed())\n    probs = torch.softmax",
        ),
    ),
    _mistake(
        "global-seed",
        "You seed PyTorch's global generator in each call, so that every call draws the same. Use the generator that you are "
        "given, and seed nothing.",
        ("    probs = torch.softmax", "    torch.manual_seed(123)\n    probs = torch.softmax"),
        (", generator=generator)\n", ")\n"),
    ),
    _mistake(
        "rank-for-id",
        "You return a rank in the sorted order. Look up which token has that rank.",
        (
            "    probs = torch.softmax(logits, dim=-1)\n",
            "    probs = torch.softmax(logits, dim=-1).sort(dim=-1, descending=True).values\n",
        ),
    ),
    _mistake(
        "dimension-lost",
        "Your result has the shape (B). It should be (B, 1), so that it can be appended to the texts.",
        (
            "    return torch.multinomial(probs, num_samples=1, generator=generator)\n",
            "    return torch.multinomial(probs, num_samples=1, generator=generator).squeeze(1)\n",
        ),
    ),
    _mistake(
        "input-changed",
        "You write into the caller's logits: `/=` works in place. Make new tensors.",
        ("    logits = logits / temperature\n", "    logits /= temperature\n"),
    ),
]

# One dimension less, at temperature 0 too; and logits as they are.
MISTAKES = in_other_choices(
    MISTAKES,
    ("        return logits.argmax(dim=-1, keepdim=True)\n", "        return logits.argmax(dim=-1)\n"),
    ("logits.clamp(min=0)", "logits"),
)
