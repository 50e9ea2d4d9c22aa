"""Answers to exercise 1 of 03_encoder_and_model: repair it."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="sequential",
        description="The inner part, dropout included, as one nn.Sequential.",
        code="""class FeedForwardSublayer(nn.Module):
    def __init__(self, emb_dim, hidden_dim, drop_rate):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(emb_dim, hidden_dim), nn.GELU(), nn.Linear(hidden_dim, emb_dim), nn.Dropout(drop_rate)
        )
        self.norm = nn.LayerNorm(emb_dim, eps=1e-12)

    def forward(self, x):
        return self.norm(self.net(x) + x)
""",
    ),
    Alternative(
        name="parameters-and-functions",
        description="nn.Parameter and functions only, the approximate GELU, the norm's weights first.",
        code="""class FeedForwardSublayer(nn.Module):
    def __init__(self, emb_dim, hidden_dim, drop_rate):
        super().__init__()
        self.g, self.s = nn.Parameter(torch.ones(emb_dim)), nn.Parameter(torch.zeros(emb_dim))
        self.w1 = nn.Parameter(torch.randn(emb_dim, hidden_dim) / emb_dim**0.5)
        self.w2 = nn.Parameter(torch.randn(hidden_dim, emb_dim) / hidden_dim**0.5)
        self.b1, self.b2 = nn.Parameter(torch.zeros(hidden_dim)), nn.Parameter(torch.zeros(emb_dim))
        self.p = drop_rate

    def forward(self, x):
        change = F.gelu(x @ self.w1 + self.b1, approximate="tanh") @ self.w2 + self.b2
        total = x + F.dropout(change, self.p, self.training)
        return F.layer_norm(total, total.shape[-1:], self.g, self.s)
""",
    ),
    Alternative(
        name="norm-by-formula",
        description="Layers in an nn.ModuleDict, GELU and LayerNorm written out.",
        code="""class FeedForwardSublayer(nn.Module):
    def __init__(self, emb_dim, hidden_dim, drop_rate):
        super().__init__()
        self.layers = nn.ModuleDict()
        self.layers["wide"] = nn.Linear(emb_dim, hidden_dim)
        self.layers["back"] = nn.Linear(hidden_dim, emb_dim)
        self.scale = nn.Parameter(torch.ones(emb_dim))
        self.shift = nn.Parameter(torch.zeros(emb_dim))
        self.dropout = nn.Dropout(drop_rate)

    def forward(self, x):
        wide = self.layers["wide"](x)
        y = x + self.dropout(self.layers["back"](0.5 * wide * (1 + torch.erf(wide / 2**0.5))))
        y = y - y.mean(-1, keepdim=True)
        return self.scale * y / (y.pow(2).mean(-1, keepdim=True) + 1e-5).sqrt() + self.shift
""",
    ),
]

_RIGHT = """class FeedForwardSublayer(nn.Module):
    def __init__(self, emb_dim, hidden_dim, drop_rate):
        super().__init__()
        self.up = nn.Linear(emb_dim, hidden_dim)
        self.down = nn.Linear(hidden_dim, emb_dim)
        self.norm = nn.LayerNorm(emb_dim)
        self.drop = nn.Dropout(drop_rate)

    def forward(self, x):
        change = self.down(F.gelu(self.up(x)))
        return self.norm(x + self.drop(change))
"""

_mistake = partial(made_in, _RIGHT, see="03_encoder_and_model: Exercise 1: repair it")

MISTAKES = [
    _mistake(
        "all-layers-made-in-forward",
        "Your layers are made in `forward`: new and random in each call, found by no optimiser, kept in no file. Make them "
        "in `__init__`, as attributes of `self`.",
        (
            "        self.up = nn.Linear(emb_dim, hidden_dim)\n        self.down = nn.Linear(hidden_dim, emb_dim)\n"
            "        self.norm = nn.LayerNorm(emb_dim)\n",
            "        self.sizes = emb_dim, hidden_dim\n",
        ),
        (
            "        change =",
            "        d, f = self.sizes\n        up, down, norm = nn.Linear(d, f), nn.Linear(f, d), nn.LayerNorm(d)\n"
            "        change =",
        ),
        ("self.down(F.gelu(self.up(x)))", "down(F.gelu(up(x)))"),
        ("self.norm(x +", "norm(x +"),
    ),
    _mistake(
        "norm-made-in-forward",
        "Your LayerNorm is made in `forward`: its scale and shift are never trained. Make it in `__init__`.",
        ("        self.norm = nn.LayerNorm(emb_dim)\n", "        self.width = emb_dim\n"),
        ("self.norm(x + self.drop(change))", "nn.LayerNorm(self.width).to(x)(x + self.drop(change))"),
    ),
    _mistake(
        "second-layer-made-in-forward",
        "Your second layer is made in `forward`: it is random in each call, and nothing trains it. Make it in `__init__`.",
        ("        self.down = nn.Linear(hidden_dim, emb_dim)\n", "        self.sizes = hidden_dim, emb_dim\n"),
        ("self.down(F", "nn.Linear(*self.sizes).to(x)(F"),
    ),
    _mistake(
        "layers-in-a-plain-list",
        "Your layers stand in a plain Python list, in which PyTorch does not find them. Take attributes of `self`, or an "
        "`nn.ModuleList`.",
        (
            "        self.up = nn.Linear(emb_dim, hidden_dim)\n        self.down = nn.Linear(hidden_dim, emb_dim)\n",
            "        self.both = [nn.Linear(emb_dim, hidden_dim), nn.Linear(hidden_dim, emb_dim)]\n",
        ),
        ("self.down(F.gelu(self.up(x)))", "self.both[1](F.gelu(self.both[0](x)))"),
    ),
    _mistake(
        "no-shortcut",
        "The shortcut is missing: `x` is added before the LayerNorm.",
        ("self.norm(x + self.drop(change))", "self.norm(self.drop(change))"),
    ),
    _mistake(
        "no-layer-norm",
        "The LayerNorm at the end is missing.",
        ("        self.norm = nn.LayerNorm(emb_dim)\n", ""),
        ("self.norm(x + self.drop(change))", "x + self.drop(change)"),
    ),
    _mistake(
        "pre-norm",
        "You normalise the input and leave the sum as it is. That is GPT-2's pre-norm; BERT normalises the sum, at the end.",
        ("self.up(x)", "self.up(self.norm(x))"),
        ("self.norm(x + self.drop(change))", "x + self.drop(change)"),
    ),
    _mistake(
        "shortcut-after-the-norm",
        "You normalise what is added, and add the shortcut afterwards. The LayerNorm comes last, over the sum.",
        ("self.norm(x + self.drop(change))", "x + self.norm(self.drop(change))"),
    ),
    _mistake(
        "relu",
        "Your activation function is ReLU. BERT uses GELU.",
        ("F.gelu", "F.relu"),
    ),
    _mistake(
        "no-bend",
        "There is no GELU between your layers.",
        ("F.gelu(self.up(x))", "self.up(x)"),
    ),
    _mistake(
        "no-bias",
        "Your linear layers have no bias. Both have one.",
        ("nn.Linear(emb_dim, hidden_dim)", "nn.Linear(emb_dim, hidden_dim, bias=False)"),
        ("nn.Linear(hidden_dim, emb_dim)", "nn.Linear(hidden_dim, emb_dim, bias=False)"),
    ),
    _mistake(
        "always-four-times-as-wide",
        "Your inner width is four times the outer one. Here it is an argument, `hidden_dim`.",
        ("nn.Linear(emb_dim, hidden_dim)", "nn.Linear(emb_dim, 4 * emb_dim)"),
        ("nn.Linear(hidden_dim, emb_dim)", "nn.Linear(4 * emb_dim, emb_dim)"),
    ),
    _mistake(
        "no-dropout",
        "The dropout on what is added is missing.",
        ("self.drop(change)", "change"),
    ),
    _mistake(
        "dropout-on-the-shortcut",
        "You drop from the sum, the shortcut included. Dropout acts on what is added to it.",
        ("x + self.drop(change)", "self.drop(x + change)"),
    ),
    _mistake(
        "dropout-at-the-end",
        "You drop after the LayerNorm. Dropout acts on what is added to the shortcut.",
        ("self.norm(x + self.drop(change))", "self.drop(self.norm(x + change))"),
    ),
    _mistake(
        "dropout-never-off",
        "Your dropout works in evaluation mode, too. Use `nn.Dropout`, or tell `F.dropout` with `training=self.training`.",
        ("self.drop(change)", "F.dropout(change, self.drop.p)"),
    ),
]
