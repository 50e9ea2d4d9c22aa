"""Answers to exercise 3 of 01_layer_norm_gelu_feed_forward: FeedForward."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, in_other_choices, made_in

ALTERNATIVES = [
    Alternative(
        name="own-names",
        description="Second layer created first, F.gelu, exact.",
        code="""class FeedForward(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        d = cfg["emb_dim"]
        self.c_proj = nn.Linear(4 * d, d)
        self.c_fc = nn.Linear(d, 4 * d)

    def forward(self, x):
        x = self.c_fc(x)
        x = F.gelu(x)
        x = self.c_proj(x)
        return x
""",
    ),
    Alternative(
        name="parameters",
        description="nn.Parameter matrices and einsum; the second starts at zero.",
        code="""class FeedForward(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        width, hidden = cfg["emb_dim"], cfg["emb_dim"] * 4
        self.w1 = nn.Parameter(0.02 * torch.randn(width, hidden))
        self.b1 = nn.Parameter(torch.zeros(hidden))
        self.w2 = nn.Parameter(torch.zeros(hidden, width))
        self.b2 = nn.Parameter(torch.zeros(width))

    def forward(self, x):
        h = F.gelu(torch.einsum("...i,ij->...j", x, self.w1) + self.b1, approximate="tanh")
        return torch.einsum("...j,ji->...i", h, self.w2) + self.b2
""",
    ),
    Alternative(
        name="own-gelu-module",
        description="nn.Sequential with a GELU written in the cell, the layers with GPT-2's start.",
        code="""class MyGelu(nn.Module):
    def forward(self, x):
        return 0.5 * x * (1.0 + torch.erf(x / math.sqrt(2.0)))


class FeedForward(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(cfg["emb_dim"], 4 * cfg["emb_dim"]), MyGelu())
        self.net.append(nn.Linear(4 * cfg["emb_dim"], cfg["emb_dim"]))
        for part in self.net:
            if isinstance(part, nn.Linear):
                nn.init.normal_(part.weight, std=0.02)
                nn.init.zeros_(part.bias)

    def forward(self, x):
        return self.net(x)
""",
    ),
    Alternative(
        name="subclass-of-sequential",
        description="A subclass of nn.Sequential without forward.",
        code="""class FeedForward(nn.Sequential):
    def __init__(self, cfg):
        n = cfg["emb_dim"]
        super().__init__(nn.Linear(n, n * 4), nn.GELU("tanh"), nn.Linear(n * 4, n))
""",
    ),
]

_RIGHT = """class FeedForward(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.fc1 = nn.Linear(cfg["emb_dim"], 4 * cfg["emb_dim"])
        self.act = nn.GELU()
        self.fc2 = nn.Linear(4 * cfg["emb_dim"], cfg["emb_dim"])

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))
"""

_mistake = partial(made_in, _RIGHT, see="01_layer_norm_gelu_feed_forward: Exercise 3: FeedForward")

MISTAKES = [
    _mistake(
        "no-bend",
        "There is no GELU between your layers, so the two are no more than one linear layer.",
        ("self.act(self.fc1(x))", "self.fc1(x)"),
    ),
    _mistake(
        "relu",
        "Your activation function is ReLU. GPT-2 uses GELU.",
        ("nn.GELU()", "nn.ReLU()"),
    ),
    _mistake(
        "twice-as-wide",
        "Your hidden layer is twice as wide as the vectors. It is four times as wide.",
        ('cfg["emb_dim"], 4 * cfg["emb_dim"]', 'cfg["emb_dim"], 2 * cfg["emb_dim"]'),
        ("(4 * cfg", "(2 * cfg"),
    ),
    _mistake(
        "not-widened",
        "Your hidden layer is as wide as the vectors. It is four times as wide.",
        ('cfg["emb_dim"], 4 * cfg["emb_dim"]', 'cfg["emb_dim"], cfg["emb_dim"]'),
        ("(4 * cfg", "(cfg"),
    ),
    _mistake(
        "narrowed",
        "Your hidden layer is narrower than the vectors. It is four times wider: first D to 4 D, then back.",
        ('cfg["emb_dim"], 4 * cfg["emb_dim"]', 'cfg["emb_dim"], cfg["emb_dim"] // 4 or 1'),
        ('4 * cfg["emb_dim"], cfg["emb_dim"])\n\n', 'cfg["emb_dim"] // 4 or 1, cfg["emb_dim"])\n\n'),
    ),
    _mistake(
        "no-way-back",
        "Your result is four times as wide as the vectors. The second layer leads back to the width D, so that the blocks "
        "fit together.",
        ("self.fc2(self.act(self.fc1(x)))", "self.act(self.fc1(x))"),
    ),
    _mistake(
        "no-bias",
        "Your layers have no bias. Both have one, whatever `qkv_bias` says: that is for attention alone.",
        ('cfg["emb_dim"], 4 * cfg["emb_dim"]', 'cfg["emb_dim"], 4 * cfg["emb_dim"], bias=cfg["qkv_bias"]'),
        ('cfg["emb_dim"])\n\n', 'cfg["emb_dim"], bias=cfg["qkv_bias"])\n\n'),
    ),
    _mistake(
        "bend-at-the-end",
        "You apply GELU once more after the second layer, so that nothing far below zero can come out. There is "
        "one GELU, between the layers.",
        ("return self.fc2(self.act(self.fc1(x)))", "return self.act(self.fc2(self.act(self.fc1(x))))"),
    ),
    _mistake(
        "bend-first",
        "You apply GELU to the input and not to the hidden layer. It comes after the first linear layer.",
        ("self.fc2(self.act(self.fc1(x)))", "self.fc2(self.fc1(self.act(x)))"),
    ),
    _mistake(
        "dropout-inside",
        "There is dropout in your network. Here it has none: the block adds it after the feed-forward network.",
        ("self.act = nn.GELU()", 'self.act = nn.Sequential(nn.GELU(), nn.Dropout(cfg["drop_rate"]))'),
    ),
    _mistake(
        "dropout-at-the-end",
        "There is dropout at the end of your network. Here it has none: the block adds it, where the shortcut is.",
        (
            "return self.fc2(self.act(self.fc1(x)))",
            "return F.dropout(self.fc2(self.act(self.fc1(x))), 0.1, self.training)",
        ),
    ),
    _mistake(
        "shortcut-already",
        "You add the input. The shortcut belongs to the block; the feed-forward network gives its own answer alone.",
        ("return self.fc2", "return x + self.fc2"),
    ),
    _mistake(
        "normalised-already",
        "You normalise the input. LayerNorm belongs to the block and stands before this network there.",
        ("self.fc1(x)", "self.fc1(F.layer_norm(x, x.shape[-1:]))"),
    ),
    _mistake(
        "another-key",
        'Your width is not `cfg["emb_dim"]`: you took another number of the configuration.',
        ('cfg["emb_dim"], 4 * cfg["emb_dim"]', 'cfg["context_length"], 4 * cfg["context_length"]'),
        ('4 * cfg["emb_dim"], cfg["emb_dim"])\n\n', '4 * cfg["context_length"], cfg["context_length"])\n\n'),
    ),
    _mistake(
        "layers-in-a-plain-list",
        "Your layers are in a plain Python list, where the module does not find their parameters: nothing would be "
        "trained. Use attributes, `nn.Sequential` or `nn.ModuleList`.",
        ("self.fc1 = nn.Linear(", "self.fc = [nn.Linear("),
        ('4 * cfg["emb_dim"])\n        self.act', '4 * cfg["emb_dim"])]\n        self.act'),
        (
            'self.fc2 = nn.Linear(4 * cfg["emb_dim"], cfg["emb_dim"])',
            'self.fc.append(nn.Linear(4 * cfg["emb_dim"], cfg["emb_dim"]))',
        ),
        ("self.fc2(self.act(self.fc1(x)))", "self.fc[1](self.act(self.fc[0](x)))"),
    ),
    _mistake(
        "layers-made-in-forward",
        "You make a layer in `forward`, so each call has new random weights, and none is ever trained. Layers are made "
        "in `__init__`.",
        ("        return self.fc2(", "        width = x.shape[-1]\n        return nn.Linear(4 * width, width)("),
    ),
    _mistake(
        "tokens-joined",
        "Your network reads all tokens of a sentence at once. It works on each token alone, and `nn.Linear` does that by "
        "itself: it acts on the last dimension.",
        (
            "return self.fc2(self.act(self.fc1(x)))",
            "y = self.fc2(self.act(self.fc1(x)))\n        return y + y.mean(dim=-2, keepdim=True) if x.dim() > 2 else y",
        ),
    ),
]

# With a GELU of either kind.
MISTAKES = in_other_choices(
    MISTAKES,
    ("nn.GELU()", 'nn.GELU(approximate="tanh")'),
    ("(self.fc1(x))), 0.1, self.training)", "(self.fc1(x))), 0.5, self.training)"),
)
