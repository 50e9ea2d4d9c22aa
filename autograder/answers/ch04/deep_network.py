"""Answers to exercise 4 of 01_layer_norm_gelu_feed_forward: shortcuts."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, in_other_choices, made_in

ALTERNATIVES = [
    Alternative(
        name="sequential-layers",
        description="Each layer an nn.Sequential with its bend, as in the book; shapes compared.",
        code="""class DeepNetwork(nn.Module):
    def __init__(self, width, depth, use_shortcut):
        super().__init__()
        self.use_shortcut = use_shortcut
        self.layers = nn.ModuleList()
        for _ in range(depth):
            self.layers.append(nn.Sequential(nn.Linear(width, width), nn.GELU()))

    def forward(self, x):
        for layer in self.layers:
            layer_output = layer(x)
            if self.use_shortcut and x.shape == layer_output.shape:
                x = x + layer_output
            else:
                x = layer_output
        return x
""",
    ),
    Alternative(
        name="residual-module",
        description="A module for one layer, an nn.Sequential of them, the shortcut as a factor.",
        code="""class Residual(nn.Module):
    def __init__(self, width, keep):
        super().__init__()
        self.linear, self.keep = nn.Linear(width, width), keep

    def forward(self, x):
        return self.keep * x + F.gelu(self.linear(x), approximate="tanh")


class DeepNetwork(nn.Module):
    def __init__(self, width, depth, use_shortcut):
        super().__init__()
        self.tower = nn.Sequential(*[Residual(width, float(use_shortcut)) for _ in range(depth)])

    def forward(self, x):
        return self.tower(x)
""",
    ),
    Alternative(
        name="stacked-parameters",
        description="All weights in one parameter, all biases in another.",
        code="""class DeepNetwork(nn.Module):
    def __init__(self, width, depth, use_shortcut):
        super().__init__()
        self.b = nn.Parameter(torch.zeros(depth, width))
        self.w = nn.Parameter(torch.randn(depth, width, width) / width**0.5)
        self.shortcut = use_shortcut

    def forward(self, x):
        for w, b in zip(self.w, self.b):
            step = F.gelu(x @ w + b)
            x = step + x if self.shortcut else step
        return x
""",
    ),
    Alternative(
        name="made-in-reverse",
        description="Layers registered by name, the last one first, orthogonal start.",
        code="""class DeepNetwork(nn.Module):
    def __init__(self, width, depth, use_shortcut):
        super().__init__()
        self.depth, self.use_shortcut, self.bend = depth, use_shortcut, nn.GELU(approximate="tanh")
        for number in reversed(range(depth)):
            layer = nn.Linear(width, width)
            nn.init.orthogonal_(layer.weight)
            self.add_module(f"layer{number}", layer)

    def forward(self, x):
        for number in range(self.depth):
            inside = x
            x = self.bend(getattr(self, f"layer{number}")(x))
            if self.use_shortcut:
                x = x + inside
        return x
""",
    ),
]

_RIGHT = """class DeepNetwork(nn.Module):
    def __init__(self, width, depth, use_shortcut):
        super().__init__()
        self.use_shortcut = use_shortcut
        self.layers = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.act = nn.GELU()

    def forward(self, x):
        for layer in self.layers:
            out = self.act(layer(x))
            if self.use_shortcut:
                x = x + out
            else:
                x = out
        return x
"""

_mistake = partial(made_in, _RIGHT, see="01_layer_norm_gelu_feed_forward: Exercise 4: shortcuts")

MISTAKES = [
    _mistake(
        "no-shortcut",
        "Your network has no shortcut, also when it is asked for one: the layer's answer must be added to its input.",
        ("x = x + out", "x = out"),
    ),
    _mistake(
        "always-shortcut",
        "Your network has shortcuts also with `use_shortcut=False`. Then the answer takes the input's place.",
        ("                x = out\n", "                x = out + x\n"),
    ),
    _mistake(
        "turned-round",
        "Your condition is turned round: you add where no shortcut is wanted, and replace where one is.",
        ("if self.use_shortcut", "if not self.use_shortcut"),
    ),
    _mistake(
        "answer-added-to-itself",
        "You overwrite `x` before you add, so the layer's answer is added to itself. Keep the input until it has been "
        "added.",
        (
            "            out = self.act(layer(x))\n            if self.use_shortcut:\n                x = x + out\n",
            "            before = x\n            x = out = self.act(layer(before))\n            if self.use_shortcut:\n                x = x + out\n",
        ),
    ),
    _mistake(
        "first-input-added",
        "Your shortcuts all begin at the input of the network. Each goes around its own layer: what is added is what "
        "went into this layer.",
        ("        for layer", "        first = x\n        for layer"),
        ("x = x + out", "x = first + out"),
    ),
    _mistake(
        "one-shortcut-around-all",
        "You have one shortcut around the whole network. There is one around each layer.",
        ("        for layer", "        first = x\n        for layer"),
        ("x = x + out", "x = out"),
        ("        return x", "        return first + x if self.use_shortcut else x"),
    ),
    _mistake(
        "last-layer-left-out",
        "Your last layer has no shortcut. There is one around each layer.",
        ("if self.use_shortcut:", "if self.use_shortcut and layer is not self.layers[-1]:"),
    ),
    _mistake(
        "first-layer-left-out",
        "Your first layer has no shortcut. There is one around each layer.",
        ("if self.use_shortcut:", "if self.use_shortcut and layer is not self.layers[0]:"),
    ),
    _mistake(
        "bent-after-adding",
        "You add first and apply GELU afterwards, so the shortcut goes through the GELU and is no longer open. It "
        "should go around the GELU, too.",
        ("x = x + out", "x = self.act(x + layer(x))"),
    ),
    _mistake(
        "not-bent-with-shortcut",
        "With shortcuts your GELU is missing: what is added is the layer's output after the GELU.",
        ("x = x + out", "x = x + layer(x)"),
    ),
    _mistake(
        "no-bend",
        "There is no GELU in your layers, so all of them together are one linear layer.",
        ("self.act(layer(x))", "layer(x)"),
    ),
    _mistake(
        "relu",
        "Your activation function is ReLU; here it should be GELU.",
        ("nn.GELU()", "nn.ReLU()"),
    ),
    _mistake(
        "multiplied",
        "You multiply input and answer. A shortcut adds them.",
        ("x = x + out", "x = x * out"),
    ),
    _mistake(
        "mean",
        "You take the mean of input and answer, so the way past the layer weakens the gradient by half each time. They "
        "are added.",
        ("x = x + out", "x = (x + out) / 2"),
    ),
    _mistake(
        "side-by-side",
        "You put input and answer side by side, so the vectors grow wider. They are added.",
        ("x = x + out", "x = torch.cat([x, out], dim=-1)"),
    ),
    _mistake(
        "cut-off",
        "Your shortcut is cut off from the gradient (`detach`), and the gradient is what it is for.",
        ("x = x + out", "x = x.detach() + out"),
    ),
    _mistake(
        "one-layer-many-times",
        "`[layer] * depth` is one layer, many times: all share the same weights. Make each layer anew.",
        ("[nn.Linear(width, width) for _ in range(depth)]", "[nn.Linear(width, width)] * depth"),
    ),
    _mistake(
        "layers-in-a-plain-list",
        "Your layers are in a plain Python list, where the module does not find their parameters. Use `nn.ModuleList`.",
        (
            "nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])",
            "[nn.Linear(width, width) for _ in range(depth)]",
        ),
    ),
    _mistake(
        "one-layer-too-few",
        "You have one layer too few: `depth` counts all of them.",
        ("range(depth)", "range(depth - 1)"),
    ),
    _mistake(
        "linear-layer-at-the-end",
        "You added a linear layer at the end. Here there are `depth` layers, all alike.",
        ("        self.act =", "        self.out = nn.Linear(width, width)\n        self.act ="),
        ("        return x", "        return self.out(x)"),
    ),
    _mistake(
        "no-bias",
        "Your layers have no bias; `nn.Linear` has one by default, and here it stays.",
        ("nn.Linear(width, width)", "nn.Linear(width, width, bias=False)"),
    ),
    _mistake(
        "input-changed",
        "`x += …` writes into the caller's tensor. Write `x = x + …`, which makes a new one.",
        ("x = x + out", "x += out"),
    ),
    _mistake(
        "returned-after-the-first",
        "Your `return` stands inside the loop, so only the first layer is used.",
        ("        return x", "            return x"),
    ),
]

# With a GELU of either kind.
MISTAKES = in_other_choices(
    MISTAKES,
    ("nn.GELU()", 'nn.GELU(approximate="tanh")'),
)
