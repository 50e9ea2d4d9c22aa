"""Answers to exercise 1 of 04_multi_head_attention: a stack of heads."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="append",
        description="A ModuleList that is appended to, and a loop that collects.",
        code="""class MultiHeadAttentionWrapper(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        self.stack = nn.ModuleList()
        for _ in range(num_heads):
            self.stack.append(CausalHead(d_in, d_out, context_length, dropout, qkv_bias=qkv_bias))

    def forward(self, x):
        answers = []
        for one in self.stack:
            answers.append(one(x))
        return torch.concat(answers, 2)
""",
    ),
    Alternative(
        name="registered-by-name",
        description="Heads registered by add_module, answers stacked and flattened.",
        code="""class MultiHeadAttentionWrapper(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        for n in range(num_heads):
            self.add_module(f"head_{n}", CausalHead(d_in, d_out, context_length, dropout, qkv_bias))

    def forward(self, x):
        return torch.stack([head(x) for head in self.children()], dim=2).flatten(2)
""",
    ),
    Alternative(
        name="own-heads",
        description="Heads of its own: separate projections per role, the softmax written in the open.",
        code="""class MultiHeadAttentionWrapper(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        self.roles = nn.ModuleList(
            nn.ModuleDict({role: nn.Linear(d_in, d_out, bias=qkv_bias) for role in ("v", "q", "k")}) for _ in range(num_heads)
        )
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        future = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        answers = []
        for role in self.roles:
            scores = role["q"](x) @ role["k"](x).mT / math.sqrt(role["k"].out_features)
            answers.append(self.drop(scores.masked_fill(future, -torch.inf).softmax(-1)) @ role["v"](x))
        return torch.cat(answers, dim=-1)
""",
    ),
]

_RIGHT = """class MultiHeadAttentionWrapper(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        self.heads = nn.ModuleList(CausalHead(d_in, d_out, context_length, dropout, qkv_bias) for _ in range(num_heads))

    def forward(self, x):
        return torch.cat([head(x) for head in self.heads], dim=-1)
"""

_mistake = partial(made_in, _RIGHT, see="04_multi_head_attention: Exercise 1: a stack of heads")

MISTAKES = [
    _mistake(
        "plain-list",
        "Your heads are in a plain Python list, where the module does not find their parameters, so "
        "they never learn. Use `nn.ModuleList`.",
        ("nn.ModuleList(", "list("),
    ),
    _mistake(
        "same-head-repeated",
        "Your heads are one and the same: multiplying a list repeats the object. Make a new head in "
        "each round of a loop.",
        (
            "CausalHead(d_in, d_out, context_length, dropout, qkv_bias) for _ in range(num_heads)",
            "[CausalHead(d_in, d_out, context_length, dropout, qkv_bias)] * num_heads",
        ),
    ),
    _mistake(
        "heads-added",
        "Your heads' answers are added up, so nobody can tell any more which came from where. Put "
        "them side by side with `torch.cat`.",
        ("torch.cat([head(x) for head in self.heads], dim=-1)", "sum(head(x) for head in self.heads)"),
    ),
    _mistake(
        "joined-along-tokens",
        "Your heads' answers are joined along the tokens, so the sentence gets longer. Join the "
        "features, the last dimension.",
        ("dim=-1", "dim=1"),
    ),
    _mistake(
        "joined-along-batch",
        "Your heads' answers are joined along the batch, as if they were more sentences. Join the "
        "features, the last dimension.",
        ("dim=-1", "dim=0"),
    ),
    _mistake(
        "stacked",
        "`torch.stack` makes a new dimension for the heads. The features should be joined in the last one: "
        "`torch.cat`.",
        ("torch.cat", "torch.stack"),
    ),
    _mistake(
        "width-shared-out",
        "Your heads share the width d_out among them. In this exercise each head has the full width "
        "d_out, and the output is num_heads times as wide.",
        ("CausalHead(d_in, d_out,", "CausalHead(d_in, d_out // num_heads,"),
    ),
    _mistake(
        "dropout-not-passed",
        "Your heads do not get the dropout rate, so they never drop anything.",
        ("context_length, dropout, qkv_bias) for", "context_length, 0.0, qkv_bias) for"),
    ),
    _mistake(
        "bias-not-passed",
        "Your heads do not get `qkv_bias`, so they have no bias even when one is asked for.",
        ("dropout, qkv_bias) for", "dropout) for"),
    ),
    _mistake(
        "bias-always",
        "Your heads always have a bias, whatever `qkv_bias` says.",
        ("dropout, qkv_bias) for", "dropout, True) for"),
    ),
    _mistake(
        "one-head-answers",
        "Only your first head answers; the others are there and never asked.",
        ("head(x) for head in self.heads", "self.heads[0](x) for _ in self.heads"),
    ),
    _mistake(
        "output-projection",
        "Your module has a layer after the heads. The stack has none; the output projection comes in exercise 4.",
        (
            "        self.heads =",
            "        self.out = nn.Linear(num_heads * d_out, num_heads * d_out)\n        self.heads =",
        ),
        (
            "torch.cat([head(x) for head in self.heads], dim=-1)",
            "self.out(torch.cat([head(x) for head in self.heads], dim=-1))",
        ),
    ),
    _mistake(
        "dropout-on-the-output",
        "Your dropout falls on the joined answers and deletes single features. It belongs on the "
        "attention weights, inside each head.",
        ("context_length, dropout, qkv_bias) for", "context_length, 0.0, qkv_bias) for"),
        ("        self.heads =", "        self.dropout = nn.Dropout(dropout)\n        self.heads ="),
        (
            "torch.cat([head(x) for head in self.heads], dim=-1)",
            "self.dropout(torch.cat([head(x) for head in self.heads], dim=-1))",
        ),
    ),
]
