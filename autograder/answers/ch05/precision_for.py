"""Answers to exercise 4 of 03_learning_rate_and_gradients: which precision?"""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="match",
        description="match and case on the device, guards for the rest.",
        code="""def precision_for(device, capability=(0, 0), features=()):
    match device:
        case "cuda" if capability[0] >= 8:
            return torch.bfloat16, False
        case "cuda" if capability[0] == 7:
            return torch.float16, True
        case "cpu" if {"avx512_bf16", "amx_bf16"} & set(features):
            return torch.bfloat16, False
        case "mps":
            return torch.bfloat16, False
    return torch.float32, False
""",
    ),
    Alternative(
        name="dtype-first",
        description="First the dtype, then the scaler from the dtype; a list comes back.",
        code="""def precision_for(device, capability=(0, 0), features=()):
    dtype = torch.float32
    if device == "mps" or (device == "cpu" and any(f in ("avx512_bf16", "amx_bf16") for f in features)):
        dtype = torch.bfloat16
    if device == "cuda":
        major, minor = capability
        dtype = torch.float32 if major < 7 else torch.float16 if major < 8 else torch.bfloat16
    return [dtype, dtype == torch.float16]
""",
    ),
    Alternative(
        name="table",
        description="A table of conditions, the first that holds decides.",
        code="""def precision_for(device, capability=(0, 0), features=()):
    rules = [
        (device == "cuda" and tuple(capability) >= (8, 0), (torch.bfloat16, False)),
        (device == "cuda" and tuple(capability) >= (7, 0), (torch.float16, True)),
        (device == "cpu" and any(name.endswith("_bf16") for name in features), (torch.bfloat16, False)),
        (device == "mps", (torch.bfloat16, False)),
    ]
    return next((answer for holds, answer in rules if holds), (torch.float32, False))
""",
    ),
]

_RIGHT = """def precision_for(device, capability=(0, 0), features=()):
    if device == "cuda":
        if capability >= (8, 0):
            return torch.bfloat16, False
        if capability >= (7, 0):
            return torch.float16, True
        return torch.float32, False
    if device == "cpu":
        if "avx512_bf16" in features or "amx_bf16" in features:
            return torch.bfloat16, False
        return torch.float32, False
    if device == "mps":
        return torch.bfloat16, False
    return torch.float32, False
"""

_mistake = partial(made_in, _RIGHT, see="03_learning_rate_and_gradients: Exercise 4: which precision?")

MISTAKES = [
    _mistake(
        "t4-takes-bfloat16",
        "You give bfloat16 to GPUs before Ampere. A T4 (7.5) can only imitate it, slower than float32: the limit is "
        "(8, 0).",
        ("capability >= (8, 0)", "capability >= (7, 0)"),
    ),
    _mistake(
        "every-gpu-takes-bfloat16",
        "You give bfloat16 to every GPU. Those before Ampere, such as the T4, do not compute in it.",
        (
            "        if capability >= (8, 0):\n            return torch.bfloat16, False\n        if capability >= (7, 0):\n"
            "            return torch.float16, True\n        return torch.float32, False\n",
            "        return torch.bfloat16, False\n",
        ),
    ),
    _mistake(
        "newer-gpus-forgotten",
        "You ask for exactly (8, 0). Later GPUs, with 8.6, 8.9, 9.0 or 12.0, have bfloat16 too: `>=`.",
        ("capability >= (8, 0)", "capability == (8, 0)"),
    ),
    _mistake(
        "generation-eight-only",
        "You ask for the first number 8. GPUs of the generations after it have bfloat16 too.",
        ("capability >= (8, 0)", "capability[0] == 8"),
    ),
    _mistake(
        "above-eight",
        "You ask for more than (8, 0), so an A100, which has exactly that, gets no bfloat16.",
        ("capability >= (8, 0)", "capability > (8, 0)"),
    ),
    _mistake(
        "compared-as-text",
        "You compare the numbers as text, where 10 comes before 8, so the newest GPUs count as old. Compare the tuples.",
        ("capability >= (8, 0)", 'str(capability[0]) >= "8"'),
    ),
    _mistake(
        "both-numbers-compared-apart",
        "You compare the second number by itself, so (8, 0) passes and (7, 9) nearly does, or (9, 0) fails. Compare the "
        "tuples as a whole.",
        ("capability >= (7, 0)", "capability[0] >= 7 and capability[1] >= 5"),
    ),
    _mistake(
        "float16-without-scaler",
        "Your float16 has no scaler, so small gradients become 0.",
        ("torch.float16, True", "torch.float16, False"),
    ),
    _mistake(
        "bfloat16-with-scaler",
        "Your bfloat16 on a GPU has a scaler. It has the range of float32 and needs none.",
        (
            "        if capability >= (8, 0):\n            return torch.bfloat16, False",
            "        if capability >= (8, 0):\n            return torch.bfloat16, True",
        ),
    ),
    _mistake(
        "t4-takes-float32",
        "You give float32 to the T4 and its kin. They compute in float16, which needs a scaler.",
        ("torch.float16, True", "torch.float32, False"),
    ),
    _mistake(
        "float16-on-old-gpus",
        "You give float16 to every GPU before Ampere. Those below 7.0 do not multiply matrices in it any faster: float32.",
        ("capability >= (7, 0)", "capability >= (0, 0)"),
    ),
    _mistake(
        "float16-on-processors",
        "You give float16 to processors. They take bfloat16 where they have it, and float32 elsewhere.",
        (
            '            return torch.bfloat16, False\n        return torch.float32, False\n    if device == "mps"',
            '            return torch.float16, True\n        return torch.float32, False\n    if device == "mps"',
        ),
    ),
    _mistake(
        "processors-never",
        "You give float32 to every processor. Those with avx512_bf16 or amx_bf16 compute in bfloat16.",
        ('if "avx512_bf16" in features or "amx_bf16" in features', 'if device == "mps"'),
    ),
    _mistake(
        "processors-always",
        "You give bfloat16 to every processor. Most of them do not have it, and are slower with it than without.",
        ('if "avx512_bf16" in features or "amx_bf16" in features', 'if device == "cpu"'),
    ),
    _mistake(
        "both-features-wanted",
        "You want both features of a processor. One of them is enough.",
        ('"avx512_bf16" in features or', '"avx512_bf16" in features and'),
    ),
    _mistake(
        "one-feature-only",
        "You look for one of the two features only. A processor may have the other.",
        (' or "amx_bf16" in features', ""),
    ),
    _mistake(
        "always-true",
        'A condition such as `"a" or "b" in features` is always true: a text that is not empty counts as True. Ask for '
        "each one with `in`.",
        ('"avx512_bf16" in features or', '"avx512_bf16" or'),
    ),
    _mistake(
        "device-not-asked",
        "You look at the capability without asking which device it is. It says something of GPUs only.",
        ('    if device == "cuda":\n', '    if device == "cuda" or capability != (0, 0):\n'),
    ),
    _mistake(
        "apple-forgotten",
        "You give float32 to Apple's GPU. It takes bfloat16.",
        ('if device == "mps":\n        return torch.bfloat16', 'if device == "mps":\n        return torch.float32'),
    ),
    _mistake(
        "unknown-devices-take-bfloat16",
        "You give bfloat16 to devices that you know nothing of. Float32 always works.",
        ('    if device == "mps":\n', '    if device != "cpu":\n'),
    ),
    _mistake(
        "dtype-alone",
        "You return the dtype alone. A pair is asked for: dtype, and whether a scaler is needed.",
        ("torch.float16, True", "torch.float16"),
    ),
]
