"""Answers to exercise 3 of 03_gpt_model: memory_mb."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="nbytes",
        description="The bytes of each tensor as it gives them.",
        code="""def memory_mb(model):
    return sum(p.nbytes for p in model.parameters()) / 2**20
""",
    ),
    Alternative(
        name="itemsize-and-loop",
        description="The item size of the dtype, divided twice.",
        code="""def memory_mb(model):
    size = 0
    for _name, parameter in model.named_parameters():
        size = size + parameter.nelement() * parameter.dtype.itemsize
    kib = size / 1024
    return kib / 1024
""",
    ),
    Alternative(
        name="by-dtype",
        description="Numbers counted by dtype first, bits of each dtype afterwards.",
        code="""from collections import Counter


def memory_mb(model):
    numbers = Counter()
    for parameter in model.parameters():
        numbers[parameter.dtype] += parameter.numel()
    bits = 0
    for dtype, count in numbers.items():
        info = torch.finfo(dtype) if dtype.is_floating_point else torch.iinfo(dtype)
        bits += count * info.bits
    return bits / 8 / 1048576
""",
    ),
]

_RIGHT = """def memory_mb(model):
    total = 0
    for p in model.parameters():
        total += p.numel() * p.element_size()
    return total / (1024 * 1024)
"""

_mistake = partial(made_in, _RIGHT, see="03_gpt_model: Exercise 3: memory_mb")

MISTAKES = [
    _mistake(
        "megabytes",
        "You divide by a million. The unit here is the mebibyte: 1024 * 1024 bytes.",
        ("(1024 * 1024)", "(1000 * 1000)"),
    ),
    _mistake(
        "half-and-half",
        "You divide by 1024 * 1000. A mebibyte has 1024 * 1024 bytes.",
        ("(1024 * 1024)", "(1024 * 1000)"),
    ),
    _mistake(
        "kibibytes",
        "You divide by 1024 once, which gives KiB. A mebibyte has 1024 * 1024 bytes.",
        ("(1024 * 1024)", "1024"),
    ),
    _mistake(
        "gibibytes",
        "You return GiB. The result is in MiB.",
        ("(1024 * 1024)", "1024**3"),
    ),
    _mistake(
        "bytes",
        "You return bytes. Divide by 1024 * 1024 for MiB.",
        (" / (1024 * 1024)", ""),
    ),
    _mistake(
        "always-four-bytes",
        "You count four bytes for each number. That holds for `float32` only; ask the parameter: `element_size()`.",
        ("p.element_size()", "4"),
    ),
    _mistake(
        "numbers-not-bytes",
        "You add up numbers. Each takes several bytes: `element_size()`.",
        ("p.numel() * p.element_size()", "p.numel()"),
    ),
    _mistake(
        "bits",
        "You count bits. A byte has 8 of them, and memory is counted in bytes.",
        ("p.element_size()", "p.element_size() * 8"),
    ),
    _mistake(
        "dtype-of-the-first",
        "You take the dtype of the first parameter for all. Each has its own.",
        (
            "        total += p.numel() * p.element_size()\n",
            "        total += p.numel() * next(model.parameters()).element_size()\n",
        ),
    ),
    _mistake(
        "dtype-of-the-last",
        "You multiply at the end, by the bytes of the last parameter's numbers. Each parameter has a dtype of its own.",
        ("    total = 0\n", "    total, size = 0, 4\n"),
        (
            "        total += p.numel() * p.element_size()\n",
            "        total, size = total + p.numel(), p.element_size()\n",
        ),
        ("return total /", "return total * size /"),
    ),
    _mistake(
        "shared-counted-twice",
        "You count a shared parameter in each place where it is used. It lies in memory once.",
        ("for p in model.parameters():", "for _name, p in model.named_parameters(remove_duplicate=False):"),
    ),
    _mistake(
        "state-dict",
        "You add up the `state_dict`, which holds shared parameters twice, and buffers too.",
        ("model.parameters()", "model.state_dict().values()"),
    ),
    _mistake(
        "buffers-counted",
        "You count buffers. The function asks for the parameters only.",
        ("for p in model.parameters():", "for p in [*model.parameters(), *model.buffers()]:"),
    ),
    _mistake(
        "trainable-only",
        "You leave frozen parameters out. They take memory as the others do.",
        ("in model.parameters():", "in [p for p in model.parameters() if p.requires_grad]:"),
    ),
    _mistake(
        "rounded",
        "You round. The result is not rounded; who prints it may do so.",
        ("return total / (1024 * 1024)", "return round(total / (1024 * 1024), 2)"),
    ),
    _mistake(
        "whole-mebibytes",
        "You divide with `//`, which cuts off the fraction. Use `/`.",
        ("total / (1024", "total // (1024"),
    ),
    _mistake(
        "training",
        "You count gradients and the optimiser's averages. The function asks for the weights only.",
        ("p.element_size()", "p.element_size() * 4"),
    ),
    _mistake(
        "square-missing-its-brackets",
        "`total / 1024 * 1024` divides and multiplies again. Write `total / 1024**2`, or put brackets around the product.",
        ("(1024 * 1024)", "1024 * 1024"),
    ),
]
