"""Answers to exercise 2 of 03_learning_rate_and_gradients: gradient clipping."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="like-torch",
        description="Norm of the norms, a factor with a small number below, clamped at 1, as in PyTorch.",
        code="""@torch.no_grad()
def clip_gradients(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    if len(grads) == 0:
        return torch.tensor(0.0)
    total_norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(g) for g in grads]))
    clip_coef = torch.clamp(max_norm / (total_norm + 1e-6), max=1.0)
    for g in grads:
        g.mul_(clip_coef)
    return total_norm
""",
    ),
    Alternative(
        name="one-long-vector",
        description="All gradients as one vector; new tensors put into .grad.",
        code="""def clip_gradients(parameters, max_norm):
    parameters = [p for p in parameters if p.grad is not None]
    if not parameters:
        return 0.0
    norm = float(torch.cat([p.grad.reshape(-1) for p in parameters]).norm())
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    for p in parameters:
        p.grad = p.grad * factor
    return norm
""",
    ),
    Alternative(
        name="plain-numbers",
        description="math.hypot of the norms, lists of parameters, division in place.",
        code="""def clip_gradients(parameters, max_norm):
    kept = list(parameters)
    norms = [p.grad.norm().item() for p in kept if p.grad is not None]
    total = math.hypot(*norms)
    if total <= max_norm:
        return total
    for p in kept:
        if p.grad is not None:
            p.grad.data /= total / max_norm
    return total
""",
    ),
    Alternative(
        name="foreach",
        description="PyTorch's functions for lists of tensors.",
        code="""def clip_gradients(parameters, max_norm):
    found = list(filter(lambda one: one is not None, (p.grad for p in parameters)))
    squares = sum((torch.dot(one.flatten(), one.flatten()) for one in found), torch.zeros(()))
    length = squares.sqrt().item()
    if length > max_norm:
        torch._foreach_mul_(found, max_norm / length)
    return length
""",
    ),
]

_RIGHT = """def clip_gradients(parameters, max_norm):
    grads = [p.grad for p in parameters if p.grad is not None]
    total = 0.0
    for grad in grads:
        total += grad.pow(2).sum().item()
    norm = total**0.5
    if norm > max_norm:
        for grad in grads:
            grad.mul_(max_norm / norm)
    return norm
"""

_mistake = partial(made_in, _RIGHT, see="03_learning_rate_and_gradients: Exercise 2: gradient clipping")

MISTAKES = [
    _mistake(
        "each-by-itself",
        "You clip each gradient by its own norm, which turns the direction of the step. There is one norm of all "
        "gradients together, and one factor.",
        (
            "            grad.mul_(max_norm / norm)\n",
            "            own = grad.norm().item()\n            if own > max_norm:\n                grad.mul_(max_norm / own)\n",
        ),
    ),
    _mistake(
        "by-value",
        "You cut off every single number. That is clipping by value, which turns the direction; here all gradients are "
        "multiplied by one factor.",
        ("grad.mul_(max_norm / norm)", "grad.clamp_(-max_norm, max_norm)"),
    ),
    _mistake(
        "no-root",
        "You take the sum of the squares for the norm: the root is missing.",
        ("total**0.5", "total"),
    ),
    _mistake(
        "sum-of-norms",
        "You add up the norms of the gradients. Norms do not add up: add the squares, and take the root at the end.",
        ("grad.pow(2).sum().item()", "grad.norm().item()"),
        ("total**0.5", "total"),
    ),
    _mistake(
        "largest-norm",
        "You take the largest of the norms. The global norm is that of all gradients as one long vector.",
        ("total += grad.pow(2).sum().item()", "total = max(total, grad.pow(2).sum().item())"),
    ),
    _mistake(
        "largest-number",
        "You take the largest absolute number for the norm. The norm is the root of the sum of the squares.",
        ("total += grad.pow(2).sum().item()", "total = max(total, grad.abs().max().item() ** 2)"),
    ),
    _mistake(
        "absolute-values",
        "You add up absolute values. The norm is the root of the sum of the squares.",
        ("grad.pow(2).sum().item()", "grad.abs().sum().item()"),
        ("total**0.5", "total"),
    ),
    _mistake(
        "mean-of-squares",
        "You take the mean of the squares, so the norm does not grow with the number of parameters. It is their sum.",
        ("grad.pow(2).sum().item()", "grad.pow(2).mean().item()"),
    ),
    _mistake(
        "last-norm-only",
        "Each parameter overwrites the sum of the ones before. Add up with `+=`.",
        ("total += grad", "total = grad"),
    ),
    _mistake(
        "stretched",
        "You multiply by max_norm / norm even if the norm is small, so short gradients are stretched. Change them only if "
        "the norm is above the limit.",
        ("    if norm > max_norm:\n", "    if norm > 0:\n"),
    ),
    _mistake(
        "stretched-and-divided-by-zero",
        "You always multiply by max_norm / norm: short gradients are stretched, and gradients of zero become NaN.",
        (
            "    if norm > max_norm:\n        for grad in grads:\n            grad.mul_(max_norm / norm)\n",
            "    for grad in grads:\n        grad.mul_(max_norm / torch.tensor(norm))\n",
        ),
    ),
    _mistake(
        "to-length-one",
        "You divide by the norm, so clipped gradients have the norm 1. They are to have the norm `max_norm`.",
        ("max_norm / norm", "1 / norm"),
    ),
    _mistake(
        "factor-upside-down",
        "Your factor is upside down: norm / max_norm makes long gradients longer.",
        ("max_norm / norm", "norm / max_norm"),
    ),
    _mistake(
        "divided-by-the-limit",
        "You divide by `max_norm` alone. The factor is max_norm / norm.",
        ("grad.mul_(max_norm / norm)", "grad.div_(max_norm)"),
    ),
    _mistake(
        "thrown-away",
        "You throw the long gradients away. They are shortened: multiplied by max_norm / norm.",
        ("grad.mul_(max_norm / norm)", "grad.zero_()"),
    ),
    _mistake(
        "result-thrown-away",
        "You compute the scaled gradients and throw them away. Write them into `.grad`, in place: `mul_` or `*=`.",
        ("grad.mul_(max_norm / norm)", "grad = grad * (max_norm / norm)"),
    ),
    _mistake(
        "norm-after-clipping",
        "You return the norm after clipping. The one before is asked for: it shows what the gradients are like.",
        ("    return norm\n", "    return min(norm, max_norm)\n"),
    ),
    _mistake(
        "nothing-returned",
        "You return nothing. Return the norm before clipping.",
        ("    return norm\n", ""),
    ),
    _mistake(
        "missing-gradients",
        "Parameters without a gradient have `None` in `.grad`, and you compute with it. Skip them.",
        (" if p.grad is not None", ""),
    ),
    _mistake(
        "generator-exhausted",
        "You walk through the parameters twice. A generator, such as `model.parameters()`, is empty the second time: keep "
        "the gradients in a list.",
        (
            "grads = [p.grad for p in parameters if p.grad is not None]",
            "grads = (p.grad for p in parameters if p.grad is not None)",
        ),
    ),
    _mistake(
        "parameters-scaled",
        "You scale the parameters themselves. Only their gradients should be scaled.",
        (
            "    grads = [p.grad for p in parameters if p.grad is not None]\n",
            "    parameters = list(parameters)\n    grads = [p.grad for p in parameters if p.grad is not None]\n",
        ),
        (
            "        for grad in grads:\n            grad.mul_(max_norm / norm)\n",
            "        for p in parameters:\n            p.data.mul_(max_norm / norm)\n",
        ),
    ),
    _mistake(
        "norm-of-the-parameters",
        "You take the norm of the parameters. It is the gradients that are measured and scaled.",
        ("    grads = [p.grad", "    parameters = list(parameters)\n    grads = [p.grad"),
        (
            "    for grad in grads:\n        total += grad.pow(2)",
            "    for p in parameters:\n        total += p.detach().pow(2)",
        ),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "if norm > max_norm:",
        "> → >=",
        "Where the norm equals the limit, the factor is exactly 1.",
    ),
]
