"""Answers to exercise 2 of 04_multi_head_attention: split the heads."""

from __future__ import annotations

from autograder.answers import Alternative, Mistake

ALTERNATIVES = [
    Alternative(
        name="chunk-stack",
        description="Chunks of the features, stacked.",
        code="""def split_heads(x, num_heads):
    return torch.stack(x.chunk(num_heads, dim=-1), dim=1)
""",
    ),
    Alternative(
        name="unflatten",
        description="unflatten and movedim.",
        code="""def split_heads(x, num_heads):
    return x.unflatten(-1, (num_heads, -1)).movedim(-2, -3)
""",
    ),
    Alternative(
        name="loop",
        description="Slices written into an empty tensor.",
        code="""def split_heads(x, num_heads):
    B, T, C = x.size()
    w = C // num_heads
    out = torch.empty((B, num_heads, T, w), dtype=x.dtype)
    for n in range(num_heads):
        out[:, n] = x[:, :, n * w : (n + 1) * w]
    return out
""",
    ),
    Alternative(
        name="view-permute",
        description="view, permute and contiguous.",
        code="""def split_heads(x, num_heads):
    B, T, _ = x.shape
    return x.view(B, T, num_heads, -1).permute(0, 2, 1, 3).contiguous()
""",
    ),
]


def _mistake(name: str, explanation: str, result: str) -> Mistake:
    code = f"def split_heads(x, num_heads):\n    B, T, d_out = x.shape\n    d_head = d_out // num_heads\n    return {result}\n"
    return Mistake(name, explanation, code, "04_multi_head_attention: Exercise 2: split the heads")


MISTAKES = [
    _mistake(
        "reshaped-without-transpose",
        "You asked for the final shape in one step, which pours the numbers in their old order: your "
        "heads get pieces of the wrong tokens. Cut first, then let tokens and heads change places.",
        "x.reshape(B, num_heads, T, d_head)",
    ),
    _mistake(
        "tokens-before-heads",
        "Your tokens still stand before the heads. Let dimensions 1 and 2 change places.",
        "x.reshape(B, T, num_heads, d_head)",
    ),
    _mistake(
        "features-dealt-out",
        "Your features are dealt out in turn, like cards: head 0 gets features 0, 2, 4 and so on. "
        "Each head gets one piece of neighbours.",
        "x.reshape(B, T, d_head, num_heads).permute(0, 3, 1, 2)",
    ),
    _mistake(
        "width-and-heads-swapped",
        "You cut the vectors into d_head pieces of width num_heads; it is num_heads pieces of width d_head.",
        "x.reshape(B, T, d_head, num_heads).transpose(1, 2)",
    ),
    _mistake(
        "heads-first",
        "Your heads stand before the batch. The order is batch, heads, tokens, width.",
        "torch.stack(x.chunk(num_heads, dim=-1))",
    ),
    _mistake(
        "heads-last",
        "Your heads stand at the end. The order is batch, heads, tokens, width.",
        "x.reshape(B, T, num_heads, d_head).transpose(2, 3)",
    ),
    _mistake(
        "batch-and-heads-joined",
        "Your batch and heads are one dimension. They stay apart here: (B, heads, T, d_head).",
        "x.reshape(B, T, num_heads, d_head).transpose(1, 2).flatten(0, 1)",
    ),
    _mistake(
        "wrong-dimensions-exchanged",
        "You let the wrong dimensions change places: after the cut, tokens are number 1 and heads number 2.",
        "x.reshape(B, T, num_heads, d_head).permute(0, 2, 3, 1)",
    ),
    _mistake(
        "tokens-cut",
        "You cut the sentence instead of the vectors: your heads get different tokens, with all of their features.",
        "torch.cat(x.chunk(num_heads, dim=1)).reshape(B, num_heads, T, d_head)",
    ),
    _mistake(
        "pieces-in-reverse",
        "Your pieces come in reverse: head 0 is to get the first piece.",
        "x.reshape(B, T, num_heads, d_head).transpose(1, 2).flip(1)",
    ),
]
