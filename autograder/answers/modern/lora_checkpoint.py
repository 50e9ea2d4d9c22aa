"""Answers to exercise 4 of 06_lora: lora_state and load_lora."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="by-identity",
        description="The parameters of low-rank layers by identity, names from named_parameters; copied one by one.",
        code="""def lora_state(model):
    ours = {id(p) for m in model.modules() if isinstance(m, CourseLoRALinear) for p in (m.A, m.B)}
    return {name: p.data.clone() for name, p in model.named_parameters() if id(p) in ours}


def load_lora(model, state):
    ours = {id(p) for m in model.modules() if isinstance(m, CourseLoRALinear) for p in (m.A, m.B)}
    own = {name: p for name, p in model.named_parameters() if id(p) in ours}
    wrong = [name for name in own if name not in state or state[name].shape != own[name].shape]
    wrong += [name for name in state if name not in own]
    if wrong:
        raise ValueError("missing, too many or of another shape: " + ", ".join(wrong))
    with torch.no_grad():
        for name, p in own.items():
            p.copy_(state[name])
    return model
""",
    ),
    Alternative(
        name="from-the-state-dict",
        description="Names from the paths of the layers, values from state_dict; loaded layer by layer.",
        code="""def lora_state(model):
    everything = model.state_dict()
    paths = [path for path, module in model.named_modules() if type(module) is CourseLoRALinear]
    return {f"{path}.{one}": everything[f"{path}.{one}"].clone() for path in paths for one in "AB"}


def load_lora(model, state):
    expected = {name: tuple(value.shape) for name, value in lora_state(model).items()}
    given = {name: tuple(value.shape) for name, value in state.items()}
    for name in sorted(set(expected) | set(given)):
        if expected.get(name) != given.get(name):
            raise ValueError(f"{name}: expected {expected.get(name)}, found {given.get(name)}")
    for name, value in state.items():
        path, _, one = name.rpartition(".")
        getattr(model.get_submodule(path), one).data.copy_(value)
    return model
""",
    ),
    Alternative(
        name="all-values-at-once",
        description="The whole state dict with the adapter's values in it is loaded strictly.",
        code="""def lora_state(model):
    state = {}
    for path, module in model.named_modules():
        if isinstance(module, CourseLoRALinear):
            state.update({path + ".B": module.B.detach(), path + ".A": module.A.detach()})
    return state


def load_lora(model, state):
    own = lora_state(model)
    for name in own:
        if name not in state:
            raise ValueError(f"the adapter lacks {name}")
    for name, value in state.items():
        if name not in own:
            raise ValueError(f"the adapter has {name}, which the model does not have")
        if own[name].size() != value.size():
            raise ValueError(f"the shape of {name} does not fit: {value.size()} and {own[name].size()}")
    model.load_state_dict({**model.state_dict(), **state})
    return model
""",
    ),
]

_RIGHT = """def lora_state(model):
    kept = {}
    for path, module in model.named_modules():
        if isinstance(module, CourseLoRALinear):
            kept[path + ".A"] = module.A.detach().clone()
            kept[path + ".B"] = module.B.detach().clone()
    return kept


def load_lora(model, state):
    wanted = lora_state(model)
    for name in wanted:
        if name not in state:
            raise ValueError(f"{name} is missing")
    for name in state:
        if name not in wanted:
            raise ValueError(f"{name} is not in the model")
    for name in state:
        if state[name].shape != wanted[name].shape:
            raise ValueError(f"{name} has the wrong shape")
    for path, module in model.named_modules():
        if isinstance(module, CourseLoRALinear):
            module.A.data.copy_(state[path + ".A"])
            module.B.data.copy_(state[path + ".B"])
    return model
"""
_COLLECT = """    kept = {}
    for path, module in model.named_modules():
        if isinstance(module, CourseLoRALinear):
            kept[path + ".A"] = module.A.detach().clone()
            kept[path + ".B"] = module.B.detach().clone()
    return kept
"""
_MISSING = """    for name in wanted:
        if name not in state:
            raise ValueError(f"{name} is missing")
"""
_TOO_MANY = """    for name in state:
        if name not in wanted:
            raise ValueError(f"{name} is not in the model")
"""
_SHAPES = """    for name in state:
        if state[name].shape != wanted[name].shape:
            raise ValueError(f"{name} has the wrong shape")
"""
_WRITE = """    for path, module in model.named_modules():
        if isinstance(module, CourseLoRALinear):
            module.A.data.copy_(state[path + ".A"])
            module.B.data.copy_(state[path + ".B"])
"""

_mistake = partial(made_in, _RIGHT, see="06_lora: Exercise 4: lora_state and load_lora")

MISTAKES = [
    _mistake(
        "whole-state",
        "You keep every number of the model. The adapter is only A and B of the low-rank layers; the base model is there already.",
        (_COLLECT, "    return {name: value.clone() for name, value in model.state_dict().items()}\n"),
    ),
    _mistake(
        "frozen-layer-too",
        "You keep the frozen layer inside each low-rank layer, too. Only A and B belong to the adapter.",
        (
            '            kept[path + ".A"] = module.A.detach().clone()\n            kept[path + ".B"] = module.B.detach().clone()\n',
            "            for name, value in module.state_dict().items():\n                kept[f'{path}.{name}'] = value.clone()\n",
        ),
    ),
    _mistake(
        "only-a",
        "You keep A and forget B. Without both of them, what was learned is lost.",
        ('            kept[path + ".B"] = module.B.detach().clone()\n', ""),
        ('            module.B.data.copy_(state[path + ".B"])\n', ""),
    ),
    _mistake(
        "only-b",
        "You keep B and forget A. A is trained, too, and begins at random in each new model.",
        ('            kept[path + ".A"] = module.A.detach().clone()\n', ""),
        ('            module.A.data.copy_(state[path + ".A"])\n', ""),
    ),
    _mistake(
        "by-requires-grad",
        "You keep all that is trained. What else is trained, such as a norm, does not belong to the adapter.",
        (
            _COLLECT,
            "    return {name: value.detach().clone() for name, value in model.named_parameters() if value.requires_grad}\n",
        ),
    ),
    _mistake(
        "by-ending",
        "You keep every parameter whose name ends with A or B. Other modules may have such parameters: ask whether the module is a CourseLoRALinear.",
        (
            _COLLECT,
            '    return {n: v.detach().clone() for n, v in model.named_parameters() if n.endswith((".A", ".B"))}\n',
        ),
    ),
    _mistake(
        "own-name-only",
        "You name the matrices by the layer's own name, so the blocks overwrite each other. Take the whole path.",
        (
            '            kept[path + ".A"] = module.A.detach().clone()\n            kept[path + ".B"] = module.B.detach().clone()\n',
            '            own = path.split(".")[-1]\n'
            '            kept[own + ".A"] = module.A.detach().clone()\n            kept[own + ".B"] = module.B.detach().clone()\n',
        ),
    ),
    _mistake(
        "products-kept",
        "You keep the product of the two matrices, which is as large as the weight. Keep A and B.",
        (
            '            kept[path + ".A"] = module.A.detach().clone()\n            kept[path + ".B"] = module.B.detach().clone()\n',
            "            kept[path] = module.scale * module.B.detach() @ module.A.detach()\n",
        ),
    ),
    _mistake(
        "a-and-b-exchanged",
        "You write A under the name of B, and B under that of A.",
        ('kept[path + ".A"] = module.A', 'kept[path + ".B"] = module.A'),
        ('kept[path + ".B"] = module.B', 'kept[path + ".A"] = module.B'),
    ),
    _mistake(
        "half-precision",
        "You keep the matrices in half precision, so what is loaded is rounded.",
        ("module.A.detach().clone()", "module.A.detach().half()"),
        ("module.B.detach().clone()", "module.B.detach().half()"),
    ),
    _mistake(
        "strict-false-only",
        "`load_state_dict(..., strict=False)` ignores, without a word, names that do not fit. Compare them yourself before you load.",
        (_MISSING + _TOO_MANY + _SHAPES + _WRITE, "    model.load_state_dict(state, strict=False)\n"),
    ),
    _mistake(
        "missing-names-ignored",
        "A name that is missing goes unnoticed: the layer keeps its random A. Raise a ValueError that mentions it.",
        (_MISSING, ""),
        (
            '            module.A.data.copy_(state[path + ".A"])\n            module.B.data.copy_(state[path + ".B"])\n',
            '            module.A.data.copy_(state.get(path + ".A", module.A))\n            module.B.data.copy_(state.get(path + ".B", module.B))\n',
        ),
    ),
    _mistake(
        "names-too-many-ignored",
        "A name that the model does not have goes unnoticed. Perhaps the adapter was made for another model: raise a ValueError that mentions it.",
        (_TOO_MANY, ""),
        ("        if state[name].shape", "        if name in wanted and state[name].shape"),
    ),
    _mistake(
        "shapes-not-compared",
        "You do not compare the shapes. `copy_` stretches what fits by broadcasting, and stops with an error of another kind where it does not.",
        (_SHAPES, ""),
    ),
    _mistake(
        "checked-while-writing",
        "You check each matrix just before you write it. When a later one does not fit, the earlier ones are written already. Check all first.",
        (
            _SHAPES + _WRITE,
            """    own = dict(model.named_parameters())
    for name in state:
        if state[name].shape != wanted[name].shape:
            raise ValueError(f"{name} has the wrong shape")
        own[name].data.copy_(state[name])
""",
        ),
    ),
    _mistake(
        "names-not-mentioned",
        "Your errors do not say which name they are about.",
        ('f"{name} is missing"', '"a name is missing"'),
        ('f"{name} is not in the model"', '"a name is not in the model"'),
        ('f"{name} has the wrong shape"', '"a shape is wrong"'),
    ),
    _mistake(
        "a-new-parameter",
        "You do not write the values into the model: you only change a copy of its state.",
        (_WRITE, "    wanted.update(state)\n"),
    ),
    _mistake(
        "nothing-returned",
        "`load_lora` returns nothing. It should return the model.",
        ("    return model\n", ""),
    ),
]
