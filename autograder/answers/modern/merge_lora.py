"""Answers to exercise 3 of 06_lora: merge_lora."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="new-layers",
        description="A new linear layer for each, with weight and bias copied; found by path.",
        code="""def merge_lora(model):
    for path, module in list(model.named_modules()):
        if not isinstance(module, CourseLoRALinear):
            continue
        old = module.linear
        new = nn.Linear(old.in_features, old.out_features, bias=old.bias is not None, dtype=old.weight.dtype)
        new.weight.data.copy_(old.weight.data + module.scale * torch.matmul(module.B.data, module.A.data))
        if old.bias is not None:
            new.bias.data.copy_(old.bias.data)
        above, _, name = path.rpartition(".")
        setattr(model.get_submodule(above), name, new)
    return model
""",
    ),
    Alternative(
        name="recursive",
        description="A function that calls itself for each child; addmm.",
        code="""@torch.no_grad()
def merge_lora(model):
    for name, child in model.named_children():
        if isinstance(child, CourseLoRALinear):
            linear = child.linear
            linear.weight.copy_(torch.addmm(linear.weight, child.B, child.A, alpha=child.scale))
            model._modules[name] = linear
        else:
            merge_lora(child)
    return model
""",
    ),
    Alternative(
        name="from-the-identity",
        description="The merged weight is what the layer does to the unit vectors, less its bias.",
        code="""def merge_lora(model):
    places = [(m, n) for m in model.modules() for n, c in m.named_children() if isinstance(c, CourseLoRALinear)]
    for parent, name in places:
        layer = getattr(parent, name)
        weight = layer.linear.weight
        with torch.no_grad():
            out = layer(torch.eye(weight.shape[1], dtype=weight.dtype))
            if layer.linear.bias is not None:
                out = out - layer.linear.bias
        layer.linear.weight = nn.Parameter(out.T.contiguous(), requires_grad=False)
        parent.add_module(name, layer.linear)
    return model
""",
    ),
]

_RIGHT = """def merge_lora(model):
    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, CourseLoRALinear):
                linear = child.linear
                change = child.scale * (child.B @ child.A)
                linear.weight.data = linear.weight.data + change.data
                setattr(parent, name, linear)
    return model
"""
_WRITE = "                linear.weight.data = linear.weight.data + change.data\n"

_mistake = partial(made_in, _RIGHT, see="06_lora: Exercise 3: merge_lora")

MISTAKES = [
    _mistake(
        "no-scale",
        "You add B A as it is. The low-rank part is multiplied by `scale`, and so is what you merge.",
        ("child.scale * (child.B @ child.A)", "child.B @ child.A"),
    ),
    _mistake(
        "scale-twice",
        "You multiply by `scale` twice. It belongs to the product of the two matrices once.",
        ("child.scale * (child.B @ child.A)", "(child.scale * child.B) @ (child.scale * child.A)"),
    ),
    _mistake(
        "transposed",
        "You add the transpose of B A, which only fits a square weight. In an `nn.Linear` the weight is (d_out, d_in), and so is B A.",
        ("child.scale * (child.B @ child.A)", "child.scale * (child.B @ child.A).T"),
    ),
    _mistake(
        "a-times-b",
        "You multiply A by B. The shapes say which way round it is: B A is (d_out, r) times (r, d_in).",
        ("child.B @ child.A", "child.A @ child.B"),
    ),
    _mistake(
        "subtracted",
        "You subtract the change. It is added to the weight.",
        ("linear.weight.data + change.data", "linear.weight.data - change.data"),
    ),
    _mistake(
        "weight-replaced",
        "You put the change into the weight's place. It is added to the weight.",
        ("linear.weight.data + change.data", "change.data"),
    ),
    _mistake(
        "not-merged",
        "You put the old layer back, without the change: what was learned is lost.",
        (_WRITE, ""),
    ),
    _mistake(
        "layer-not-exchanged",
        "The low-rank layer stays in its place, so its part is added twice: once in the weight and once beside it. Put the linear layer there.",
        ("                setattr(parent, name, linear)\n", ""),
    ),
    _mistake(
        "bias-lost",
        "The merged layer has no bias, though the layer had one.",
        (
            "                setattr(parent, name, linear)\n",
            "                linear.bias = None\n                setattr(parent, name, linear)\n",
        ),
    ),
    _mistake(
        "bias-from-nowhere",
        "You build a new layer and copy only its weight: it has a random bias. Take over the bias, too.",
        (
            "                setattr(parent, name, linear)\n",
            "                new = nn.Linear(linear.in_features, linear.out_features, linear.bias is not None)\n"
            "                new.weight.data = linear.weight.data\n                setattr(parent, name, new)\n",
        ),
    ),
    _mistake(
        "always-a-bias",
        "Your new layer always has a bias. A layer without one stays without one.",
        (
            "                setattr(parent, name, linear)\n",
            "                if linear.bias is None:\n                    linear.bias = nn.Parameter(torch.zeros(linear.out_features))\n"
            "                setattr(parent, name, linear)\n",
        ),
    ),
    _mistake(
        "children-of-the-model-only",
        "You look only at the model's own children. The layers may be deeper: go through `model.modules()`.",
        ("for parent in list(model.modules()):", "for parent in [model]:"),
    ),
    _mistake(
        "only-the-first",
        "You merge one layer and stop. All of them are meant.",
        (
            "                setattr(parent, name, linear)\n",
            "                setattr(parent, name, linear)\n                return model\n",
        ),
    ),
    _mistake(
        "variable-assigned",
        "You give the loop's variable another value, and the model keeps its layer. Assign to the attribute of the module above it: `setattr`.",
        ("setattr(parent, name, linear)", "child = linear"),
    ),
    _mistake(
        "set-on-the-model",
        "You set the attribute on the model, and not on the module in which the layer is.",
        ("setattr(parent, name, linear)", "setattr(model, name, linear)"),
    ),
    _mistake(
        "nothing-returned",
        "Your function returns nothing. It should return the model.",
        ("    return model\n", ""),
    ),
]
