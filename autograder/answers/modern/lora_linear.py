"""Answers to exercise 1 of 06_lora: LoRALinear."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="layers-without-a-bias",
        description="A and B as linear layers without a bias, filled by nn.init.",
        code="""class LoRALinear(nn.Module):
    def __init__(self, linear, rank, alpha):
        super().__init__()
        self.base = linear
        for parameter in self.base.parameters():
            parameter.requires_grad = False
        kind = dict(bias=False, dtype=linear.weight.dtype, device=linear.weight.device)
        self.down = nn.Linear(linear.in_features, rank, **kind)
        self.up = nn.Linear(rank, linear.out_features, **kind)
        nn.init.normal_(self.down.weight, std=linear.in_features**-0.5)
        nn.init.zeros_(self.up.weight)
        self.factor = alpha / rank

    def forward(self, x):
        return self.base(x) + self.factor * self.up(self.down(x))
""",
    ),
    Alternative(
        name="column-layout",
        description="A and B stored as in x @ A, a uniform start as in the paper's code, the base's numbers used by hand.",
        code="""class LoRALinear(nn.Module):
    def __init__(self, linear, rank, alpha):
        super().__init__()
        linear.weight.requires_grad_(False)
        if linear.bias is not None:
            linear.bias.requires_grad_(False)
        self.weight, self.bias = linear.weight, linear.bias
        bound = (3 / linear.in_features) ** 0.5
        self.lora_a = nn.Parameter(torch.empty(linear.in_features, rank).uniform_(-bound, bound).to(linear.weight.dtype))
        self.lora_b = nn.Parameter(torch.zeros(rank, linear.out_features, dtype=linear.weight.dtype))
        self.alpha, self.rank = alpha, rank

    def forward(self, x):
        frozen = nn.functional.linear(x, self.weight, self.bias)
        return torch.add(frozen, x @ self.lora_a @ self.lora_b, alpha=self.alpha / self.rank)
""",
    ),
    Alternative(
        name="added-to-the-weight",
        description="The sum of the matrices is worked out in each call.",
        code="""class LoRALinear(nn.Module):
    def __init__(self, linear, rank, alpha):
        super().__init__()
        self.linear = linear
        self.linear.requires_grad_(False)
        self.rank = rank
        self.scale = alpha / rank
        d_out, d_in = linear.weight.shape
        self.register_parameter("B", nn.Parameter(linear.weight.new_zeros(d_out, rank)))
        self.register_parameter("A", nn.Parameter(linear.weight.new_empty(rank, d_in)))
        nn.init.kaiming_uniform_(self.A, a=5**0.5)

    def forward(self, x):
        weight = self.linear.weight + self.scale * (self.B @ self.A)
        return nn.functional.linear(x, weight, self.linear.bias)
""",
    ),
    Alternative(
        name="einsum",
        description="The layer as a subclass of nn.Linear that takes over the weights, with einsum.",
        code="""class LoRALinear(nn.Linear):
    def __init__(self, linear, rank, alpha):
        super().__init__(linear.in_features, linear.out_features, bias=linear.bias is not None)
        self.weight = linear.weight
        self.bias = linear.bias
        for p in self.parameters():
            p.requires_grad_(False)
        self.scale = alpha / rank
        self.A = nn.Parameter(torch.randn(rank, self.in_features).type_as(self.weight) * self.in_features**-0.5)
        self.B = nn.Parameter(torch.zeros_like(self.weight[:, :1]).repeat(1, rank))

    def forward(self, x):
        thin = torch.einsum("...i,ri->...r", x, self.A)
        return super().forward(x) + torch.einsum("...r,or->...o", thin, self.B) * self.scale
""",
    ),
]

_RIGHT = """class LoRALinear(nn.Module):
    def __init__(self, linear, rank, alpha):
        super().__init__()
        self.linear = linear
        for parameter in linear.parameters():
            parameter.requires_grad = False
        start = torch.randn(rank, linear.in_features) / linear.in_features**0.5
        self.A = nn.Parameter(start.to(linear.weight.dtype))
        self.B = nn.Parameter(torch.zeros(linear.out_features, rank, dtype=linear.weight.dtype))
        self.scale = alpha / rank

    def forward(self, x):
        added = (x @ self.A.T) @ self.B.T
        return self.linear(x) + self.scale * added
"""
_FREEZE = """        for parameter in linear.parameters():
            parameter.requires_grad = False
"""
_A = "        self.A = nn.Parameter(start.to(linear.weight.dtype))\n"
_B = "        self.B = nn.Parameter(torch.zeros(linear.out_features, rank, dtype=linear.weight.dtype))\n"
_ZEROS = "torch.zeros(linear.out_features, rank, dtype=linear.weight.dtype)"
_DRAWN = "torch.randn(rank, linear.in_features) / linear.in_features**0.5"

_mistake = partial(made_in, _RIGHT, see="06_lora: Exercise 1: LoRALinear")

MISTAKES = [
    _mistake(
        "alpha-not-divided",
        "You multiply the low-rank part by alpha. The factor is alpha / r, so that another rank does not ask for another learning rate.",
        ("self.scale = alpha / rank", "self.scale = alpha"),
    ),
    _mistake(
        "no-scale",
        "You add the low-rank part as it is. It is multiplied by alpha / r.",
        ("self.scale * added", "added"),
    ),
    _mistake(
        "scale-inverted",
        "Your factor is r / alpha. It is the other way round: alpha / r.",
        ("self.scale = alpha / rank", "self.scale = rank / alpha"),
    ),
    _mistake(
        "divided-by-the-root",
        "You divide alpha by the root of the rank. Some variants of LoRA do that; here the factor is alpha / r.",
        ("self.scale = alpha / rank", "self.scale = alpha / rank**0.5"),
    ),
    _mistake(
        "both-zero",
        "Both matrices begin with zeros. Then the gradient of each contains the other one's zeros, and neither ever moves. A is random.",
        (_DRAWN, "torch.zeros(rank, linear.in_features)"),
    ),
    _mistake(
        "both-random",
        "Both matrices begin with random numbers, so the model is another one before the first step. B begins with zeros.",
        (_ZEROS, "torch.randn(linear.out_features, rank).to(linear.weight.dtype)"),
    ),
    _mistake(
        "exchanged-start",
        "Your A begins with zeros and your B with random numbers. It is A that is random, and B that is zero.",
        (_DRAWN, "torch.zeros(rank, linear.in_features)"),
        (_ZEROS, "torch.randn(linear.out_features, rank).to(linear.weight.dtype)"),
    ),
    _mistake(
        "layer-not-frozen",
        "The layer's own weights are still trained. Freeze them: `linear.requires_grad_(False)`.",
        (_FREEZE, ""),
    ),
    _mistake(
        "only-the-weight-frozen",
        "You freeze the layer's weight and forget its bias.",
        (_FREEZE, "        linear.weight.requires_grad = False\n"),
    ),
    _mistake(
        "attribute-of-the-layer",
        "`linear.requires_grad = False` gives the layer an attribute that nobody reads. It is the parameters that have to be frozen; "
        "`linear.requires_grad_(False)`, with an underscore, does it.",
        (_FREEZE, "        linear.requires_grad = False\n"),
    ),
    _mistake(
        "all-frozen",
        "You freeze A and B, too, and nothing is left to be trained. Freeze the layer that was given, or freeze before A and B exist.",
        (
            "        self.scale = alpha / rank\n",
            "        self.scale = alpha / rank\n        self.requires_grad_(False)\n",
        ),
    ),
    _mistake(
        "plain-tensors",
        "A and B are plain tensors, so no optimiser finds them. Wrap them in `nn.Parameter`.",
        ("nn.Parameter(start.to(linear.weight.dtype))", "start.to(linear.weight.dtype)"),
        (f"nn.Parameter({_ZEROS})", _ZEROS),
    ),
    _mistake(
        "layer-left-out",
        "You return only the low-rank part. It is added to the output of the layer.",
        ("self.linear(x) + self.scale * added", "self.scale * added"),
    ),
    _mistake(
        "low-rank-part-left-out",
        "You return the layer's output and never add the low-rank part.",
        ("self.linear(x) + self.scale * added", "self.linear(x)"),
    ),
    _mistake(
        "in-front-of-the-layer",
        "You send the low-rank part through the layer, too. It is added to the layer's output.",
        ("self.linear(x) + self.scale * added", "self.linear(x + self.scale * added)"),
    ),
    _mistake(
        "another-layer",
        "You build a new linear layer with random weights. Keep the one that you are given: it holds what the model has learned.",
        (
            "self.linear = linear\n",
            "self.linear = nn.Linear(linear.in_features, linear.out_features, linear.bias is not None)\n",
        ),
        (_FREEZE, "        self.linear.requires_grad_(False)\n"),
        ("(x @ self.A.T)", "(x.to(self.A.dtype) @ self.A.T)"),
        ("self.linear(x)", "self.linear.to(x.dtype)(x)"),
    ),
    _mistake(
        "activation-between",
        "There is an activation function between A and B. Then the sum is no linear layer any more, and cannot be merged.",
        ("(x @ self.A.T) @", "torch.relu(x @ self.A.T) @"),
    ),
    _mistake(
        "without-gradient",
        "The low-rank part is computed without gradients, so it never learns. Only the layer is frozen, by `requires_grad`.",
        (
            "        added = (x @ self.A.T) @ self.B.T\n",
            "        with torch.no_grad():\n            added = (x @ self.A.T) @ self.B.T\n",
        ),
    ),
    _mistake(
        "layer-without-gradient",
        "You call the layer inside `torch.no_grad()`. Its weights are frozen, but gradients have to go through it to the layers below.",
        (
            "        return self.linear(x) + self.scale * added\n",
            "        with torch.no_grad():\n            frozen = self.linear(x)\n        return frozen + self.scale * added\n",
        ),
    ),
    _mistake(
        "large-start",
        "A begins with standard normal numbers. Then x Aᵀ is larger than x by the root of d_in: divide by it.",
        (" / linear.in_features**0.5", ""),
    ),
    _mistake(
        "constant-start",
        "All numbers of A are the same, so all r rows of A do the same for ever, and the rank is 1. Draw them at random.",
        (_DRAWN, "torch.full((rank, linear.in_features), linear.in_features**-0.5)"),
    ),
    _mistake(
        "same-draw",
        "You seed the random numbers in the layer, so each layer begins with the same A.",
        ("        start = ", "        torch.manual_seed(0)\n        start = "),
    ),
    _mistake(
        "positive-start",
        "`torch.rand` draws numbers between 0 and 1, whose mean is not 0. Use `torch.randn`.",
        ("torch.randn(rank", "torch.rand(rank"),
    ),
    _mistake(
        "always-single-precision",
        "A and B are always float32. In a model in bfloat16 or float64 the types do not fit: take the type of the layer's weight.",
        ("start.to(linear.weight.dtype)", "start"),
        ("rank, dtype=linear.weight.dtype)", "rank)"),
    ),
    _mistake(
        "biases-in-the-low-rank-part",
        "A and B have biases, which are trained, too. LoRA trains the two matrices and nothing else: `bias=False`.",
        (_A, "        self.A = nn.Linear(linear.in_features, rank).to(linear.weight.dtype)\n"),
        (
            _B,
            "        self.B = nn.Linear(rank, linear.out_features).to(linear.weight.dtype)\n        nn.init.zeros_(self.B.weight)\n",
        ),
        ("(x @ self.A.T) @ self.B.T", "self.B(self.A(x))"),
    ),
    _mistake(
        "weight-changed-in-each-call",
        "You add B A to the layer's weight in each call, so it is added again and again. Leave the weight alone, and add to the output.",
        (
            "        added = (x @ self.A.T) @ self.B.T\n        return self.linear(x) + self.scale * added\n",
            "        with torch.no_grad():\n            self.linear.weight += self.scale * self.B @ self.A\n        return self.linear(x)\n",
        ),
    ),
    _mistake(
        "rank-one-wider",
        "Your A and B have more rows or columns than r. Their shapes are (r, d_in) and (d_out, r).",
        ("torch.randn(rank, ", "torch.randn(rank + 1, "),
        ("torch.zeros(linear.out_features, rank, ", "torch.zeros(linear.out_features, rank + 1, "),
    ),
]
