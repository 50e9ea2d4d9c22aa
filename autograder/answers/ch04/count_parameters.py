"""Answers to exercise 2 of 03_gpt_model: count_parameters."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="conditional-sum",
        description="One sum with a condition.",
        code="""def count_parameters(model, trainable_only=False):
    return sum(p.numel() for p in model.parameters() if p.requires_grad or not trainable_only)
""",
    ),
    Alternative(
        name="by-identity",
        description="State dict with its variables, shared ones told apart by identity, buffers left out by type.",
        code="""def count_parameters(model, trainable_only=False):
    seen, total = set(), 0
    for value in model.state_dict(keep_vars=True).values():
        if not isinstance(value, nn.Parameter) or id(value) in seen:
            continue
        seen.add(id(value))
        if value.requires_grad or not trainable_only:
            size = 1
            for side in value.shape:
                size *= side
            total += size
    return total
""",
    ),
    Alternative(
        name="module-by-module",
        description="Parameters collected from each module into a dictionary by identity, shapes multiplied.",
        code="""def count_parameters(model, trainable_only=False):
    found = {id(p): p for part in model.modules() for p in part.parameters(recurse=False)}
    if trainable_only:
        found = {key: p for key, p in found.items() if p.requires_grad}
    return sum(p.shape.numel() for p in found.values())
""",
    ),
]

_RIGHT = """def count_parameters(model, trainable_only=False):
    total = 0
    for p in model.parameters():
        if trainable_only and not p.requires_grad:
            continue
        total += p.numel()
    return total
"""

_mistake = partial(made_in, _RIGHT, see="03_gpt_model: Exercise 2: count_parameters")

MISTAKES = [
    _mistake(
        "shared-counted-twice",
        "You count a shared parameter in each place where it is used. It is one parameter: `model.parameters()` gives it once.",
        (
            "for p in model.parameters():",
            "for _name, p in model.named_parameters(remove_duplicate=False):",
        ),
    ),
    _mistake(
        "state-dict",
        "You count the `state_dict`. It holds shared parameters twice, and buffers too: count `model.parameters()`.",
        ("for p in model.parameters():", "for p in model.state_dict(keep_vars=True).values():"),
    ),
    _mistake(
        "module-by-module",
        "You go through the modules and count what each one holds, so a parameter that two of them share counts twice.",
        (
            "for p in model.parameters():",
            "for p in [p for part in model.modules() for p in part.parameters(recurse=False)]:",
        ),
    ),
    _mistake(
        "parts-counted-again",
        "You count the parameters of each module *and* of all modules around it. Once is enough: `model.parameters()` looks "
        "into all parts already.",
        ("for p in model.parameters():", "for p in [p for part in model.modules() for p in part.parameters()]:"),
    ),
    _mistake(
        "buffers-counted",
        "You count buffers, such as masks and running means. They are no parameters.",
        ("for p in model.parameters():", "for p in [*model.parameters(), *model.buffers()]:"),
    ),
    _mistake(
        "flag-ignored",
        "`trainable_only=True` changes nothing in your count. Frozen parameters, with `requires_grad=False`, are left out then.",
        ("if trainable_only and not p.requires_grad:", "if False:"),
    ),
    _mistake(
        "always-trainable-only",
        "You leave frozen parameters out always. They are left out only when `trainable_only` is True.",
        ("if trainable_only and not p.requires_grad:", "if not p.requires_grad:"),
    ),
    _mistake(
        "flag-turned-around",
        "You leave frozen parameters out when all were asked for, and count them when they should be left out.",
        ("if trainable_only and not p.requires_grad:", "if not trainable_only and not p.requires_grad:"),
    ),
    _mistake(
        "frozen-counted",
        "With `trainable_only` you count the frozen parameters and leave the trainable ones out.",
        ("if trainable_only and not p.requires_grad:", "if trainable_only and p.requires_grad:"),
    ),
    _mistake(
        "stops-at-the-first-frozen",
        "Your loop ends at the first frozen parameter (`break`), and later ones may be trainable: `continue`.",
        ("continue", "break"),
    ),
    _mistake(
        "tensors-counted",
        "You count tensors. Each holds many numbers: `numel()`.",
        ("p.numel()", "1"),
    ),
    _mistake(
        "rows-counted",
        "You count the rows of each tensor (`len`). All its elements count: `numel()`.",
        ("p.numel()", "(len(p) if p.dim() else 1)"),
    ),
    _mistake(
        "matrices-only",
        "You count matrices only. Biases, scales and shifts are parameters too.",
        ("if trainable_only and not p.requires_grad:", "if p.dim() < 2 or (trainable_only and not p.requires_grad):"),
    ),
    _mistake(
        "own-parameters-only",
        "You count what the module holds itself, and not what its parts hold (`recurse=False`).",
        ("model.parameters()", "model.parameters(recurse=False)"),
    ),
    _mistake(
        "linear-layers-only",
        "You count linear layers only. Embeddings and LayerNorms have parameters too.",
        (
            "for p in model.parameters():",
            "for p in [p for part in model.modules() if isinstance(part, nn.Linear) for p in part.parameters()]:",
        ),
    ),
    _mistake(
        "in-millions",
        "You return millions. The count is the number itself, an `int`.",
        ("return total", "return total / 1e6"),
    ),
    _mistake(
        "tensor-returned",
        "You return a tensor. The count is a plain `int`.",
        ("return total", "return torch.tensor(total)"),
    ),
]
