"""The learning rate over the steps of a training."""

from __future__ import annotations

import math


def warmup_cosine(step: int, steps: int, warmup: int, peak: float, least: float = 0.0) -> float:
    """The learning rate of a step: rising linearly, then falling along half a cosine (Loshchilov and Hutter, 2017).

    Args:
        step: number of the step, from 0.
        steps: number of all steps.
        warmup: number of steps in which the rate rises; step `warmup` has the peak rate.
        peak: highest rate.
        least: rate at the end.
    """
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    done = min(1.0, (step - warmup) / max(1, steps - warmup))
    return least + (peak - least) * 0.5 * (1 + math.cos(math.pi * done))
