"""Answers to exercise 3 of 01_rmsnorm_and_swiglu: SwiGLU."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="fused",
        description="Gate and up in one matrix, cut in two afterwards.",
        code="""class SwiGLU(nn.Module):
    def __init__(self, d, d_hidden):
        super().__init__()
        self.gate_up = nn.Linear(d, 2 * d_hidden, bias=False)
        self.down = nn.Linear(d_hidden, d, bias=False)

    def forward(self, x):
        gate, up = self.gate_up(x).chunk(2, dim=-1)
        return self.down(F.silu(gate) * up)
""",
    ),
    Alternative(
        name="parameters",
        description="nn.Parameter and products, the gate by its formula, down made first.",
        code="""class SwiGLU(nn.Module):
    def __init__(self, d, d_hidden):
        super().__init__()
        self.w2 = nn.Parameter(torch.randn(d_hidden, d) / d_hidden**0.5)
        self.w1 = nn.Parameter(torch.randn(d, d_hidden) / d**0.5)
        self.w3 = nn.Parameter(torch.randn(d, d_hidden) / d**0.5)

    def forward(self, x):
        g = x @ self.w1
        return (g / (1 + torch.exp(-g)) * (x @ self.w3)) @ self.w2
""",
    ),
    Alternative(
        name="einsum",
        description="Gate and up stacked in one parameter of three dimensions.",
        code="""class SwiGLU(nn.Module):
    def __init__(self, d, d_hidden):
        super().__init__()
        self.inner = nn.Parameter(0.1 * torch.randn(2, d_hidden, d))
        self.outer = nn.Parameter(0.1 * torch.randn(d, d_hidden))

    def forward(self, x):
        gate, up = torch.einsum("...d,khd->k...h", x, self.inner)
        return torch.einsum("...h,dh->...d", gate * gate.sigmoid() * up, self.outer)
""",
    ),
    Alternative(
        name="module-dict",
        description="Layers in a ModuleDict, with the activation function among them.",
        code="""class SwiGLU(nn.Module):
    def __init__(self, d, d_hidden):
        super().__init__()
        self.parts = nn.ModuleDict(
            {
                "gate_proj": nn.Sequential(nn.Linear(d, d_hidden, bias=False), nn.SiLU()),
                "up_proj": nn.Linear(d, d_hidden, bias=False),
                "down_proj": nn.Linear(d_hidden, d, bias=False),
            }
        )

    def forward(self, x):
        return self.parts["down_proj"](torch.mul(self.parts["up_proj"](x), self.parts["gate_proj"](x)))
""",
    ),
]

_RIGHT = """class SwiGLU(nn.Module):
    def __init__(self, d, d_hidden):
        super().__init__()
        self.gate = nn.Linear(d, d_hidden, bias=False)
        self.up = nn.Linear(d, d_hidden, bias=False)
        self.down = nn.Linear(d_hidden, d, bias=False)

    def forward(self, x):
        opened = F.silu(self.gate(x))
        return self.down(opened * self.up(x))
"""

_mistake = partial(made_in, _RIGHT, see="01_rmsnorm_and_swiglu: Exercise 3: SwiGLU")

MISTAKES = [
    _mistake(
        "biases",
        "Your linear layers have a bias, which is `nn.Linear`'s default. Here none has one: `bias=False`.",
        ("self.gate = nn.Linear(d, d_hidden, bias=False)", "self.gate = nn.Linear(d, d_hidden)"),
        ("self.up = nn.Linear(d, d_hidden, bias=False)", "self.up = nn.Linear(d, d_hidden)"),
        ("nn.Linear(d_hidden, d, bias=False)", "nn.Linear(d_hidden, d)"),
    ),
    _mistake(
        "bias-of-down",
        "Your last layer has a bias. None of the three has one: `bias=False`.",
        ("nn.Linear(d_hidden, d, bias=False)", "nn.Linear(d_hidden, d)"),
    ),
    _mistake(
        "no-activation",
        "You multiply gate and up without a SiLU between. The gate goes through it.",
        ("F.silu(self.gate(x))", "self.gate(x)"),
    ),
    _mistake(
        "sigmoid",
        "Your gate goes through a sigmoid. That is the first gated linear unit, GLU; SwiGLU takes SiLU.",
        ("F.silu", "torch.sigmoid"),
    ),
    _mistake(
        "gelu",
        "Your gate goes through a GELU. That is GEGLU; SwiGLU takes SiLU.",
        ("F.silu", "F.gelu"),
    ),
    _mistake(
        "relu",
        "Your gate goes through a ReLU. That is ReGLU; SwiGLU takes SiLU.",
        ("F.silu", "F.relu"),
    ),
    _mistake(
        "silu-on-both",
        "Gate and up both go through your SiLU. Only the gate does; the other passes as it is.",
        ("opened * self.up(x)", "opened * F.silu(self.up(x))"),
    ),
    _mistake(
        "silu-of-the-product",
        "You multiply first and take the SiLU of the product. It belongs to the gate alone.",
        ("F.silu(self.gate(x))", "self.gate(x)"),
        ("self.down(opened * self.up(x))", "self.down(F.silu(opened * self.up(x)))"),
    ),
    _mistake(
        "added",
        "You add gate and up. They are multiplied, number by number: without the product nothing opens or shuts.",
        ("opened * self.up(x)", "opened + self.up(x)"),
    ),
    _mistake(
        "one-after-the-other",
        "Your up starts from the opened gate. Gate and up both start from `x`.",
        ("self.up = nn.Linear(d, d_hidden, bias=False)", "self.up = nn.Linear(d_hidden, d_hidden, bias=False)"),
        ("opened * self.up(x)", "self.up(opened)"),
    ),
    _mistake(
        "gated-by-itself",
        "Your up is the gate itself, without a matrix of its own. There are three matrices.",
        ("        self.up = nn.Linear(d, d_hidden, bias=False)\n", ""),
        ("        opened = F.silu(self.gate(x))\n", "        g = self.gate(x)\n        opened = F.silu(g)\n"),
        ("opened * self.up(x)", "opened * g"),
    ),
    _mistake(
        "no-gate",
        "You have two matrices with a SiLU between them, as in GPT-2. Here a third one, up, is multiplied with the gate.",
        ("        self.up = nn.Linear(d, d_hidden, bias=False)\n", ""),
        ("opened * self.up(x)", "opened"),
    ),
    _mistake(
        "up-not-used",
        "You made `up` and do not use it in `forward`: the opened gate is multiplied with it.",
        ("opened * self.up(x)", "opened"),
    ),
    _mistake(
        "always-four-times-as-wide",
        "Your hidden width is four times the outer one. Here it is an argument, `d_hidden`.",
        ("self.gate = nn.Linear(d, d_hidden", "self.gate = nn.Linear(d, 4 * d"),
        ("self.up = nn.Linear(d, d_hidden", "self.up = nn.Linear(d, 4 * d"),
        ("nn.Linear(d_hidden, d", "nn.Linear(4 * d, d"),
    ),
    _mistake(
        "two-thirds",
        "You take two thirds of `d_hidden`. It is the width itself; whoever builds the network has taken the 8/3 into account.",
        (
            "self.gate = nn.Linear(d, d_hidden",
            "d_hidden = max(1, 2 * d_hidden // 3)\n        self.gate = nn.Linear(d, d_hidden",
        ),
    ),
    _mistake(
        "shortcut",
        "You add `x`. The shortcut belongs to the block, which adds it around the whole network.",
        ("return self.down", "return x + self.down"),
    ),
    _mistake(
        "softmax",
        "Your gate goes through a softmax, so that its numbers compete. Each opens by itself, with SiLU.",
        ("F.silu(self.gate(x))", "F.softmax(self.gate(x), dim=-1)"),
    ),
    _mistake(
        "dropout",
        "There is dropout in your network. Here is none.",
        ("self.down(opened * self.up(x))", "F.dropout(self.down(opened * self.up(x)), 0.1, self.training)"),
    ),
    _mistake(
        "layers-made-in-forward",
        "Your layers are made in `forward`: new and random in each call, found by no optimizer. Make them in `__init__`.",
        (
            "        self.gate = nn.Linear(d, d_hidden, bias=False)\n        self.up = nn.Linear(d, d_hidden, bias=False)\n"
            "        self.down = nn.Linear(d_hidden, d, bias=False)\n",
            "        self.d, self.h = d, d_hidden\n",
        ),
        (
            "        opened = F.silu(self.gate(x))\n        return self.down(opened * self.up(x))\n",
            "        gate = nn.Linear(self.d, self.h, bias=False).to(x)\n        up = nn.Linear(self.d, self.h, bias=False).to(x)\n"
            "        down = nn.Linear(self.h, self.d, bias=False).to(x)\n        return down(F.silu(gate(x)) * up(x))\n",
        ),
    ),
    _mistake(
        "layers-in-a-plain-list",
        "Your layers stand in a plain Python list, in which PyTorch does not find them. Take attributes of `self`, or an "
        "`nn.ModuleList`.",
        (
            "        self.down = nn.Linear(d_hidden, d, bias=False)\n",
            "        self.all = [nn.Linear(d_hidden, d, bias=False)]\n",
        ),
        ("self.gate = nn.Linear", "gate = nn.Linear"),
        (
            "self.up = nn.Linear(d, d_hidden, bias=False)\n",
            "up = nn.Linear(d, d_hidden, bias=False)\n        self.inner = [gate, up]\n",
        ),
        ("self.gate(x)", "self.inner[0](x)"),
        ("self.down(opened * self.up(x))", "self.all[0](opened * self.inner[1](x))"),
    ),
]
