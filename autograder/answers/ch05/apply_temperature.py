"""Answers to exercise 1 of 04_decoding: temperature."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="one-hot",
        description="Temperature 0 as the logarithm of a one-hot vector: one of the tied tokens wins.",
        code="""def apply_temperature(logits, temperature):
    if temperature < 0.0:
        raise ValueError(temperature)
    if not temperature:
        return nn.functional.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype).log()
    return logits.div(temperature)
""",
    ),
    Alternative(
        name="log-probabilities",
        description="Logarithms of probabilities are logits, too; torch.where keeps all that tie.",
        code="""def apply_temperature(logits, temperature):
    if temperature > 0:
        return torch.log_softmax(logits * (1 / temperature), dim=-1)
    if temperature == 0:
        top = logits.max(dim=-1, keepdim=True).values
        return torch.where(logits == top, 0.0, -torch.inf)
    raise ValueError("temperature should be at least 0")
""",
    ),
    Alternative(
        name="row-by-row",
        description="A loop over rows; very negative numbers in place of -inf.",
        code="""def apply_temperature(logits, temperature):
    if temperature < 0:
        raise ValueError("negative temperature")
    rows = []
    for row in logits:
        if temperature == 0:
            cold = torch.full_like(row, torch.finfo(row.dtype).min)
            cold[row.argmax()] = row.max()
            rows.append(cold)
        else:
            rows.append(row / temperature)
    return torch.stack(rows)
""",
    ),
]

_RIGHT = """def apply_temperature(logits, temperature):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    if temperature == 0:
        best = logits.argmax(dim=-1, keepdim=True)
        return torch.full_like(logits, float("-inf")).scatter(-1, best, 0.0)
    return logits / temperature
"""

_mistake = partial(made_in, _RIGHT, see="04_decoding: Exercise 1: temperature")

MISTAKES = [
    _mistake(
        "multiplied",
        "You multiply by the temperature, so that a high one sharpens. The logits are divided by it.",
        ("logits / temperature", "logits * temperature"),
    ),
    _mistake(
        "no-case-for-zero",
        "At temperature 0 you divide by zero, and get infinities and NaN. Temperature 0 needs a case of its own: only the "
        "largest logit of each row stays finite.",
        ("    if temperature == 0:\n", "    if temperature is None:\n"),
    ),
    _mistake(
        "zero-changes-nothing",
        "At temperature 0 you return the logits as they are, which is temperature 1. At 0 only the largest logit of each row "
        "stays finite.",
        (
            '        best = logits.argmax(dim=-1, keepdim=True)\n        return torch.full_like(logits, float("-inf")).scatter(-1, best, 0.0)\n',
            "        return logits\n",
        ),
    ),
    _mistake(
        "zero-refused",
        "You refuse temperature 0. It stands for the limit: the most probable token gets all the probability.",
        ("temperature < 0", "temperature <= 0"),
    ),
    _mistake(
        "small-number-added",
        "You add a small number to the temperature so that 0 does no harm. Close logits then share the probability, and every "
        "other temperature is a little off. Treat 0 by itself.",
        (
            "    if temperature == 0:\n        best = logits.argmax(dim=-1, keepdim=True)\n"
            '        return torch.full_like(logits, float("-inf")).scatter(-1, best, 0.0)\n    return logits / temperature\n',
            "    return logits / (temperature + 0.01)\n",
        ),
    ),
    _mistake(
        "negative-allowed",
        "You divide by a negative temperature, which turns the order of the tokens round. Raise `ValueError`.",
        ('    if temperature < 0:\n        raise ValueError("temperature must not be negative")\n', ""),
    ),
    _mistake(
        "negative-made-positive",
        "You take a negative temperature for a positive one. Raise `ValueError`: somebody has made a mistake, and should know.",
        ('        raise ValueError("temperature must not be negative")\n', "        temperature = -temperature\n"),
    ),
    _mistake(
        "assert-for-error",
        "A negative temperature raises an AssertionError in your code. `assert` is for what cannot be; bad arguments raise "
        "`ValueError`.",
        (
            '    if temperature < 0:\n        raise ValueError("temperature must not be negative")\n',
            "    assert temperature >= 0\n",
        ),
    ),
    _mistake(
        "probabilities",
        "You return probabilities. The function gives logits, so that filters can follow; the softmax comes last.",
        ("return logits / temperature", "return torch.softmax(logits / temperature, dim=-1)"),
    ),
    _mistake(
        "softmax-first",
        "You divide probabilities by the temperature. It is the logits that are divided, before any softmax.",
        ("return logits / temperature", "return torch.softmax(logits, dim=-1) / temperature"),
    ),
    _mistake(
        "squared",
        "You divide by the square of the temperature.",
        ("logits / temperature", "logits / temperature**2"),
    ),
    _mistake(
        "one-winner-for-the-batch",
        "At temperature 0 you look for the largest logit of the whole batch, and rows that do not hold it have nothing left. "
        "Each row has its own: `dim=-1`.",
        (
            '        best = logits.argmax(dim=-1, keepdim=True)\n        return torch.full_like(logits, float("-inf")).scatter(-1, best, 0.0)\n',
            '        return logits.masked_fill(logits < logits.max(), float("-inf"))\n',
        ),
    ),
    _mistake(
        "winner-of-each-column",
        "At temperature 0 you look for the largest logit of each column, across the texts. Each row has its own: `dim=-1`.",
        (
            '        best = logits.argmax(dim=-1, keepdim=True)\n        return torch.full_like(logits, float("-inf")).scatter(-1, best, 0.0)\n',
            '        best = logits.argmax(dim=0, keepdim=True)\n        return torch.full_like(logits, float("-inf")).scatter(0, best, 0.0)\n',
        ),
    ),
    _mistake(
        "zeros-for-the-others",
        "At temperature 0 the others get the logit 0, and e to the power of 0 is 1: they keep some probability. They need -inf.",
        (
            'torch.full_like(logits, float("-inf")).scatter(-1, best, 0.0)',
            "torch.zeros_like(logits).scatter(-1, best, 1.0)",
        ),
    ),
    _mistake(
        "index-for-logits",
        "At temperature 0 you return the index of the best token. The function gives logits, shape (B, V).",
        ('        return torch.full_like(logits, float("-inf")).scatter(-1, best, 0.0)\n', "        return best\n"),
    ),
    _mistake(
        "input-changed",
        "You write into the caller's logits: `/=` works in place. Make a new tensor.",
        ("    return logits / temperature\n", "    logits /= temperature\n    return logits\n"),
    ),
]
