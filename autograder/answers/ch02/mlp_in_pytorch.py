"""Answers to exercise 2 of 07_mlp_in_pytorch: MLP as a module."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="sequential",
        description="nn.Sequential with nn.ReLU.",
        code="""class MLP(nn.Module):
    def __init__(self, d_in, hidden, d_out):
        super().__init__()
        parts = []
        for width in hidden:
            parts += [nn.Linear(d_in, width), nn.ReLU()]
            d_in = width
        self.net = nn.Sequential(*parts, nn.Linear(d_in, d_out))

    def forward(self, x):
        return self.net(x)
""",
    ),
    Alternative(
        name="parameters",
        description="Matrices and biases as nn.Parameter, (in, out), made from the last layer to the first.",
        code="""class MLP(nn.Module):
    def __init__(self, d_in, hidden, d_out):
        super().__init__()
        widths = [d_in, *hidden, d_out]
        self.count = len(widths) - 1
        for i in reversed(range(self.count)):
            setattr(self, f"bias{i}", nn.Parameter(torch.zeros(1, widths[i + 1])))
            setattr(self, f"matrix{i}", nn.Parameter(torch.randn(widths[i], widths[i + 1]) / math.sqrt(widths[i])))

    def forward(self, x):
        lead = x.shape[:-1]
        x = x.reshape(-1, x.shape[-1])
        for i in range(self.count):
            if i:
                x = x.clamp(min=0)
            x = x @ getattr(self, f"matrix{i}") + getattr(self, f"bias{i}")
        return x.reshape(*lead, -1)
""",
    ),
    Alternative(
        name="recursive",
        description="A first layer and the rest, which is a smaller network.",
        code="""class MLP(nn.Module):
    def __init__(self, d_in, hidden, d_out):
        super().__init__()
        self.first = nn.Linear(d_in, hidden[0] if hidden else d_out)
        self.rest = MLP(hidden[0], hidden[1:], d_out) if hidden else None

    def forward(self, x):
        x = self.first(x)
        return x if self.rest is None else self.rest(F.relu(x))
""",
    ),
]

_RIGHT = """class MLP(nn.Module):
    def __init__(self, d_in, hidden, d_out):
        super().__init__()
        widths = [d_in, *hidden, d_out]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths[:-1], widths[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)
"""

_mistake = partial(made_in, _RIGHT, see="07_mlp_in_pytorch: Exercise 2: MLP as a module")

MISTAKES = [
    _mistake(
        "plain-list",
        "Your layers stand in a plain Python list, where PyTorch does not see them: they have no parameters to train. "
        "Use `nn.ModuleList`.",
        (
            "nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths[:-1], widths[1:])])",
            "[nn.Linear(a, b) for a, b in zip(widths[:-1], widths[1:])]",
        ),
    ),
    _mistake(
        "relu-at-the-end",
        "Your last layer has a ReLU, so no logit can be negative. After the last layer there is no curve.",
        ("return self.layers[-1](x)", "return torch.relu(self.layers[-1](x))"),
    ),
    _mistake(
        "softmax-at-the-end",
        "Your network returns probabilities. It should return logits: the cross-entropy takes the softmax itself.",
        ("return self.layers[-1](x)", "return torch.softmax(self.layers[-1](x), dim=-1)"),
    ),
    _mistake(
        "no-curve",
        "Your hidden layers have no ReLU. Straight layers in a row are one straight layer.",
        ("torch.relu(layer(x))", "layer(x)"),
    ),
    _mistake(
        "no-bias",
        "Your layers have no bias: leave out `bias=False`.",
        ("nn.Linear(a, b)", "nn.Linear(a, b, bias=False)"),
    ),
    _mistake(
        "tanh-for-relu",
        "Your hidden layers use tanh. This network uses ReLU.",
        ("torch.relu", "torch.tanh"),
    ),
    _mistake(
        "gelu-for-relu",
        "Your hidden layers use GELU, which comes in chapter 4. This network uses ReLU, max(0, z).",
        ("torch.relu", "F.gelu"),
    ),
    _mistake(
        "leaky-relu",
        "Your hidden layers let a part of the negative sums through. ReLU is exactly zero there.",
        ("torch.relu", "F.leaky_relu"),
    ),
    _mistake(
        "relu-before-the-layer",
        "Your ReLU comes before each layer, so it also cuts off the negative inputs. It comes after each hidden layer.",
        ("x = torch.relu(layer(x))", "x = layer(torch.relu(x))"),
        ("self.layers[-1](x)", "self.layers[-1](torch.relu(x))"),
    ),
    _mistake(
        "one-hidden-layer-only",
        "Your network uses the first hidden width only. `hidden` may list several layers, or none.",
        ("[d_in, *hidden, d_out]", "[d_in, *hidden[:1], d_out]"),
    ),
    _mistake(
        "widths-in-reverse",
        "Your hidden layers stand in reverse order. The first number of `hidden` is the layer next to the input.",
        ("[d_in, *hidden, d_out]", "[d_in, *hidden[::-1], d_out]"),
    ),
    _mistake(
        "dropout",
        "Your network has a dropout layer, so training and evaluation differ. The exercise asks for linear layers and ReLU only.",
        ("torch.relu(layer(x))", "F.dropout(torch.relu(layer(x)), 0.5, self.training)"),
    ),
    _mistake(
        "made-in-forward",
        "Your layers are made in `forward`, new and random in each call, and never learn. Make them in `__init__`.",
        ("self.layers = nn.ModuleList", "self.widths = widths\n        self.unused = nn.ModuleList"),
        (
            "    def forward(self, x):\n",
            "    def forward(self, x):\n        w = self.widths\n"
            "        self.layers = nn.ModuleList([nn.Linear(w[i], w[i + 1]) for i in range(len(w) - 1)])\n",
        ),
    ),
    _mistake(
        "points-flattened",
        "Your network flattens what it is given, so a batch of sentences becomes one long row. Only the last "
        "dimension is the layer's business.",
        ("        for layer in", "        x = x.reshape(len(x), -1)\n        for layer in"),
    ),
    _mistake(
        "shortcut",
        "Your network adds a shortcut past the hidden layers. That idea comes in chapter 4; here layers simply follow each other.",
        (
            "x = torch.relu(layer(x))",
            "x = torch.relu(layer(x)) + (x if layer.in_features == layer.out_features else x.mean())",
        ),
    ),
    _mistake(
        "graph-cut",
        "Your forward detaches the hidden layers, so no gradient reaches them. Leave out `.detach()` and `torch.no_grad()`.",
        ("torch.relu(layer(x))", "torch.relu(layer(x)).detach()"),
    ),
    _mistake(
        "list-changed",
        "Your `__init__` changes the list `hidden`, which belongs to the caller. Make a new list.",
        ("widths = [d_in, *hidden, d_out]", "hidden.append(d_out)\n        widths = [d_in, *hidden]"),
    ),
]
