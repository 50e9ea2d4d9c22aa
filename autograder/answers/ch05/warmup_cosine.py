"""Answers to exercise 1 of 03_learning_rate_and_gradients: warmup_cosine."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="nanogpt",
        description="Three cases one after the other, the end before the decay, as in nanoGPT.",
        code="""def warmup_cosine(step, n_steps, warmup_steps, peak, initial=0.0, least=0.0):
    if step < warmup_steps:
        return initial + (peak - initial) * step / warmup_steps
    if step > n_steps:
        return least
    decay_ratio = (step - warmup_steps) / (n_steps - warmup_steps)
    coeff = 0.5 * (1.0 + math.cos(math.pi * decay_ratio))
    return least + coeff * (peak - least)
""",
    ),
    Alternative(
        name="squared-cosine",
        description="Half of one plus the cosine as a squared cosine of half the angle; a weighted mean for the warm-up.",
        code="""def warmup_cosine(step, n_steps, warmup_steps, peak, initial=0.0, least=0.0):
    if step >= n_steps:
        return least
    if warmup_steps > step:
        t = step / warmup_steps
        return (1 - t) * initial + t * peak
    t = math.cos(math.pi / 2 * (step - warmup_steps) / (n_steps - warmup_steps)) ** 2
    return (1 - t) * least + t * peak
""",
    ),
    Alternative(
        name="torch",
        description="Tensors of torch: linspace for the warm-up, the share clamped.",
        code="""def warmup_cosine(step, n_steps, warmup_steps, peak, initial=0.0, least=0.0):
    if step < warmup_steps:
        return torch.linspace(initial, peak, warmup_steps + 1, dtype=torch.float64)[step].item()
    share = torch.tensor((step - warmup_steps) / (n_steps - warmup_steps), dtype=torch.float64).clamp(0, 1)
    return (least + (peak - least) * (1 + torch.cos(torch.pi * share)) / 2).item()
""",
    ),
    Alternative(
        name="sine",
        description="The cosine as a sine that falls, the step bounded first.",
        code="""def warmup_cosine(step, n_steps, warmup_steps, peak, initial=0.0, least=0.0):
    step = min(step, n_steps)
    rising = step < warmup_steps
    if rising:
        slope = (peak - initial) / warmup_steps
        return peak - slope * (warmup_steps - step)
    middle, height = (peak + least) / 2, (peak - least) / 2
    return middle - height * math.sin(math.pi * ((step - warmup_steps) / (n_steps - warmup_steps) - 0.5))
""",
    ),
]

_RIGHT = """def warmup_cosine(step, n_steps, warmup_steps, peak, initial=0.0, least=0.0):
    if step < warmup_steps:
        increment = (peak - initial) / warmup_steps
        return initial + step * increment
    if step >= n_steps:
        return least
    progress = (step - warmup_steps) / (n_steps - warmup_steps)
    return least + (peak - least) * 0.5 * (1 + math.cos(math.pi * progress))
"""

_mistake = partial(made_in, _RIGHT, see="03_learning_rate_and_gradients: Exercise 1: warmup_cosine")

MISTAKES = [
    _mistake(
        "warm-up-from-zero",
        "Your warm-up starts at 0, whatever `initial` says. Step 0 has the initial rate, and the rest of the way to the "
        "peak is shared among the steps.",
        ("(peak - initial) / warmup_steps", "peak / warmup_steps"),
        ("initial + step * increment", "step * increment"),
    ),
    _mistake(
        "warm-up-beyond-the-peak",
        "You add the initial rate to a line that already rises by the whole peak, so the warm-up ends above the peak. It "
        "rises by `peak - initial`.",
        ("(peak - initial) / warmup_steps", "peak / warmup_steps"),
    ),
    _mistake(
        "warm-up-one-step-early",
        "Your warm-up is one step ahead: step 0 has gone up already. Step 0 has the initial rate.",
        ("step * increment", "(step + 1) * increment"),
    ),
    _mistake(
        "warm-up-one-step-fewer",
        "Your line reaches the peak one step too early, at the last step of the warm-up. It is step `warmup_steps` that "
        "has the peak.",
        ("(peak - initial) / warmup_steps", "(peak - initial) / max(1, warmup_steps - 1)"),
    ),
    _mistake(
        "warm-up-one-step-longer",
        "Your line takes one step too many, so that it does not arrive at the peak where the decay begins.",
        ("(peak - initial) / warmup_steps", "(peak - initial) / (warmup_steps + 1)"),
    ),
    _mistake(
        "no-warm-up",
        "There is no warm-up: your rate begins at the peak.",
        ("        return initial + step * increment", "        return peak"),
    ),
    _mistake(
        "constant-warm-up",
        "Your rate stays at the initial one during the warm-up and then jumps. It rises in a straight line.",
        ("initial + step * increment", "initial"),
    ),
    _mistake(
        "warm-up-divides-by-zero",
        "With no warm-up you divide by zero: compute the step of the line only where there is a warm-up.",
        (
            "    if step < warmup_steps:\n        increment = (peak - initial) / warmup_steps\n",
            "    increment = (peak - initial) / warmup_steps\n    if step < warmup_steps:\n",
        ),
    ),
    _mistake(
        "decay-counted-from-the-start",
        "Your share of the decay counts the steps of the warm-up too, so the rate jumps down where the warm-up ends. "
        "Subtract them.",
        ("(step - warmup_steps) / (n_steps", "step / (n_steps"),
    ),
    _mistake(
        "decay-over-all-steps",
        "You divide by all steps, the warm-up included, so the cosine does not get down to the least rate. Divide by the "
        "steps of the decay.",
        ("(n_steps - warmup_steps)", "n_steps"),
    ),
    _mistake(
        "decay-without-the-warm-up",
        "Your share is step / n_steps: it is not 0 where the decay begins. Count from the end of the warm-up.",
        ("(step - warmup_steps) / (n_steps - warmup_steps)", "step / n_steps"),
    ),
    _mistake(
        "one-step-too-short",
        "Your decay is over one step early. The least rate is reached at step `n_steps`.",
        ("(n_steps - warmup_steps)", "max(1, n_steps - warmup_steps - 1)"),
    ),
    _mistake(
        "rises-again",
        "After the planned end your cosine goes on and the rate rises again. Keep the share at 1 at most.",
        ("    if step >= n_steps:\n        return least\n", ""),
    ),
    _mistake(
        "zero-at-the-end",
        "After the planned end your rate is 0. It stays at the least rate.",
        ("        return least\n", "        return 0.0\n"),
    ),
    _mistake(
        "least-rate-forgotten",
        "Your cosine runs down to 0 and not to the least rate. It covers the way from `peak` to `least`.",
        ("least + (peak - least) * 0.5", "peak * 0.5"),
    ),
    _mistake(
        "least-rate-added",
        "You add the least rate to a cosine of the full height, so the decay begins above the peak. Its height is "
        "`peak - least`.",
        ("(peak - least) * 0.5", "peak * 0.5"),
    ),
    _mistake(
        "bounded-from-below",
        "You cut the cosine off at the least rate. It is to arrive there: shrink it to the height `peak - least`.",
        (
            "least + (peak - least) * 0.5 * (1 + math.cos(math.pi * progress))",
            "max(least, peak * 0.5 * (1 + math.cos(math.pi * progress)))",
        ),
    ),
    _mistake(
        "half-forgotten",
        "The factor one half is missing: 1 + cos runs from 2 down to 0.",
        ("* 0.5 * (1 + math.cos", "* (1 + math.cos"),
    ),
    _mistake(
        "quarter-turn",
        "Your cosine makes a quarter of a turn, from 1 to 0. It makes half a turn: pi times the share.",
        ("0.5 * (1 + math.cos(math.pi * progress))", "math.cos(math.pi / 2 * progress)"),
    ),
    _mistake(
        "full-turn",
        "Your cosine makes a full turn and comes back up to the peak. It makes half a turn: pi times the share.",
        ("math.pi * progress", "2 * math.pi * progress"),
    ),
    _mistake(
        "degrees",
        "`math.cos` takes radians, and you give it degrees. Half a turn is `math.pi`.",
        ("math.pi * progress", "180 * progress"),
    ),
    _mistake(
        "straight-decay",
        "Your rate falls in a straight line. It falls along half a cosine.",
        ("0.5 * (1 + math.cos(math.pi * progress))", "(1 - progress)"),
    ),
    _mistake(
        "upside-down",
        "Your cosine is upside down: the rate rises after the warm-up.",
        ("1 + math.cos", "1 - math.cos"),
    ),
]
