"""Answers to exercise 2 of 02_measuring_a_language_model: will it fit?"""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="bytes-per-parameter",
        description="Adds up the bytes of one parameter first.",
        code="""def estimate_memory(parameters, dtype="float32", training=False, moments_dtype="float32"):
    table = dict(float32=4, float16=2, bfloat16=2, int8=1)
    try:
        weight, moment = table[dtype], table[moments_dtype]
    except KeyError as error:
        raise ValueError(f"{error} is no dtype that I know") from None
    return parameters * (weight + (weight + 2 * moment if training else 0))
""",
    ),
    Alternative(
        name="torch-itemsize",
        description="Asks torch for the size of each dtype; returns a float.",
        code="""def estimate_memory(parameters, dtype="float32", training=False, moments_dtype="float32"):
    def size(name):
        if name not in {"float32", "float16", "bfloat16", "int8"}:
            raise ValueError(name)
        return torch.empty(0, dtype=getattr(torch, name)).element_size()

    kinds = [dtype, dtype, moments_dtype, moments_dtype] if training else [dtype]
    sizes = [size(name) for name in kinds]
    size(moments_dtype)
    return float(parameters) * sum(sizes)
""",
    ),
    Alternative(
        name="bits-from-the-name",
        description="Reads the bits from the end of the name; refuses other names with if and elif.",
        code="""def estimate_memory(parameters, dtype="float32", training=False, moments_dtype="float32"):
    def width(name):
        if name.endswith("float32"):
            bits = 32
        elif name in ("float16", "bfloat16"):
            bits = 16
        elif name == "int8":
            bits = 8
        else:
            raise ValueError("unknown dtype: " + name)
        return bits // 8

    memory = parameters * width(dtype)
    if training is True:
        gradients = memory
        first = second = parameters * width(moments_dtype)
        memory = memory + gradients + first + second
    return memory
""",
    ),
    Alternative(
        name="match",
        description="match and case, and the weights counted twice when training.",
        code="""def estimate_memory(parameters, dtype="float32", training=False, moments_dtype="float32"):
    def nbytes(kind):
        match kind:
            case "float32":
                return 4
            case "float16" | "bfloat16":
                return 2
            case "int8":
                return 1
            case _:
                raise ValueError(f"dtype {kind!r}")

    copies = 2 if training else 1
    moments = 2 if training else 0
    return copies * parameters * nbytes(dtype) + moments * parameters * nbytes(moments_dtype)
""",
    ),
]

_RIGHT = """def estimate_memory(parameters, dtype="float32", training=False, moments_dtype="float32"):
    size = {"float32": 4, "float16": 2, "bfloat16": 2, "int8": 1}
    for name in (dtype, moments_dtype):
        if name not in size:
            raise ValueError(f"unknown dtype {name}")
    total = parameters * size[dtype]
    if training:
        total += parameters * size[dtype]
        total += 2 * parameters * size[moments_dtype]
    return total
"""

_mistake = partial(made_in, _RIGHT, see="02_measuring_a_language_model: Exercise 2: will it fit?")

MISTAKES = [
    _mistake(
        "bits",
        "Your result is in bits: `float32` has 32 bits, which are 4 bytes. The result should be in bytes.",
        ("return total", "return 8 * total"),
    ),
    _mistake(
        "megabytes",
        "Your result is in megabytes. It should be in bytes; whoever calls the function can divide.",
        ("return total", "return total / 1e6"),
    ),
    _mistake(
        "mebibytes",
        "Your result is in mebibytes, units of 2^20 bytes. It should be in bytes; whoever calls the function can "
        "divide.",
        ("return total", "return total / 2**20"),
    ),
    _mistake(
        "no-gradients",
        "You forgot the gradients: in training each parameter has one, of the dtype of the weights.",
        ("        total += parameters * size[dtype]\n", ""),
    ),
    _mistake(
        "one-moment",
        "You count one moment. AdamW remembers two numbers for each parameter, the means of the gradient and of its square.",
        ("2 * parameters * size[moments_dtype]", "parameters * size[moments_dtype]"),
    ),
    _mistake(
        "no-moments",
        "You count weights and gradients only. AdamW keeps two moments for each parameter as well.",
        ("        total += 2 * parameters * size[moments_dtype]\n", ""),
    ),
    _mistake(
        "moments-like-weights",
        "You give the moments the dtype of the weights. They have their own, `moments_dtype`, and it is `float32` "
        "unless another one is given.",
        ("2 * parameters * size[moments_dtype]", "2 * parameters * size[dtype]"),
    ),
    _mistake(
        "moments-always-float32",
        "You count four bytes for each moment, whatever `moments_dtype` says.",
        ("2 * parameters * size[moments_dtype]", "8 * parameters"),
    ),
    _mistake(
        "gradients-like-moments",
        "You give the gradients the dtype of the moments. They have the one of the weights.",
        ("total += parameters * size[dtype]", "total += parameters * size[moments_dtype]"),
    ),
    _mistake(
        "weights-not-counted",
        "In training you count gradients and moments only. The weights are still there, too.",
        ("total += parameters * size[dtype]", "total = parameters * size[dtype]"),
    ),
    _mistake(
        "training-ignored",
        "Your result does not depend on `training`: it always counts the weights alone.",
        ("if training:", "if False:"),
    ),
    _mistake(
        "always-training",
        "Your result does not depend on `training`: a model that is only used has no gradients and no moments.",
        ("if training:", "if True:"),
    ),
    _mistake(
        "bfloat16-is-four",
        "You count four bytes for `bfloat16`. It has the range of `float32`, but it has 16 bits, and that is two bytes.",
        ('"bfloat16": 2', '"bfloat16": 4'),
    ),
    _mistake(
        "dtype-ignored",
        "You count four bytes for every weight, whatever `dtype` says.",
        ("total = parameters * size[dtype]", "total = parameters * 4"),
        ("total += parameters * size[dtype]", "total += parameters * 4"),
    ),
    _mistake(
        "unknown-is-float32",
        "An unknown dtype is counted as if it were `float32`. A typo would go unnoticed: raise a `ValueError`.",
        (
            '    for name in (dtype, moments_dtype):\n        if name not in size:\n            raise ValueError(f"unknown dtype {name}")\n',
            "    size = defaultdict(lambda: 4, size)\n",
        ),
        ("    size = {", "    from collections import defaultdict\n\n    size = {"),
    ),
    _mistake(
        "key-error",
        "An unknown dtype ends in a `KeyError`, the error of the dictionary. Raise a `ValueError` that says what is wrong.",
        (
            '    for name in (dtype, moments_dtype):\n        if name not in size:\n            raise ValueError(f"unknown dtype {name}")\n',
            "",
        ),
    ),
    _mistake(
        "moments-dtype-unchecked",
        "You look at the name of `dtype` only; an unknown `moments_dtype` must be refused with a `ValueError`, too.",
        ("for name in (dtype, moments_dtype):", "for name in (dtype,):"),
    ),
]
