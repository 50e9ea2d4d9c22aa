"""Answers to exercise 1 of 03_causal_attention: the causal mask."""

from __future__ import annotations

from autograder.answers import Alternative, Equivalent, Mistake

ALTERNATIVES = [
    Alternative(
        name="comparison",
        description="Column number against row number, by broadcasting; booleans.",
        code="""def causal_mask(length):
    positions = torch.arange(length)
    return positions[None, :] > positions[:, None]
""",
    ),
    Alternative(
        name="additive",
        description="The additive kind: -inf in the future, 0 elsewhere.",
        code="""def causal_mask(length: int) -> torch.Tensor:
    return torch.full((length, length), float("-inf")).triu(1)
""",
    ),
    Alternative(
        name="loops",
        description="Two loops that write whole numbers.",
        code="""def causal_mask(length):
    mask = torch.zeros(length, length, dtype=torch.int64)
    for i in range(length):
        for j in range(i + 1, length):
            mask[i, j] = 1
    return mask
""",
    ),
    Alternative(
        name="not-lower",
        description="The complement of the lower triangle, as floats.",
        code="""def causal_mask(length):
    return 1.0 - torch.tril(torch.ones(length, length))
""",
    ),
]


def _mistake(name: str, explanation: str, body: str) -> Mistake:
    code = f"def causal_mask(length):\n    {body}\n"
    return Mistake(name, explanation, code, "03_causal_attention: Exercise 1: the causal mask")


MISTAKES = [
    _mistake(
        "diagonal-hidden",
        "Your mask hides the diagonal too, so that a token may not even look at itself and the first "
        "token has nothing left to look at. Hide strictly what comes after: `diagonal=1` in "
        "`torch.triu`.",
        "return torch.triu(torch.ones(length, length, dtype=torch.bool))",
    ),
    _mistake(
        "diagonal-two",
        "Your mask begins one column too late: every token can still see the token right after it, "
        "which is the very one that the model has to guess.",
        "return torch.triu(torch.ones(length, length, dtype=torch.bool), diagonal=2)",
    ),
    _mistake(
        "triangle-swapped",
        "Your mask hides the past and shows the future. Rows are the tokens that look, columns the "
        "tokens that are looked at: the future lies to the right, above the diagonal.",
        "return torch.tril(torch.ones(length, length, dtype=torch.bool), diagonal=-1)",
    ),
    _mistake(
        "allowed-instead-of-hidden",
        "Your mask says where a token MAY look; the exercise asks for the places where it must NOT "
        "look. Both conventions exist (`F.scaled_dot_product_attention` takes yours), so always "
        "check which one a function wants.",
        "return torch.tril(torch.ones(length, length)).bool()",
    ),
    _mistake(
        "zero-times-infinity",
        "Your mask holds NaN where a token may look: 0 times infinity is not a number. Start from a "
        "square full of -inf and keep its upper corner, or use `masked_fill`.",
        'return torch.triu(torch.ones(length, length), diagonal=1) * float("-inf")',
    ),
    _mistake(
        "nothing-returned",
        "Your function computes the mask but does not return it, so its caller gets None.",
        "mask = torch.triu(torch.ones(length, length), diagonal=1)",
    ),
    _mistake(
        "three-tokens-only",
        "Your mask is right for three tokens only: it does not depend on `length`.",
        "return torch.tensor([[0, 1, 1], [0, 0, 1], [0, 0, 0]])",
    ),
    _mistake(
        "one-row",
        "Your mask has one row, the same for every token. Each token has a future of its own, so the "
        "mask needs one row per token.",
        "return torch.arange(length) > 0",
    ),
    _mistake(
        "everything-but-the-diagonal",
        "Your mask hides every other token, past and future alike; the past must stay visible.",
        "return ~torch.eye(length, dtype=torch.bool)",
    ),
]

EQUIVALENTS = [
    Equivalent(
        "return torch.ones(length, length, dtype=torch.bool).triu(diagonal=1)",
        "keyword dtype dropped",
        "The statement allows 1 and 0 for True and False.",
    ),
]
