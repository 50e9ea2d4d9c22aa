"""Answers to exercise 2 of 06_lora: add_lora."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="by-path",
        description="The path of each layer is split at its last point, and the module above it looked up.",
        code="""def add_lora(model, names, rank, alpha):
    paths = [path for path, module in model.named_modules() if type(module) is nn.Linear and path.split(".")[-1] in names]
    missing = set(names) - {path.rpartition(".")[2] for path in paths}
    if missing:
        raise ValueError("no linear layer is called " + ", ".join(sorted(missing)))
    for parameter in model.parameters():
        parameter.requires_grad = False
    for path in paths:
        above, _, own = path.rpartition(".")
        parent = model.get_submodule(above)
        setattr(parent, own, CourseLoRALinear(getattr(parent, own), rank, alpha))
    return model
""",
    ),
    Alternative(
        name="recursive",
        description="A function that calls itself for each child, and counts what it has exchanged.",
        code="""def add_lora(model, names, rank, alpha):
    counts = {}

    def count(module):
        for name, child in module.named_children():
            if isinstance(child, nn.Linear):
                counts[name] = counts.get(name, 0) + 1
            count(child)

    def exchange(module):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.Linear) and name in names:
                module.add_module(name, CourseLoRALinear(linear=child, rank=rank, alpha=alpha))
            else:
                exchange(child)

    count(model)
    for name in names:
        if not counts.get(name):
            raise ValueError(f"{name!r}: no such linear layer")
    model.requires_grad_(False)
    exchange(model)
    return model
""",
    ),
    Alternative(
        name="frozen-at-the-end",
        description="First exchanged, then each parameter is frozen unless it is A or B of one of the new layers.",
        code="""def add_lora(model, names, rank, alpha):
    left, new = set(names), []
    for parent in list(model.modules()):
        for name in list(parent._modules):
            if name in names and isinstance(parent._modules[name], nn.Linear):
                new.append(CourseLoRALinear(parent._modules[name], rank, alpha))
                parent._modules[name] = new[-1]
                left.discard(name)
    if left:
        raise ValueError(f"nothing to adapt under the name {left.pop()}")
    open_ones = {id(parameter) for layer in new for parameter in (layer.A, layer.B)}
    for parameter in model.parameters():
        parameter.requires_grad_(id(parameter) in open_ones)
    return model
""",
    ),
]

_RIGHT = """def add_lora(model, names, rank, alpha):
    found = []
    for parent in model.modules():
        for name, child in parent.named_children():
            if isinstance(child, nn.Linear) and name in names:
                found.append((parent, name, child))
    for name in names:
        if not any(name == other for _parent, other, _child in found):
            raise ValueError(f"no linear layer is called {name}")
    for parameter in model.parameters():
        parameter.requires_grad = False
    for parent, name, child in found:
        setattr(parent, name, CourseLoRALinear(child, rank, alpha))
    return model
"""
_FREEZE = "    for parameter in model.parameters():\n        parameter.requires_grad = False\n"
_EXCHANGE = """    for parent, name, child in found:
        setattr(parent, name, CourseLoRALinear(child, rank, alpha))
"""
_REFUSE = """    for name in names:
        if not any(name == other for _parent, other, _child in found):
            raise ValueError(f"no linear layer is called {name}")
"""

_mistake = partial(made_in, _RIGHT, see="06_lora: Exercise 2: add_lora")

MISTAKES = [
    _mistake(
        "model-not-frozen",
        "The low-rank layers freeze what they stand around. All the rest of the model is still trained: freeze it first.",
        (_FREEZE, ""),
    ),
    _mistake(
        "frozen-last",
        "You freeze the model after the layers are exchanged, and A and B with it: nothing is left to be trained. Freeze first.",
        (_FREEZE + _EXCHANGE, _EXCHANGE + _FREEZE),
    ),
    _mistake(
        "attribute-of-the-model",
        "`model.requires_grad = False` gives the model an attribute that nobody reads. `model.requires_grad_(False)`, with an underscore, "
        "freezes its parameters.",
        (_FREEZE, "    model.requires_grad = False\n"),
    ),
    _mistake(
        "part-of-a-name",
        'You look whether a wanted name is a part of the layer\'s name, so "proj" also finds `q_proj`. Compare the whole name.',
        ("and name in names:", "and any(wanted in name for wanted in names):"),
        ("not any(name == other", "not any(name in other"),
    ),
    _mistake(
        "end-of-a-name",
        'You look whether the layer\'s name ends with a wanted one, so "proj" also finds `q_proj`. Compare the whole name.',
        ("and name in names:", "and name.endswith(tuple(names)):"),
        ("not any(name == other", "not any(other.endswith(name)"),
    ),
    _mistake(
        "children-of-the-model-only",
        "You look only at the model's own children. The layers are deeper: go through `model.modules()`.",
        ("for parent in model.modules():", "for parent in [model]:"),
    ),
    _mistake(
        "only-the-first-block",
        "You adapt one layer of each name. Every block has one.",
        (
            "    for name in names:\n",
            "    found = list({name: (parent, name, child) for parent, name, child in reversed(found)}.values())\n    for name in names:\n",
        ),
    ),
    _mistake(
        "all-linear-layers",
        "You adapt every linear layer. Only those of the given names are meant.",
        ("isinstance(child, nn.Linear) and name in names", "isinstance(child, nn.Linear)"),
    ),
    _mistake(
        "anything-of-that-name",
        "You put a low-rank layer around everything of a wanted name. Only an `nn.Linear` can be adapted.",
        ("isinstance(child, nn.Linear) and name in names", "name in names"),
    ),
    _mistake(
        "variable-assigned",
        "You give the loop's variable another value, and the model keeps its layer. Assign to the attribute of the module above it: `setattr`.",
        ("setattr(parent, name, CourseLoRALinear(child, rank, alpha))", "child = CourseLoRALinear(child, rank, alpha)"),
    ),
    _mistake(
        "set-on-the-model",
        "You set the attribute on the model, and not on the module in which the layer is: the model gets layers that it does not use.",
        ("setattr(parent, name,", "setattr(model, name,"),
    ),
    _mistake(
        "new-layer-inside",
        "You put a new linear layer into the low-rank one. It should stand around the model's own, which holds what was learned.",
        (
            "CourseLoRALinear(child, rank, alpha))",
            "CourseLoRALinear(nn.Linear(child.in_features, child.out_features, child.bias is not None), rank, alpha))",
        ),
    ),
    _mistake(
        "rank-and-alpha-exchanged",
        "You hand over rank and alpha the wrong way round.",
        ("CourseLoRALinear(child, rank, alpha)", "CourseLoRALinear(child, int(alpha), rank)"),
    ),
    _mistake(
        "always-rank-8",
        "You always take the rank 8. `rank` says which one is wanted.",
        ("CourseLoRALinear(child, rank, alpha)", "CourseLoRALinear(child, 8, alpha)"),
    ),
    _mistake(
        "alpha-forgotten",
        "You always take twice the rank for alpha. The caller says which one is wanted.",
        ("CourseLoRALinear(child, rank, alpha)", "CourseLoRALinear(child, rank, 2 * rank)"),
    ),
    _mistake(
        "shared-matrices",
        "All your low-rank layers share one A and one B. Each has its own.",
        (
            _EXCHANGE,
            """    shared = {}
    for parent, name, child in found:
        made = CourseLoRALinear(child, rank, alpha)
        shape = child.weight.shape
        first = shared.setdefault(shape, made)
        made.A, made.B = first.A, first.B
        setattr(parent, name, made)
""",
        ),
    ),
    _mistake(
        "unknown-name-ignored",
        "A name that fits no layer goes unnoticed. Raise a ValueError that mentions it.",
        (_REFUSE, ""),
    ),
    _mistake(
        "one-name-is-enough",
        "You raise an error only when no name fits at all. Each of the names has to fit a layer.",
        (_REFUSE, '    if not found:\n        raise ValueError(f"no linear layer is called {names}")\n'),
    ),
    _mistake(
        "name-not-mentioned",
        "Your error does not say which name fits no layer.",
        ('f"no linear layer is called {name}"', '"a name fits no linear layer"'),
    ),
    _mistake(
        "nothing-returned",
        "Your function returns nothing. It should return the model.",
        ("    return model\n", ""),
    ),
]
