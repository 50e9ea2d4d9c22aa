"""Answers to exercise 2 of 06_multilayer_perceptron: backwards through a layer."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="einsum",
        description="Three einsums.",
        code="""def linear_backward(grad_output, x, weight):
    return (
        torch.einsum("no,io->ni", grad_output, weight),
        torch.einsum("ni,no->io", x, grad_output),
        torch.einsum("no->o", grad_output),
    )
""",
    ),
    Alternative(
        name="outer-products",
        description="A sum of outer products over the points.",
        code="""def linear_backward(grad_output, x, weight):
    grad_weight, grad_bias = torch.zeros_like(weight), torch.zeros(weight.shape[1])
    grad_x = torch.zeros_like(x)
    for i in range(len(x)):
        grad_weight += torch.outer(x[i], grad_output[i])
        grad_bias += grad_output[i]
        grad_x[i] = weight @ grad_output[i]
    return grad_x, grad_weight, grad_bias
""",
    ),
    Alternative(
        name="turned-over-products",
        description="The same products, turned over twice; a list comes back.",
        code="""def linear_backward(grad_output, x, weight):
    ones = torch.ones(1, len(x))
    return [(weight @ grad_output.T).T, (grad_output.T @ x).T, (ones @ grad_output).flatten()]
""",
    ),
]

_RIGHT = """def linear_backward(grad_output, x, weight):
    grad_x = grad_output @ weight.T
    grad_weight = x.T @ grad_output
    grad_bias = grad_output.sum(dim=0)
    return grad_x, grad_weight, grad_bias
"""

_mistake = partial(made_in, _RIGHT, see="06_multilayer_perceptron: Exercise 2: backwards through a layer")

MISTAKES = [
    _mistake(
        "weight-gradient-turned-over",
        "Your gradient of the weight is transposed. It has the weight's shape, input width first: x transposed "
        "times the gradient.",
        ("x.T @ grad_output", "grad_output.T @ x"),
    ),
    _mistake(
        "weight-not-turned-over",
        "Your gradient of x uses the weight as it is, which fits only where it is square. In the backward pass the "
        "weight is transposed.",
        ("@ weight.T", "@ weight"),
    ),
    _mistake(
        "bias-gradient-averaged",
        "Your gradient of the bias is the mean over the points. Each point adds its part: it is the sum.",
        (".sum(dim=0)", ".mean(dim=0)"),
    ),
    _mistake(
        "bias-gradient-summed-over-outputs",
        "Your gradient of the bias is summed over the outputs. Each output has a bias of its own: sum over the points, dimension 0.",
        (".sum(dim=0)", ".sum(dim=1)"),
    ),
    _mistake(
        "bias-gradient-not-summed",
        "Your gradient of the bias has one row for each point. One bias serves all points, so the rows are added up.",
        ("grad_output.sum(dim=0)", "grad_output"),
    ),
    _mistake(
        "bias-gradient-of-everything",
        "Your gradient of the bias is one number. There is one bias, so one gradient, for each output.",
        (".sum(dim=0)", ".sum()"),
    ),
    _mistake(
        "bias-gradient-of-ones",
        "Your gradient of the bias is a row of ones. That would be right if the loss were the sum of the outputs of "
        "one point; use the gradient that came from behind.",
        ("grad_output.sum(dim=0)", "torch.ones(weight.shape[1])"),
    ),
    _mistake(
        "divided-by-the-points",
        "Your gradient of the weight is divided by the number of points. The mean belongs to the loss, and is already "
        "in the gradient that comes from behind.",
        ("x.T @ grad_output", "x.T @ grad_output / len(x)"),
    ),
    _mistake(
        "other-order",
        "Your results come in another order: the exercise asks for x, weight, bias.",
        ("return grad_x, grad_weight, grad_bias", "return grad_weight, grad_bias, grad_x"),
    ),
    _mistake(
        "weight-itself",
        "Your gradient of x is the weight, without the gradient from behind: multiply by `grad_output`.",
        ("grad_output @ weight.T", "torch.ones_like(grad_output) @ weight.T"),
    ),
    _mistake(
        "no-gradient-of-x",
        "Your function gives no gradient of x. The layer before this one needs it to learn.",
        ("return grad_x,", "return None,"),
    ),
]
