"""Answers to exercise 3 of 04_multi_head_attention: merge the heads."""

from __future__ import annotations

from autograder.answers import Alternative, Mistake

ALTERNATIVES = [
    Alternative(
        name="cat",
        description="The heads taken apart and joined along the features.",
        code="""def merge_heads(x):
    return torch.cat(x.unbind(dim=1), dim=-1)
""",
    ),
    Alternative(
        name="contiguous-view",
        description="transpose, contiguous, view.",
        code="""def merge_heads(x):
    B, h, T, w = x.shape
    return x.transpose(1, 2).contiguous().view(B, T, h * w)
""",
    ),
    Alternative(
        name="permute-flatten",
        description="permute and flatten.",
        code="""def merge_heads(x):
    return x.permute(0, 2, 1, 3).flatten(start_dim=2)
""",
    ),
]


def _mistake(name: str, explanation: str, result: str) -> Mistake:
    code = f"def merge_heads(x):\n    B, h, T, d_head = x.shape\n    return {result}\n"
    return Mistake(name, explanation, code, "04_multi_head_attention: Exercise 3: merge the heads")


MISTAKES = [
    _mistake(
        "reshaped-without-transpose",
        "You asked for the final shape in one step, so that one token gets the numbers of another. "
        "Bring the tokens back before the heads first.",
        "x.reshape(B, T, h * d_head)",
    ),
    _mistake(
        "view-after-transpose",
        "`view` cannot join dimensions that `transpose` has moved, because it never copies. Use "
        "`reshape`, or `.contiguous()` first.",
        "x.transpose(1, 2).view(B, T, h * d_head)",
    ),
    _mistake(
        "wrong-dimensions-exchanged",
        "You exchanged tokens and features. It is tokens and heads that must change places, dimensions 1 and 2.",
        "x.transpose(2, 3).reshape(B, T, h * d_head)",
    ),
    _mistake(
        "features-interleaved",
        "Your features are interleaved: first the first feature of every head, then the second. All "
        "features of head 0 come first.",
        "x.permute(0, 2, 3, 1).reshape(B, T, h * d_head)",
    ),
    _mistake(
        "heads-added",
        "Your pieces are added up. They are to stand side by side, num_heads times as wide.",
        "x.sum(dim=1)",
    ),
    _mistake(
        "not-joined",
        "Your tokens stand before the heads again, but the pieces are not joined yet: the last two "
        "dimensions are to become one.",
        "x.transpose(1, 2)",
    ),
    _mistake(
        "joined-along-tokens",
        "Your pieces are joined along the tokens, so the sentence gets longer. Join the features.",
        "torch.cat([x[:, n] for n in range(h)], dim=1)",
    ),
    _mistake(
        "pieces-in-reverse",
        "Your pieces come in reverse: the piece of head 0 stands first.",
        "torch.cat([x[:, n] for n in reversed(range(h))], dim=-1)",
    ),
    _mistake(
        "first-head-only",
        "You kept the first head only, several times. Each head's piece has a place of its own.",
        "torch.cat([x[:, 0] for _ in range(h)], dim=-1)",
    ),
]
